"""Reading segments: who is in one, who came and went, how many there were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed

OPEN_US = 2**62
"""The moment at which who is in a segment goes out of it: not yet."""


@dataclass(frozen=True, slots=True)
class Member:
    """A customer in a segment, with what the list shows."""

    unit_id: int
    name: str
    state: str
    orders: int
    amount_minor: int
    entered_us: int


@dataclass(frozen=True, slots=True)
class Move:
    """That someone entered or left; ``since_us`` is since when who left was in it."""

    id: int
    unit_id: int
    name: str
    at_us: int
    entered: bool
    since_us: int | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many there were at the end of a day, and who entered and left on it."""

    day: int
    size: int
    entered: int
    left: int


def counts(settings: Settings, segment_id: int, *, since_day: int) -> list[DayCount]:
    """The counts from a day on, oldest first, with the last one before it."""
    store.connect(settings)
    rows = sql.read(
        "SELECT day, size, entered, gone FROM segment_count WHERE segment_id = %s AND day >= COALESCE("
        "(SELECT MAX(day) FROM segment_count WHERE segment_id = %s AND day < %s), 0) ORDER BY day",
        (segment_id, segment_id, since_day),
    )
    return [DayCount(*row) for row in rows]


def changes(settings: Settings, *, since_day: int) -> dict[int, tuple[int, int]]:
    """Segment to how many entered and left it since a day."""
    store.connect(settings)
    rows = sql.read(
        "SELECT segment_id, SUM(entered), SUM(gone) FROM segment_count WHERE day >= %s GROUP BY segment_id",
        (since_day,),
    )
    return {segment: (int(entered), int(gone)) for segment, entered, gone in rows}


def members(
    settings: Settings,
    segment_id: int,
    *,
    after: int | None = None,
    limit: int = 50,
    among: frozenset[int] | None = None,
) -> list[Member]:
    """A stretch of the members in the order of their ids, after the unit ``after``; ``among`` some only."""
    store.connect(settings)
    onward = "".join(f"AND {each} " for each in narrowed("m.unit_id", among))
    onward += "" if after is None else "AND m.unit_id > %s "
    rows = sql.read(
        "SELECT m.unit_id, COALESCE(c.name, ''), COALESCE(c.state, ''), COALESCE(c.orders, 0), "
        "COALESCE(c.amount_minor, 0), m.entered_us FROM segment_member m "
        "LEFT JOIN standing c ON c.unit_id = m.unit_id "
        f"WHERE m.segment_id = %s {onward}ORDER BY m.unit_id LIMIT {int(limit)}",
        (segment_id,) if after is None else (segment_id, after),
    )
    return [Member(*row) for row in rows]


def moves(
    settings: Settings,
    segment_id: int,
    *,
    before: int | None = None,
    limit: int = 50,
    among: frozenset[int] | None = None,
) -> list[Move]:
    """Who entered and left, newest first, before the move ``before``; ``among`` some only."""
    store.connect(settings)
    onward = "".join(f"AND {each} " for each in narrowed("m.unit_id", among))
    onward += "" if before is None else "AND m.id < %s "
    rows = sql.read(
        "SELECT m.id, m.unit_id, COALESCE(c.name, ''), m.at_us, m.entered, m.since_us FROM segment_move m "
        "LEFT JOIN standing c ON c.unit_id = m.unit_id "
        f"WHERE m.segment_id = %s {onward}ORDER BY m.id DESC LIMIT {int(limit)}",
        (segment_id,) if before is None else (segment_id, before),
    )
    return [
        Move(number, unit, name, at, bool(entered), since) for number, unit, name, at, entered, since in rows
    ]


def of_losses(settings: Settings, since_day: int) -> Iterator[tuple[str, int, int]]:
    """(segment's key, customer, left at) of who left us since a day and is in a segment, or was.

    The moment is that of the last time the customer went out of the segment; ``OPEN_US`` for who is in it.
    """
    store.connect(settings)
    gone = "SELECT unit_id FROM loss WHERE left_day >= %s"
    for rows in sql.stream(
        "SELECT s.key, m.unit_id, m.out_us FROM segment s JOIN ("
        f"SELECT segment_id, unit_id, {OPEN_US} AS out_us FROM segment_member WHERE unit_id IN ({gone}) "
        "UNION ALL SELECT segment_id, unit_id, MAX(at_us) AS out_us FROM segment_move "
        f"WHERE NOT entered AND unit_id IN ({gone}) GROUP BY segment_id, unit_id"
        ") m ON m.segment_id = s.id WHERE s.deleted_us IS NULL",
        (since_day, since_day),
    ):
        for key, unit_id, out_us in rows:
            yield str(key), int(unit_id), int(out_us)


def segments_of(settings: Settings, unit_id: int) -> list[tuple[str, str, int]]:
    """(key, title, entered) of the segments a customer is in, by title."""
    store.connect(settings)
    return [
        (key, title, entered)
        for key, title, entered in sql.read(
            "SELECT s.key, s.title, m.entered_us FROM segment_member m JOIN segment s ON s.id = m.segment_id "
            "WHERE m.unit_id = %s AND s.deleted_us IS NULL ORDER BY s.title",
            (unit_id,),
        )
    ]


def stays_of(settings: Settings, segment_id: int, unit_id: int) -> list[tuple[int, int | None]]:
    """(entered, left) of every stay of a customer, oldest first; ``None`` where it goes on."""
    store.connect(settings)
    over = sql.read(
        "SELECT since_us, at_us FROM segment_move WHERE segment_id = %s AND unit_id = %s AND NOT entered "
        "ORDER BY id",
        (segment_id, unit_id),
    )
    now = sql.read(
        "SELECT entered_us FROM segment_member WHERE segment_id = %s AND unit_id = %s", (segment_id, unit_id)
    )
    return [(int(since), int(at)) for since, at in over] + [(int(since), None) for (since,) in now]
