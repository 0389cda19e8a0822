"""Write keys: made for a program, a server or a website, and taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import live_sources, write_keys
from holdfast.store.owners import person_by_email
from holdfast.store.write_keys import ADMIN, API_SCOPES, INGEST, SCOPES, WriteKey

SEGMENT = "segment"
"""The kind of a source whose events come through a write key."""

MOST_DAYS = 3650
"""A key that ends by itself ends within so many days."""

_LONGEST_NAME = 100
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.IGNORECASE)


def create_key(
    settings: Settings,
    name: str,
    *,
    scope: str = INGEST,
    browser: bool = False,
    origins: Sequence[str] = (),
    made_by: str = "",
    acts_for: str = "",
    days: int | None = None,
    maker_role: str = "admin",
    now: datetime,
) -> tuple[WriteKey, str]:
    """Make a key for the source ``name``; a second one for the same source replaces nothing.

    A browser key has a source of its own beside it. A key of the API (scopes read, write, admin) has
    none; it may act for one of our people, by e-mail address (``acts_for``): then it opens and shows
    no more than that person may. ``days``: it opens nothing after so many. Nobody makes a key that opens
    more than their own role (``maker_role``) does: refused as "not_allowed".

    Answers what is known of the key and, this once, the key itself. ``browser`` keys are public: they
    may only be used from ``origins``, where any are given. Refuses an empty or overlong name, a name
    that another kind of source has, an unknown scope, what is no origin, and somebody who is not here.
    """
    name = " ".join(name.split())
    _check_name(name)
    if scope not in SCOPES:
        raise Refusal(
            "unknown_scope",
            found=Text("There is no scope {scope}.", scope=scope),
            expected=Text("A key is made for one of {scopes}.", scopes=", ".join(SCOPES)),
            remedy=Text("Use --scope {scope} for a key that sends events.", scope=INGEST),
        )
    sites = tuple(dict.fromkeys(map(read_origin, origins)))
    if ((browser or sites) and scope != INGEST) or (sites and not browser):
        raise Refusal(
            "not_for_browsers",
            found=Text("Sites are named, and the key is not for browsers."),
            expected=Text("Only a key that sends events from browsers is bound to sites."),
            remedy=Text("Make it a browser key, or leave the sites out."),
        )
    now_us = microseconds(now)
    # What browsers say is another source: it cannot pass for what a server said, nor use up its message ids.
    source = f"{name} (browser)" if browser else name
    person_id = _person_id(settings, acts_for.strip(), scope)
    _check_maker(maker_role, scope, acts_for.strip(), made_by)
    expires_us = _end_us(days, now)
    source_id = 0 if scope != INGEST else live_sources.ensure(settings, source, SEGMENT, now_us=now_us).id
    return write_keys.make(
        settings,
        source_id,
        name,
        scope=scope,
        browser=browser,
        origins=sites,
        made_by=made_by,
        now_us=now_us,
        person_id=person_id,
        expires_us=expires_us,
    )


def revoke_key(settings: Settings, named: str, *, now: datetime) -> WriteKey:
    """Take back the one key that is called ``named``, begins as it does, or is it.

    Refuses a name that no key in use has, and one that several have.
    """
    found = write_keys.in_use(settings, named.strip())
    if len(found) != 1:
        raise Refusal(
            "no_such_key",
            found=Text(
                "{n} key in use is called {name}.",
                "{n} keys in use are called {name}.",
                n=len(found),
                name=named,
            ),
            expected=Text("The name of one key, or how it begins."),
            remedy=Text("`holdfast key list` shows the keys and how they begin."),
        )
    write_keys.revoke(settings, found[0].id, now_us=microseconds(now))
    return found[0]


def read_origin(written: str) -> str:
    """An origin as browsers send it (``https://shop.example``); ``https://*.shop.example`` for all below.

    A host alone is taken as https. Refuses what is none.
    """
    given = written.strip().rstrip("/")
    url = urlsplit(given if "://" in given else f"https://{given}")
    try:
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port = "", None
    shown = f"[{host}]" if ":" in host else host
    if url.scheme not in ("http", "https") or url.path or url.query or not _HOST.fullmatch(shown):
        raise Refusal(
            "bad_origin",
            found=Text("{origin} is no site.", origin=written),
            expected=Text("A site is written like https://shop.example, without a path."),
            remedy=Text("Write it as the browser's address bar shows it, up to the first slash."),
        )
    standard = {"http": 80, "https": 443}[url.scheme]
    return f"{url.scheme}://{shown}" + ("" if port in (None, standard) else f":{port}")


def may_come_from(origins: Sequence[str], origin: str) -> bool:
    """Whether a page of ``origin`` may use a key that is bound to ``origins`` (none: any may)."""
    if not origins or origin in origins:
        return True
    scheme, _, host = origin.partition("://")
    return any(
        host.endswith(allowed.partition("://*")[2])
        for allowed in origins
        if "://*." in allowed and allowed.partition("://")[0] == scheme
    )


def _person_id(settings: Settings, email: str, scope: str) -> int | None:
    if not email:
        return None
    person = person_by_email(settings, email)
    if person is None or scope not in API_SCOPES:
        raise Refusal(
            "no_such_person",
            found=Text("A {scope} key cannot act for {email}.", scope=scope, email=email),
            expected=Text("One of the people who sign in here, and a key for read, write or admin."),
            remedy=Text("Leave the person out, or write the address with which they sign in."),
        )
    return person.id


def _check_maker(role: str, scope: str, acts_for: str, made_by: str) -> None:
    """Refuse who would get more by a key than they have."""
    for_themselves = acts_for.casefold() == made_by.casefold() if acts_for else False
    if role == "admin" or for_themselves or (not acts_for and scope != ADMIN):
        return
    raise Refusal(
        "not_allowed",
        found=Text("This key would open more than your role does."),
        expected=Text("A key that acts for yourself, or one for {scopes}.", scopes="ingest, read, write"),
        remedy=Text("Ask an administrator to make it."),
    )


def _end_us(days: int | None, now: datetime) -> int | None:
    if days is None:
        return None
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(
            "bad_days",
            found=Text("The key would end after {n} day.", "The key would end after {n} days.", n=days),
            expected=Text("A number of days from 1 to {most}.", most=MOST_DAYS),
            remedy=Text("Leave the days out for a key that does not end by itself."),
        )
    return microseconds(now + timedelta(days=days))


def _check_name(name: str) -> None:
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Refusal(
            "bad_name",
            found=Text("The name is empty, too long or not printable."),
            expected=Text("A name has 1 to {most} characters, like Website.", most=_LONGEST_NAME),
            remedy=Text("Name the program or site that will send events."),
        )
