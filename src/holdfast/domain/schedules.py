"""When something comes again that comes every day, week or month, by somebody's own clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from holdfast.domain.dashboards import Every

LAST_DAY = 28
"""Every month has a day of this number."""


def next_after(now: datetime, every: Every, day: int, minute: int, zone: tzinfo) -> datetime:
    """The first moment after ``now`` at ``minute`` of the day in ``zone``.

    ``day`` is the day of the week (0 is Monday) for a week, of the month (1 to 28) for a month. Where a
    clock is put forward over the moment, it comes as much later.
    """
    local = now.astimezone(zone)
    on = local.date()
    while True:
        if _falls_on(on, every, day):
            at = _moment(on, minute, zone)
            # Clocks of one zone are compared as they stand, which fails in an hour that comes twice.
            if at.timestamp() > now.timestamp():
                return at
        on += timedelta(days=1)


def _falls_on(on: date, every: Every, day: int) -> bool:
    if every == "day":
        return True
    return on.weekday() == day if every == "week" else on.day == min(max(day, 1), LAST_DAY)


def _moment(on: date, minute: int, zone: tzinfo) -> datetime:
    written = datetime.combine(on, time(minute // 60, minute % 60), zone)
    # An hour that a clock skips is not there: what it would have been is said by the offset before it.
    return datetime.fromtimestamp(written.timestamp(), zone)
