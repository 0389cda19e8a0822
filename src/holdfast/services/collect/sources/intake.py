"""Take a provider's delivery: believed only when signed, acknowledged only when it is on disk.

A delivery is never answered with an error because of what it says: what is not understood is counted or
put into the quarantine, so that the provider neither repeats it for days nor switches the webhook off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.connectors.webhooks import RECEIVED, Delivery, Source
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources import aside
from holdfast.services.collect.sources.owned import Receipt, take_calls
from holdfast.services.collect.sources.parts import source_part
from holdfast.services.collect.sources.reported import note_reports
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


def greeting(settings: Settings, name: str, query: Mapping[str, str]) -> str | None:
    """What a provider is answered that tries the address of the source called ``name``.

    ``None`` where it does not ask, or cannot prove that it is the one.
    """
    from holdfast.store import live_sources
    from holdfast.store.sealed import unseal

    source = live_sources.by_name(settings, name)
    part = source_part(source.kind) if source is not None and source.enabled else None
    if source is None or part is None or part.manners.greet is None:
        return None
    return part.manners.greet(query, unseal(settings, source.id))


def realm(settings: Settings, name: str) -> str:
    """For what the source called ``name`` wants a name and a password; "" where it does not."""
    from holdfast.store import live_sources

    source = live_sources.by_name(settings, name)
    part = source_part(source.kind) if source is not None else None
    return "" if part is None else part.manners.realm


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


def _keep(settings: Settings, source: LiveSource, part: Source, delivery: Delivery, now_us: int) -> Receipt:
    from holdfast.store import source_notes

    written = datetime.fromtimestamp(now_us / 1_000_000, UTC).isoformat()
    delivery = replace(delivery, headers={**delivery.headers, RECEIVED: written})
    try:
        told = aside.understood(part, source, delivery)
    except Refusal as refusal:
        aside.put(source, delivery, refusal, now_us)
        source_notes.count(source.id, source_notes.ASIDE, refusal.code, now_us=now_us)
        return Receipt(aside=1)
    calls = [call for each in told for call in each.calls]
    owners = {name: key for each in told for name, key in each.owners.items()}
    receipt = take_calls(settings, source, calls, owners, received_us=now_us)
    for each in told:
        outcome = source_notes.IGNORED if each.ignored else source_notes.TAKEN
        source_notes.count(source.id, outcome, each.kind, now_us=now_us)
    note_reports(settings, source, [report for each in told for report in each.reports], now_us=now_us)
    return Receipt(receipt.taken, receipt.waiting, 0, sum(each.ignored for each in told))


def _as_sent(delivery: Delivery, source: LiveSource) -> Delivery:
    """The delivery under the address that the provider knows: between us there may be a proxy."""
    address = str(source.options.get("address") or "")
    if not address:
        return delivery
    return Delivery(hook_address(address, source.name), delivery.headers, delivery.body, delivery.method)


def hook_address(address: str, name: str) -> str:
    """Where a provider sends to, below the address at which it reaches us."""
    return f"{address.rstrip('/')}/hooks/{name}"


def _unknown(name: str) -> Refusal:
    return Refusal(
        "unknown_source",
        found=Text("No source called {name} takes deliveries here.", name=name),
        expected=Text("The address that the page of a source shows."),
        remedy=Text("Paste that address at the provider again, or switch the source on."),
    )


def _nobodys() -> Refusal:
    return Refusal(
        "no_owner",
        found=Text("In {n} days nobody has told whose this is.", n=WAITS_DAYS),
        expected=Text("An event of the provider that names the customer beside it."),
        remedy=Text("Add userId by hand and replay it, or subscribe to the events of the source's page."),
    )
