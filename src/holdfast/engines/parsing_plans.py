"""How the cells of a column are written, found out from its first rows.

What the first rows leave open (does the day come first? is a comma a decimal sign?) is settled
after reading: the readers of :mod:`holdfast.engines.parsing` note what later rows show, and the
table is read again where that overrules the plan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.domain.imports import MapOptions
from holdfast.domain.written_dates import day_comes_first, read_moment
from holdfast.domain.written_numbers import MISSING, decimal_sign
from holdfast.engines.parsing import DatePlan

_MOST_PATTERNS = 2

_DATES = (
    (r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"),
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", "%Y.%m.%d"),
    (r"(?:19|20|21)\d{6}", "%Y%m%d"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "{parts}/%Y"),
    (r"\d{1,2}/\d{1,2}/\d{2}", "{parts}/%y"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "{parts}-%Y"),
    (r"\d{1,2}-\d{1,2}-\d{2}", "{parts}-%y"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "{dots}.%Y"),
    (r"\d{1,2}\.\d{1,2}\.\d{2}", "{dots}.%y"),
    (r"[A-Z][a-z]{2} \d{1,2}, \d{4}", "%b %d, %Y"),
    (r"[A-Z][a-z]{3,8} \d{1,2}, \d{4}", "%B %d, %Y"),
    (r"\d{1,2} [A-Z][a-z]{2} \d{4}", "%d %b %Y"),
    (r"\d{1,2} [A-Z][a-z]{3,8} \d{4}", "%d %B %Y"),
    (r"\d{1,2}-[A-Z][a-z]{2}-\d{4}", "%d-%b-%Y"),
    (r"\d{1,2}-[A-Z][a-z]{2}-\d{2}", "%d-%b-%y"),
)
_TIMES = (
    (r"", ""),
    (r"(?P<gap>[ T])\d{1,2}:\d{2}:\d{2}", "%H:%M:%S"),
    (r"(?P<gap>[ T])\d{1,2}:\d{2}", "%H:%M"),
    (r"(?P<gap>[ T])\d{1,2}:\d{2}:\d{2}\.\d{1,6}", "%H:%M:%S.%f"),
    (r"(?P<gap>[ T])\d{1,2}:\d{2} [AP]M", "%I:%M %p"),
    (r"(?P<gap>[ T])\d{1,2}:\d{2}:\d{2} [AP]M", "%I:%M:%S %p"),
)
_ZONE = re.compile(r"(?P<zone>Z|[-+]\d{2}:?\d{2})$")
_PATTERNS = [
    (re.compile(f"^{date}{time}$"), written, clock) for date, written in _DATES for time, clock in _TIMES
]


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """How the numbers of one column are written; ``decided`` tells whether their values said so.

    ``wide`` makes room for 32 digits before the point instead of 12.
    """

    decimal: str = "."
    decided: bool = True
    wide: bool = False


def plan_dates(cells: Sequence[str | None], options: MapOptions, day_first: bool | None = None) -> DatePlan:
    """The plan for a column of dates of which ``cells`` are the first.

    ``day_first`` overrules what they show, when later rows have shown better.
    """
    said = options.date_format
    values = [cell.strip() for cell in cells if cell is not None and cell.strip() not in MISSING]
    if "%" in said:
        return DatePlan((said,), "%z" in said, strict=True)
    shown, decided = day_comes_first(values)
    if said in ("day-first", "month-first"):
        shown, decided = said == "day-first", True
    day_first = shown if day_first is None else day_first
    dots_day_first = said != "month-first"
    only = _ONLY.get(said, frozenset())
    patterns = Counter(
        _pattern(value, day_first=day_first, dots_day_first=dots_day_first) for value in values
    )
    del patterns[""]
    if only and "iso" not in only:
        patterns.clear()
    zoned = bool(patterns) and _zoned(patterns.most_common(1)[0][0])
    chosen = tuple(
        pattern
        for pattern, _ in patterns.most_common(_MOST_PATTERNS)
        if _zoned(pattern) == zoned and (not only or pattern.startswith("%Y"))
    )
    family = _family(values, day_first=day_first)
    return DatePlan(chosen, zoned, day_first, dots_day_first, decided, only=only, family=family)


_ONLY = {
    "iso": frozenset(("iso", "compact")),
    "persian": frozenset(("persian",)),
    "epoch": frozenset(("epoch",)),
}
"""What the map's date_format means by a name, as families of written moments."""


def _zoned(pattern: str) -> bool:
    return pattern.endswith(("Z", "%z"))


def _pattern(value: str, *, day_first: bool, dots_day_first: bool) -> str:
    """The strptime pattern that fits ``value``, "" when none does."""
    zone = _ZONE.search(value) if ":" in value else None
    bare = value[: zone.start()] if zone else value
    for fits, written, clock in _PATTERNS:
        found = fits.match(bare)
        if found:
            date = _with_order(written, day_first=day_first, dots_day_first=dots_day_first)
            ending = "" if zone is None else "Z" if zone["zone"] == "Z" else "%z"
            return f"{date}{found['gap']}{clock}{ending}" if clock else date
    return ""


def _with_order(written: str, *, day_first: bool, dots_day_first: bool) -> str:
    separator = "/" if "/" in written else "-"
    parts = f"%d{separator}%m" if day_first else f"%m{separator}%d"
    return written.format(parts=parts, dots="%d.%m" if dots_day_first else "%m.%d")


def _family(values: Sequence[str], *, day_first: bool) -> str:
    """How most of the values are written."""
    families = Counter(
        moment.family for value in values if (moment := read_moment(value, day_first=day_first))
    )
    return families.most_common(1)[0][0] if families else ""


def date_families(cells: Sequence[str | None], plan: DatePlan) -> Counter[str]:
    """In which ways the dates among ``cells`` are written."""
    found = (
        read_moment(cell, day_first=plan.day_first, dots_day_first=plan.dots_day_first)
        for cell in cells
        if cell is not None
    )
    return Counter(moment.family for moment in found if moment is not None)


def plan_numbers(cells: Sequence[str | None], options: MapOptions) -> NumberPlan:
    """The plan for a column of numbers of which ``cells`` are the first."""
    if options.decimal:
        return NumberPlan(options.decimal)
    decimal, decided = decimal_sign(
        cell for cell in cells if cell is not None and cell.strip() not in MISSING
    )
    return NumberPlan(decimal, decided)


def are_whole_floats(cells: Sequence[str | None]) -> bool:
    """Whether all ids end with ".0": a table of floats has left it behind."""
    values = [cell.strip() for cell in cells if cell is not None and cell.strip() not in MISSING]
    return bool(values) and all(re.fullmatch(r"-?\d+\.0", value) for value in values)
