"""How long customers stay: the share still there after each month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import (
    Arithmetic,
    Choice,
    Column,
    Compare,
    Count,
    Expression,
    Literal,
    Query,
    equals,
)
from holdfast.analytics.survival import Survival, kaplan_meier
from holdfast.analytics.terms import OPEN
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Share, Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Columns, Counted

MONTH_DAYS = 365.25 / 12
"""Days of an average month: a lifetime is counted from each customer's own first day."""

_NOBODY = Text("Nobody became a customer in the period.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    left = Compare(Column("end_day"), "<", Literal(OPEN))
    until: Expression = Choice(((left, Column("end_day")),), Literal(asked.end_day))
    signed = Compare(Column("contract_day"), "<=", Column("start_day"))
    keys = {
        "period": asked.period_of("start_day"),
        "contract": Choice(((signed, Literal(1)),), Literal(0)),
        "days": Arithmetic("-", until, Column("start_day")),
        "left": Choice(((left, Literal(1)),), Literal(0)),
    }
    return {"lives": Query("spells", keys, {"n": Count()}, where=equals("number", 1))}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    lives = counted["lives"]
    everyone = np.ones(len(lives["n"]), bool)
    figures = list(_curves(lives, everyone, asked, None))
    signed = lives["contract"] > 0
    if signed.any() and not signed.all():
        figures += _curves(lives, signed, asked, "kind=contract")
        figures += _curves(lives, ~signed, asked, "kind=shop")
    return figures


def _curves(lives: Columns, rows: NDArray[np.bool_], asked: Asked, group: str | None) -> Iterator[Figure]:
    for at, period in enumerate(asked.periods):
        inside = rows & (lives["period"] == at)
        days, place = np.unique(lives["days"][inside], return_inverse=True)
        left, still = np.zeros(len(days), np.int64), np.zeros(len(days), np.int64)
        gone = lives["left"][inside] > 0
        np.add.at(left, place[gone], lives["n"][inside][gone])
        np.add.at(still, place[~gone], lives["n"][inside][~gone])
        yield _figure(kaplan_meier(days, left, still), asked, period, group)


def _figure(curve: Survival | None, asked: Asked, period: Period, group: str | None) -> Figure:
    if curve is None:
        return figure(METRIC, asked, period, None, reason=_NOBODY, group=group)
    median = curve.median()
    low, high = (_first_half(curve.days, bound) for bound in (curve.low, curve.high))
    share, *_ = curve.at(curve.followed_days)
    not_reached = Text(
        "Not reached: {share} are still there after {months} months.",
        share=Share(share),
        months=round(curve.followed_days / MONTH_DAYS, 1),
    )
    return figure(
        METRIC,
        asked,
        period,
        None if median is None else _months(median),
        low=_months(low) if low is not None and median is not None else None,
        high=_months(high) if high is not None and median is not None else None,
        reason=asked.company.cannot_tell_silence or not_reached,
        terms={"customers": curve.customers, "left": curve.events, "followed_days": curve.followed_days},
        rows=_rows(curve),
        group=group,
    )


def _rows(curve: Survival) -> tuple[Mapping[str, object], ...]:
    """The curve at whole months, from 0 to the longest time seen."""
    months = range(int(curve.followed_days / MONTH_DAYS) + 1)
    points = [(month, curve.at(month * MONTH_DAYS)) for month in months]
    return tuple(
        {"months": month, "share": share, "low": low, "high": high} for month, (share, low, high) in points
    )


def _first_half(days: NDArray[np.int64], bound: NDArray[np.float64]) -> int | None:
    """When a bound of the curve falls to a half: the interval of the median (Brookmeyer, Crowley)."""
    reached = np.flatnonzero(bound <= 0.5)
    return int(days[reached[0]]) if len(reached) else None


def _months(days: int) -> float:
    return days / MONTH_DAYS


METRIC = Metric(
    name="lifetime_curve",
    title=Text("How long they stay"),
    meaning=Text("After how many months half of the customers have left; the curve gives every month."),
    formula=Text("Kaplan–Meier over the time from the first day to leaving, those still there included"),
    unit="months",
    requirement=("B5",),
    source="Kaplan and Meier (1958); log-log Greenwood intervals; Brookmeyer and Crowley (1982)",
    good="up",
    left_out=Text("Time after coming back: the first leaving ends a life here."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "of four, one leaves after 30 days and one after 61",
            """
            a1..4  2024-01-01  subscribe 10
            a1     2024-01-31  cancel
            a2     2024-03-02  cancel
            """,
            date(2024, 6, 1),
            {"": 61 / MONTH_DAYS},
        ),
        Example(
            "three of four still there: no median, and no 0 in its place",
            """
            a1..4  2024-01-01  subscribe 10
            a1     2024-01-31  cancel
            """,
            date(2024, 6, 1),
            {"": None},
        ),
        Example(
            "by kind: the subscriber stays, the shop's only customer is silent after 60 days",
            """
            ann  2024-01-01  subscribe 10
            bob  2024-01-01  order 10
            """,
            date(2024, 6, 1),
            {"/kind=contract": None, "/kind=shop": 60 / MONTH_DAYS},
            lost=LostSettings("mixed", after_days=60),
        ),
    ),
)
