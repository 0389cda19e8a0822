"""How each mapped column of a table is read: which way of writing it is in, which reader stands by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from holdfast.domain.formulas import (
    Call,
    ColumnOf,
    Formula,
    Negative,
    Number,
    Operation,
    columns_of,
    parse_formula,
)
from holdfast.domain.imports import Column, ColumnMap, ImportKind
from holdfast.engines import parsing, parsing_plans
from holdfast.engines.embedded import quoted
from holdfast.engines.exact import six_places
from holdfast.engines.parsing import MomentReader, NumberReader, Value
from holdfast.engines.staging_contacts import email_value, phone_value
from holdfast.engines.staging_source import OpenTable

if TYPE_CHECKING:
    import duckdb

LOOKED_AT = 20_000
"""Rows from which the ways of writing are found out."""

WHO = ("customer", "account", "email", "phone")
"""Columns that can name whom a row is about, the surest first."""

TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "moment": "BIGINT",
    "day": "INTEGER",
    "amount": "DECIMAL(18,6)",
    "number": "DECIMAL(18,6)",
    "flag": "BOOLEAN",
}
"""SQL type of each type of canonical column, where it is not mapped."""


@dataclass(slots=True)
class Plans:
    """What is known so far of how columns are written; overrules what the first rows show."""

    day_first: dict[str, bool] = field(default_factory=dict)
    decimal: dict[str, str] = field(default_factory=dict)
    wide: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """How the columns of one table are read.

    ``values`` by canonical column (and, for formulas, by "canonical: source column"); ``moments``
    and ``numbers`` are the readers that note what they meet, ``natives`` columns that hold numbers
    as such; ``undecided`` are columns whose first rows leave the decimal sign open, ``grouped``
    those of them that have separators at all. ``families``
    counts the ways in which the dates among the first rows are written. ``currency`` is that of
    amounts that name none; ``signs`` names the amount column beside whose digits currencies stand.
    """

    table: OpenTable
    kind: ImportKind
    map: ColumnMap
    currency: str
    zone: str
    values: dict[str, Value] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    moments: dict[str, MomentReader] = field(default_factory=dict)
    numbers: dict[str, NumberReader] = field(default_factory=dict)
    undecided: set[str] = field(default_factory=set)
    grouped: set[str] = field(default_factory=set)
    natives: set[str] = field(default_factory=set)
    families: dict[str, Mapping[str, int]] = field(default_factory=dict)
    signs: str = ""

    def has(self, canonical: str) -> bool:
        """Whether a canonical column is read or derived."""
        return canonical in self.values or canonical in self.derived

    def stand_in(self, canonical: str) -> str:
        """What the map's options say for rows that do not say it themselves, "" for nothing."""
        option = self.kind.stand_ins.get(canonical, "")
        return str(getattr(self.map.options, option)) if option else ""

    @property
    def rest(self) -> tuple[str, ...]:
        """Source columns that no canonical column is read from."""
        used = set(self.map.columns.values())
        for written in self.map.derive.values():
            used.update(columns_of(parse_formula(written)))
        return tuple(column for column in self.table.columns if column not in used)


def plan_reading(
    connection: duckdb.DuckDBPyConnection, reading: Reading, plans: Plans, country: str
) -> Reading:
    """Fill in how each mapped column is read, from the first rows and from ``plans``."""
    sources = dict.fromkeys([*reading.map.columns.values(), *_derived_from(reading.map)])
    cells = _first_cells(connection, reading.table, tuple(sources))
    for canonical, source in reading.map.columns.items():
        column = reading.kind.column(canonical)
        assert column is not None  # noqa: S101  (the map has been checked)
        reading.values[canonical] = _value(
            connection, reading, plans, column, canonical, source, cells[source], country
        )
    for canonical, written in reading.map.derive.items():
        _derive(connection, reading, plans, canonical, written, cells)
    _look_for_signs(connection, reading, cells)
    return reading


def _derived_from(column_map: ColumnMap) -> list[str]:
    return [source for written in column_map.derive.values() for source in columns_of(parse_formula(written))]


def _first_cells(
    connection: duckdb.DuckDBPyConnection, table: OpenTable, sources: Sequence[str]
) -> dict[str, list[str | None]]:
    if not sources:
        return {}
    chosen = ", ".join(table.text(source) for source in sources)
    rows = connection.execute(f"SELECT {chosen} FROM ({table.sql}) LIMIT {LOOKED_AT}").fetchall()
    return {source: [row[position] for row in rows] for position, source in enumerate(sources)}


