"""Take a provider's delivery: believed only when signed, acknowledged only when it is on disk.

A delivery is never answered with an error because of what it says: what is not understood is counted or
put into the quarantine, so that the provider neither repeats it for days nor switches the webhook off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from holdfast.connectors.webhooks import ABOUT, Call, Delivery, Source, Told, options_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.report import microseconds
from holdfast.services.collect.sources.parts import source_part
from holdfast.services.collect.sources.secrets import signing_secrets
from holdfast.services.full_disk import refused_when_full
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

MOST_BYTES = 1_000_000
"""Bytes of one delivery."""

WAITS_DAYS = 30
"""So long a call waits for the owner of what it is about."""

_OWNERS_DAYS = 800
"""A bank decides about a dispute within a year and a half."""

_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: so many calls ``taken``, ``waiting`` for an owner, put ``aside``."""

    taken: int = 0
    waiting: int = 0
    aside: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Believed:
    """A delivery whose signature holds, with the source that it is from."""

    source: LiveSource
    part: Source
    delivery: Delivery


def receive(settings: Settings, name: str, delivery: Delivery, *, now: datetime) -> Receipt:
    """:func:`believe` a delivery and :func:`keep` it."""
    return keep(settings, believe(settings, name, delivery, now=now), now=now)


def believe(settings: Settings, name: str, delivery: Delivery, *, now: datetime) -> Believed:
    """The delivery, once its signature was checked; nothing is stored.

    Refuses an unknown or disabled source ("unknown_source") and what is not signed, or was signed
    long ago ("bad_signature", "stale_signature").
    """
    from holdfast.store import live_sources

    source = live_sources.by_name(settings, name)
    part = source_part(source.kind) if source is not None else None
    if source is None or part is None or not source.enabled:
        raise _unknown(name)
    secrets = signing_secrets(settings, source.id, part, now)
    refusal = part.verify(_as_sent(delivery, source), secrets, now)
    if refusal is not None:
        raise refusal
    return Believed(source, part, delivery)


def keep(settings: Settings, believed: Believed, *, now: datetime) -> Receipt:
    """Keep what a believed delivery says. When this returns it is on disk. Refuses a full disk."""
    from holdfast.store import sql

    with refused_when_full(settings), sql.short_write():
        return _keep(settings, believed.source, believed.part, believed.delivery, microseconds(now))


def count_refused(settings: Settings, name: str, refusal: Refusal, *, now: datetime) -> None:
    """Count a delivery that was not believed, so that a wrong secret is seen on the source's page."""
    from holdfast.store import live_sources, source_notes

    source = live_sources.by_name(settings, name)
    if source is not None:
        source_notes.count(source.id, source_notes.REFUSED, refusal.code, now_us=microseconds(now))


