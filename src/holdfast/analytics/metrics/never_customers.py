"""Who looked, asked for a price or came by once, and was never really a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted


def _needs(asked: Asked) -> Mapping[str, Query]:
    return people_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    became = np.cumsum(people(counted, asked).new).tolist()
    figures = []
    for period, customers in zip(asked.periods, became, strict=True):
        known = int((asked.company.first_seen < asked.ends(period)).sum())
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                max(0, known - customers),
                terms={"known": known, "became_customers": customers},
            )
        )
    return figures


METRIC = Metric(
    name="never_customers",
    title=Text("Never really customers"),
    meaning=Text("Those in the base who never bought as often as a customer does: a look, a price check."),
    formula=Text("everyone in the base − those who ever became customers"),
    unit="customers",
    requirement=("B2",),
    source="RU",
    left_out=Text("Prospects. Who was never a customer cannot be lost and is in no churn rate."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "one visit, and one casual purchase where two make a customer",
            """
            ann  2024-01-05  order 20
            ann  2024-02-05  order 20
            bob  2024-01-07  order 20
            cem  2024-01-09  visit
            """,
            date(2024, 3, 1),
            {"": 2},
            lost=LostSettings("fixed", after_days=60, min_orders=2),
        ),
        Example(
            "by default one order makes a customer",
            """
            bob  2024-01-07  order 20
            cem  2024-01-09  visit
            """,
            date(2024, 3, 1),
            {"": 1},
        ),
    ),
)
