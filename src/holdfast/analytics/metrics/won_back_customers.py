"""How many came back after they had left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

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
    back = people(counted, asked).won_back.tolist()
    return [figure(METRIC, asked, period, n) for period, n in zip(asked.periods, back, strict=True)]


METRIC = Metric(
    name="won_back_customers",
    title=Text("Customers won back"),
    meaning=Text("Those who bought or signed again in the period after they had counted as lost."),
    formula=Text("customers whose second or later stretch of presence begins in the period"),
    unit="customers",
    requirement=("B5",),
    source="[+]",
    good="up",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "back after 120 days",
            """
            ann  2024-01-05  order 20
            ann  2024-05-05  order 20
            bob  2024-05-05  order 20
            """,
            date(2024, 6, 1),
            {" 2024-04-01": 0, " 2024-05-01": 1},
            period="month",
            lost=LostSettings("fixed", after_days=60),
        ),
    ),
)
