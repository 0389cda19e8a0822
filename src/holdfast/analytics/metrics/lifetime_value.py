"""What a customer brings over the whole relationship, by the formula of the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import Query
from holdfast.analytics.worth import NO_MARGIN, Worth, worth, worth_queries
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_BEFORE_MARGIN = Text("average order × orders a year × years a customer stays, before margin")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return worth_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    margin, figures = asked.company.margin, []
    for period, terms in zip(asked.periods, worth(counted, asked), strict=True):
        figures.append(_figure(asked, period, terms, margin, "formula", METRIC.formula))
        figures.append(_figure(asked, period, terms, 1.0, "before_margin", _BEFORE_MARGIN))
    return figures


def _figure(
    asked: Asked,
    period: Period,
    terms: Worth | Text,
    margin: float | None,
    definition: str,
    formula: Text,
) -> Figure:
    if isinstance(terms, Text) or margin is None:
        reason = terms if isinstance(terms, Text) else NO_MARGIN
        return figure(METRIC, asked, period, None, definition=definition, formula=formula, reason=reason)
    return figure(
        METRIC,
        asked,
        period,
        asked.rounded(terms.value(margin)),
        definition=definition,
        formula=formula,
        low=asked.rounded(terms.value(margin, terms.shortest)),
        high=None if terms.longest is None else asked.rounded(terms.value(margin, terms.longest)),
        terms={
            "average_order": asked.rounded(terms.average_order),
            "orders_a_year": terms.orders_a_year,
            "margin": margin,
            "lifetime_years": terms.lifetime_years,
        },
    )


METRIC = Metric(
    name="lifetime_value",
    title=Text("What a customer is worth"),
    meaning=Text("What a customer brings on average from the first purchase to leaving."),
    formula=Text("average order × orders a year × margin × years a customer stays"),
    unit="money",
    requirement=("B4",),
    source="RU: LTV = AOV x orders x margin x lifetime; Breslow and Day (1987) for the interval",
    good="up",
    left_out=Text("The interval holds the doubt about the lifetime alone."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "a customer who is there for 100 days spends 60 in two orders; margin 50 %",
            """
            ann  2024-01-01  order 20
            ann  2024-02-10  order 40
            """,
            date(2024, 6, 1),
            {"formula": "30.00", "before_margin": "60.00"},
            lost=LostSettings("fixed", after_days=60),
            margin=0.5,
        ),
        Example(
            "nobody left yet, and without a margin there is no value by the formula",
            "ann  2024-05-01  order 20",
            date(2024, 6, 1),
            {"formula": None, "before_margin": None},
            lost=LostSettings("fixed", after_days=60),
        ),
        Example(
            "10 a month; one of two leaves after 366 days, both were seen for two years together",
            """
            ann  2022-01-01  subscribe 10
            bob  2022-01-01  subscribe 10
            ann  2023-01-02  cancel
            """,
            date(2023, 1, 2),
            {"before_margin": None},
        ),
        Example(
            "a lifetime of 732 days at 10 a month",
            """
            ann  2022-01-01  subscribe 10
            bob  2022-01-01  subscribe 10
            ann  2023-01-02  cancel
            """,
            date(2023, 1, 3),
            # 10 x 12 x (366 + 367) / 365.25
            {"before_margin": "240.82"},
        ),
    ),
)
