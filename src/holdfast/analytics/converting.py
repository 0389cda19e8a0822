"""Amounts of several currencies as one expression over rows of the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from holdfast.analytics.local_days import local_day
from holdfast.analytics.rates import RateTable
from holdfast.analytics.spec import (
    Arithmetic,
    Choice,
    Column,
    Expression,
    Literal,
    Lookup,
    WholeDivision,
    equals,
)
from holdfast.domain.money import exponent

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATES = "rates"
"""The table of rates: ``key`` and ``rate``, whole numbers."""

_DIGITS = 6
_SPAN = 1_000_000


def amount_in(
    rates: RateTable, currencies: Sequence[str], zone: ZoneInfo, first_us: int, last_us: int, days: range
) -> tuple[Expression, dict[str, NDArray[Any]] | None]:
    """The amount of a row in the reporting currency (null where no rate holds), and the table it needs.

    ``currencies`` are those in the log; a row without one counts as the reporting currency. Rates
    are held to six digits, and halves are rounded up: enough for features, not for books.
    """
    import numpy as np

    amount = Column("amount_minor")
    branches: list[tuple[Expression, Expression]] = []
    keys, held = [], []
    day = local_day(Column("at_us"), zone, first_us, last_us)
    for at, name in enumerate(each for each in currencies if each not in ("", rates.reporting)):
        on = rates.rates_on(name, np.array(days, np.int64)) * 10.0 ** (
            exponent(rates.reporting) - exponent(name)
        )
        known = np.flatnonzero(~np.isnan(on))
        scale = _scale(float(on[known].max())) if len(known) else 1
        keys.append(at * _SPAN + known + days.start)
        held.append(np.rint(on[known] * scale).astype(np.int64))
        key = Arithmetic("+", day, Literal(at * _SPAN))
        rate = Lookup(RATES, "key", "rate", key, Literal(None))
        scaled = Arithmetic("+", Arithmetic("*", amount, rate), Literal(scale // 2))
        branches.append((equals("currency", name), WholeDivision(scaled, scale)))
    if not branches:
        return amount, None
    table = {"key": np.concatenate(keys).astype(np.int64), "rate": np.concatenate(held)}
    return Choice(tuple(branches), amount), table


def _scale(largest: float) -> int:
    """The power of ten that leaves a rate six digits before the point, at least 1."""
    scale = 1
    while largest * scale < 10 ** (_DIGITS - 1) and scale < 10**12:
        scale *= 10
    return scale
