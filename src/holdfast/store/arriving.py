"""The queue of calls that wait to be taken in, and what taking in writes that no import writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

if TYPE_CHECKING:
    from holdfast.domain.refusals import Refusal

_AT_ONCE = 400
"""Values bound in one statement, in tuples of two."""


@dataclass(frozen=True, slots=True)
class ArrivedCall:
    """One call that waits: its body as sent, to which endpoint, when, and from whom."""

    id: int
    source_id: int
    endpoint: str
    browser: bool
    received_us: int
    events: int
    body: bytes


@dataclass(frozen=True, slots=True)
class BadEvent:
    """An event on its way to the quarantine; ``event`` is what was sent."""

    source_id: int
    endpoint: str
    browser: bool
    received_us: int
    event: bytes
    refusal: Refusal


def put(
    settings: Settings,
    source_id: int,
    endpoint: str,
    body: bytes,
    events: int,
    received_us: int,
    *,
    browser: bool = False,
) -> None:
    """Let a call wait. It is on disk when the transaction ends."""
    store.connect(settings)
    sql.write(PUT, (source_id, endpoint, browser, received_us, events, body))


PUT = (
    "INSERT INTO arrived (source_id, endpoint, browser, received_us, events, payload) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
"""How a call is kept; the door of the web writes groups of them over a connection of its own."""


def oldest(settings: Settings, *, most_events: int) -> list[ArrivedCall]:
    """The calls that waited longest, one at least where any waits, up to about ``most_events`` events."""
    store.connect(settings)
    found: list[ArrivedCall] = []
    events = 0
    sizes = sql.read("SELECT id, events FROM arrived ORDER BY id LIMIT 500")
    chosen: list[int] = []
    for id_, count in sizes:
        if chosen and events + count > most_events:
            break
        chosen.append(id_)
        events += count
    if not chosen:
        return found
    rows = sql.read(
        "SELECT id, source_id, endpoint, browser, received_us, events, payload FROM arrived "
        f"WHERE id IN ({', '.join(map(str, chosen))}) ORDER BY id"
    )
    return [
        ArrivedCall(id_, source_id, endpoint, bool(browser), received_us, events, bytes(payload))
        for id_, source_id, endpoint, browser, received_us, events, payload in rows
    ]


def waiting(settings: Settings) -> tuple[int, int | None]:
    """How many calls wait, and the ``received_us`` of the first."""
    store.connect(settings)
    row = sql.one("SELECT COUNT(*), MIN(received_us) FROM arrived")
    return (0, None) if row is None else (int(row[0]), row[1])


def done_with(calls: Sequence[ArrivedCall]) -> bool:
    """Take calls out of the queue; whether all were still there (else another worker has taken them)."""
    listed = ", ".join(str(call.id) for call in calls)
    return sql.write(f"DELETE FROM arrived WHERE id IN ({listed})") == len(calls)


def subject_ids(
    settings: Settings, keys: Collection[tuple[str, str]], nobody_since: int
) -> dict[tuple[str, str], int] | None:
    """The subject id of each (namespace, key); new ids for those never seen. For few keys, without
    temporary tables. ``None`` where somebody was erased since :func:`holdfast.store.erasure.sign` said
    ``nobody_since``: it may be one of these.
    """
    from holdfast.store import erasure

    store.connect(settings)
    wanted = sorted(set(keys))
    found = known_subjects(wanted)
    missing = [key for key in wanted if key not in found]
    if not missing:
        return found
    with sql.short_write():
        if not erasure.still(settings, nobody_since):
            return None
        for first in range(0, len(missing), _AT_ONCE):
            some = missing[first : first + _AT_ONCE]
            sql.write(
                f"INSERT INTO subject (namespace, key) VALUES {', '.join(['(%s, %s)'] * len(some))} "
                "ON CONFLICT (namespace, key) DO NOTHING",
                [value for key in some for value in key],
            )
    return found | known_subjects(missing)


def known_subjects(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The subject id of each (namespace, key) that has one."""
    found: dict[tuple[str, str], int] = {}
    by_space: dict[str, list[str]] = {}
    for namespace, key in keys:
        by_space.setdefault(namespace, []).append(key)
    for namespace, names in by_space.items():
        for first in range(0, len(names), _AT_ONCE):
            some = names[first : first + _AT_ONCE]
            rows = sql.read(
                f"SELECT key, id FROM subject WHERE namespace = %s AND key IN ({_places(some)})",
                [namespace, *some],
            )
            found.update(((namespace, key), id_) for key, id_ in rows)
    return found


