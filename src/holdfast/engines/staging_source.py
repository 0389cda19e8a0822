"""A plain table as the engine sees it: what to select from, and what the reader of CSV refused."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.imports import TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.embedded import literal, quoted

if TYPE_CHECKING:
    import duckdb

MEMORY_MB = 550
"""What the engine may hold in memory; the rest is spilled into the stage folder."""

_REASONS = {
    "MISSING COLUMNS": "too_few_cells",
    "TOO MANY COLUMNS": "too_many_cells",
    "UNQUOTED VALUE": "broken_quotes",
    "INVALID ENCODING": "not_in_encoding",
    "INVALID UNICODE": "not_in_encoding",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
}
_FEW = 1_000
"""Up to so many rejected lines are counted within the SQL; more by a function of the connection."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table to read from: ``sql`` selects cells named "c1", "c2", ..., of ``types``, in order.

    ``columns`` are their names in the source; ``numbered`` adds "c0", the row's number.
    """

    sql: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    numbered: bool = False

    def cell(self, column: str) -> str:
        """The cell of a source column, of whatever type."""
        return f'"c{self.columns.index(column) + 1}"'

    def text(self, column: str) -> str:
        """The cell of a source column as text."""
        cell = self.cell(column)
        return cell if self.type(column) == "VARCHAR" else f"CAST({cell} AS VARCHAR)"

    def type(self, column: str) -> str:
        """The SQL type of a source column."""
        return self.types[self.columns.index(column)]


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection of its own, in memory, that spills into ``folder`` and loads no extensions."""
    import duckdb

    spill = folder / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(
        ":memory:",
        config={
            "threads": 2,
            "memory_limit": f"{MEMORY_MB}MB",
            "temp_directory": str(spill),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        },
    )


def open_table(connection: duckdb.DuckDBPyConnection, source: TabularSource) -> OpenTable:
    """``source`` for reading; raises ``Refusal`` (``cut_file``) for a damaged Parquet file."""
    if not source.plain:
        raise ValueError(f"{source.path} has not been made plain")
    return _open_parquet(connection, source) if source.format == "parquet" else _open_text(source)


def _open_parquet(connection: duckdb.DuckDBPyConnection, source: TabularSource) -> OpenTable:
    import duckdb

    path = literal(str(source.path))
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()
    except (duckdb.Error, OSError) as error:
        raise damaged(source) from error
    columns = tuple(str(row[0]) for row in described)
    types = tuple(
        "VARCHAR" if row[1] == "JSON" or str(row[1]).startswith("ENUM") else str(row[1]) for row in described
    )
    cells = ", ".join(f'{quoted(name)} AS "c{number}"' for number, name in enumerate(columns, start=1))
    return OpenTable(f"SELECT {cells} FROM read_parquet({path})", columns, types)


def damaged(source: TabularSource) -> Refusal:
    """The refusal for a file that turns out to be damaged while it is read."""
    return Refusal(
        "cut_file",
        found=Text("{file} ends in the middle or is damaged.", file=source.path.name),
        expected=Text("A whole file."),
        remedy=Text("Copy or download it again; nothing was imported."),
    )


