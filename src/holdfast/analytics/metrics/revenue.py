"""What customers paid, returns and cancellations subtracted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, Company, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.receipts import receipt_queries, receipts
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_NOTHING = Text("There are no orders and no payments; contracts alone make no revenue here.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return receipt_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    totals, company = receipts(counted, asked).amount, asked.company
    return [
        figure(
            METRIC,
            asked,
            period,
            asked.money(total) if company.receipts else None,
            definition=company.receipts or "orders",
            reason=_NOTHING,
            left_out=left_out(company),
        )
        for period, total in zip(asked.periods, totals, strict=True)
    ]


def left_out(company: Company) -> Text | None:
    """What the sum does not hold: amounts without a rate, and those of nobody."""
    unrated = _listed(company.without_rate)
    nobody = _listed(company.unattributed)
    if unrated and nobody:
        return Text(
            "{unrated} without an exchange rate; {nobody} of rows without a customer",
            unrated=unrated,
            nobody=nobody,
        )
    if unrated:
        return Text("{unrated} without an exchange rate", unrated=unrated)
    return Text("{nobody} of rows without a customer", nobody=nobody) if nobody else None


def _listed(amounts: Mapping[str, int]) -> str:
    return ", ".join(str(Money(minor, code)) for code, minor in sorted(amounts.items()) if minor)


METRIC = Metric(
    name="revenue",
    title=Text("Revenue"),
    meaning=Text("What customers paid in the period, returns and cancellations subtracted."),
    formula=Text("sum of all amounts, refunds below zero; payments where nothing is ordered"),
    unit="money",
    requirement=("B3", "B4"),
    source="[+]",
    good="up",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "a refund subtracts",
            """
            ann  2024-01-05  order 20.00
            ann  2024-01-20  refund 5.50
            bob  2024-02-03  order 30.00
            """,
            date(2024, 3, 1),
            {"orders": "44.50"},
        ),
        Example(
            "where only payments are known they are the revenue",
            """
            ann  2024-01-05  pay 20
            bob  2024-02-03  pay 30
            """,
            date(2024, 3, 1),
            {"payments 2024-01-01": "20.00", "payments 2024-02-01": "30.00"},
            period="month",
        ),
        Example(
            "contracts without payments give no revenue, not 0",
            "ann  2024-01-05  subscribe 10",
            date(2024, 3, 1),
            {"orders": None},
        ),
    ),
)
