"""When one customer ordered, as a picture."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.language import Reader, calendar
from holdfast.settings import Settings
from holdfast.web.charts import bars
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.figures import period_with_year, short_period
from holdfast.web.pages.customer.words import local

if TYPE_CHECKING:
    from holdfast.services.collect.look_up import CustomerView

MONTHS_SHOWN = 24


def orders_chart(view: CustomerView, now: datetime, workspace: Settings, reader: Reader) -> Chart | None:
    """On how many days of each of the last 24 months they ordered; ``None`` with fewer than two orders."""
    if view.history.orders < 2:
        return None
    company = calendar(workspace.calendar)
    today = now.astimezone(workspace.zone).date()
    days = {local(at_us, workspace.zone).date() for at_us in view.history.ordered_us}
    periods = company.periods("month", min(days), max(today, *days))[-MONTHS_SHOWN:]
    counted = Counter(company.period_of(day, "month") for day in days)
    drawn = [
        bars.Bar(
            short_period(period, workspace.calendar, reader.code),
            period_with_year(period, workspace.calendar, reader.code),
            counted[period],
        )
        for period in periods
    ]
    finding = reader.say(
        Text(
            "When they ordered: on {n} day in {months} months",
            "When they ordered: on {n} days in {months} months",
            n=sum(bar.count for bar in drawn),
            months=len(drawn),
        )
    )
    wide, narrow = (
        bars.bars_over_time(drawn, size, finding, reader.number, mirrored=reader.language.direction == "rtl")
        for size in (Size(664, 150, "when-wide"), Size(358, 140, "when-narrow"))
    )
    if not wide:
        return None
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Days with an order, month by month"),
        (reader.gettext("Month"), reader.gettext("Days with an order")),
        tuple((bar.long_label, reader.number(bar.count)) for bar in reversed(drawn)),
    )
