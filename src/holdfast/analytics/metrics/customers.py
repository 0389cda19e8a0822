"""Everyone about whom there is at least one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import NO_EVENTS, Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted


def _needs(_: Asked) -> Mapping[str, Query]:
    return {}


def _answer(_: Counted, asked: Asked) -> Sequence[Figure]:
    seen, prospects = asked.company.first_seen, asked.company.prospects
    left_out = Text("{n} prospect", "{n} prospects", n=prospects) if prospects else None
    return [
        figure(
            METRIC,
            asked,
            period,
            int((seen < asked.ends(period)).sum()),
            reason=NO_EVENTS,
            left_out=left_out,
        )
        for period in asked.periods
    ]


METRIC = Metric(
    name="customers",
    title=Text("Customers in the base"),
    meaning=Text("Everyone with at least one taken row by the end of the period, buyers or not."),
    formula=Text("different customers with at least one row; merged ones count once"),
    unit="customers",
    requirement=("A1", "A10"),
    source="[+]",
    good="up",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "a visitor counts, a prospect does not",
            """
            ann  2024-01-05  order 20
            ann  2024-01-09  order 20
            bob  2024-02-01  visit
            cem  2024-02-01  is prospect
            """,
            date(2024, 3, 1),
            {"": 2},
        ),
        Example(
            "month by month they add up",
            """
            ann  2024-01-05  order 20
            bob  2024-02-01  order 30
            """,
            date(2024, 3, 1),
            {" 2024-01-01": 1, " 2024-02-01": 2},
            period="month",
        ),
    ),
)
