"""Products, costs, rates and series: small tables in which each import keeps its own rows.

Of the done imports the latest that names a key counts, so a restated export replaces what it
restates, and undoing it brings the former value back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class TableLoaded:
    """How many rows were new or changed something, and how many said what was known already."""

    taken: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's name, the columns that are its key, and those that are said about it."""

    name: str
    key: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.said)


TABLES: Mapping[str, _Table] = {
    "products": _Table("product", ("product_id",), ("name", "category", "unit_cost_minor", "currency")),
    "costs": _Table("cost", ("day", "source", "currency"), ("amount_minor", "lines")),
    "rates": _Table("rate", ("day", "from_currency", "to_currency"), ("rate",)),
    "series": _Table("series_point", ("name", "day"), ("value",)),
}
"""Kind of import to table. Rows are given in the order of the columns; costs without ``lines``."""


def load_table(settings: Settings, import_id: int, kind: str, rows: Iterable[sql.Row]) -> TableLoaded:
    """Write the rows of a products, costs, rates or series import.

    Products ``(product_id, name, category, unit cost in minor units or None, currency)``; costs
    ``(day, source, currency, amount in minor units)``, where lines of one day, source and currency
    add up; rates ``(day, from, to, Decimal)``; series ``(name, day, value)``. Where a file names a
    key twice (but for costs), its last row counts. May be repeated.
    """
    store.connect(settings)
    table = TABLES[kind]
    wanted, lines = _summed(rows) if kind == "costs" else _last(rows, len(table.key))
    known = {tuple(row[: len(table.key)]): tuple(row[len(table.key) :]) for row in visible(kind)}
    new = {key: said for key, said in wanted.items() if known.get(key) != said}
    duplicates = sum(lines[key] for key in wanted if key not in new)
    _replace(table, import_id, [(*key, *said) for key, said in new.items()])
    return TableLoaded(sum(lines.values()) - duplicates, duplicates)


def visible(kind: str) -> list[sql.Row]:
    """The rows that count, with the columns of :data:`TABLES`, in the order of their keys."""
    table = TABLES[kind]
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    latest = (
        f"SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY import_id DESC) AS age "
        f"FROM {table.name} WHERE import_id IN (SELECT id FROM import WHERE state = 'done')"
    )
    return [
        tuple(
            Decimal(str(value)) if name == "rate" else value
            for name, value in zip(table.columns, row, strict=True)
        )
        for row in sql.read(f"SELECT {columns} FROM ({latest}) AS said WHERE age = 1 ORDER BY {key}")
    ]


def _summed(rows: Iterable[sql.Row]) -> tuple[dict[sql.Row, sql.Row], dict[sql.Row, int]]:
    sums: dict[sql.Row, int] = {}
    lines: dict[sql.Row, int] = {}
    for day, source, currency, amount_minor in rows:
        key = (day, source, currency)
        sums[key] = sums.get(key, 0) + amount_minor
        lines[key] = lines.get(key, 0) + 1
    return {key: (amount, lines[key]) for key, amount in sums.items()}, lines


def _last(rows: Iterable[sql.Row], key_length: int) -> tuple[dict[sql.Row, sql.Row], dict[sql.Row, int]]:
    last: dict[sql.Row, sql.Row] = {}
    lines: dict[sql.Row, int] = {}
    for row in rows:
        key = tuple(row[:key_length])
        last[key] = tuple(row[key_length:])
        lines[key] = lines.get(key, 0) + 1
    return last, lines


def _replace(table: _Table, import_id: int, rows: list[sql.Row]) -> None:
    from django.db import connection

    marks = ", ".join(["%s"] * (len(table.columns) + 1))
    statement = f"INSERT INTO {table.name} ({', '.join(table.columns)}, import_id) VALUES ({marks})"
    sql.write(f"DELETE FROM {table.name} WHERE import_id = %s", (import_id,))
    for first, last in sql.ranges(len(rows)):
        with sql.short_write(), connection.cursor() as cursor:
            cursor.executemany(statement, [(*row, import_id) for row in rows[first - 1 : last]])
