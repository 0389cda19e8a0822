"""How a delimited text is laid out: delimiter, quoting, header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

_DELIMITERS = (",", ";", "\t", "|")
WHITESPACE = "whitespace"
"""The delimiter of texts in fixed-width columns: any run of blanks."""

_VALUE = re.compile(
    r"""^[\s(]*[-+]?[\d۰-۹٠-٩]        # a number or a date
    |^\S+@\S+\.\S+$                    # an e-mail address
    |^(true|false|yes|no|null)$""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOKED_AT = 200


def split_rows(text: str, delimiter: str, quote: str) -> list[list[str]]:
    """The rows of ``text``; blank lines are left out."""
    if delimiter == WHITESPACE:
        return [line.split() for line in text.splitlines() if line.strip()]
    csv.field_size_limit(64 << 20)
    lines = text.splitlines(keepends=True)
    if quote:
        rows = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    else:
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return [row for row in rows if any(cell.strip() for cell in row)]


def find_delimiter(text: str, quote: str = '"') -> str:
    """The delimiter under which the lines have the same number of cells as the first one.

    A comma when there is only one column.
    """
    lines = "".join(text.splitlines(keepends=True)[:_LOOKED_AT])
    scores = {delimiter: _consistency(split_rows(lines, delimiter, quote)) for delimiter in _DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best][0] >= 0.5:
        return best
    alike, width = _consistency(split_rows(lines, WHITESPACE, quote))
    return WHITESPACE if alike == 1.0 and width > 1 else ","


def _consistency(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """Share of rows as wide as the first, and that width; 0 when there is only one column."""
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0, width
    alike = Counter(len(row) for row in rows)[width] / len(rows)
    return alike, width


def find_quote(text: str) -> str:
    """The quoting character: double quotes, or single ones where cells begin and end with them."""
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|]|\r?$)", text[:100_000], re.MULTILINE))
    return "'" if single > 2 and '"' not in text else '"'


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: most of its cells are words, not values."""
    first = [cell.strip() for cell in rows[0] if cell.strip()]
    values = sum(bool(_VALUE.match(cell)) for cell in first)
    return bool(first) and values * 2 <= len(first) and len(set(first)) * 2 > len(first)


def column_names(first: Sequence[str], *, header: bool) -> tuple[str, ...]:
    """Names of the columns: from the header row, or by position; never empty, never twice."""
    names: list[str] = []
    for position, cell in enumerate(first, start=1):
        name = (cell.strip().strip("\ufeff") if header else "") or str(position)
        copies = 2
        base = name
        while name in names:
            name = f"{base}_{copies}"
            copies += 1
        names.append(name)
    return tuple(names)


def as_sample(rows: Sequence[Sequence[str]], width: int) -> tuple[tuple[str | None, ...], ...]:
    """Up to 200 rows of equal width; ``None`` for empty cells."""
    return tuple(
        tuple((row[i].strip() or None) if i < len(row) else None for i in range(width))
        for row in rows[:_LOOKED_AT]
    )