def _value(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    plans: Plans,
    column: Column,
    name: str,
    source: str,
    cells: Sequence[str | None],
    country: str,
) -> Value:
    table = reading.table
    text, cell, kind = table.text(source), table.cell(source), table.type(source)
    match column.type:
        case "moment" | "day" if kind.startswith(("TIMESTAMP", "DATE")):
            zone = reading.zone
            return (
                parsing.native_day(name, cell)
                if column.type == "day"
                else parsing.native_moment(name, cell, kind, zone)
            )
        case "moment" | "day":
            return _moment(connection, reading, plans, column, name, text, cells)
        case "amount" | "number":
            return _number(connection, reading, plans, name, source, cells, amount=column.type == "amount")
        case "flag":
            return parsing.flag_value(name, text)
    if column.name in ("currency", "from", "to"):
        parsing.register(connection, parsing.odd(name), parsing.read_currency_cell, "VARCHAR")
        codes = {
            cell.strip() for cell in cells if cell is not None and re.fullmatch("[A-Z]{3}", cell.strip())
        }
        return parsing.currency_value(name, text, codes)
    if column.name == "email":
        return email_value(name, text)
    if column.name == "phone":
        return phone_value(connection, name, text, country)
    return parsing.text_value(name, text, whole_floats=column.type == "id" and _whole_floats(kind, cells))


def _whole_floats(kind: str, cells: Sequence[str | None]) -> bool:
    return kind in ("DOUBLE", "FLOAT") or parsing_plans.are_whole_floats(cells)


def _moment(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    plans: Plans,
    column: Column,
    name: str,
    text: str,
    cells: Sequence[str | None],
) -> Value:
    plan = parsing_plans.plan_dates(cells, reading.map.options, plans.day_first.get(name))
    reader = MomentReader(plan, "UTC" if column.type == "day" else reading.zone)
    reading.moments[name] = reader
    reading.families[name] = parsing_plans.date_families(cells, plan)
    parsing.register(connection, parsing.odd(name), reader, "BIGINT")
    return (
        parsing.day_value(name, text, reader)
        if column.type == "day"
        else parsing.moment_value(name, text, reader)
    )


def _number(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    plans: Plans,
    name: str,
    source: str,
    cells: Sequence[str | None],
    *,
    amount: bool,
) -> Value:
    digits = 38 if name in plans.wide else 18
    places = 6 if reading.kind.events else 12 if digits == 38 else 9
    kind = reading.table.type(source)
    if kind in ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "SMALLINT", "TINYINT") or kind.startswith("DECIMAL"):
        reading.natives.add(name)
        return parsing.native_number(
            name, reading.table.cell(source), places=places, digits=digits, amount=amount
        )
    plan = parsing_plans.plan_numbers(cells, reading.map.options)
    reader = NumberReader(plans.decimal.get(name, plan.decimal), places, digits)
    reading.numbers[name] = reader
    if not plan.decided and name not in plans.decimal:
        reading.undecided.add(name)
        if any("." in cell or "," in cell for cell in cells if cell is not None):
            reading.grouped.add(name)
    parsing.register(connection, parsing.odd(name), reader, f"DECIMAL({digits},{places})")
    parsing.register(connection, parsing.odd(name, "fault"), reader.fault, "VARCHAR")
    return parsing.number_value(name, reading.table.text(source), reader, amount=amount)


def _derive(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    plans: Plans,
    canonical: str,
    written: str,
    cells: Mapping[str, Sequence[str | None]],
) -> None:
    formula = parse_formula(written)
    operands: dict[str, str] = {}
    for source in columns_of(formula):
        name = f"{canonical}: {source}"
        operands[source] = quoted(name)
        if name not in reading.values:
            reading.values[name] = _number(
                connection, reading, plans, name, source, cells[source], amount=True
            )
    names = [f"{canonical}: {source}" for source in operands]
    sql = formula_sql(formula, operands)
    reading.derived[canonical] = six_places(sql, names)


def _look_for_signs(
    connection: duckdb.DuckDBPyConnection, reading: Reading, cells: Mapping[str, Sequence[str | None]]
) -> None:
    """Note the first amount column in which currency signs stand, where no column names the currency."""
    if reading.has("currency"):
        return
    for canonical in reading.numbers:
        source = reading.map.columns.get(canonical, canonical.partition(": ")[2])
        if any(parsing.currency_beside_cell(cell) for cell in cells[source]):
            reading.signs = source
            parsing.register(
                connection, parsing.odd("currency", "sign"), parsing.currency_beside_cell, "VARCHAR"
            )
            return


def formula_sql(formula: Formula, operands: Mapping[str, str]) -> str:
    """A formula as SQL over the columns that ``operands`` gives for source columns."""
    match formula:
        case Number(value):
            return f"{value:f}"
        case ColumnOf(name):
            return operands[name]
        case Negative(of):
            return f"(-{formula_sql(of, operands)})"
        case Call(function, arguments):
            return f"{function.upper()}({', '.join(formula_sql(part, operands) for part in arguments)})"
        case Operation("/", left, right):
            return f"({formula_sql(left, operands)} / NULLIF({formula_sql(right, operands)}, 0))"
        case Operation(operator, left, right):
            return f"({formula_sql(left, operands)} {operator} {formula_sql(right, operands)})"
    raise TypeError(f"no formula: {formula!r}")
