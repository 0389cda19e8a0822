"""At which purchase a customer starts to earn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics import kept
from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Column, Query, Sum, columns
from holdfast.analytics.worth import NO_COSTS, NO_MARGIN, NOBODY_NEW, won
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

FEWEST = 2
"""A purchase that fewer customers have reached says nothing about customers."""


def _needs(asked: Asked) -> Mapping[str, Query]:
    totals = {"customers": Sum(Column("customers")), "amount": Sum(Column("amount"))}
    keys = {"period": asked.period_of("first_month"), **columns("step")}
    return {**people_queries(asked), "ladder": Query("ladder", keys, totals)}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    new, figures = people(counted, asked).new.tolist(), []
    for at, period in enumerate(asked.periods):
        minor, margin = won(asked, period), asked.company.margin
        reason = NO_MARGIN if margin is None else NO_COSTS if not minor else NOBODY_NEW
        if margin is None or not minor or not new[at]:
            figures.append(figure(METRIC, asked, period, None, reason=reason))
        else:
            figures.append(_climbed(counted, asked, at, period, margin, minor / new[at]))
    return figures


def _climbed(counted: Counted, asked: Asked, at: int, period: Period, margin: float, cost: float) -> Figure:
    """Step by step: what the n-th purchase brings on average, and what all so far have earned."""
    earned, reached, rows = -cost, None, []
    for step, customers, amount in _steps(counted, asked, at):
        if customers < FEWEST and step > 1:
            break
        earned += margin * amount / customers
        rows.append({"purchase": step, "customers": customers, "earned": asked.rounded(earned)})
        if reached is None and earned >= 0:
            reached = step
    return figure(
        METRIC,
        asked,
        period,
        reached,
        reason=Text("Not within {n} purchases, as far as customers have come.", n=len(rows)),
        terms={"acquisition_cost": asked.rounded(cost), "margin": margin},
        rows=tuple(rows),
    )


def _steps(counted: Counted, asked: Asked, at: int) -> list[tuple[int, int, int]]:
    ladder = counted["ladder"]
    rows = ladder["period"] == at
    steps = zip(ladder["step"][rows], ladder["customers"][rows], ladder["amount"][rows], strict=True)
    # The last step holds all later purchases as well: no mean of one purchase.
    return sorted((int(step), int(n), int(sum_)) for step, n, sum_ in steps if step < kept.LADDER_STEPS)


METRIC = Metric(
    name="paying_back_purchase",
    title=Text("The purchase that pays back"),
    meaning=Text("At which purchase a customer has earned what it cost to win one."),
    formula=Text("the first n at which margin × average purchases 1 to n ≥ cost of acquisition"),
    unit="orders",
    requirement=("B4",),
    source="RU",
    good="down",
    left_out=Text("Purchases that fewer than two customers have reached."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "won for 15, with a margin of 50 % on 20 a purchase",
            """
            a1..2  2024-01-05  order 20
            a1..2  2024-02-05  order 20
            -      2024-01-01  cost 30 ads
            """,
            date(2024, 6, 1),
            {"": 2},
            margin=0.5,
        ),
        Example(
            "not yet",
            """
            a1..2  2024-01-05  order 20
            -      2024-01-01  cost 30 ads
            """,
            date(2024, 6, 1),
            {"": None},
            margin=0.5,
        ),
        Example("without a margin", "ann  2024-01-05  order 20", date(2024, 6, 1), {"": None}),
    ),
)
