"""Plain series that the company enters: public rating, mood of the staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.period import date_of, day_number
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

_NO_VALUE = Text("No value was entered for the period.")


def _needs(_: Asked) -> Mapping[str, Query]:
    return {}


def _answer(_: Counted, asked: Asked) -> Sequence[Figure]:
    figures = []
    for name in sorted({point.series for point in asked.company.points}):
        points = sorted((each.day, each.value) for each in asked.company.points if each.series == name)
        for period in asked.periods:
            start = points[0][0] if asked.grain == "history" else day_number(period.start)
            inside = [(day, value) for day, value in points if start <= day < asked.ends(period)]
            figures.append(
                figure(
                    METRIC,
                    asked,
                    period,
                    fmean(value for _, value in inside) if inside else None,
                    reason=_NO_VALUE,
                    group=f"series={name}",
                    rows=tuple({"on": date_of(day), "value": value} for day, value in inside),
                )
            )
    return figures


METRIC = Metric(
    name="series",
    title=Text("Series of the company's own"),
    meaning=Text("What the company entered beside churn, such as its public rating: the mean of the period."),
    formula=Text("mean of the values entered in the period"),
    unit="points",
    requirement=("B12",),
    source="FA",
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "two ratings in January, none in February",
            """
            ann  2024-01-05  order 20
            -    2024-01-10  series 4.0 rating
            -    2024-01-20  series 4.5 rating
            """,
            date(2024, 3, 1),
            {"/series=rating 2024-01-01": 4.25, "/series=rating 2024-02-01": None},
            period="month",
        ),
    ),
)
