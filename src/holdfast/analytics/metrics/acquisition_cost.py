"""What it costs to win a customer, by source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Query
from holdfast.analytics.worth import KEEPING, NO_COSTS, NOBODY_NEW, won
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_OF_SOURCE = Text("costs of the source ÷ new customers of the source")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return people_queries(asked, "source")


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    if not asked.company.spent:
        return [figure(METRIC, asked, period, None, reason=NO_COSTS) for period in asked.periods]
    every = people(counted, asked).new.tolist()
    figures = list(_costs(asked, every, None))
    for source in sorted({cost.source for cost in asked.company.spent}):
        if source.casefold() not in KEEPING:
            figures += _costs(asked, _new_of(counted, asked, source), source)
    return figures


def _new_of(counted: Counted, asked: Asked, source: str) -> list[int]:
    names = list(asked.company.sources)
    number = names.index(source) if source in names else -1
    return [int(n) for n in people(counted, asked, source=number).new]


def _costs(asked: Asked, new: Sequence[int], source: str | None) -> Iterator[Figure]:
    for period, customers in zip(asked.periods, new, strict=True):
        minor = won(asked, period, source)
        yield figure(
            METRIC,
            asked,
            period,
            asked.mean_money(minor, customers) if customers and minor else None,
            formula=None if source is None else _OF_SOURCE,
            reason=NOBODY_NEW if minor else NO_COSTS,
            terms={"costs": asked.money(minor), "new_customers": customers},
            group=None if source is None else f"source={source}",
        )


METRIC = Metric(
    name="acquisition_cost",
    title=Text("What it costs to win a customer"),
    meaning=Text("Costs of winning customers over the customers won, all together and by source."),
    formula=Text("costs of all sources ÷ new customers"),
    unit="money",
    requirement=("B4",),
    source="RO, FA",
    good="down",
    left_out=Text("Costs of keeping customers (sources called keeping, retention or loyalty)."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "100 for ads bring two, 50 for a fair nobody, one comes by herself",
            """
            ann  2024-01-05  is source=ads
            bob  2024-01-05  is source=ads
            ann  2024-01-05  order 20
            bob  2024-01-06  order 20
            cem  2024-01-06  order 20
            -    2024-01-02  cost 100 ads
            -    2024-01-02  cost 50  fair
            -    2024-01-02  cost 70  loyalty
            """,
            date(2024, 2, 1),
            {"": "50.00", "/source=ads": "50.00", "/source=fair": None},
        ),
        Example("without costs nothing is said", "ann  2024-01-05  order 20", date(2024, 2, 1), {"": None}),
    ),
)
