"""How many customers there are, and how many of them bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Column, Compare, Count, Every, Literal, Query, Some, equals
from holdfast.analytics.terms import OPEN
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_THERE = Text("present at the start + new + won back - lost")
_BOUGHT = Text("different customers with an order in the period")


def _needs(asked: Asked) -> Mapping[str, Query]:
    # Each buyer counts in the first month of the period in which he or she orders.
    first_ever = equals("before", -OPEN)
    earlier = Compare(asked.period_of("before"), "<>", asked.period_of("month"))
    ordered = Compare(Column("orders"), ">", Literal(0))
    buyers = Query(
        "months",
        {"period": asked.period_of("month")},
        {"customers": Count()},
        where=Every((ordered, Some((first_ever, earlier)))),
    )
    return {**people_queries(asked), "buyers": buyers}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    there = people(counted, asked).end.tolist()
    buyers = counted["buyers"]
    bought = asked.spread(buyers["period"], buyers["customers"]).tolist()
    figures = []
    for place, period in enumerate(asked.periods):
        figures.append(figure(METRIC, asked, period, there[place], definition="at_end", formula=_THERE))
        if asked.company.receipts:
            figures.append(figure(METRIC, asked, period, bought[place], definition="bought", formula=_BOUGHT))
    return figures


METRIC = Metric(
    name="active_customers",
    title=Text("Active customers"),
    meaning=Text("Customers who have not left by the end of the period; and those who bought in it."),
    formula=_THERE,
    unit="customers",
    requirement=("B2",),
    source="RU",
    good="up",
    left_out=Text("Who was never really a customer."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "ann is silent for longer than 60 days, bob is not",
            """
            ann  2024-01-05  order 20
            bob  2024-02-20  order 30
            """,
            date(2024, 4, 1),
            {
                "at_end 2024-01-01": 1,
                "at_end 2024-02-01": 2,
                "at_end 2024-03-01": 1,
                "bought 2024-02-01": 1,
                "bought 2024-03-01": 0,
            },
            period="month",
            lost=LostSettings("fixed", after_days=60),
        ),
        Example(
            "buyers of a quarter are counted once",
            """
            ann  2024-01-05  order 20
            ann  2024-02-05  order 20
            ann  2024-04-05  order 20
            bob  2024-03-20  order 30
            """,
            date(2024, 7, 1),
            {"bought 2024-01-01": 2, "bought 2024-04-01": 1},
            period="quarter",
        ),
    ),
)
