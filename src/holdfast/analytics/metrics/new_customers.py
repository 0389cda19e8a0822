"""How many became customers."""

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
    came = people(counted, asked).new.tolist()
    return [figure(METRIC, asked, period, n) for period, n in zip(asked.periods, came, strict=True)]


METRIC = Metric(
    name="new_customers",
    title=Text("New customers"),
    meaning=Text("Those who became customers for the first time in the period."),
    formula=Text("customers whose first purchase or contract lies in the period"),
    unit="customers",
    requirement=("B1", "B5"),
    source="RO",
    good="up",
    left_out=Text("Customers who came back: they were won back."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "coming back is not new",
            """
            ann  2024-01-05  order 20
            ann  2024-05-05  order 20
            bob  2024-05-07  order 30
            """,
            date(2024, 6, 1),
            {" 2024-01-01": 1, " 2024-02-01": 0, " 2024-05-01": 1},
            period="month",
            lost=LostSettings("fixed", after_days=60),
        ),
        Example(
            "with two orders needed, the second one makes the customer",
            """
            ann  2024-01-05  order 20
            ann  2024-02-05  order 20
            bob  2024-02-07  order 30
            """,
            date(2024, 3, 1),
            {" 2024-01-01": 0, " 2024-02-01": 1},
            period="month",
            lost=LostSettings("fixed", after_days=60, min_orders=2),
        ),
    ),
)
