"""How figures are written: for programs as JSON, for people as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from holdfast.cli.answers import columns
from holdfast.domain.texts import Days, Text

if TYPE_CHECKING:
    from holdfast.domain.figures import Figure
    from holdfast.language import Reader

NO_VALUE = "–"
"""Stands where the data cannot support a number; the reason stands beside it."""


def figure_as_json(figure: Figure) -> dict[str, object]:
    """A figure with everything that makes it honest; sentences in English."""
    return {
        "name": figure.metric,
        "definition": figure.definition,
        "group": figure.group,
        "period": {"start": figure.period.start, "end": figure.period.end, "kind": figure.period.kind},
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "formula": figure.formula,
        "reason": figure.reason,
        "left_out": figure.left_out,
        "terms": figure.terms,
        "rows": figure.rows,
    }


def as_table(figures: Sequence[Figure], reader: Reader) -> str:
    """One figure a line: metric, definition, period, value with its interval, formula or reason."""
    from holdfast.registry import parts

    titles = {name: reader.say(part.declared.title) for name, part in parts("metrics").items()}  # type: ignore[attr-defined]
    rows = [
        (
            titles.get(figure.metric, figure.metric),
            "/".join(part for part in (figure.definition, figure.group) if part),
            reader.period(figure.period),
            _value(figure, reader),
            reader.say(figure.reason or figure.formula),
        )
        for figure in figures
    ]
    return columns(rows, numbers=frozenset({3}))


def _value(figure: Figure, reader: Reader) -> str:
    if figure.value is None:
        return NO_VALUE
    written = in_unit(figure.value, figure.unit, reader)
    if figure.low is None or figure.high is None:
        return written
    return (
        f"{written} [{in_unit(figure.low, figure.unit, reader)}, {in_unit(figure.high, figure.unit, reader)}]"
    )


def in_unit(value: float | int | Decimal, unit: str, reader: Reader) -> str:
    """``value`` with its unit in the reader's way: 4.1%, €12.50, 23 days, 1,204."""
    if unit == "share":
        return reader.share(float(value))
    if unit == "days":
        return reader.duration(Days(float(value)))
    if len(unit) == 3 and unit.isupper():
        return reader.money((value, unit), exact=True)
    written = reader.number(value)
    if unit == "months":
        return reader.say(Text("{number} months", number=written))
    if unit == "years":
        return reader.say(Text("{number} years", number=written))
    return written
