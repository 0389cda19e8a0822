"""What regular, new and casual customers spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics import kept
from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import Aggregate, Column, Compare, Count, Literal, Query, Sum, columns
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_KINDS = (("regular", kept.REGULAR), ("new", kept.NEW), ("casual", kept.CASUAL))
_NOBODY = Text("No customer of this kind bought in the period.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    totals: dict[str, Aggregate] = {
        "customers": Count(),
        "orders": Sum(Column("orders")),
        "amount": Sum(Column("amount")),
    }
    keys = {"period": asked.period_of("month"), **columns("kind")}
    buying = Compare(Column("orders"), ">", Literal(0))
    return {"spent": Query("months", keys, totals, where=buying)}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    spent, figures = counted["spent"], []
    every = asked.spread(spent["period"], spent["amount"]).tolist()
    for definition, kind in _KINDS:
        rows = spent["kind"] == kind
        buyers, orders, amounts = (
            asked.spread(spent["period"][rows], spent[name][rows]).tolist()
            for name in ("customers", "orders", "amount")
        )
        for at, period in enumerate(asked.periods):
            figures.append(
                figure(
                    METRIC,
                    asked,
                    period,
                    asked.mean_money(amounts[at], buyers[at]) if buyers[at] else None,
                    definition=definition,
                    reason=_NOBODY,
                    terms={
                        "revenue": asked.money(amounts[at]),
                        "customer_months": buyers[at],
                        "orders": orders[at],
                        "share_of_revenue": amounts[at] / every[at] if every[at] else None,
                    },
                )
            )
    return figures


METRIC = Metric(
    name="spend_by_kind",
    title=Text("Spend of regular, new and casual customers"),
    meaning=Text("What a customer of each kind spends in a month in which he or she buys."),
    formula=Text("revenue of the kind ÷ its customers, month by month"),
    unit="money",
    requirement=("B11",),
    source="RU",
    good="up",
    left_out=Text(
        "New is the month of the first order; regular are three orders in twelve months; casual all others. "
        "Months with refunds alone."
    ),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "ann becomes regular with her third order, bob buys seldom",
            """
            ann  2024-01-05  order 10
            ann  2024-02-05  order 20
            ann  2024-03-05  order 40
            bob  2024-01-05  order 30
            bob  2024-03-05  order 8
            """,
            date(2024, 4, 1),
            {"new": "20.00", "casual": "14.00", "regular": "40.00"},
        ),
        Example(
            "nobody is regular yet",
            "ann  2024-01-05  order 10",
            date(2024, 2, 1),
            {"regular 2024-01-01": None, "new 2024-01-01": "10.00"},
            period="month",
        ),
    ),
)
