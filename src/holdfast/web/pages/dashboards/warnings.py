"""How many early warnings were raised, week by week, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.domain.period import date_of
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store.episodes_told import raised_by_day
from holdfast.web.charts.canvas import Chart, Picture
from holdfast.web.charts.history import HistoryWords, Scored, risk_history
from holdfast.web.pages.segments.pictures import SIZES

if TYPE_CHECKING:
    from holdfast.web.pages.dashboards.words import Reading

WEEKS = 12


def raised_chart(workspace: Settings, who: Reading, reader: Reader) -> Chart | None:
    """Warnings of each of the last weeks; ``None`` where none was raised in two of them."""
    first = who.today - 7 * WEEKS + 1
    by_day = raised_by_day(workspace, since_day=first, among=who.among)
    weeks = [
        Scored(first + 7 * week, float(sum(by_day.get(first + 7 * week + day, 0) for day in range(7))))
        for week in range(WEEKS)
    ]
    if sum(each.share > 0 for each in weeks) < 2:
        return None
    finding = Text(
        "{n} early warning in the last week, {before} in the week before",
        "{n} early warnings in the last week, {before} in the week before",
        n=round(weeks[-1].share),
        before=round(weeks[-2].share),
    )
    words = HistoryWords(
        finding=reader.say(finding),
        threshold="",
        say_day=lambda day: reader.day(date_of(day), short=True, year=False),
        say_share=lambda value, _: reader.number(round(value)),
    )
    mirrored = reader.language.direction == "rtl"
    wide, narrow = (risk_history(weeks, None, size, words, mirrored=mirrored) for size in SIZES)
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Early warnings raised, week by week"),
        (reader.gettext("Week from"), reader.gettext("Early warnings")),
        tuple(
            (reader.day(date_of(each.day), short=True), reader.number(round(each.share)))
            for each in reversed(weeks)
        ),
    )
