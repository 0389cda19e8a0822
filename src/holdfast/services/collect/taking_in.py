"""Take in calls that arrived: ids, links, traits, texts, events, all of a few calls in one transaction.

Nothing of a call counts before that transaction ends, and with it the call leaves the queue: killed
at any moment, the worker finds it there again, or finds it done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from holdfast.services.collect.agreed import note_consent
from holdfast.services.collect.erased import note, without_erased
from holdfast.services.collect.understood import (
    IMMUTABLE,
    Key,
    Reading,
    Understood,
    event_key,
    read_arrived,
    with_known_aliases,
)
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.engines.staging_contacts import PhoneReader
    from holdfast.services.collect.inbox.taken import MessageNote
    from holdfast.store.arriving import ArrivedCall
    from holdfast.store.identity_live import LinkSaid
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.live_sources import LiveSource
    from holdfast.store.writers import TextRow, TraitValue

MOST_EVENTS = 1_000
"""Events in one transaction: on SQLite it then holds the write lock for well under 100 ms."""

_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was taken in: calls, new events, repeats, events put aside, and the customers touched."""

    calls: int = 0
    events: int = 0
    repeats: int = 0
    quarantined: int = 0
    units: int = 0

    def __add__(self, other: TakenIn) -> TakenIn:
        return TakenIn(
            self.calls + other.calls,
            self.events + other.events,
            self.repeats + other.repeats,
            self.quarantined + other.quarantined,
            self.units + other.units,
        )


class _TakenByAnother(Exception):  # noqa: N818
    """Another worker was quicker, or somebody was just erased; this one's transaction is rolled back."""


def take_in_arrived(settings: Settings, *, now_us: int, most_events: int = 5_000) -> TakenIn:
    """Take in what waits, the oldest first, up to about ``most_events`` events.

    Repeats (a message that its source sent before) change nothing. May run in several workers.
    """
    done = TakenIn()
    while done.events + done.repeats + done.quarantined < most_events:
        some = _take_some(settings, now_us)
        if not some.calls:
            break
        done += some
    return done


def _take_some(settings: Settings, now_us: int) -> TakenIn:
    from holdfast.store import arriving, erasure, live_sources, property_map, sql

    calls = arriving.oldest(settings, most_events=MOST_EVENTS)
    if not calls:
        return TakenIn()
    nobody_since = erasure.sign(settings)
    sources = {source.id: source for source in live_sources.listed(settings)}
    present_us = _present_us(settings, now_us)
    reading = read_arrived(settings, calls, sources, property_map.maps(settings), present_us)
    said = {key for each in reading.good if each.call.kind == "alias" for key in each.keys}
    known = arriving.known_subjects(sorted(said)).keys() if said else set()
    reading = Reading(with_known_aliases(reading.good, known), reading.bad)
    reading, dropped = without_erased(settings, reading, partial(_addresses, settings), sources)
    ids = arriving.subject_ids(settings, [key for each in reading.good for key in each.keys], nobody_since)
    if ids is None:
        return TakenIn()
    try:
        with sql.short_write():
            if not erasure.still(settings, nobody_since) or not arriving.done_with(calls):
                raise _TakenByAnother
            note(settings, dropped, now_us)
            return _apply(settings, calls, reading, ids, now_us)
    except _TakenByAnother:
        return TakenIn()


def _present_us(settings: Settings, now_us: int) -> int | None:
    """The present of a workspace with a clock of its own (a demo): what arrives now happens then."""
    from datetime import UTC, datetime

    if settings.clock is None:
        return None
    return int(settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC)).timestamp() * 1_000_000)


