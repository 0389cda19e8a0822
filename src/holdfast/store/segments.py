"""Segments as they are kept: rules, members, who came and went, how many there were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql, told_out
from holdfast.store.segment_leaves import AT_ONCE, ids, marks
from holdfast.store.segment_reading import (
    DayCount,
    Member,
    Move,
    changes,
    counts,
    members,
    moves,
    segments_of,
    stays_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]

__all__ = [
    "DayCount",
    "KeptSegment",
    "Member",
    "Move",
    "apply",
    "bring_back",
    "by_key",
    "change",
    "changes",
    "counts",
    "deleted_by_key",
    "forget",
    "listed",
    "member_ids",
    "members",
    "members_among",
    "moves",
    "note_checked",
    "put_off",
    "save",
    "segments_of",
    "set_aside",
    "stays_of",
    "sweep",
    "take_due",
]

_ROWS = 2_000
"""Members that one transaction writes: a row has two indexes, its move three."""


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """One segment; ``rule`` as JSON. ``size`` is that of the last look, ``None`` before the first."""

    id: int
    key: str
    title: str
    rule: Any
    ready: str
    made_by: str
    made_us: int
    ruled_us: int
    checked_us: int | None
    size: int | None


_SEGMENT = (
    "SELECT s.id, s.key, s.title, s.rule, s.ready, s.made_by, s.made_us, s.ruled_us, s.checked_us, "
    "(SELECT c.size FROM segment_count c WHERE c.segment_id = s.id ORDER BY c.day DESC LIMIT 1) "
    "FROM segment s"
)


def listed(settings: Settings) -> list[KeptSegment]:
    """Every segment, by title; none that was deleted."""
    store.connect(settings)
    rows = sql.read(f"{_SEGMENT} WHERE s.deleted_us IS NULL ORDER BY s.title, s.id")
    return [_segment(row) for row in rows]


def by_key(settings: Settings, key: str) -> KeptSegment | None:
    """The segment of a key; ``None`` where there is none, or it was deleted."""
    store.connect(settings)
    row = sql.one(f"{_SEGMENT} WHERE s.key = %s AND s.deleted_us IS NULL", (key,))
    return None if row is None else _segment(row)


def deleted_by_key(settings: Settings, key: str) -> KeptSegment | None:
    """The segment of a key that was deleted and not swept yet; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"{_SEGMENT} WHERE s.key = %s AND s.deleted_us IS NOT NULL", (key,))
    return None if row is None else _segment(row)


def save(
    settings: Settings, key: str, title: str, rule: Any, *, ready: str = "", made_by: str = "", now_us: int
) -> int:
    """Keep a new segment; its id. Raises ``LookupError`` when the key is taken.

    One of the same key that was deleted goes for good: it could not come back beside this one.
    """
    if (deleted := deleted_by_key(settings, key)) is not None:
        forget(settings, deleted.id)
    written = sql.write(
        "INSERT INTO segment (key, title, rule, ready, made_by, made_us, ruled_us) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING",
        (key, title, _json(rule), ready, made_by, now_us, now_us),
    )
    if not written:
        raise LookupError(f"a segment has the key {key}")
    row = sql.one("SELECT id FROM segment WHERE key = %s", (key,))
    return int(row[0]) if row else 0


