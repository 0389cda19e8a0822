"""The share of those who had left that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.intervals import wilson
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_ALL = Text("won back ÷ all who ever left")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return people_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    found, history = people(counted, asked), asked.grain == "history"
    away = np.cumsum(found.lost - found.won_back)
    gone = found.lost if history else np.concatenate([[0], away[:-1]])
    figures = []
    for at, period in enumerate(asked.periods):
        back, of = int(found.won_back[at]), int(gone[at])
        low, high = wilson(back, of) if of > 0 and back <= of else (None, None)
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                back / of if of else None,
                formula=_ALL if history else None,
                low=low,
                high=high,
                reason=Text("Nobody had left who could come back."),
                terms={"won_back": back, "away": of},
            )
        )
    return figures


METRIC = Metric(
    name="won_back_rate",
    title=Text("Won-back rate"),
    meaning=Text("The share of those who had left at the start of the period that came back in it."),
    formula=Text("won back in the period ÷ those away at its start"),
    unit="share",
    requirement=("B5", "K7"),
    source="RU; Wilson (1927) for the interval",
    good="up",
    left_out=Text("Who left and came back within the period counts among those who came back."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "two are away on 1 May, one comes back",
            """
            ann  2024-01-05  order 20
            bob  2024-01-10  order 20
            ann  2024-05-05  order 20
            """,
            date(2024, 6, 1),
            {" 2024-02-01": None, " 2024-05-01": 0.5},
            period="month",
            lost=LostSettings("fixed", after_days=60),
        ),
        Example(
            "of two who ever left, one came back",
            """
            ann  2024-01-05  order 20
            bob  2024-01-10  order 20
            ann  2024-05-05  order 20
            """,
            date(2024, 6, 1),
            {"": 0.5},
            lost=LostSettings("fixed", after_days=60),
        ),
    ),
)
