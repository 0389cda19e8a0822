"""How many left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted


def _needs(asked: Asked) -> Mapping[str, Query]:
    return people_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    found, unknown = people(counted, asked), asked.company.cannot_tell_silence
    return [
        figure(
            METRIC,
            asked,
            period,
            None if unknown else int(found.lost[at]),
            reason=unknown,
            terms={
                "by_contract": int(found.lost_contract[at]),
                "by_silence": int(found.lost[at] - found.lost_contract[at]),
            },
        )
        for at, period in enumerate(asked.periods)
    ]


METRIC = Metric(
    name="lost_customers",
    title=Text("Customers who left"),
    meaning=Text("Those whose leaving became evident in the period: contract ended or silent too long."),
    formula=Text("customers whose last contract ended, or whose silence outlasted what the rule allows"),
    unit="customers",
    requirement=("B1", "B2"),
    source="RU",
    good="down",
    left_out=Text("Who was never really a customer."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "silence is evident 60 days after the last order, a cancelled contract on its day",
            """
            ann  2024-01-05  order 20
            bob  2024-01-10  subscribe 10
            bob  2024-02-10  cancel
            cem  2024-02-20  order 30
            """,
            date(2024, 4, 1),
            {" 2024-01-01": 0, " 2024-02-01": 1, " 2024-03-01": 1},
            period="month",
            lost=LostSettings("mixed", after_days=60),
        ),
        Example(
            "deleting the account ends it at once",
            """
            ann  2024-01-05  order 20
            ann  2024-01-25  delete
            """,
            date(2024, 2, 1),
            {"": 1},
            lost=LostSettings("fixed", after_days=60),
        ),
        Example(
            "without repeated purchases nobody can be called silent for too long",
            "ann  2020-01-05  order 20",
            date(2024, 2, 1),
            {"": None},
        ),
    ),
)
