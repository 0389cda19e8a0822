"""Up to which day is measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.settings import Settings

STALE_DAYS = 45
"""When nothing has happened for so long, it is the data that end, not the customers who are silent."""

_ONE_DAY = timedelta(days=1)


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
    silence after the end of the data says nothing about customers.
    """
    if as_of is not None:
        return Until(as_of, as_of)
    today = settings.now(now).astimezone(settings.zone).date()
    last = _last_day(settings)
    if last is not None and (today - last).days > STALE_DAYS:
        return Until(last + _ONE_DAY, last + _ONE_DAY)
    return Until(today + _ONE_DAY, today)


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
