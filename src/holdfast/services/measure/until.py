"""Up to which day is measured."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from holdfast.analytics.emit import emit
from holdfast.analytics.spec import Column, Count, Query, WholeDivision
from holdfast.domain.period import day_number
from holdfast.language.calendars import calendar

if TYPE_CHECKING:
    from holdfast.settings import Settings

STALE_DAYS = 45
"""When nothing has happened for so long, it is the data that end, not the customers who are silent."""

_ONE_DAY = timedelta(days=1)
_DAYS = Query("events", {"day": WholeDivision(Column("at_us"), 86_400_000_000)}, {"n": Count()})


@dataclass(frozen=True, slots=True)
class Until:
    """What happened before ``end`` counts; periods that end by ``over`` are over.

    They differ by a day at most: today's events count already, but today is not over.
    """

    end: date
    over: date


def measured_until(settings: Settings, as_of: date | None, now: datetime) -> Until:
    """The days before ``as_of``; without one, up to now.

    Where the data end long before now (an old export), up to the day after the last event, since
    silence after the end of the data says nothing about customers. When the month ends so soon
    after that day that the data have been quiet for as long before, the data reach to its end: an
    export of March whose last sale was on the 29th covers March.
    """
    if as_of is not None:
        return Until(as_of, as_of)
    today = settings.now(now).astimezone(settings.zone).date()
    last = _last_day(settings)
    if last is None or (today - last).days <= STALE_DAYS:
        return Until(today + _ONE_DAY, today)
    month_end = calendar(settings.calendar).period_of(last, "month").end
    quiet = (month_end - last).days
    end = month_end if quiet == 1 or quiet <= _longest_silence(settings, last) else last + _ONE_DAY
    return Until(end, end)


def _last_day(settings: Settings) -> date | None:
    """The day of the last event of any finished import, in the workspace's time zone."""
    from holdfast.store import imports

    moments = [
        each.last_us for each in imports.list_imports(settings) if each.state == "done" and each.last_us
    ]
    if not moments:
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=max(moments))
    return at.astimezone(settings.zone).date()


def _longest_silence(settings: Settings, last: date) -> int:
    """The most days from one day with an event to the next up to ``last``, 0 where there is one at most.

    What lies after it is our own: that a warning was raised, that somebody called. Days are those of UTC,
    so the last may have another number here.
    """
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.measure.source import workspace_source

    settings.measured.mkdir(parents=True, exist_ok=True)
    events = workspace_source(settings).events
    with (
        TemporaryDirectory(dir=settings.measured, prefix="until-") as folder,
        EmbeddedEngine(temp=settings.measured / folder) as engine,
    ):
        found = [int(day) for day, _ in engine.rows(emit(_DAYS, engine.dialect), {"events": events})]
    days = sorted(day for day in found if day <= day_number(last) + 1)
    return max((later - day for day, later in itertools.pairwise(days)), default=0)
