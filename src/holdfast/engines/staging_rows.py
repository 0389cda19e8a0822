"""Reads a table into typed rows: the canonical columns of a kind, whom a row is about, what is wrong.

One pass over the file into a temporary table "parsed", in the order of the file. A row with a
fault has a code there, and is rejected; nothing is taken half.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from holdfast.domain.imports import ImportKind
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines import parsing
from holdfast.engines.embedded import literal, quoted
from holdfast.engines.staging_reading import WHO, Reading

if TYPE_CHECKING:
    import duckdb


def read_rows(connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Read the whole table into the temporary table "parsed", in the order of the file.

    Raises ``Refusal`` when the file breaks on the way.
    """
    import duckdb

    sql = parsed_sql(reading)
    if any("JOIN" in operator for operator in _operators(connection, sql)):
        raise RuntimeError("a join would lose the order of the rows, by which they are numbered")
    try:
        connection.execute(f"CREATE TEMP TABLE parsed AS {sql}")
    except (duckdb.InvalidInputException, duckdb.SerializationException, duckdb.ConversionException) as error:
        raise Refusal(
            "unreadable_file",
            found=Text("The file cannot be read to its end: {reason}", reason=str(error).splitlines()[0]),
            expected=Text("A table in the same form from the first row to the last."),
            remedy=Text("Export it again; nothing was imported."),
        ) from error


