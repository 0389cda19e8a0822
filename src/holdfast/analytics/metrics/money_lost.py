"""What leaving costs: by the formula of the source, and from what those who left really brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.economics import money_lost
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.money_moves import money_moves, money_queries
from holdfast.analytics.people import People, people, people_queries
from holdfast.analytics.receipts import receipt_queries, receipts
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_BY_FORMULA = Text("average receipt × customers × share lost")
_ACTUAL = Text("yearly money of those who left in the period, as it was when they were last there")
_NO_RECEIPTS = Text("There were no receipts in the period: no orders, no payments.")
_NOBODY = Text("There were no customers whose loss could be counted.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return {**people_queries(asked), **money_queries(asked), **receipt_queries(asked)}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    return [*_by_formula(counted, asked), *_actual(counted, asked)]


def _by_formula(counted: Counted, asked: Asked) -> Iterator[Figure]:
    found, unknown = people(counted, asked), asked.company.cannot_tell_silence
    receipt = _average_receipts(counted, asked, found)
    for at, period in enumerate(asked.periods):
        # Nobody is there before the history: over all of it the share is that of all who ever came.
        customers = int(found.new[at] if asked.grain == "history" else found.start[at])
        lost, minor = int(found.lost[at]), receipt[at]
        value = None
        if minor is not None and customers and unknown is None:
            value = asked.rounded(money_lost(minor, customers, lost / customers))
        yield figure(
            METRIC,
            asked,
            period,
            value,
            definition="formula",
            formula=_BY_FORMULA,
            reason=unknown or (_NO_RECEIPTS if minor is None else _NOBODY),
            terms={
                "average_receipt": None if minor is None else asked.rounded(minor),
                "customers": customers,
                "lost": lost,
                "share_lost": lost / customers if customers else None,
            },
        )


def _average_receipts(counted: Counted, asked: Asked, found: People) -> list[float | None]:
    """What one receipt brings on average in each period, in minor units.

    Where nothing is bought but contracts run, a receipt is a month of what customers pay by contract.
    """
    bought, moved = receipts(counted, asked), money_moves(counted, asked)
    if asked.company.receipts or not asked.company.has_contracts:
        totals = zip(bought.amount, bought.orders, strict=True)
        return [amount / orders if orders else None for amount, orders in totals]
    there = found.end if asked.grain == "history" else found.start
    yearly = moved.end if asked.grain == "history" else moved.start
    return [int(money) / n / 12 if n else None for money, n in zip(yearly, there.tolist(), strict=True)]


def _actual(counted: Counted, asked: Asked) -> Iterator[Figure]:
    moved, unknown = money_moves(counted, asked), asked.company.cannot_tell_silence
    for at, period in enumerate(asked.periods):
        value = None if unknown else asked.money(moved.left[at])
        yield figure(METRIC, asked, period, value, definition="actual", formula=_ACTUAL, reason=unknown)


METRIC = Metric(
    name="money_lost",
    title=Text("Money that left"),
    meaning=Text("What those who left would have brought: by formula for a period, really for a year."),
    formula=_BY_FORMULA,
    unit="money",
    requirement=("B3",),
    source="RU: 2,000 x 1,000 x 25 % = 500,000",
    good="down",
    left_out=Text("Who came and left within one month took no yearly money along."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "average receipt 2,000, four customers, a quarter lost in March",
            """
            a1..3  2024-01-20  order 2000
            bob    2024-01-25  order 2000
            a1..3  2024-03-05  order 2000
            """,
            date(2024, 4, 1),
            {"formula 2024-03-01": "2000.00", "actual 2024-03-01": "2000.00"},
            period="month",
            lost=LostSettings("fixed", after_days=60),
        ),
        Example(
            "a contract of 30 a month is 360 a year",
            """
            ann  2024-01-05  subscribe 30
            ann  2024-02-10  cancel
            """,
            date(2024, 3, 1),
            {"formula 2024-02-01": "30.00", "actual 2024-02-01": "360.00"},
            period="month",
        ),
    ),
)
