"""How large a segment was, as a picture."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.domain.period import date_of
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.segments import DayCount
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.charts.history import HistoryWords, Scored, risk_history

SIZES = (Size(664, 170, "when-wide"), Size(358, 150, "when-narrow"))


def size_chart(counts: Sequence[DayCount], today: int, title: str, reader: Reader) -> Chart | None:
    """The number of customers by day; ``None`` before there are two days."""
    if not counts:
        return None
    points = [Scored(each.day, float(each.size)) for each in counts]
    if points[-1].day < today:
        points.append(Scored(today, points[-1].share))
    finding = reader.say(
        Text(
            "{title}: {n} customer on the last day",
            "{title}: {n} customers on the last day",
            title=title,
            n=counts[-1].size,
        )
    )
    words = HistoryWords(
        finding=finding,
        threshold="",
        say_day=lambda day: reader.day(date_of(day), short=True, year=False),
        say_share=lambda value, _: reader.number(round(value)),
    )
    mirrored = reader.language.direction == "rtl"
    wide, narrow = (risk_history(points, None, size, words, mirrored=mirrored) for size in SIZES)
    if not wide:
        return None
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Customers in the segment, day by day"),
        (
            reader.gettext("Day"),
            reader.gettext("Customers"),
            reader.gettext("entered"),
            reader.gettext("left"),
        ),
        tuple(
            (
                reader.day(date_of(each.day), short=True),
                reader.number(each.size),
                reader.number(each.entered),
                reader.number(each.left),
            )
            for each in reversed(counts)
        ),
    )
