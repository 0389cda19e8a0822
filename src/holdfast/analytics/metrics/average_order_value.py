"""What one order brings on average."""

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
    found = receipts(counted, asked)
    return [
        figure(
            METRIC,
            asked,
            period,
            asked.mean_money(amount, count) if count else None,
            reason=Text("There were no orders in the period."),
            terms={"revenue": asked.money(amount), "orders": count},
        )
        for period, count, amount in zip(asked.periods, found.orders, found.amount, strict=True)
    ]


METRIC = Metric(
    name="average_order_value",
    title=Text("Average order"),
    meaning=Text("What one order brings on average, returns and cancellations subtracted."),
    formula=Text("revenue ÷ orders"),
    unit="money",
    requirement=("B3", "B4"),
    source="RU",
    good="up",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "three orders and a refund",
            """
            ann  2024-01-05  order 20
            ann  2024-01-15  order 30
            bob  2024-01-20  order 50
            bob  2024-01-25  refund 10
            """,
            date(2024, 2, 1),
            {"": "30.00"},
        ),
        Example("nobody bought", "ann  2024-01-05  visit", date(2024, 2, 1), {"": None}),
    ),
)
