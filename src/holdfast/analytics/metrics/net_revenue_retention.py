"""What became of the yearly money of the customers at the start, with what they bought more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.money_moves import kept_money, kept_queries, kept_start
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_NO_MONEY = Text("Customers brought no money at the start of the period.")
_LAST_YEAR = Text("the same over the last twelve whole months")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return kept_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    figures = []
    for period in asked.periods:
        found = kept_money(counted, kept_start(counted, asked, period))
        unknown = asked.company.cannot_tell_silence
        value = (
            (found.start + found.more - found.less - found.left) / found.start if found.start > 0 else None
        )
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                None if unknown else value,
                definition="last_year" if asked.grain == "history" else "",
                formula=_LAST_YEAR if asked.grain == "history" else None,
                reason=unknown or _NO_MONEY,
                terms={name: asked.money(getattr(found, name)) for name in ("start", "more", "less", "left")},
            )
        )
    return figures


METRIC = Metric(
    name="net_revenue_retention",
    title=Text("Net revenue retention"),
    meaning=Text(
        "What became of the yearly money of the customers at the start, with what they bought more."
    ),
    formula=Text("(start + bought more − bought less − left) ÷ start"),
    unit="share",
    requirement=("B5",),
    source="[+], as ChartMogul and others define it",
    good="up",
    left_out=Text("The money of customers who came or came back in the period."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "of 40 a month at the start, 10 leave; in March 15 more are bought on 129",
            """
            ann  2024-01-05  subscribe 10
            bob  2024-01-05  subscribe 30
            ann  2024-02-10  cancel
            cem  2024-02-12  subscribe 99
            bob  2024-03-15  change 45
            """,
            date(2024, 4, 1),
            {" 2024-01-01": None, " 2024-02-01": 0.75, " 2024-03-01": 1 + 15 / 129},
            period="month",
        ),
        Example(
            "over the last whole year",
            """
            ann  2023-01-05  subscribe 10
            ann  2023-06-10  change 15
            """,
            date(2024, 2, 10),
            {"last_year": 1.5},
        ),
        Example(
            "too short a history", "ann  2023-01-05  subscribe 10", date(2023, 5, 1), {"last_year": None}
        ),
    ),
)
