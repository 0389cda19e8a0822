"""Whom the rows are about, what is told of them, and what they wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.engines.embedded import literal, quoted
from holdfast.engines.staging_events import EventMaker
from holdfast.engines.staging_reading import Reading

if TYPE_CHECKING:
    import duckdb

_GOOD = 'FROM rows WHERE "reject" IS NULL'


def write_subjects(
    connection: duckdb.DuckDBPyConnection, reading: Reading, maker: EventMaker, path: Path
) -> int:
    """Write one row per subject (and account it is told to belong to); answers how many there are.

    Of contact points and names that change within the file, the last one counts.
    """
    moments = [maker.comparable(rule.at) for rule in maker.rules()]
    first = f"MIN(LEAST({', '.join(moments)}, NULL))" if moments else "CAST(NULL AS BIGINT)"
    name = _name_column(reading)
    last = {
        column: f'ARG_MAX({source}, "line") FILTER (WHERE {source} IS NOT NULL)'
        if known
        else "CAST(NULL AS VARCHAR)"
        for column, source, known in (
            ("email", '"email"', reading.has("email")),
            ("phone", '"phone"', reading.has("phone")),
            ("name", quoted(name), bool(name)),
        )
    }
    listed = ", ".join(f"{sql} AS {quoted(column)}" for column, sql in last.items())
    return _copy(
        connection,
        f'SELECT "namespace", "subject_key", {first} AS "first_at_us", {listed}, "account_key", '
        f'COUNT(*) AS "row_count" {_GOOD} GROUP BY "namespace", "subject_key", "account_key"',
        path,
    )


def _name_column(reading: Reading) -> str:
    names = ("name", "customer_name") if reading.kind.rest == "traits" else ("customer_name",)
    return next((name for name in names if reading.has(name)), "")


def write_traits(connection: duckdb.DuckDBPyConnection, reading: Reading, now_us: int, path: Path) -> int:
    """Write what the rows tell of their subjects; answers how many values there are.

    In a file of customers every column that is not mapped is a trait, known from ``known_at`` or
    from now on. In a file of dated rows a mapped trait (country) holds from the first row that
    says so.
    """
    traits = _traits(reading)
    if not traits:
        return 0
    dated = reading.kind.rest != "traits"
    at = '"at"' if dated and reading.has("at") else "CAST(NULL AS BIGINT)"
    known_at = '"known_at"' if reading.has("known_at") else "CAST(NULL AS BIGINT)"
    parts = [
        f'SELECT "namespace", "subject_key", {literal(trait)} AS "trait", {column} AS "value", '
        f'MIN({at}) AS "valid_from_us", '
        f'MIN(COALESCE({known_at}, {at} + {reading.map.options.lag_us}, {now_us})) AS "known_us", '
        f'{"TRUE" if immutable else "FALSE"} AS "immutable" {_GOOD} AND {column} IS NOT NULL '
        'GROUP BY "namespace", "subject_key", "value"'
        for trait, column, immutable in traits
    ]
    return _copy(connection, " UNION ALL ".join(parts), path)


def _traits(reading: Reading) -> list[tuple[str, str, bool]]:
    """Traits with their column of "rows" and whether they count from the beginning."""
    immutable = set(reading.map.immutable)
    found = [
        (column.name, f"CAST({quoted(column.name)} AS VARCHAR)", column.immutable or column.name in immutable)
        for column in reading.kind.columns
        if column.trait and reading.has(column.name)
    ]
    if reading.kind.rest == "traits":
        found += [(name, quoted("rest " + name), name in immutable) for name in reading.rest]
    return found


def write_texts(connection: duckdb.DuckDBPyConnection, reading: Reading, events: Path, path: Path) -> int:
    """Write what customers wrote, with the key of the row's first event; answers how many texts."""
    text = reading.kind.text
    if not text or not reading.has(text):
        return 0
    return _copy(
        connection,
        'SELECT e."event_key", e."namespace", e."subject_key", e."at_us", '
        f'{literal(reading.kind.name)} AS "kind", r.{quoted(text)} AS "text" '
        f"FROM (SELECT * FROM read_parquet({literal(str(events))}) "
        'QUALIFY ROW_NUMBER() OVER (PARTITION BY "line" ORDER BY "at_us", "name") = 1) e '
        f'JOIN rows r ON r."line" = e."line" WHERE r.{quoted(text)} IS NOT NULL ORDER BY e."line"',
        path,
    )


_STORED = {"product": "product_id", "date": "day", "from": "from_currency", "to": "to_currency"}
"""Columns of tables of facts that the database calls otherwise."""


def write_table(
    connection: duckdb.DuckDBPyConnection, reading: Reading, maker: EventMaker, path: Path
) -> int:
    """Write the rows of a table of facts, amounts in minor units; answers how many there are."""
    chosen = ['"line"']
    for column in reading.kind.columns:
        name = _STORED.get(column.name, column.name)
        if column.type == "amount":
            chosen.append(f"{maker.minor(quoted(column.name))} AS {quoted(name + '_minor')}")
        elif column.type == "number":
            chosen.append(f"CAST({quoted(column.name)} AS DOUBLE) AS {quoted(name)}")
        else:
            chosen.append(f"{quoted(column.name)} AS {quoted(name)}")
    return _copy(connection, f'SELECT {", ".join(chosen)} {_GOOD} ORDER BY "line"', path)


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """Write the answer as Parquet, and no file when it is empty."""
    answer = connection.execute(
        f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4)"
    ).fetchall()
    rows = int(answer[0][0])
    if not rows:
        path.unlink(missing_ok=True)
    return rows
