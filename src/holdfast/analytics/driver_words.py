"""A driver in words: what a feature is, its value for the customer, and what is usual.

"Orders in the last 12 weeks: 0 (usual: 2)". Values stay values: the edge writes numbers, money and
lengths of time in the reader's way.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING

from holdfast.domain.code_words import SOURCE_WORDS, code_words
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Days, Share, Text

if TYPE_CHECKING:
    from holdfast.analytics.feature import Feature, Unit

SOURCE = "trait source"
"""The feature whose values are where customers come from."""

Known = float | str | None
"""A value of a feature: ``None`` and ``nan`` are "not known"."""


def driver_words(feature: Feature, value: Known, usual: Known, *, currency: str = NO_CURRENCY) -> Text:
    """The ``value`` of a feature beside the ``usual`` one, which is left out where it is not known.

    ``currency`` is that of amounts, which come in its minor units; without it only the number is said.
    """
    said = value_words(feature, value, currency=currency)
    if not _is_known(usual):
        return Text("{what}: {value}", what=feature.title, value=said)
    beside = value_words(feature, usual, currency=currency)
    return Text("{what}: {value} (usual: {usual})", what=feature.title, value=said, usual=beside)


def value_words(feature: Feature, value: Known, *, currency: str = NO_CURRENCY) -> object:
    """A value of a feature as what a :class:`~holdfast.domain.texts.Text` can carry.

    Whole numbers, money, shares, days, words; "not known" where there is none.
    """
    if value is None or not _is_known(value):
        return Text("not known")
    if isinstance(value, str):
        return code_words(value, SOURCE_WORDS if feature.name == SOURCE else {})
    if feature.unit == "money":
        return Money(round(value), currency)
    return _WRITTEN.get(feature.unit, _short)(float(value))


def _is_known(value: Known) -> bool:
    return value is not None and (isinstance(value, str) or isfinite(value))


def _short(value: float, digits: int = 1) -> float | int:
    """A number without digits that say nothing."""
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def _times(value: float) -> Text:
    n = _short(value, 2)
    return Text("{n} time", "{n} times", n=n)


_WRITTEN: dict[Unit, Callable[[float], object]] = {
    "share": lambda value: Share(value, digits=0),
    "days": lambda value: Days(_short(value)),
    "ratio": _times,
}
