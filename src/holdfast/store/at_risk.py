"""The list of customers at risk at any size: filters, search, sorts, keyset pages.

Few matches are sorted in memory; for many the index of the sort is walked from where the last page
ended, as in :mod:`holdfast.store.customers`. What filters is one covering index, so that counting
reads no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.customers import FEW, search_condition, search_words
from holdfast.store.narrowing import narrowed

Sort = Literal["value_at_risk", "risk", "name"]

_KEYS: dict[Sort, str] = {
    "value_at_risk": "r.value_at_risk_minor",
    "risk": "r.risk",
    "name": "c.name_key",
}
_TABLES = "risk_score r JOIN standing c ON c.unit_id = r.unit_id"


@dataclass(frozen=True, slots=True)
class ScoredCustomer:
    """One row of the list; ``drivers`` and ``dimensions`` are JSON, days count from 1970-01-01."""

    unit_id: int
    risk: float
    value_minor: int
    value_at_risk_minor: int
    likely_from_day: int | None
    likely_to_day: int | None
    drivers: str
    state: str
    country: str
    as_of_day: int
    week_ago: float | None
    dimensions: str
    name: str
    name_key: str

    def sort_value(self, sort: Sort) -> str | int | float:
        """What this row is sorted by."""
        value: str | int | float = getattr(self, _KEYS[sort].split(".")[1])
        return value


@dataclass(frozen=True, slots=True)
class RiskFilter:
    """Which customers; "" and 0 ask for all, and a ``segment`` (its number) of ``None``.

    ``among`` are the only ones a reader may see.
    """

    search: str = ""
    state: str = ""
    country: str = ""
    cause: str = ""
    least_risk: float = 0.0
    segment: int | None = None
    among: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """A stretch of the list; ``more`` says that another one follows, ``matching`` counts all."""

    rows: tuple[ScoredCustomer, ...]
    more: bool
    matching: int


_Key = tuple[Any, int]


def list_at_risk(
    settings: Settings,
    wanted: RiskFilter,
    sort: Sort,
    *,
    after: _Key | None = None,
    limit: int = 50,
    counted: bool = True,
) -> ScoredPage:
    """One page in at most three statements; by name in the order of the alphabet, else most first.

    Everybody's page needs no count: without ``counted`` it has none.
    """
    store.connect(settings)
    conditions, values = _conditions(wanted, walking=False)
    matching = _count(conditions, values) if counted or conditions else 0
    if conditions and matching <= FEW:
        return _sorted_page(conditions, values, sort, after, limit)
    rows = _walk(wanted, sort, after, limit + 1)
    return ScoredPage(tuple(rows[:limit]), len(rows) > limit, matching)


def one_at_risk(settings: Settings, unit_id: int) -> ScoredCustomer | None:
    """The row of one customer; ``None`` when there is none."""
    store.connect(settings)
    rows = _read(f"SELECT {_COLUMNS} FROM {_TABLES} WHERE r.unit_id = %s", [unit_id])
    return rows[0] if rows else None


def ids_of(settings: Settings, units: Sequence[int]) -> dict[int, str]:
    """``namespace:key`` of the id that each unit is named by."""
    store.connect(settings)
    if not units:
        return {}
    marks = ", ".join(["%s"] * len(units))
    return dict(
        sql.read(f"SELECT id, namespace || ':' || key FROM subject WHERE id IN ({marks})", list(units))
    )


_COLUMNS = ", ".join(
    f"{'c' if each.name in ('name', 'name_key') else 'r'}.{each.name}" for each in fields(ScoredCustomer)
)


def _conditions(wanted: RiskFilter, *, walking: bool) -> tuple[list[str], list[Any]]:
    """What must hold of ``risk_score r``; when ``walking``, SQLite is kept off the filters' index."""
    off = "+" if walking and sql.is_sqlite() else ""
    chosen = {name: getattr(wanted, name) for name in ("state", "country", "cause")}
    conditions = [f"{off}r.{name} = %s" for name, value in chosen.items() if value]
    conditions += narrowed(f"{off}r.unit_id", wanted.among)
    values: list[Any] = [value for value in chosen.values() if value]
    if wanted.least_risk > 0:
        conditions.append(f"{off}r.risk >= %s")
        values.append(wanted.least_risk)
    if wanted.segment is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM segment_member m WHERE m.segment_id = %s AND m.unit_id = r.unit_id)"
            if walking
            else "r.unit_id IN (SELECT unit_id FROM segment_member WHERE segment_id = %s)"
        )
        values.append(wanted.segment)
    if words := search_words(wanted.search):
        condition, asked = search_condition(words)
        among = "f.rowid FROM standing_search f" if sql.is_sqlite() else "s.unit_id FROM standing s"
        conditions.append(f"r.unit_id IN (SELECT {among} WHERE {condition})")
        values.append(asked)
    return conditions, values


def _count(conditions: list[str], values: list[Any]) -> int:
    row = sql.one(f"SELECT COUNT(*) FROM risk_score r {_where(conditions)}", values)
    return int(row[0]) if row else 0


def _sorted_page(
    conditions: list[str], values: list[Any], sort: Sort, after: _Key | None, limit: int
) -> ScoredPage:
    tables = _TABLES if sort == "name" else "risk_score r"
    keys: list[_Key] = [
        (key, unit)
        for key, unit in sql.read(
            f"SELECT {_KEYS[sort]}, r.unit_id FROM {tables} {_where(conditions)}", values
        )
    ]
    rising = sort == "name"
    left = keys if after is None else [key for key in keys if key != after and (key > after) == rising]
    units = [unit for _, unit in sorted(left, reverse=not rising)[:limit]]
    marks = ", ".join(["%s"] * len(units))
    found = _read(f"SELECT {_COLUMNS} FROM {_TABLES} WHERE r.unit_id IN ({marks})", units) if units else []
    rows = {row.unit_id: row for row in found}
    return ScoredPage(tuple(rows[unit] for unit in units if unit in rows), len(left) > limit, len(keys))


def _walk(wanted: RiskFilter, sort: Sort, after: _Key | None, limit: int) -> list[ScoredCustomer]:
    key = _KEYS[sort]
    way, comes_after = ("ASC", ">") if sort == "name" else ("DESC", "<")
    unit = "c.unit_id" if sort == "name" else "r.unit_id"
    conditions, values = _conditions(wanted, walking=True)
    if after is not None:
        conditions.append(f"({key}, {unit}) {comes_after} (%s, %s)")
        values += after
    # On SQLite a CROSS JOIN keeps the order of the tables: the sorted one is walked.
    first, then = ("standing c", "risk_score r") if sort == "name" else ("risk_score r", "standing c")
    join = "CROSS JOIN" if sql.is_sqlite() else "JOIN"
    return _read(
        f"SELECT {_COLUMNS} FROM {first} {join} {then} ON c.unit_id = r.unit_id {_where(conditions)} "
        f"ORDER BY {key} {way}, {unit} {way} LIMIT {limit}",
        values,
    )


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _read(statement: str, values: list[Any]) -> list[ScoredCustomer]:
    return [ScoredCustomer(*row) for row in sql.read(statement, values)]
