"""How many orders there were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.receipts import receipt_queries, receipts
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted


def _needs(asked: Asked) -> Mapping[str, Query]:
    return receipt_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    totals = receipts(counted, asked).orders
    return [figure(METRIC, asked, period, total) for period, total in zip(asked.periods, totals, strict=True)]


METRIC = Metric(
    name="orders",
    title=Text("Orders"),
    meaning=Text("Orders completed in the period; several lines of one order count once."),
    formula=Text("different orders of each customer; payments where nothing is ordered"),
    unit="orders",
    requirement=("B4",),
    source="[+]",
    good="up",
    left_out=Text("Cancelled and returned orders are not subtracted here, but from revenue."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "two lines of one order, a refund, and an order of the same number by someone else",
            """
            ann  2024-01-05  order 20  A1
            ann  2024-01-05  order 5   A1
            ann  2024-01-20  refund 5  A1
            bob  2024-02-03  order 30  A1
            """,
            date(2024, 3, 1),
            {"": 2},
        ),
        Example(
            "by month",
            """
            ann  2024-01-05  order 20
            ann  2024-01-06  order 20
            bob  2024-02-03  order 30
            """,
            date(2024, 2, 20),
            {" 2024-01-01": 2, " 2024-02-01": None},
            period="month",
        ),
    ),
)
