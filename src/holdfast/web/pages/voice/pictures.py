"""The picture of a cause over time, with the table behind it."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.language.calendars import calendar as calendar_called
from holdfast.services.understand.voice import MonthTold, Voice
from holdfast.web.cause_words import CauseName
from holdfast.web.charts import bars
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.figures import period_with_year, short_period

COLUMNS = 4
"""The table behind shows so many causes beside the chosen one."""


def over_time(voice: Voice, cause: str, reader: Reader, calendar: str, name: CauseName) -> Chart | None:
    """How many losses of each month were for ``cause`` ("": all losses); ``None`` where none was."""
    drawn = [
        bars.Bar(
            short_period(period, calendar, reader.code),
            period_with_year(period, calendar, reader.code),
            _count(month, cause),
        )
        for month, period in zip(voice.months, _periods(voice.months, calendar), strict=True)
    ]
    if not any(bar.count for bar in drawn):
        return None
    most = max(drawn, key=lambda bar: bar.count)
    finding = reader.say(
        Text(
            "{cause} by month: most in {month}, {n} loss",
            "{cause} by month: most in {month}, {n} losses",
            cause=name(cause) if cause else reader.gettext("All losses"),
            month=most.long_label,
            n=most.count,
        )
    )
    wide, narrow = (
        bars.bars_over_time(drawn, size, finding, reader.number, mirrored=reader.language.direction == "rtl")
        for size in (Size(664, 200, "when-wide"), Size(358, 180, "when-narrow"))
    )
    return Chart(Picture(wide, narrow), finding, *_table(voice, cause, drawn, reader, name))


def _table(
    voice: Voice, cause: str, drawn: Sequence[bars.Bar], reader: Reader, name: CauseName
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    others = [each.cause for each in voice.causes if each.cause != cause][:COLUMNS]
    shown = [*([cause] if cause else []), *others]
    head = (
        reader.gettext("Month"),
        reader.gettext("Losses"),
        *(name(each) for each in shown),
        reader.gettext("not known"),
    )
    rows = tuple(
        (
            bar.long_label,
            reader.number(month.losses),
            *(reader.number(month.causes.get(each, 0)) for each in shown),
            reader.number(month.losses - sum(month.causes.values())),
        )
        for bar, month in reversed(list(zip(drawn, voice.months, strict=True)))
    )
    return head, rows


def _count(month: MonthTold, cause: str) -> int:
    return month.causes.get(cause, 0) if cause else month.losses


def _periods(months: Sequence[MonthTold], calendar: str) -> list[Period]:
    return [calendar_called(calendar).period_of(month.start, "month") for month in months]
