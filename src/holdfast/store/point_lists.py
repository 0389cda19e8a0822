"""The work list of contact points at any size: who is worth most first, filters, keyset pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import care_settings, sql
from holdfast.store.customers import FEW
from holdfast.store.narrowing import narrowed
from holdfast.store.needs import OWNED
from holdfast.store.notes import among

Place = tuple[int, int, str, str]
"""Where in the list a row stands: its worth, unit, kind and value."""

WORK_STATES = ("bounced", "stale", "missing", "never_used")


@dataclass(frozen=True, slots=True)
class ListedPoint:
    """A contact point to look at. Moments in microseconds, the value in minor units."""

    unit_id: int
    kind: str
    value: str
    state: str
    used_us: int | None
    life_us: int | None
    bounced_us: int | None
    value_minor: int
    name: str
    standing: str
    country: str

    @property
    def place(self) -> Place:
        """Where the row stands in the list."""
        return self.value_minor, self.unit_id, self.kind, self.value


@dataclass(frozen=True, slots=True)
class PointFilter:
    """Which contact points: of one state, of customers of a standing and a country, of one of us.

    ``among`` are the only customers a reader may see.
    """

    state: str = ""
    standing: str = ""
    country: str = ""
    owner_id: int | None = None
    among: frozenset[int] | None = None


def list_points(
    settings: Settings, wanted: PointFilter, *, after: Place | None = None, limit: int = 50
) -> tuple[list[ListedPoint], bool]:
    """A stretch of the list, and whether more follow; one or two statements."""
    store.connect(settings)
    statement, values = _asked(wanted, after)
    rows = sql.read(f"{statement} LIMIT {int(limit) + 1}", values)
    return [ListedPoint(*row) for row in rows[:limit]], len(rows) > limit


def every_point(settings: Settings, wanted: PointFilter) -> Iterator[ListedPoint]:
    """Everything that the list holds, for an export."""
    store.connect(settings)
    for rows in sql.stream(*_asked(wanted, None)):
        yield from (ListedPoint(*row) for row in rows)


def count_by_state(settings: Settings, units: Sequence[int] | None = None) -> dict[str, int]:
    """How many contact points there are of each state, counted: of all customers, or of ``units``."""
    store.connect(settings)
    theirs = "" if units is None else f"WHERE unit_id IN {among(units)}"
    rows = sql.read(f"SELECT state, COUNT(*) FROM point_state {theirs} GROUP BY state")
    return {state: int(n) for state, n in rows}


COUNTS = "point_counts"
"""Under which name the counts are kept: counting a million takes longer than the rest of the page."""


def kept_counts(settings: Settings) -> dict[str, int]:
    """How many contact points there are of each state, as it was kept; empty before the first look."""
    kept: dict[str, int] = care_settings.read(settings, COUNTS).get(COUNTS, {})
    return {state: n for state, n in kept.items() if n > 0}


def keep_counts(
    settings: Settings, *, before: Mapping[str, int] | None = None, after: Mapping[str, int] | None = None
) -> None:
    """Count everything and keep it; or change what is kept by how some customers' counts changed."""
    if before is None or after is None:
        care_settings.write(settings, COUNTS, count_by_state(settings))
        return
    if before != after:
        with sql.short_write():
            kept = kept_counts(settings)
            states = {*kept, *before, *after}
            changed = {each: kept.get(each, 0) + after.get(each, 0) - before.get(each, 0) for each in states}
            care_settings.write(settings, COUNTS, changed)


def _asked(wanted: PointFilter, after: Place | None) -> tuple[str, list[Any]]:
    """The statement that lists in order, by the shorter way: along the list, or from the few customers.

    On SQLite the ``+`` keeps it off the list's own index, and a CROSS JOIN lets the customers lead.
    """
    few = _few(wanted)
    off = "+" if few and sql.is_sqlite() else ""
    conditions, values = [f"{off}p.state = %s" if wanted.state else f"{off}p.work = TRUE"], list[Any]()
    values += [wanted.state] if wanted.state else []
    for column, value in (("state", wanted.standing), ("country", wanted.country)):
        if value:
            conditions.append(f"s.{column} = %s")
            values.append(value)
    if wanted.owner_id is not None:
        conditions.append(OWNED.replace("s.unit_id", "p.unit_id", 1))
        values.append(wanted.owner_id)
    conditions += narrowed("p.unit_id", wanted.among)
    if after is not None:
        conditions.append("(p.value_minor, p.unit_id, p.kind, p.value) < (%s, %s, %s, %s)")
        values += after
    tables = "point_state p LEFT JOIN standing s ON s.unit_id = p.unit_id"
    if few and wanted.owner_id is None and wanted.among is None:
        join = "CROSS JOIN" if sql.is_sqlite() else "JOIN"
        tables = f"standing s {join} point_state p ON p.unit_id = s.unit_id"
    return (
        f"SELECT {_COLUMNS} FROM {tables} WHERE {' AND '.join(conditions)} ORDER BY "
        "p.value_minor DESC, p.unit_id DESC, p.kind DESC, p.value DESC",
        values,
    )


_COLUMNS = (
    ", ".join(f"p.{each.name}" for each in fields(ListedPoint)[:8])
    + ", COALESCE(s.name, ''), COALESCE(s.state, ''), COALESCE(s.country, '')"
)


def _few(wanted: PointFilter) -> bool:
    """Whether the filter leaves so few customers that sorting theirs is quicker than walking the list."""
    if wanted.owner_id is not None or wanted.among is not None:
        return True
    chosen = {"state": wanted.standing, "country": wanted.country}
    narrowed = {name: value for name, value in chosen.items() if value}
    if not narrowed:
        return False
    row = sql.one(
        "SELECT COALESCE(SUM(units), 0) FROM standing_count "
        f"WHERE {' AND '.join(f'{name} = %s' for name in narrowed)}",
        list(narrowed.values()),
    )
    return row is None or int(row[0]) <= FEW
