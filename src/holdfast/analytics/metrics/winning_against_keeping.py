"""What it costs to win a customer against what it costs to keep one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.people import people, people_queries
from holdfast.analytics.spec import Query
from holdfast.analytics.worth import NO_COSTS, NOBODY_NEW, kept, won
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_NO_KEEPING = Text("No costs of keeping customers were imported (sources keeping, retention, loyalty).")
_NOBODY_THERE = Text("No customer was there in the period.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    return people_queries(asked)


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    found, figures = people(counted, asked), []
    for at, period in enumerate(asked.periods):
        winning, keeping = won(asked, period), kept(asked, period)
        new, years = int(found.new[at]), int(found.days[at]) / 365.25
        reason = _missing(winning, keeping, new, years)
        if reason is not None:
            figures.append(figure(METRIC, asked, period, None, reason=reason))
            continue
        to_win, to_keep = winning / new, keeping / years
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                to_win / to_keep,
                terms={"to_win": asked.rounded(to_win), "to_keep_a_year": asked.rounded(to_keep)},
            )
        )
    return figures


def _missing(winning: int, keeping: int, new: int, years: float) -> Text | None:
    if not winning:
        return NO_COSTS
    if not keeping:
        return _NO_KEEPING
    if not new:
        return NOBODY_NEW
    return None if years else _NOBODY_THERE


METRIC = Metric(
    name="winning_against_keeping",
    title=Text("Winning against keeping"),
    meaning=Text("How many times as much it costs to win a customer as to keep one for a year."),
    formula=Text("(costs of winning ÷ new customers) ÷ (costs of keeping ÷ customer-years)"),
    unit="times",
    requirement=("B4",),
    source="RO, FA (who cite five times)",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "50 to win each of two, 20 a year to keep them",
            """
            ann  2023-01-01  subscribe 10
            bob  2023-01-01  subscribe 10
            -    2023-01-01  cost 100 ads
            -    2023-06-01  cost 40  loyalty
            """,
            date(2024, 1, 1),
            # Two customers for 365 days are 1.9986 customer-years.
            {"": 50 / (40 / (730 / 365.25))},
        ),
        Example(
            "no costs of keeping",
            """
            ann  2023-01-01  subscribe 10
            -    2023-01-01  cost 100 ads
            """,
            date(2024, 1, 1),
            {"": None},
        ),
    ),
)