def not_seen(keys: Sequence[bytes], day: int) -> set[bytes]:
    """Which of these event keys are new; they count as seen from now on."""
    new: set[bytes] = set()
    for first in range(0, len(keys), _AT_ONCE):
        some = keys[first : first + _AT_ONCE]
        rows = sql.read(
            f"INSERT INTO seen (event_key, day) VALUES {', '.join(['(%s, %s)'] * len(some))} "
            "ON CONFLICT (event_key) DO NOTHING RETURNING event_key",
            [value for key in some for value in (key, day)],
        )
        new.update(bytes(key) for (key,) in rows)
    return new


def forget_seen(settings: Settings, before_day: int) -> int:
    """Forget the keys of events that came before a day; how many."""
    store.connect(settings)
    gone = 0
    while True:
        with sql.short_write():
            deleted = sql.write(
                "DELETE FROM seen WHERE event_key IN "
                f"(SELECT event_key FROM seen WHERE day < %s LIMIT {sql.RANGE})",
                (before_day,),
            )
        gone += deleted
        if deleted < sql.RANGE:
            return gone


def put_aside(bad: Iterable[BadEvent]) -> None:
    """Keep events that could not be understood, with the reason."""
    from holdfast.store.written import as_json

    for each in bad:
        reason = {name: as_json(getattr(each.refusal, name)) for name in ("found", "expected", "remedy")}
        sql.write(
            "INSERT INTO quarantined (source_id, endpoint, browser, received_us, event, code, reason, state) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, 'waiting')",
            (
                each.source_id,
                each.endpoint,
                each.browser,
                each.received_us,
                each.event.decode("utf-8", "replace").replace("\x00", "\ufffd"),
                each.refusal.code,
                json.dumps(reason),
            ),
        )


def said_by_others(subjects: Collection[int], import_id: int) -> set[tuple[int, str]]:
    """(subject, trait) of what somebody else than the source of ``import_id`` said about ``subjects``."""
    found: set[tuple[int, str]] = set()
    listed = sorted(subjects)
    for first in range(0, len(listed), _AT_ONCE):
        among = ", ".join(map(str, listed[first : first + _AT_ONCE]))
        rows = sql.read(
            "SELECT DISTINCT subject_id, trait FROM trait_row "
            f"WHERE subject_id IN ({among}) AND (import_id IS NULL OR import_id <> %s)",
            (import_id,),
        )
        found.update((subject, trait) for subject, trait in rows)
    return found


def note_sightings(import_id: int, sightings: Mapping[int, tuple[int, int]]) -> None:
    """That a source brought events of these subjects: subject -> (first moment, how many)."""
    rows = sorted(sightings.items())
    for first in range(0, len(rows), _AT_ONCE // 2):
        some = rows[first : first + _AT_ONCE // 2]
        sql.write(
            "INSERT INTO sighting (subject_id, import_id, first_us, rows) "
            f"VALUES {', '.join(['(%s, %s, %s, %s)'] * len(some))} "
            "ON CONFLICT (subject_id, import_id) DO UPDATE SET rows = sighting.rows + excluded.rows, "
            "first_us = CASE WHEN sighting.first_us < excluded.first_us THEN sighting.first_us "
            "ELSE excluded.first_us END",
            [value for subject, (at, count) in some for value in (subject, import_id, at, count)],
        )


def note_arrival(source_id: int, import_id: int, first_us: int, last_us: int, received_us: int) -> None:
    """That a source brought events between two moments, the last of which came at ``received_us``."""
    sql.write("UPDATE live_source SET last_us = %s WHERE id = %s", (received_us, source_id))
    sql.write(
        "UPDATE import SET first_us = CASE WHEN first_us < %s THEN first_us ELSE %s END, "
        "last_us = CASE WHEN last_us > %s THEN last_us ELSE %s END WHERE id = %s",
        (first_us, first_us, last_us, last_us, import_id),
    )


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