def _open_text(source: TabularSource) -> OpenTable:
    names = [f"c{number}" for number in range(1, len(source.columns) + 1)]
    cells = (["c0"] if source.numbered else []) + names
    options = {
        "auto_detect": "false",
        "header": "true" if source.header and not source.numbered else "false",
        "delim": literal(source.delimiter),
        "quote": literal(source.quote),
        "escape": literal(source.quote),
        "columns": "{" + ", ".join(f"'{cell}': 'VARCHAR'" for cell in cells) + "}",
        "store_rejects": "true",
        "rejects_table": "'reader_rejects'",
        "rejects_scan": "'reader_scans'",
    }
    if source.numbered:
        options |= {"null_padding": "true", "parallel": "false"}
        del options["store_rejects"], options["rejects_table"], options["rejects_scan"]
    listed = ", ".join(f"{option} = {value}" for option, value in options.items())
    sql = f"SELECT * FROM read_csv({literal(str(source.path))}, {listed})"
    return OpenTable(sql, source.columns, ("VARCHAR",) * len(names), source.numbered)


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that the reader of CSV did not take; ``swallowed``: an open quote took further lines in."""

    line: int
    code: str
    raw: str
    swallowed: bool


def reader_rejects(connection: duckdb.DuckDBPyConnection, table: OpenTable) -> list[Refused]:
    """What the reader refused, by line of the plain file; empties its tables for the next reading."""
    known = connection.execute(
        "SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = 'reader_rejects'"
    ).fetchall()
    if table.numbered or not known[0][0]:
        return []
    rows = connection.execute(
        "SELECT line, ANY_VALUE(error_type), ANY_VALUE(SUBSTR(csv_line, 1, 2000)), "
        "BOOL_OR(CONTAINS(RTRIM(csv_line, chr(10) || chr(13)), chr(10))) "
        "FROM reader_rejects GROUP BY line ORDER BY line"
    ).fetchall()
    connection.execute("DROP TABLE reader_rejects")
    connection.execute("DROP TABLE reader_scans")
    return [
        Refused(
            line,
            code := _REASONS.get(str(kind), "broken_quotes"),
            raw or "",
            bool(many) and code == "broken_quotes",
        )
        for line, kind, raw, many in rows
    ]


def without_lines(source: TabularSource, lines: Sequence[Refused], folder: Path) -> TabularSource:
    """``source`` without lines whose open quotes swallow others; they are put aside as rejected."""
    wanted = {refused.line for refused in lines}
    path = folder / f"mended-{len(list(folder.glob('mended-*')))}.csv"
    aside = folder / f"{path.stem}-dropped.csv"
    origin = LineNumbers.of_plain_lines(source)
    with (
        source.path.open("rb") as text,
        path.open("wb") as mended,
        aside.open("w", encoding="utf-8") as dropped,
    ):
        if source.dropped:
            dropped.write(source.dropped.read_text(encoding="utf-8"))
        for number, line in enumerate(text, start=1):
            if number in wanted:
                raw = line[:2_000].decode("utf-8", errors="replace").rstrip("\r\n")
                raw = raw.replace("\r", " ").replace('"', '""')
                dropped.write(f'{origin.of_row(number - 1)},broken_quotes,"{raw}"\n')
            else:
                mended.write(line)
    left = None if source.line_ends is None else source.line_ends - len(wanted)
    return replace(source, path=path, dropped=aside, line_ends=left)


@dataclass(frozen=True, slots=True)
class LineNumbers:
    """On which line of the original a row stands: the first on ``first``, none on ``missing`` (sorted)."""

    first: int
    missing: tuple[int, ...] = ()

    @classmethod
    def of(cls, source: TabularSource, refused: Sequence[Refused]) -> LineNumbers:
        """The line numbers of a plain source of which the reader refused some lines."""
        plain = cls.of_plain_lines(source)
        left_out = {plain.of_row(row.line - 1) for row in refused}.union(plain.missing)
        return cls(source.first_line, tuple(sorted(left_out)))

    @classmethod
    def of_plain_lines(cls, source: TabularSource) -> LineNumbers:
        """Which line of the original each line of the plain file is."""
        dropped = dropped_rows(source.dropped) if source.dropped is not None else []
        first = 1 if source.numbered else 1 + source.skipped
        return cls(first, tuple(sorted(line for line, _, _ in dropped)))

    def of_row(self, row: int) -> int:
        """The line of the row that the engine counts as ``row`` (from 0)."""
        return row + self.first + bisect_right(self._rows_before_gaps(), row)

    def sql(self, connection: duckdb.DuckDBPyConnection, row: str) -> str:
        """:meth:`of_row` as SQL over the expression ``row``."""
        if len(self.missing) > _FEW:
            gaps = self._rows_before_gaps()
            connection.create_function(
                "line of row", lambda at: at + self.first + bisect_right(gaps, at), ["BIGINT"], "BIGINT"
            )
            return f'"line of row"({row})'
        steps = {gap: self.first + number for number, gap in enumerate(self._rows_before_gaps(), start=1)}
        return f"({row} + {_tree(row, sorted(steps.items()), self.first)})"

    def _rows_before_gaps(self) -> list[int]:
        """For each missing line, how many rows stand before it."""
        return [gap - before - self.first for before, gap in enumerate(self.missing)]


def _tree(row: str, steps: Sequence[tuple[int, int]], first: int) -> str:
    if not steps:
        return str(first)
    middle = len(steps) // 2
    start, shift = steps[middle]
    left = _tree(row, steps[:middle], first)
    right = _tree(row, steps[middle + 1 :], shift)
    return f"CASE WHEN {row} < {start} THEN {left} ELSE {right} END"


def ends_within_a_line(source: TabularSource) -> bool:
    """Whether a plain text breaks off without a line end."""
    with source.path.open("rb") as text:
        text.seek(-1, os.SEEK_END)
        return source.format != "parquet" and text.read(1) not in b"\r\n"


def dropped_rows(path: Path) -> list[tuple[int, str, str]]:
    """The rows put aside before the engine saw the table: line, code, raw row."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return [(int(row[0]), row[1], row[2]) for row in csv.reader(file)]
