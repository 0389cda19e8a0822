"""The one table to import: a file, or the answer to a query over several.

A query sees the tables that were named and nothing else: it runs on a connection without access
to files, network, extensions or its own settings, and only if it is a single SELECT.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.imports import TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.embedded import literal, quoted
from holdfast.engines.staging_source import OpenTable, connect, damaged, open_table

if TYPE_CHECKING:
    import duckdb

_SAMPLE = 200
_WHOLE = "^-?(0|[1-9][0-9]{0,17})$"
_DECIMAL = "^-?(0|[1-9][0-9]{0,11})([.][0-9]{1,6})?$"
_MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?$"


def look(sources: Sequence[TabularSource], query: str | None, folder: Path) -> TabularSource:
    """The one table to import, with its columns and a sample of its rows.

    ``sources`` are plain (:func:`holdfast.connectors.plain.make_plain`). Of a Parquet file only
    the engine knows the columns. With a ``query`` the table is the answer to it, written into
    ``folder``; it knows each source by its table's name. Columns of text whose every value is a
    number or an ISO date are numbers and dates there.

    Raises ``Refusal``: ``several_files`` without a query, ``same_name`` for two tables of one
    name, ``bad_query``, ``header_only`` for no rows, ``cut_file``.
    """
    if query is None:
        if len(sources) != 1:
            raise _several(sources)
        return _sampled(sources[0], folder)
    names = [source.table for source in sources]
    if len({name.casefold() for name in names}) < len(names):
        raise Refusal(
            "same_name",
            found=Text("Two of the files are called {names}.", names=", ".join(sorted(names))),
            expected=Text("Each file is a table under its own name."),
            remedy=Text("Rename one of them; nothing was imported."),
        )
    return _sampled(_answer(sources, query, folder), folder)


def _several(sources: Sequence[TabularSource]) -> Refusal:
    return Refusal(
        "several_files",
        found=Text("There are {n} files and no query.", n=len(sources)),
        expected=Text("One file, or a query that joins several."),
        remedy=Text(
            "Import them one by one, or add --query 'SELECT ... FROM {first} JOIN ...'.",
            first=sources[0].table if sources else "a",
        ),
    )


def _sampled(source: TabularSource, folder: Path) -> TabularSource:
    if source.format != "parquet":
        return source
    import duckdb

    with closing(connect(folder)) as connection:
        table = open_table(connection, source)
        cells = ", ".join(table.text(column) for column in table.columns)
        try:
            rows = connection.execute(f"SELECT {cells} FROM ({table.sql}) LIMIT {_SAMPLE}").fetchall()
        except (duckdb.Error, OSError) as error:
            raise damaged(source) from error
    if not rows:
        raise Refusal(
            "header_only",
            found=Text(
                "{file} has columns ({columns}) and no rows.",
                file=source.table,
                columns=", ".join(table.columns),
            ),
            expected=Text("At least one row."),
            remedy=Text("Export it again, or mend the query; nothing was imported."),
        )
    return replace(source, columns=table.columns, sample=tuple(tuple(row) for row in rows))


def _answer(sources: Sequence[TabularSource], query: str, folder: Path) -> TabularSource:
    """The answer to the query as a Parquet file in a folder of its own."""
    import duckdb

    apart = folder / "answer"
    apart.mkdir(parents=True, exist_ok=True)
    path = apart / "query.parquet"
    with closing(connect(folder)) as connection:
        for number, source in enumerate(sources):
            _load(connection, open_table(connection, source), source.table, number)
        _lock(connection, apart)
        select = _single_select(connection, query)
        try:
            connection.execute(f"COPY ({select}\n) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4)")
        except duckdb.Error as error:
            raise _bad_query(str(error)) from error
    return TabularSource(path, "parquet", (), "query", plain=True, first_line=1)


def _load(connection: duckdb.DuckDBPyConnection, table: OpenTable, name: str, number: int) -> None:
    """Copy a table in, and show it under its name with its columns' names and types."""
    held = quoted(f"held {number}")
    cells = ", ".join(f'"c{position}"' for position in range(1, len(table.columns) + 1))
    connection.execute(f"CREATE TEMP TABLE {held} AS SELECT {cells} FROM ({table.sql})")
    types = _types(connection, table, held)
    shown = ", ".join(
        f"{_as(kind, position)} AS {quoted(column)}"
        for position, (column, kind) in enumerate(zip(table.columns, types, strict=True), start=1)
    )
    connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT {shown} FROM {held}")


def _as(kind: str, position: int) -> str:
    cell = f'"c{position}"'
    return cell if kind == "" else f"CAST(NULLIF(TRIM({cell}), '') AS {kind})"


def _types(connection: duckdb.DuckDBPyConnection, table: OpenTable, held: str) -> list[str]:
    """The type that every value of a column of text has; "" for columns that have one already."""
    asked = ", ".join(_question(position) for position in range(1, len(table.types) + 1))
    answers = connection.execute(f"SELECT {asked} FROM {held}").fetchall()[0]
    return [
        _type(*answers[number * 4 : number * 4 + 4]) if kind == "VARCHAR" else ""
        for number, kind in enumerate(table.types)
    ]


def _question(position: int) -> str:
    """Whether all cells are whole numbers, decimals, moments; and the most decimal places."""
    cell = f'TRIM(CAST("c{position}" AS VARCHAR))'
    tests = (
        f"BOOL_AND(REGEXP_MATCHES({cell}, {literal(pattern)}))" for pattern in (_WHOLE, _DECIMAL, _MOMENT)
    )
    places = f"MAX(LENGTH({cell}) - NULLIF(STRPOS({cell}, '.'), 0))"
    return ", ".join([f"{test} FILTER (WHERE {cell} <> '')" for test in tests] + [places])


def _type(whole: bool | None, decimal: bool | None, moment: bool | None, places: int | None) -> str:
    if whole:
        return "BIGINT"
    if decimal:
        return f"DECIMAL(18,{places or 0})"
    return "TIMESTAMP" if moment else "VARCHAR"


def _lock(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """From here on, only ``folder`` can be reached, and nothing about that can be changed."""
    connection.execute(f"SET allowed_directories = [{literal(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _single_select(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The query, when it is one SELECT; refuses everything else."""
    import duckdb

    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise _bad_query(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _bad_query("it is not a single SELECT")
    return str(statements[0].query).strip().rstrip(";")


def _bad_query(reason: str) -> Refusal:
    return Refusal(
        "bad_query",
        found=Text("The query cannot be answered: {reason}", reason=reason.splitlines()[0] if reason else ""),
        expected=Text("One SELECT over the files that were named, each a table under its own name."),
        remedy=Text("Mend the query; nothing was imported."),
    )