def change(settings: Settings, segment_id: int, title: str, rule: Any, *, now_us: int) -> None:
    """Give a segment another title and rule; with another rule it is to be looked at anew."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one("SELECT rule FROM segment WHERE id = %s", (segment_id,))
        if row is not None and _read_json(row[0]) != rule:
            sql.write(
                "UPDATE segment SET rule = %s, ruled_us = %s, checked_us = NULL WHERE id = %s",
                (_json(rule), now_us, segment_id),
            )
        sql.write("UPDATE segment SET title = %s WHERE id = %s", (title, segment_id))


def set_aside(settings: Settings, segment_id: int, *, now_us: int) -> None:
    """Take a segment from every page; it can be brought back until it is swept."""
    store.connect(settings)
    sql.write("UPDATE segment SET deleted_us = %s WHERE id = %s", (now_us, segment_id))


def bring_back(settings: Settings, segment_id: int) -> None:
    """Bring a deleted segment back; who meets its rule by now is to be looked at anew."""
    store.connect(settings)
    sql.write("UPDATE segment SET deleted_us = NULL, checked_us = NULL WHERE id = %s", (segment_id,))


def sweep(settings: Settings, before_us: int) -> int:
    """Forget for good the segments that were deleted before a moment; how many."""
    store.connect(settings)
    found = sql.read("SELECT id FROM segment WHERE deleted_us < %s", (before_us,))
    for (segment_id,) in found:
        forget(settings, segment_id)
    return len(found)


def forget(settings: Settings, segment_id: int) -> None:
    """Delete a segment with its members and its history, in short transactions."""
    store.connect(settings)
    sql.write("DELETE FROM segment WHERE id = %s", (segment_id,))
    sql.write("DELETE FROM segment_count WHERE segment_id = %s", (segment_id,))
    for unit_ids in _stretches(
        ids(f"SELECT unit_id FROM segment_member WHERE segment_id = {int(segment_id)}", settings)
    ):
        _delete_members(segment_id, unit_ids)
    while sql.write(
        "DELETE FROM segment_move WHERE id IN "
        f"(SELECT id FROM segment_move WHERE segment_id = %s LIMIT {_ROWS})",
        (segment_id,),
    ):
        pass


def member_ids(settings: Settings, segment_id: int) -> Ids:
    """Who is in a segment, sorted."""
    import numpy as np

    return np.sort(ids("SELECT unit_id FROM segment_member WHERE segment_id = %s", settings, (segment_id,)))


def members_among(
    settings: Settings, segment_ids: Sequence[int], units: Sequence[int]
) -> dict[int, set[int]]:
    """Segment to those of ``units`` that are in it."""
    store.connect(settings)
    found: dict[int, set[int]] = {each: set() for each in segment_ids}
    for start in range(0, len(units), AT_ONCE):
        part = list(units[start : start + AT_ONCE])
        rows = sql.read(
            f"SELECT segment_id, unit_id FROM segment_member WHERE unit_id IN ({marks(part)})", part
        )
        for segment, unit in rows:
            if segment in found:
                found[segment].add(unit)
    return found


def apply(
    settings: Settings,
    segment_id: int,
    entered: Sequence[int],
    left: Sequence[int],
    *,
    day: int,
    now_us: int,
    moved: bool = True,
) -> None:
    """Let some enter and some leave; ``moved`` is whether they did (else the rule came to be).

    Each stretch is one transaction that holds for itself: members, moves and the count of the day.
    Whoever is in it already, or out, is not moved again.
    """
    store.connect(settings)
    for part in _stretches(left):
        with sql.short_write():
            gone = _leave(segment_id, part, day, now_us, moved)
            if moved:
                told_out.segment_moved(settings, segment_id, left=gone, now_us=now_us)
    for part in _stretches(entered):
        with sql.short_write():
            new = _enter(segment_id, part, day, now_us, moved)
            if moved:
                told_out.segment_moved(settings, segment_id, entered=new, now_us=now_us)


def note_checked(
    settings: Settings, segment_id: int, *, size: int, day: int, now_us: int, ruled_us: int
) -> None:
    """Everybody was looked at by the rule of ``ruled_us``."""
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "UPDATE segment SET checked_us = %s WHERE id = %s AND ruled_us = %s",
            (now_us, segment_id, ruled_us),
        )
        _count_day(segment_id, day, size=size)


def _leave(segment_id: int, units: Sequence[int], day: int, now_us: int, moved: bool) -> list[int]:
    """Take members out; those who were in."""
    found = sql.read(
        "SELECT unit_id, entered_us FROM segment_member "
        f"WHERE segment_id = %s AND unit_id IN ({marks(units)})",
        (segment_id, *units),
    )
    if not found:
        return []
    _delete_members(segment_id, [unit for unit, _ in found])
    if moved:
        _note_moves([(segment_id, unit, now_us, False, since) for unit, since in found])
    _count_day(segment_id, day, change=-len(found), left=len(found) if moved else 0)
    return [int(unit) for unit, _ in found]


def _enter(segment_id: int, units: Sequence[int], day: int, now_us: int, moved: bool) -> list[int]:
    """Let members in; those who were not in before."""
    there = {
        unit
        for (unit,) in sql.read(
            f"SELECT unit_id FROM segment_member WHERE segment_id = %s AND unit_id IN ({marks(units)})",
            (segment_id, *units),
        )
    }
    new = [unit for unit in units if unit not in there]
    if not new:
        return []
    _many(
        "INSERT INTO segment_member (segment_id, unit_id, entered_us) VALUES (%s, %s, %s)",
        [(segment_id, unit, now_us) for unit in new],
    )
    if moved:
        _note_moves([(segment_id, unit, now_us, True, None) for unit in new])
    _count_day(segment_id, day, change=len(new), entered=len(new) if moved else 0)
    return new


def _note_moves(rows: Iterable[tuple[int, int, int, bool, int | None]]) -> None:
    _many(
        "INSERT INTO segment_move (segment_id, unit_id, at_us, entered, since_us) "
        "VALUES (%s, %s, %s, %s, %s)",
        list(rows),
    )


def _count_day(
    segment_id: int, day: int, *, size: int | None = None, change: int = 0, entered: int = 0, left: int = 0
) -> None:
    """Bring the count of a day up to date; it begins with that of the day before."""
    sql.write(
        "INSERT INTO segment_count (segment_id, day, size, entered, gone) VALUES (%s, %s, COALESCE("
        "(SELECT c.size FROM segment_count c WHERE c.segment_id = %s AND c.day < %s "
        "ORDER BY c.day DESC LIMIT 1), 0), 0, 0) ON CONFLICT (segment_id, day) DO NOTHING",
        (segment_id, day, segment_id, day),
    )
    if size is not None:
        sql.write(
            "UPDATE segment_count SET size = %s WHERE segment_id = %s AND day = %s", (size, segment_id, day)
        )
    sql.write(
        "UPDATE segment_count SET size = size + %s, entered = entered + %s, gone = gone + %s "
        "WHERE segment_id = %s AND day = %s",
        (change, entered, left, segment_id, day),
    )


def put_off(settings: Settings, units: Sequence[int]) -> None:
    """Remember who is to be looked at when everybody has been."""
    store.connect(settings)
    for part in _stretches(units):
        _many(
            "INSERT INTO segment_due (unit_id) VALUES (%s) ON CONFLICT (unit_id) DO NOTHING",
            [(unit,) for unit in part],
        )


def take_due(settings: Settings, most: int) -> list[int]:
    """Some of those who were put off; they are no longer."""
    store.connect(settings)
    with sql.short_write():
        units = [
            unit
            for (unit,) in sql.read(f"SELECT unit_id FROM segment_due ORDER BY unit_id LIMIT {int(most)}")
        ]
        if units:
            sql.write(f"DELETE FROM segment_due WHERE unit_id IN ({marks(units)})", units)
    return units


def _delete_members(segment_id: int, units: Sequence[int]) -> None:
    for start in range(0, len(units), AT_ONCE):
        part = list(units[start : start + AT_ONCE])
        sql.write(
            f"DELETE FROM segment_member WHERE segment_id = %s AND unit_id IN ({marks(part)})",
            (segment_id, *part),
        )


def _segment(row: sql.Row) -> KeptSegment:
    number, key, title, rule, *rest = row
    return KeptSegment(number, key, title, _read_json(rule), *rest)


def _stretches(units: Sequence[int] | Ids) -> Iterable[list[int]]:
    for start in range(0, len(units), _ROWS):
        yield [int(unit) for unit in units[start : start + _ROWS]]


def _many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _json(rule: Mapping[str, Any]) -> str:
    return json.dumps(rule, ensure_ascii=False)


def _read_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