def _operators(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[str]:
    """What the engine would do for ``sql``, step by step."""
    answer = connection.execute(f"EXPLAIN (FORMAT json) {sql}").fetchall()
    steps = list(json.loads(answer[0][1]))
    while steps:
        step = steps.pop()
        yield str(step["name"]).upper()
        steps += step["children"]


def parsed_sql(reading: Reading) -> str:
    """The SELECT behind "parsed": cells, quick readings, thorough ones, values, verdict."""
    values = reading.values
    quick = _adding({parsing.quick_of(name): value.quick for name, value in values.items()})
    found = _adding(
        {parsing.found_of(name): value.found for name, value in values.items() if value.found != "NULL"}
    )
    typed = _adding({quoted(name): value.value for name, value in values.items()})
    derived = _adding({quoted(name): sql for name, sql in reading.derived.items()})
    layers = f"SELECT *{quick} FROM ({reading.table.sql})"
    layers = f"SELECT *{found} FROM ({layers})"
    layers = f"SELECT *{typed} FROM ({layers})"
    layers = f'SELECT *{derived}, {_currency(reading)} AS "currency of row" FROM ({layers})'
    layers = f'SELECT *, {_verdict(reading)} AS "reject" FROM ({layers})'
    return f"SELECT {', '.join(_kept(reading))} FROM ({layers})"


def _adding(columns: Mapping[str, str]) -> str:
    return "".join(f", {sql} AS {name}" for name, sql in columns.items())


def _currency(reading: Reading) -> str:
    """The currency of the row's amounts, NULL where it is that of all others."""
    said = "NULL"
    if reading.has("currency"):
        said = f'COALESCE("currency", {literal(reading.currency)})'
    elif reading.signs:
        sign = f"{parsing.odd('currency', 'sign')}({reading.table.text(reading.signs)})"
        said = f"COALESCE({sign}, {literal(reading.currency)})"
    return f"CAST({said} AS {parsing.CURRENCY})"


def _verdict(reading: Reading) -> str:
    """The code of the first thing wrong with a row, NULL for a good one.

    Rows in which nothing is empty are good; only the others are looked at closely.
    """
    cases = []
    if reading.kind.subject:
        nobody = " AND ".join(f"{quoted(name)} IS NULL" for name in WHO if reading.has(name))
        cases.append(f"WHEN {nobody} THEN 'no_customer'")
    cases += [
        f"WHEN {quoted(name)} IS NULL AND {value.present} THEN {value.fault}"
        for name, value in reading.values.items()
        if value.weighed
    ]
    cases += [f"WHEN {condition} THEN '{code}'" for condition, code in _lacking(reading)]
    if not cases:
        return f"CAST(NULL AS {parsing.REJECT})"
    # One of a group is enough, and its columns may be of different types: no COALESCE.
    groups = [[quoted(name)] for name, value in reading.values.items() if value.weighed] + _required(reading)
    there = (" OR ".join(f"{name} IS NOT NULL" for name in group) for group in groups)
    full = " AND ".join(f"({condition})" for condition in dict.fromkeys(there))
    return f"CASE WHEN {full} THEN NULL ELSE CAST(CASE {' '.join(cases)} END AS {parsing.REJECT}) END"


def _required(reading: Reading) -> list[list[str]]:
    """Of each required group, the columns that the table has, quoted."""
    groups = [[quoted(name) for name in group if reading.has(name)] for group in reading.kind.required]
    return [group for group in groups if group]


def _lacking(reading: Reading) -> list[tuple[str, str]]:
    """Conditions under which a row lacks a required value, with their codes."""
    conditions = []
    for group in reading.kind.required:
        known = [name for name in group if reading.has(name)]
        if known and not set(group) & set(WHO) and not any(reading.stand_in(name) for name in group):
            condition = " AND ".join(f"{quoted(name)} IS NULL" for name in known)
            conditions.append((condition, _lack(reading.kind, known)))
    return conditions


def _lack(kind: ImportKind, names: Sequence[str]) -> str:
    column = kind.column(names[0])
    kinds: dict[str, str] = {"moment": "no_date", "day": "no_date", "amount": "no_amount"}
    return kinds.get(column.type if column else "", "missing_value")


def _kept(reading: Reading) -> list[str]:
    """What stays of a row: values, subject, verdict, raw cells of a rejected row, further columns."""
    canonical = [name for name in (*reading.values, *reading.derived) if ": " not in name]
    kept = ['CAST("c0" AS BIGINT) AS "c0"'] if reading.table.numbered else []
    kept += [quoted(name) for name in canonical if name not in (*WHO, "currency") or not reading.kind.subject]
    if reading.kind.subject:
        kept += _subject(reading)
    if reading.has("currency") or reading.signs:
        kept.append('"currency of row"')
    kept.append('"reject"')
    if reading.kind.rest == "traits":
        kept += [
            f"NULLIF(TRIM({reading.table.text(name)}), '') AS {quoted('rest ' + name)}"
            for name in reading.rest
        ]
    if detail_cells(reading):
        kept.append(f'{_json(detail_cells(reading), nulls=False)} AS "details"')
    return kept


def _spaces(reading: Reading) -> dict[str, str]:
    """Column that can name whom a row is about -> namespace of its ids."""
    given = reading.map.options.namespace
    of_account = given or "account" if reading.kind.subject == "account" else "account"
    spaces = {"customer": given or "customer", "account": of_account, "email": "email", "phone": "phone"}
    return {name: spaces[name] for name in WHO if reading.has(name)}


def namespaces(reading: Reading) -> set[str]:
    """The namespaces that the rows' subjects can have."""
    return set(_spaces(reading).values())


def _subject(reading: Reading) -> list[str]:
    spaces = _spaces(reading)
    cases = " ".join(
        f"WHEN {quoted(name)} IS NOT NULL THEN {literal(space)}" for name, space in spaces.items()
    )
    kept = [f'COALESCE({", ".join(map(quoted, spaces))}, NULL) AS "subject_key"']
    kept += [f'CASE {cases} END AS "namespace"'] if len(spaces) > 1 else []
    kept += [quoted(name) for name in ("email", "phone") if name in spaces]
    if "account" in spaces and "customer" in spaces:
        kept.append('CASE WHEN "customer" IS NOT NULL THEN "account" END AS "account_key"')
    return kept


def detail_cells(reading: Reading) -> dict[str, str]:
    """What is shown with an event beside its columns: name -> cell."""
    if reading.kind.rest != "details" or not reading.kind.events:
        return {}
    cells = {
        column.name: quoted(column.name)
        for column in reading.kind.columns
        if column.detail and reading.has(column.name)
    }
    return cells | {name: reading.table.text(name) for name in reading.rest}


def raw_rows(reading: Reading, numbers: str) -> str:
    """A SELECT of the raw cells, as JSON, of the rows whose positions (from 0) ``numbers`` selects.

    Reads the table once more: raw cells of all rows would cost more to keep.
    """
    raw = _json({name: reading.table.text(name) for name in reading.table.columns}, nulls=True)
    counted = f'SELECT *, ROW_NUMBER() OVER () - 1 AS "row" FROM ({reading.table.sql})'
    return f'SELECT "row", {raw} AS "raw" FROM ({counted}) WHERE "row" IN ({numbers})'


def _json(cells: Mapping[str, str], *, nulls: bool) -> str:
    """A JSON object as text; without ``nulls``, only of the cells that hold something."""
    pairs = []
    for name, sql in cells.items():
        key = literal(json.dumps(name, ensure_ascii=False) + ": ")
        pair = f"{key} || COALESCE(CAST(TO_JSON({sql}) AS VARCHAR), 'null')"
        pairs.append(pair if nulls else f"CASE WHEN {sql} IS NOT NULL THEN {pair} END")
    joined = f"CONCAT_WS(', ', {', '.join(pairs)})"
    return f"'{{' || {joined} || '}}'" if nulls else f"'{{' || NULLIF({joined}, '') || '}}'"
