"""Who stays, by the month in which they began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.intervals import wilson
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import Choice, Count, Literal, Query, equals
from holdfast.domain.figures import Figure
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

AFTER_MONTHS = 12
"""The age at which all cohorts together are compared; the oldest one reached where none is so old."""

_POOLED = Text(
    "still there {n} month after the one in which they began ÷ all who began then or earlier",
    "still there {n} months after the one in which they began ÷ all who began then or earlier",
)
_TO_THE_END = Text("still there at the end of the data ÷ all who began in the period")
_TOO_YOUNG = Text("No month of beginners is a month old yet.")
_NOBODY = Text("Nobody began in the period.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    keys = {
        "period": asked.period_of("first_day"),
        "cohort": asked.month_of("first_day"),
        "start": asked.month_of("start_day"),
        "end": asked.month_of("end_day"),
        "first": Choice(((equals("number", 1), Literal(1)),), Literal(0)),
    }
    return {"stays": Query("spells", keys, {"n": Count()})}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    if asked.grain == "history":
        return [_table(counted, asked)]
    return _by_period(counted, asked)


def _table(counted: Counted, asked: Asked) -> Figure:
    """All cohorts: a row for each month, and the share left of all of them at one age."""
    sizes, there = _stayed(counted, asked)
    rows: list[Mapping[str, object]] = []
    oldest = 0
    for at, month in enumerate(asked.months):
        whole = [int(there[at, age]) for age in range(len(asked.months) + 1 - at) if _seen(asked, at + age)]
        if sizes[at] and whole:
            shares = [1.0, *(n / sizes[at] for n in whole[1:])]
            oldest = max(oldest, len(whole) - 1)
            rows.append({"start": month.start, "end": month.end, "size": int(sizes[at]), "shares": shares})
    age = min(AFTER_MONTHS, oldest)
    old = [at for at in range(len(asked.months)) if _seen(asked, at + age)]
    of, still = int(sizes[old].sum()), int(there[old, age].sum())
    known = age > 0 and of > 0
    low, high = wilson(still, of) if known else (None, None)
    return figure(
        METRIC,
        asked,
        asked.periods[0],
        still / of if known else None,
        formula=Text(_POOLED.msgid, _POOLED.plural, n=age),
        low=low,
        high=high,
        reason=_TOO_YOUNG,
        terms={"still_there": still, "began": of, "months": age},
        rows=tuple(rows),
    )


def _by_period(counted: Counted, asked: Asked) -> list[Figure]:
    stays = counted["stays"]
    first, still = stays["first"] > 0, stays["end"] >= len(asked.months)
    began = asked.spread(stays["period"][first], stays["n"][first])
    there = asked.spread(stays["period"][still], stays["n"][still])
    figures = []
    for at, period in enumerate(asked.periods):
        of, left = int(began[at]), int(there[at])
        low, high = wilson(left, of) if of else (None, None)
        figures.append(
            figure(
                METRIC,
                asked,
                period,
                left / of if of else None,
                formula=_TO_THE_END,
                low=low,
                high=high,
                reason=_NOBODY,
                terms={"still_there": left, "began": of},
            )
        )
    return figures


def _seen(asked: Asked, month: int) -> bool:
    """Whether the data reach the first day of the month at this position (one past the last may be)."""
    months = asked.months
    if month > len(months):
        return False
    start = months[month].start if month < len(months) else months[-1].end
    return day_number(start) <= asked.end_day


def _stayed(counted: Counted, asked: Asked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many began in each month, and how many of them are there at each age in months.

    Someone is there at the first day of a month who began before it and did not leave before it.
    """
    stays, months = counted["stays"], len(asked.months)
    there = np.zeros((months, months + 2), np.int64)
    cohort, n = stays["cohort"], stays["n"]
    np.add.at(there, (cohort, stays["start"] + 1 - cohort), n)
    np.add.at(there, (cohort, np.minimum(stays["end"] + 1 - cohort, months + 1)), -n)
    sizes, first = np.zeros(months, np.int64), stays["first"] > 0
    np.add.at(sizes, cohort[first], n[first])
    return sizes, np.cumsum(there, axis=1)


METRIC = Metric(
    name="cohorts",
    title=Text("Who stays, by month of beginning"),
    meaning=Text("Of those who became customers in a month, the share still there so many months later."),
    formula=Text("still there on the first day of a later month ÷ all who began in the month"),
    unit="share",
    requirement=("B5",),
    source="[+]; Wilson (1927) for the interval",
    good="up",
    left_out=Text("Who was never really a customer."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "of four beginners three are there after a month, two after two",
            """
            a1..4  2024-01-05  subscribe 10
            a1     2024-01-25  cancel
            a2     2024-02-25  cancel
            """,
            date(2024, 3, 15),
            {"": 0.5},
        ),
        Example(
            "all who are three months old: one of two is left; the youngest do not count yet",
            """
            ann  2024-01-05  subscribe 10
            bob  2024-01-05  subscribe 10
            bob  2024-02-20  cancel
            cem  2024-03-05  subscribe 10
            """,
            date(2024, 4, 1),
            {"": 0.5},
        ),
        Example(
            "someone who came back is there again",
            """
            ann  2024-01-05  order 20
            bob  2024-01-05  order 20
            ann  2024-05-05  order 20
            """,
            date(2024, 5, 20),
            {" 2024-01-01": 0.5, " 2024-02-01": None},
            period="month",
            lost=LostSettings("fixed", after_days=60),
        ),
    ),
)
