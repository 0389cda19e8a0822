"""On which day greetings for a feast go out next: feasts that move by the sun or the moon too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

GREETED_AT = time(10, 0)
"""By the clock of the workspace."""

_SOLAR_YEARS_LATER = 621
"""Nowruz of 2026 begins the year 1405."""


def next_greeting(feast: str, now: datetime) -> datetime:
    """When greetings for ``feast`` go out next after ``now`` (local), without a zone as plays write it."""
    days = (_DAYS[feast](year) for year in range(now.year, now.year + 3))
    moments = (datetime.combine(day, GREETED_AT) for day in days)
    return next(each for each in moments if each > now.replace(tzinfo=None))


def _nowruz(year: int) -> date:
    """The first of Farvardin, which is a day of March of the same year."""
    from holdfast.language.calendars import SOLAR_HIJRI

    return SOLAR_HIJRI.date_of(year - _SOLAR_YEARS_LATER, 1, 1)


def _spring_festival(year: int) -> date:
    """The first day of the lunar year, by the calendar of Singapore, which adds no day before it."""
    import holidays

    days = holidays.country_holidays("SG", years=year, language="en_US")
    return min(on for on, name in days.items() if name.startswith("Chinese New Year"))


def _christmas(year: int) -> date:
    """The day before: who celebrates has no time for mails on the day itself."""
    return date(year, 12, 24)


_DAYS: Mapping[str, Callable[[int], date]] = {
    "nowruz": _nowruz,
    "chinese_new_year": _spring_festival,
    "christmas": _christmas,
}


def feast_days(since: date, until: date) -> list[tuple[date, str]]:
    """The days of feasts from ``since`` to ``until``, both included, on which greetings go out."""
    found = [(of(year), feast) for feast, of in _DAYS.items() for year in range(since.year, until.year + 1)]
    return sorted(each for each in found if since <= each[0] <= until)
