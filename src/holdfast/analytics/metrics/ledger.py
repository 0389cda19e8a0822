"""The ledger of customers and their yearly money: it ties out to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.money_moves import money_moves, money_queries
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_PEOPLE = Text("customers at the start + new + won back − left")
_MONEY = Text("yearly money at the start + new + won back + bought more − bought less − left")
_PEOPLE_LINES = (
    ("start", "start"),
    ("new", "new"),
    ("won_back", "won_back"),
    ("left", "lost"),
    ("end", "end"),
)
_MONEY_LINES = ("start", "new", "won_back", "more", "less", "left", "end")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return {**people_queries(asked), **money_queries(asked)}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    found, moved, figures = people(counted, asked), money_moves(counted, asked), []
    for at, period in enumerate(asked.periods):
        heads = {line: int(getattr(found, name)[at]) for line, name in _PEOPLE_LINES}
        sums = {line: asked.money(getattr(moved, line)[at]) for line in _MONEY_LINES}
        figures.append(
            figure(METRIC, asked, period, heads["end"], definition="people", formula=_PEOPLE, terms=heads)
        )
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                sums["end"],
                definition="money",
                formula=_MONEY,
                unit="money",
                terms=sums,
            )
        )
    return figures


METRIC = Metric(
    name="ledger",
    title=Text("The ledger"),
    meaning=Text("Customers and their yearly money: opening, what came, what went, closing."),
    formula=_PEOPLE,
    unit="customers",
    requirement=("B5",),
    source="[+]",
    left_out=Text("Who was never really a customer; amounts without an exchange rate."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "a contract, a shop customer who leaves and comes back",
            """
            ann  2024-01-05  subscribe 10
            bob  2024-01-10  order 20.01
            bob  2024-05-10  order 30.02
            """,
            date(2024, 6, 1),
            {
                "people 2024-01-01": 2,
                "money 2024-01-01": "140.01",
                "people 2024-03-01": 1,
                "money 2024-03-01": "120.00",
                "people 2024-05-01": 2,
                "money 2024-05-01": "170.03",
            },
            period="month",
            # A rhythm of the company is set, so that so short a story can show silence.
            lost=LostSettings("mixed", after_days=60),
        ),
        Example(
            "over the whole history",
            """
            ann  2024-01-05  subscribe 10
            bob  2024-01-10  subscribe 20
            bob  2024-02-10  cancel
            """,
            date(2024, 3, 1),
            {"people": 1, "money": "120.00"},
        ),
    ),
)
