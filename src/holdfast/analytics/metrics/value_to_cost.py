"""How often a customer earns back what it cost to win one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people
from holdfast.analytics.spec import Query
from holdfast.analytics.worth import NO_COSTS, NO_MARGIN, NOBODY_NEW, Worth, won, worth, worth_queries
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted


def _needs(asked: Asked) -> Mapping[str, Query]:
    return worth_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    new = people(counted, asked).new.tolist()
    figures = []
    for period, terms, customers in zip(asked.periods, worth(counted, asked), new, strict=True):
        minor = won(asked, period)
        reason = _missing(asked, terms, minor, customers)
        if reason is not None or isinstance(terms, Text):
            figures.append(figure(METRIC, asked, period, None, reason=reason))
            continue
        value, cost = terms.value(asked.company.margin or 0.0), minor / customers
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                value / cost,
                terms={"lifetime_value": asked.rounded(value), "acquisition_cost": asked.rounded(cost)},
            )
        )
    return figures


def _missing(asked: Asked, terms: Worth | Text, minor: int, customers: int) -> Text | None:
    if isinstance(terms, Text):
        return terms
    if asked.company.margin is None:
        return NO_MARGIN
    if not minor:
        return NO_COSTS
    return None if customers else NOBODY_NEW


METRIC = Metric(
    name="value_to_cost",
    title=Text("Worth over cost of winning"),
    meaning=Text("How many times a customer earns what it costs to win one; 3 is often called healthy."),
    formula=Text("lifetime value ÷ cost of acquisition"),
    unit="times",
    requirement=("B4",),
    source="RU, RO",
    good="up",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "worth 30 each, won for 10",
            """
            ann  2024-01-01  order 20
            ann  2024-02-10  order 40
            -    2024-01-01  cost 10 ads
            """,
            date(2024, 6, 1),
            {"": 3.0},
            lost=LostSettings("fixed", after_days=60),
            margin=0.5,
        ),
        Example(
            "no costs",
            "ann  2024-01-01  order 20",
            date(2024, 6, 1),
            {"": None},
            lost=LostSettings("fixed", after_days=60),
            margin=0.5,
        ),
    ),
)
