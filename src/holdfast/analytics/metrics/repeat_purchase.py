"""Whether those who bought once buy again, and how soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.intervals import wilson
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import Arithmetic, Choice, Column, Compare, Count, Literal, Query
from holdfast.analytics.survival import kaplan_meier
from holdfast.analytics.terms import OPEN
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

WITHIN_DAYS = 365
"""The share of one-time buyers who buy again is told for this time after the first purchase."""

_SHARE = Text("bought again ÷ all who bought for the first time in the period")
_ESTIMATE = Text("1 − Kaplan–Meier share without a second purchase {n} days after the first", n=WITHIN_DAYS)
_TIME = Text("median days from the first to the second purchase, among those who bought again")
_NOBODY = Text("Nobody bought for the first time in the period.")
_NOBODY_AGAIN = Text("Nobody bought a second time yet.")
_TOO_SHORT = Text("Nobody has been followed for {n} days after a first purchase.", n=WITHIN_DAYS)


def _needs(asked: Asked) -> Mapping[str, Query]:
    again = Compare(Column("second_day"), "<", Literal(OPEN))
    keys = {
        "period": asked.period_of("bought_day"),
        "again": Choice(((again, Literal(1)),), Literal(0)),
        "days": Arithmetic(
            "-", Choice(((again, Column("second_day")),), Literal(asked.end_day)), Column("bought_day")
        ),
    }
    bought = Compare(Column("bought_day"), "<", Literal(OPEN))
    return {"buyers": Query("units", keys, {"n": Count()}, where=bought)}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    buyers, figures = counted["buyers"], []
    for at, period in enumerate(asked.periods):
        rows = buyers["period"] == at
        days, n = buyers["days"][rows], buyers["n"][rows]
        again = buyers["again"][rows] > 0
        figures += [
            _so_far(asked, period, int(n[again].sum()), int(n.sum())),
            _within(asked, period, days, n, again),
            _time(asked, period, days[again], n[again]),
        ]
    return figures


def _so_far(asked: Asked, period: Period, again: int, of: int) -> Figure:
    low, high = wilson(again, of) if of else (None, None)
    return figure(
        METRIC,
        asked,
        period,
        again / of if of else None,
        definition="so_far",
        formula=_SHARE,
        low=low,
        high=high,
        reason=_NOBODY,
        terms={"bought_again": again, "bought": of},
    )


def _within(
    asked: Asked,
    period: Period,
    days: NDArray[np.int64],
    n: NDArray[np.int64],
    again: NDArray[np.bool_],
) -> Figure:
    """The share within a year; those who began later count for as long as they were seen."""
    lengths, place = np.unique(days, return_inverse=True)
    back, waiting = np.zeros(len(lengths), np.int64), np.zeros(len(lengths), np.int64)
    np.add.at(back, place[again], n[again])
    np.add.at(waiting, place[~again], n[~again])
    curve = kaplan_meier(lengths, back, waiting)
    value = low = high = None
    if curve is not None and curve.followed_days >= WITHIN_DAYS:
        share, lowest, highest = curve.at(WITHIN_DAYS)
        value, low, high = 1 - share, 1 - highest, 1 - lowest
    return figure(
        METRIC,
        asked,
        period,
        value,
        definition="within_a_year",
        formula=_ESTIMATE,
        low=low,
        high=high,
        reason=_NOBODY if curve is None else _TOO_SHORT,
    )


def _time(asked: Asked, period: Period, days: NDArray[np.int64], n: NDArray[np.int64]) -> Figure:
    order = np.argsort(days)
    total = int(n.sum())
    middle = int(np.searchsorted(np.cumsum(n[order]), (total + 1) // 2)) if total else 0
    return figure(
        METRIC,
        asked,
        period,
        int(days[order][middle]) if total else None,
        definition="time",
        formula=_TIME,
        unit="days",
        reason=_NOBODY_AGAIN,
        terms={"bought_again": total},
    )


METRIC = Metric(
    name="repeat_purchase",
    title=Text("Buying again after the first time"),
    meaning=Text("Which share of first-time buyers bought again, and after how many days."),
    formula=_SHARE,
    unit="share",
    requirement=("B10",),
    source="RO; Kaplan and Meier (1958) for those who are still young",
    good="up",
    left_out=Text("A second order on the same day is the same purchase."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "two of three buy again, after 10 and 20 days",
            """
            ann  2024-01-05  order 20
            ann  2024-01-15  order 20
            bob  2024-01-05  order 20
            bob  2024-01-25  order 20
            cem  2024-01-09  order 20
            """,
            date(2024, 3, 1),
            {"so_far": 2 / 3, "time": 10, "within_a_year": None},
        ),
        Example(
            "followed for more than a year",
            """
            ann  2023-01-05  order 20
            ann  2023-03-05  order 20
            bob  2023-01-05  order 20
            """,
            date(2024, 3, 1),
            {"within_a_year": 0.5},
        ),
    ),
)