def tidy(settings: Settings, now: datetime) -> None:
    """Give up what has waited too long, and forget whose objects are that nobody speaks of any more."""
    from holdfast.store import source_notes

    now_us = microseconds(now)
    while source_notes.give_up(settings, before_us=now_us - WAITS_DAYS * _DAY_US, refusal=_nobodys()):
        pass
    source_notes.forget_owners(settings, before_day=now_us // _DAY_US - _OWNERS_DAYS)


def take_calls(
    settings: Settings,
    source: LiveSource,
    calls: Iterable[Call],
    owners: Mapping[str, str],
    *,
    received_us: int,
) -> Receipt:
    """Take a source's calls, those about an object for its owner, and what had waited for one.

    Inside a transaction of the caller's, so that all of it is on disk or nothing.
    """
    from holdfast.services.collect.arrive import accept_calls
    from holdfast.store import source_notes

    told = [(_about(call), call) for call in calls]
    source_notes.remember_owners(source.id, owners, day=received_us // _DAY_US)
    waited = source_notes.waiting_for(source.id, owners.keys())
    known = source_notes.owners_of(source.id, {about for about, _ in told if about})
    good = [_given(each.call, owners[each.about]) for each in waited]
    good += [
        _given(call, known[about]) if about else call for about, call in told if not about or about in known
    ]
    unowned = [(about, call) for about, call in told if about and about not in known]
    accept_calls(settings, source, good, received_us=received_us)
    source_notes.no_longer_waiting(waited)
    source_notes.let_wait(source.id, unowned, received_us=received_us)
    return Receipt(taken=len(good), waiting=len(unowned))


def _keep(settings: Settings, source: LiveSource, part: Source, delivery: Delivery, now_us: int) -> Receipt:
    from holdfast.store import source_notes

    try:
        told = _understood(part, source, delivery)
    except Refusal as refusal:
        _put_aside(source, delivery, refusal, now_us)
        source_notes.count(source.id, source_notes.ASIDE, refusal.code, now_us=now_us)
        return Receipt(aside=1)
    calls = [call for each in told for call in each.calls]
    owners = {name: key for each in told for name, key in each.owners.items()}
    receipt = take_calls(settings, source, calls, owners, received_us=now_us)
    for each in told:
        outcome = source_notes.IGNORED if each.ignored else source_notes.TAKEN
        source_notes.count(source.id, outcome, each.kind, now_us=now_us)
    return Receipt(receipt.taken, receipt.waiting, 0, sum(each.ignored for each in told))


def _understood(part: Source, source: LiveSource, delivery: Delivery) -> Sequence[Told]:
    """What the delivery says. Refuses what cannot be read, whatever the reason: it is kept, not lost."""
    import msgspec

    try:
        payload: Any = msgspec.json.decode(delivery.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_json(str(error)) from error
    try:
        return list(part.read(payload, delivery.headers, options_of(part, source.options)))
    except Exception as error:  # a defect of ours must not cost the delivery
        raise _not_read(part, error) from error


def _put_aside(source: LiveSource, delivery: Delivery, refusal: Refusal, now_us: int) -> None:
    from holdfast.store.arriving import BadEvent, put_aside

    put_aside([BadEvent(source.id, "hook", False, now_us, delivery.body, refusal)])


def _as_sent(delivery: Delivery, source: LiveSource) -> Delivery:
    """The delivery under the address that the provider knows: between us there may be a proxy."""
    address = str(source.options.get("address") or "")
    if not address:
        return delivery
    return Delivery(hook_address(address, source.name), delivery.headers, delivery.body, delivery.method)


def hook_address(address: str, name: str) -> str:
    """Where a provider sends to, below the address at which it reaches us."""
    return f"{address.rstrip('/')}/hooks/{name}"


def _about(call: Mapping[str, Any]) -> str:
    """The object whose owner the call is for; "" for one that names the customer itself."""
    if "userId" in call or "anonymousId" in call:
        return ""
    return str((call.get("context") or {}).get(ABOUT) or "")


def _given(call: Call, owner: str) -> Call:
    """The call for its owner, without the mark of the object."""
    rest = {name: value for name, value in call.get("context", {}).items() if name != ABOUT}
    return {**call, "userId": owner, "context": rest}


def _unknown(name: str) -> Refusal:
    return Refusal(
        "unknown_source",
        found=Text("No source called {name} takes deliveries here.", name=name),
        expected=Text("The address that the page of a source shows."),
        remedy=Text("Paste that address at the provider again, or switch the source on."),
    )


def _not_json(reason: str) -> Refusal:
    return Refusal(
        "not_json",
        found=Text("The delivery is signed, but it is no JSON: {reason}.", reason=reason[:200]),
        expected=Text("A body in JSON, in UTF-8."),
        remedy=Text("Choose JSON as the format of the webhook at the provider."),
    )


def _not_read(part: Source, error: Exception) -> Refusal:
    return Refusal(
        "not_understood",
        found=Text(
            "A delivery of {source} could not be read: {error}.",
            source=part.title,
            error=f"{type(error).__name__}: {error}"[:200],
        ),
        expected=Text("The format that the provider publishes."),
        remedy=Text("Please report it with this delivery; it is kept and can be replayed."),
    )


def _nobodys() -> Refusal:
    return Refusal(
        "no_owner",
        found=Text("In {n} days nobody has told whose this is.", n=WAITS_DAYS),
        expected=Text("An event of the provider that names the customer beside it."),
        remedy=Text("Add userId by hand and replay it, or subscribe to the events of the source's page."),
    )
