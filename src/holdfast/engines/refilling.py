"""Fill columns of the event log from what its rows have in ``details``, as the workspace has mapped since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holdfast.domain.money import exponents_other_than_two
from holdfast.engines.embedded import EmbeddedEngine, literal

Maps = Mapping[str, Mapping[str, str]]
"""Event name -> column as people call it ("amount", "promised_at", "code") -> path of the property."""

_HELD_IN = {"amount": "amount_minor", "promised_at": "promised_us"}


def files_to_refill(engine: EmbeddedEngine, paths: Sequence[str], maps: Maps) -> frozenset[str]:
    """Which files hold rows that a map fills: the column is empty and the property is there."""
    if not maps or not paths:
        return frozenset()
    listed = ", ".join(literal(path) for path in paths)
    some = " OR ".join(
        f"(name = {literal(name)} AND {_HELD_IN.get(column, column)} IS NULL AND {_said(path)} IS NOT NULL)"
        for name, columns in maps.items()
        for column, path in columns.items()
    )
    found = engine.rows(
        f"SELECT DISTINCT filename FROM read_parquet([{listed}], filename = true, hive_partitioning = false) "
        f"WHERE details IS NOT NULL AND ({some})",
        {},
    )
    return frozenset(path for (path,) in found)


def refilled(column: str, maps: Maps) -> str:
    """A column of the event log as an expression that fills it where it is empty, if the value fits."""
    asked = {_HELD_IN.get(said, said): said for columns in maps.values() for said in columns}
    if column not in asked:
        return column
    branches = " ".join(
        f"WHEN name = {literal(name)} THEN {_filled(asked[column], columns[asked[column]])}"
        for name, columns in maps.items()
        if asked[column] in columns
    )
    return f"CASE WHEN {column} IS NOT NULL OR details IS NULL THEN {column} {branches} ELSE {column} END"


def _filled(column: str, path: str) -> str:
    said = _said(path)
    if column == "amount":
        return f"CAST(ROUND(TRY_CAST({said} AS DECIMAL(28, 4)) * {_factor()}) AS BIGINT)"
    if column == "promised_at":
        return f"EPOCH_US(TRY_CAST({said} AS TIMESTAMPTZ))"
    kinds = {"quantity": "DECIMAL(18, 4)", "score": "DOUBLE"}
    return f"TRY_CAST({said} AS {kinds[column]})" if column in kinds else f"NULLIF({said}, '')"


def _factor() -> str:
    """Minor units in one of the currency."""
    cases = " ".join(
        f"WHEN {literal(code)} THEN {10**digits}" for code, digits in exponents_other_than_two().items()
    )
    return f"CASE currency {cases} ELSE 100 END"


def _said(path: str) -> str:
    steps = ".".join('"' + step.replace('"', "") + '"' for step in path.split("."))
    return f"json_extract_string(details, {literal('$.' + steps)})"