def _apply(
    settings: Settings, calls: Sequence[ArrivedCall], reading: Reading, ids: Mapping[Key, int], now_us: int
) -> TakenIn:
    """Write what the calls say, inside the caller's transaction."""
    from holdfast.store import arriving, due, identity_live, ingest_log

    new_keys = arriving.not_seen(list(dict.fromkeys(each.key for each in reading.good)), now_us // _DAY_US)
    new = _first_of_each(reading.good, new_keys)
    arriving.put_aside(reading.bad)
    by_source: dict[int, list[Understood]] = defaultdict(list)
    for each in new:
        by_source[each.source.id].append(each)
    changed: set[int] = set()
    for several in by_source.values():
        changed |= _of_one_source(settings, several, ids, now_us)
    touched = {ids[key] for each in new for key in each.keys}
    units = set(identity_live.units_of(settings, touched | changed).values()) | changed
    due.touch(settings, units, now_us)
    ingest_log.append(settings, [event for each in new for event in _log_events(each, ids)])
    return TakenIn(len(calls), len(new), len(reading.good) - len(new), len(reading.bad), len(units))


def _first_of_each(good: Sequence[Understood], new_keys: set[bytes]) -> list[Understood]:
    """The calls that are new, each once: the same message may be in a batch twice."""
    left = set(new_keys)
    found = []
    for each in good:
        if each.key in left:
            left.discard(each.key)
            found.append(each)
    return found


def _of_one_source(
    settings: Settings, several: Sequence[Understood], ids: Mapping[Key, int], now_us: int
) -> set[int]:
    """Write everything but the events of calls of one source; the units whose composition changed."""
    from holdfast.services.collect.inbox.taken import note_messages
    from holdfast.store import arriving, writers

    source = several[0].source
    arriving.note_arrival(
        source.id,
        source.import_id,
        min(each.at_us for each in several),
        max(each.at_us for each in several),
        max(each.known_us for each in several),
    )
    arriving.note_sightings(source.import_id, _sightings(several, ids))
    traits = _traits(source, several, ids)
    if traits:
        writers.load_traits(settings, source.import_id, traits)
    texts = _texts(several, ids)
    if texts:
        writers.load_texts(settings, source.import_id, texts)
    note_consent(settings, several, ids, now_us)
    notes = _notes(source, several, ids)
    if notes:
        note_messages(settings, notes, now_us)
    return _who_is_who(settings, source, several, ids, now_us)


def _who_is_who(
    settings: Settings,
    source: LiveSource,
    several: Sequence[Understood],
    ids: Mapping[Key, int],
    now_us: int,
) -> set[int]:
    """Contact points, accounts and links of calls of one source; the units that are not what they were."""
    from holdfast.store import identity_live, writers

    people = _people(settings, several, ids)
    changed: set[int] = set()
    if people:
        writers.load_subjects(settings, source.import_id, people, known_us=now_us)
        points = [
            (subject, kind, value)
            for subject, _, email, phone, *_ in people
            for kind, value in (("email", email), ("phone", phone))
            if value
        ]
        if points:
            found = identity_live.link_matches_live(settings, points, source.import_id, now_us)
            changed |= set(found.units)
    said = list(dict.fromkeys(link for each in several for link in _links(each, ids)))
    if said:
        changed |= set(identity_live.link_said(settings, said, now_us).units)
    return changed


def _sightings(several: Sequence[Understood], ids: Mapping[Key, int]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for each in several:
        for key in each.keys:
            first, count = found.get(ids[key], (each.at_us, 0))
            found[ids[key]] = (min(first, each.at_us), count + 1)
    return found


def _people(
    settings: Settings, several: Sequence[Understood], ids: Mapping[Key, int]
) -> list[tuple[int, int | None, str | None, str | None, str | None, int | None, int]]:
    """Rows of ``writers.load_subjects`` for calls that name an address, a phone or an account.

    What several calls say of one customer stands there once, as of the first of them.
    """
    read_phone = _phones(settings.country)
    emails, phones = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    accounts = defaultdict[int, dict[int, int]](dict)
    first: dict[int, int] = {}
    for each in several:
        subject, phone = ids[each.about], read_phone(each.phone) if each.phone else None
        emails[subject].update({email} if (email := _email(each.email)) else ())
        phones[subject].update({phone} if phone else ())
        if each.account:
            known = accounts[subject].get(ids[each.account], each.at_us)
            accounts[subject][ids[each.account]] = min(known, each.at_us)
        first[subject] = min(first.get(subject, each.at_us), each.at_us)
    return [
        (subject, account[1] if account else at, email, phone, None, account and account[0], 0)
        for subject, at in first.items()
        for email, phone, account in zip_longest(
            sorted(emails[subject]), sorted(phones[subject]), accounts[subject].items()
        )
    ]


def _addresses(settings: Settings, each: Understood) -> tuple[Key, ...]:
    """The addresses that come with a call, in their one spelling."""
    email = _email(each.email)
    phone = _phones(settings.country)(each.phone) if each.phone else None
    return tuple((kind, value) for kind, value in (("email", email), ("phone", phone)) if value)


@lru_cache(maxsize=4)
def _phones(country: str) -> PhoneReader:
    from holdfast.engines.staging_contacts import PhoneReader

    return PhoneReader(country)


def _email(written: str) -> str | None:
    """An address in lower case; what has no "@" between two parts is none."""
    address = written.strip().lower()
    name, at, domain = address.rpartition("@")
    return address if at and name and domain and " " not in address and len(address) <= 254 else None


def _traits(source: LiveSource, several: Sequence[Understood], ids: Mapping[Key, int]) -> list[TraitValue]:
    """What calls say of customers and accounts, in the order in which it happened.

    A public key does not overrule what anybody else has said.
    """
    from holdfast.store import arriving

    told = [each for each in several if each.traits or each.name]
    if not told:
        return []
    public = {ids[each.about] for each in told if each.browser}
    protected = arriving.said_by_others(public, source.import_id) if public else set()
    found: list[TraitValue] = []
    for each in sorted(told, key=lambda each: each.at_us):
        subject = ids[each.account if each.call.kind == "group" and each.account else each.about]
        named = (*each.traits, ("name", each.name)) if each.name else each.traits
        found += [
            (subject, trait, value, each.at_us, each.known_us, trait in IMMUTABLE)
            for trait, value in named
            if not (each.browser and (subject, trait) in protected)
        ]
    return found


_TEXT_KINDS = {"Message": "message", "Ticket": "ticket", "Survey": "survey", "Product": "review"}


def _texts(several: Sequence[Understood], ids: Mapping[Key, int]) -> list[TextRow]:
    from holdfast.connectors.segment_columns import text_of

    found = []
    for each in several:
        text = text_of(each.call.properties) if each.call.name else ""
        if text:
            kind = _TEXT_KINDS.get(each.call.name.partition(" ")[0], "event")
            found.append((each.key, ids[each.about], each.at_us, kind, text))
    return found


def _notes(source: LiveSource, several: Sequence[Understood], ids: Mapping[Key, int]) -> list[MessageNote]:
    """What the inbox shows of these calls."""
    from holdfast.services.collect.inbox.taken import message_note

    notes = (
        message_note(
            each.call.name,
            each.call.properties,
            source_id=source.id,
            source_kind=source.kind,
            subject_id=ids[each.about],
            at_us=each.at_us,
            event_key=each.key,
        )
        for each in several
        if each.call.name
    )
    return [note for note in notes if note is not None]


def _links(each: Understood, ids: Mapping[Key, int]) -> list[LinkSaid]:
    from holdfast.store.identity_live import LinkSaid

    return [
        LinkSaid(ids[each.about], ids[key], each.known_us, reason, each.source.import_id, each.browser)
        for key, reason in each.together
    ]


def _log_events(each: Understood, ids: Mapping[Key, int]) -> list[LogEvent]:
    from holdfast.store.ingest_log import LogEvent

    message = each.call.message_id
    return [
        LogEvent(
            each.key if row.part == 1 else event_key(each.source.id, message or each.key.hex(), row.part),
            (message if row.part == 1 else f"{message}#{row.part}") if message else None,
            ids[each.about],
            each.at_us,
            each.known_us,
            row.name,
            each.source.name,
            row.object_kind,
            row.object_id,
            row.amount_minor,
            row.currency,
            row.quantity,
            row.product_id,
            row.code,
            row.score,
            row.promised_us,
            row.details,
        )
        for row in each.rows
    ]
