"""Writes the answer to a query into a file that other programs read: CSV, JSON Lines, Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from holdfast.domain.money import exponents_other_than_two
from holdfast.domain.spreadsheets import FORMULA_SIGNS
from holdfast.engines.embedded import literal, quoted

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.engines.tables import Table

FileFormat = Literal["csv", "jsonl", "parquet", "xlsx"]
ColumnType = Literal["text", "whole", "number", "moment", "day", "money", "bytes", "json", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an exported table: its name there, its type, and how the query gets it.

    *moment* is given in microseconds UTC, *day* as the number of a day, *money* in minor units of
    the currency that the expression ``currency`` yields, *bytes* are shown as hexadecimal digits.
    """

    name: str
    type: ColumnType = "text"
    sql: str = ""
    currency: str = ""

    @property
    def source(self) -> str:
        """The expression, the column of the same name where none is given."""
        return self.sql or quoted(self.name)


def export_sql(columns: Sequence[Column], rest: str, file_format: FileFormat) -> str:
    """``SELECT`` each column in the way of the format, then ``rest`` ("FROM ... ORDER BY ...")."""
    chosen = ", ".join(f"{_shown(column, file_format)} AS {quoted(column.name)}" for column in columns)
    return f"SELECT {chosen} {rest}"


def write_file(
    engine: EmbeddedEngine,
    sql: str,
    tables: Mapping[str, Table],
    path: Path,
    file_format: FileFormat,
    *,
    gzip: bool = False,
) -> int:
    """Write the answer to one file, in the order of the query, and count its rows."""
    if file_format == "parquet":
        return engine.write(sql, tables, path)
    options = "FORMAT csv, HEADER true, DELIMITER ','" if file_format == "csv" else "FORMAT json"
    compression = "gzip" if gzip else "none"
    answer = engine.rows(
        f"COPY ({sql}) TO {literal(str(path))} ({options}, COMPRESSION {compression}, PRESERVE_ORDER true)",
        tables,
    )
    return int(answer[0][0])


def _shown(column: Column, file_format: FileFormat) -> str:
    """The column's value as it stands in a file of this format."""
    sql, typed = column.source, file_format == "parquet"
    match column.type:
        case "moment":
            at = f"make_timestamp(CAST({sql} AS BIGINT))"
            return at if typed else f"strftime({at}, '%Y-%m-%dT%H:%M:%S.%fZ')"
        case "day":
            day = f"DATE '1970-01-01' + CAST({sql} AS INTEGER)"
            return f"CAST({day} AS DATE)" if typed else f"strftime({day}, '%Y-%m-%d')"
        case "money":
            return _money(sql, column.currency, as_text=file_format == "csv")
        case "bytes":
            return f"lower(hex({sql}))"
        case "json":
            return f"CAST({sql} AS JSON)" if file_format == "jsonl" else _harmless(sql, file_format)
        case "text":
            return _harmless(f"CAST({sql} AS VARCHAR)", file_format)
    return sql


def _harmless(sql: str, file_format: FileFormat) -> str:
    """No cell that a customer filled can become a formula. Source: OWASP, "CSV Injection"."""
    if file_format not in ("csv", "xlsx"):
        return sql
    signs = ", ".join(f"chr({ord(sign)})" for sign in FORMULA_SIGNS)
    return f"CASE WHEN left({sql}, 1) IN ({signs}) THEN '''' || {sql} ELSE {sql} END"


def _money(minor: str, currency: str, *, as_text: bool) -> str:
    """Major units, exact: as a decimal, or as text with the digits that the currency has."""
    by_digits: dict[int, list[str]] = {}
    for code, digits in exponents_other_than_two().items():
        by_digits.setdefault(digits, []).append(code)
    cases = [
        f"WHEN {currency} IN ({', '.join(literal(code) for code in codes)}) "
        f"THEN {_scaled(minor, digits, as_text)}"
        for digits, codes in by_digits.items()
    ]
    return f"CASE {' '.join(cases)} ELSE {_scaled(minor, 2, as_text)} END"


def _scaled(minor: str, digits: int, as_text: bool) -> str:
    unit = "1" if digits == 0 else f"0.{'1'.rjust(digits, '0')}"
    exact = f"CAST({minor} AS DECIMAL(19, 0)) * CAST({unit} AS DECIMAL({digits + 1}, {digits}))"
    if as_text:
        return f"CAST(CAST({exact} AS DECIMAL(24, {digits})) AS VARCHAR)"
    return f"CAST({exact} AS DECIMAL(24, 4))"
