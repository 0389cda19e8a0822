"""JSON Lines: one object a line; nested objects become columns with dots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from holdfast.connectors.rows import DroppedRows, plain_rows
from holdfast.connectors.streams import numbered_lines
from holdfast.domain.imports import TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_LOOKED_AT = 200
_MOST_COLUMNS = 2_000


def flatten(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    """A JSON object as cells: nested objects with dots, lists as JSON, true and false as words."""
    for key, value in row.items():
        name = prefix + key
        if isinstance(value, dict):
            yield from flatten(value, f"{name}.")
        elif isinstance(value, str) or value is None:
            yield name, value
        elif isinstance(value, bool | list):
            yield name, json.dumps(value, ensure_ascii=False, default=str)
        else:
            yield name, str(value)


def sniff_json(source: TabularSource, head: str) -> TabularSource:
    """Columns and sample of JSON Lines; refuses a JSON array and lines that are no objects."""
    lines = head.splitlines()[:_LOOKED_AT]
    found = [row for line in lines if (row := _object(line)) is not None]
    if not found:
        raise Refusal(
            "not_this_format",
            found=Text("{file} begins like JSON, but its lines are no objects.", file=source.path.name),
            expected=Text("JSON Lines: one object on each line."),
            remedy=Text("Write each object on a line of its own; nothing was imported."),
        )
    rows = [dict(flatten(row)) for row in found]
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    sample = tuple(tuple(row.get(name) for name in columns) for row in rows)
    return replace(source, columns=columns, sample=sample, first_line=1, header=False, quote="")


def plain_json(source: TabularSource, lines: IO[str], folder: Path) -> TabularSource:
    """The objects as a plain table with all columns that occur, numbered by line."""
    columns = dict.fromkeys(source.columns)
    with DroppedRows(folder, source.table) as dropped, plain_rows(folder, source.table) as written:
        for number, line in numbered_lines(lines):
            if not line.strip():
                continue
            row = _object(line)
            if row is None:
                dropped.add(number, "not_json", line)
                continue
            cells = dict(flatten(row))
            for name in cells:
                if name not in columns and len(columns) < _MOST_COLUMNS:
                    columns[name] = None
            written.write(number, [cells.get(name) for name in columns])
    return written.source(source, tuple(columns), dropped)


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
