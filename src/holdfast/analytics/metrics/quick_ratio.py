"""How much money comes in for each that goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.money_moves import money_moves, money_queries
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_NOTHING_LOST = Text("No money was lost in the period, so there is nothing to divide by.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return money_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    moved, unknown = money_moves(counted, asked), asked.company.cannot_tell_silence
    gained, lost = moved.new + moved.won_back + moved.more, moved.less + moved.left
    return [
        figure(
            METRIC,
            asked,
            period,
            gained[at] / lost[at] if lost[at] > 0 and unknown is None else None,
            reason=unknown or _NOTHING_LOST,
            terms={"gained": asked.money(gained[at]), "lost": asked.money(lost[at])},
        )
        for at, period in enumerate(asked.periods)
    ]


METRIC = Metric(
    name="quick_ratio",
    title=Text("Quick ratio"),
    meaning=Text("How much yearly money was gained for each that was lost; below 1 the company shrinks."),
    formula=Text("(new + won back + bought more) ÷ (bought less + left)"),
    unit="times",
    requirement=("B5",),
    source="[+]; Mamoon Hamid's quick ratio of recurring revenue",
    good="up",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "20 new and 5 more against 10 left",
            """
            ann  2024-01-05  subscribe 10
            bob  2024-01-05  subscribe 30
            ann  2024-02-10  cancel
            cem  2024-02-12  subscribe 20
            bob  2024-02-15  change 35
            """,
            date(2024, 3, 1),
            {" 2024-01-01": None, " 2024-02-01": 2.5},
            period="month",
        ),
    ),
)
