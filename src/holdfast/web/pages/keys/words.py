"""Keys in the reader's words, and what a website needs to use one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.write_keys import ADMIN, API_SCOPES, METRICS, READ, WRITE, WriteKey
from holdfast.web.ingest.snippet import SNIPPET_PATH


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key as the page shows it; ``last`` says when its source last told something, or when it was used.

    ``ends`` says until when it opens anything, "" for ever.
    """

    id: int
    name: str
    begins: str
    kind: str
    sites: str
    made: str
    last: str
    revoked: bool
    ends: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was just made: the only time that it is shown, and how it is used."""

    name: str
    key: str
    snippet: str
    trial: str


def sentence(keys: Sequence[WriteKey], reader: Reader) -> Markup:
    """How many programs and sites may send events."""
    used = [key for key in keys if key.revoked_us is None and key.scope not in (METRICS, *API_SCOPES)]
    if not used:
        return reader.say_html(Text("Nothing may send events yet. Make a key for your website or server."))
    return reader.say_html(
        Text(
            "{keys} may send events: each program or site has one of its own.",
            keys=Text("{n} key", "{n} keys", n=len(used)),
        ),
        strong=("keys",),
    )


def shown(keys: Sequence[WriteKey], people: Mapping[int, str], reader: Reader) -> list[ShownKey]:
    """The keys in words, in the order given; ``people`` says what those are called whom keys act for."""
    return [
        ShownKey(
            key.id,
            key.name,
            f"{key.shown}…",
            reader.say(_kind(key)),
            reader.list_of(key.origins) if key.origins else "",
            reader.day(_moment(key.made_us).date()),
            "" if key.last_us is None else reader.moment(_moment(key.last_us)),
            key.revoked_us is not None,
            "" if key.expires_us is None else reader.day(_moment(key.expires_us).date()),
            "" if key.person_id is None else people.get(key.person_id, f"#{key.person_id}"),
        )
        for key in keys
    ]


def made(key: WriteKey, secret: str, address: str) -> MadeKey:
    """What to put into a page or to type into a terminal; ``address`` is ours as the reader reaches it."""
    snippet = (
        f'<script async src="{address}{SNIPPET_PATH}"\n        data-write-key="{secret}" data-page></script>'
    )
    trial = (
        f"curl -u {secret}: {address}/v1/track \\\n"
        '  -d \'{"userId": "me", "event": "Order Completed", "properties": {"total": 12.5}}\''
    )
    if key.scope in API_SCOPES:
        call = f'curl -H "Authorization: Bearer {secret}" {address}/api/v1/me'
        return MadeKey(key.name, secret, "", call)
    if key.scope == METRICS:
        return MadeKey(key.name, secret, "", f"curl -u {secret}: {address}/metrics")
    return MadeKey(key.name, secret, snippet if key.browser else "", "" if key.browser else trial)


def read_form(typed: Mapping[str, str]) -> dict[str, object]:
    """What the form asks for, as the service takes it."""
    use, days = typed.get("use", "server"), typed.get("days", "").strip()
    of_api = use in API_SCOPES
    sites = typed.get("sites", "").replace(",", " ").split() if use == "browser" else []
    return {
        "name": typed.get("name", ""),
        "scope": use if of_api or use == METRICS else "ingest",
        "browser": use == "browser",
        "origins": sites,
        "acts_for": typed.get("acts_for", "") if of_api else "",
        "days": _days(days) if days else None,
    }


def _days(typed: str) -> int:
    """A number of days; 0, which the service refuses, for what is none: no key holds for ever by mistake."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0


def _kind(key: WriteKey) -> Text:
    if key.scope in _OF_API:
        return _OF_API[key.scope]
    if key.scope == METRICS:
        return Text("Reads measurements")
    return Text("Website, public") if key.browser else Text("Server or app")


_OF_API = {
    READ: Text("Reads through the API"),
    WRITE: Text("Reads and writes through the API"),
    ADMIN: Text("Does everything through the API"),
}


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
