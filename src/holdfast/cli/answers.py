"""How answers are written: JSON for programs, aligned columns for people."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from holdfast.domain.money import Money
from holdfast.domain.texts import Text


def as_json(answer: Mapping[str, object]) -> str:
    """One JSON object on one line; sentences in English, dates and moments in ISO 8601.

    Decimals become numbers with all their digits, so that a sum of money stays exact.
    """
    return _encode(answer)


def _encode(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {_encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(_encode(each) for each in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")  # json knows no decimals, and a float could change the last digit
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path | Text | Money):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        raise TypeError(f"{type(value).__name__} has no place in an answer: choose its keys by hand")
    return value.item() if hasattr(value, "item") else value


def columns(rows: Sequence[Sequence[str]], *, gap: int = 2, numbers: frozenset[int] = frozenset()) -> str:
    """``rows`` as lines of aligned columns; those whose position is in ``numbers`` end aligned.

    No rows make an empty string. Widths count wide letters (Chinese) twice and marks not at all.
    """
    if not rows:
        return ""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        (" " * gap).join(_fill(cell, widths[at], end=at in numbers) for at, cell in enumerate(row)).rstrip()
        for row in rows
    )


def _fill(cell: str, width: int, *, end: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if end else cell + space


def _width(words: str) -> int:
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf"
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in words
    )
