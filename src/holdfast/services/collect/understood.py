"""What calls that arrived mean for the base: whom they are about, what they say, which rows they make."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from holdfast.connectors.segment import Call, Said, read_body
from holdfast.connectors.segment_columns import Row, flat_traits, rows_of
from holdfast.domain.identity import ACCOUNT
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store.arriving import ArrivedCall, BadEvent

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

_log = logging.getLogger("holdfast.worker")

Key = tuple[str, str]
"""namespace, key of an id."""

CUSTOMER = "customer"
ANONYMOUS = "anonymous"
"""The namespace of ids that a browser or an app made up for someone who has not signed in."""

_CANONICAL = {
    "address.country": "country",
    "address.city": "city",
    "birthday": "birth_date",
    "locale": "language",
    "createdAt": "signed_up_at",
}
"""Names of the Segment specification for what we know under another."""

IMMUTABLE = frozenset({"country", "source", "birth_date", "signed_up_at"})
"""Traits that hold from the beginning, whenever they are told."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One good call: its ``source``, its ``key`` among all events, whom it is ``about``, and what follows.

    ``together`` are further ids of the same customer with the reason why; ``account`` that of the
    company they belong to. ``known_us`` is from when it counts.
    """

    source: LiveSource
    call: Call
    key: bytes
    browser: bool
    known_us: int
    at_us: int
    about: Key
    together: tuple[tuple[Key, str], ...]
    account: Key | None
    rows: Sequence[Row]
    email: str = ""
    phone: str = ""
    name: str = ""
    traits: tuple[tuple[str, str], ...] = ()

    @property
    def keys(self) -> list[Key]:
        """Every id that the call names."""
        named = [self.about, *(key for key, _ in self.together)]
        return [*named, self.account] if self.account else named


@dataclass(slots=True)
class Reading:
    """What a few calls that arrived amount to: the good ones and the bad."""

    good: list[Understood] = field(default_factory=list)
    bad: list[BadEvent] = field(default_factory=list)


def read_arrived(
    settings: Settings,
    calls: Iterable[ArrivedCall],
    sources: Mapping[int, LiveSource],
    maps: Mapping[str, Mapping[str, str]],
    present_us: int | None,
) -> Reading:
    """Understand each event of ``calls``; what cannot be understood is put aside with its reason.

    ``present_us`` is the present of a workspace with a clock of its own: nothing happens after it.
    """
    found = Reading()
    for arrived in calls:
        source = sources[arrived.source_id]
        for said in _events(arrived, found):
            if said.call is None:
                found.bad.append(_bad(arrived, said.written, said.refusal))
                continue
            try:
                found.good.append(_understand(settings, arrived, source, said, said.call, maps, present_us))
            except Refusal as refusal:
                found.bad.append(_bad(arrived, said.written, refusal))
            except Exception:  # a defect of ours in one event must not hold up all that came after it
                _log.exception("an event could not be understood")
                found.bad.append(_bad(arrived, said.written, _defect()))
    return found


def _defect() -> Refusal:
    return Refusal(
        "unexpected",
        found=Text("Something went wrong that should not have."),
        expected=Text("Every event is understood, or refused with its reason."),
        remedy=Text("Please report it with the log; replay the event once that is mended."),
    )


def _events(arrived: ArrivedCall, found: Reading) -> Iterable[Said]:
    try:
        yield from read_body(
            arrived.body,
            endpoint=arrived.endpoint,
            received_us=arrived.received_us,
            browser=arrived.browser,
            with_values=False,
        )
    except Refusal as refusal:  # the door lets none of these in; a replay may
        found.bad.append(_bad(arrived, arrived.body, refusal))


def _bad(arrived: ArrivedCall, written: bytes, refusal: Refusal | None) -> BadEvent:
    if refusal is None:
        raise RuntimeError("an event without a call has a refusal")
    return BadEvent(
        arrived.source_id, arrived.endpoint, arrived.browser, arrived.received_us, written, refusal
    )


def _understand(
    settings: Settings,
    arrived: ArrivedCall,
    source: LiveSource,
    said: Said,
    call: Call,
    maps: Mapping[str, Mapping[str, str]],
    present_us: int | None,
) -> Understood:
    key = event_key(source.id, call.message_id or f"\x1f{arrived.id}\x1f{said.index}")
    late = present_us is not None and arrived.received_us > present_us
    known_us = present_us if late and present_us is not None else arrived.received_us
    about, together = _who(source, call, arrived.browser)
    email, phone, name, traits = _told(call, arrived.browser)
    return Understood(
        source,
        call,
        key,
        arrived.browser,
        known_us,
        min(call.at_us, known_us),
        about,
        together,
        _account(source, call),
        rows_of(call, maps.get(call.name, {}), settings.currency) if call.name else (),
        email,
        phone,
        name,
        traits,
    )


def with_known_aliases(good: Sequence[Understood], known: Set[Key]) -> list[Understood]:
    """The same calls, with one previous id for each alias: a customer's where it is known, else anonymous."""
    return [_with_known_alias(each, known) if each.call.kind == "alias" else each for each in good]


def _with_known_alias(each: Understood, known: Set[Key]) -> Understood:
    previous = [key for key, reason in each.together if reason == "alias"]
    chosen = next((key for key in previous if key in known), previous[-1])
    kept = ((key, reason) for key, reason in each.together if reason != "alias" or key == chosen)
    return replace(each, together=tuple(kept))


def event_key(source_id: int, message_id: str, part: int = 1) -> bytes:
    """The key of an event among all: the same message of the same source is the same event."""
    words = f"live\x1f{source_id}\x1f{message_id}" + (f"\x1f{part}" if part > 1 else "")
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _who(source: LiveSource, call: Call, browser: bool) -> tuple[Key, tuple[tuple[Key, str], ...]]:
    user, anonymous = (source.namespace, call.user), (ANONYMOUS, call.anonymous)
    together: list[tuple[Key, str]] = [(key, "external") for key in call.external]
    if call.kind == "alias":
        about = user if call.user else anonymous
        # A public key may only say that someone without a name is someone.
        spaces = (ANONYMOUS,) if browser or not call.user else (source.namespace, ANONYMOUS)
        return about, (*together, *(((space, call.previous), "alias") for space in spaces))
    if not call.user:
        return anonymous, tuple(together)
    if call.anonymous:
        together.append((anonymous, "identify"))
    return user, tuple(together)


def _account(source: LiveSource, call: Call) -> Key | None:
    if not call.group:
        return None
    return (ACCOUNT if source.namespace == CUSTOMER else f"{ACCOUNT}:{source.namespace}", call.group)


def _told(call: Call, browser: bool) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """E-mail, phone, name, and the traits that a call says of whom it is about (of the account: group).

    What a public key says of addresses proves nothing: it stays a trait.
    """
    if call.kind not in ("identify", "group"):
        return "", "", "", ()
    told = {_CANONICAL.get(name, name): value for name, value in flat_traits(_about_them(call))}
    email = "" if browser or call.kind == "group" else told.pop("email", "")
    phone = "" if browser or call.kind == "group" else told.pop("phone", "")
    first, last = told.get("firstName", ""), told.get("lastName", "")
    name = told.pop("name", "") or f"{first} {last}".strip()
    return email, phone, name, tuple(told.items())


def _about_them(call: Call) -> Mapping[str, Any]:
    """The traits of a call without its consent, which is kept as statements with their proof."""
    return {name: value for name, value in call.traits.items() if name != "consent" or not call.consent}
