"""When nobody is disturbed: quiet hours and days of rest by the clock where a customer lives.

A moment is judged by what a clock on the wall there shows, so that nights in which clocks are put forward or
back are as quiet as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES = 24 * 60
_MINUTE_US = 60_000_000
_LONGEST_US = 60 * 86_400_000_000
"""So far ahead an open hour is looked for."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours: minutes of the local day, ``from_minute`` is quiet, ``until_minute`` is not.

    Where the end is before the beginning they go over midnight; where both are the same no hour is quiet.
    """

    from_minute: int
    until_minute: int

    def holds(self, minute: int) -> bool:
        """Whether this minute of the day is quiet."""
        if self.from_minute <= self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer lives, as far as it is known.

    ``zones`` are all that may be theirs: nobody knows in which of them somebody of a wide country lives.
    ``weekend`` are numbers of weekdays (Monday is 0), ``holidays`` public ones.
    """

    zones: tuple[ZoneInfo, ...]
    weekend: frozenset[int] = frozenset((5, 6))
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Times:
    """When messages may go: outside ``quiet``, and not on weekends or public holidays where these are off."""

    quiet: Quiet | None = None
    weekends: bool = True
    holidays: bool = True

    def rests_on(self, day: date, place: Place) -> bool:
        """Whether nothing goes all day."""
        return (not self.weekends and day.weekday() in place.weekend) or (
            not self.holidays and day in place.holidays
        )


def opens_us(times: Times, place: Place, at_us: int) -> int | None:
    """The first moment from ``at_us`` on at which a message may go; ``None`` where there is none for long.

    It is open in every zone that may be the customer's; only where no hour is open in all of them, in the
    first.
    """
    found = _open_in_all(times, place, place.zones, at_us)
    if found is None and len(place.zones) > 1:
        found = _open_in_all(times, place, place.zones[:1], at_us)
    return found


def rests(times: Times, place: Place, at_us: int) -> bool:
    """Whether a day of rest, not an hour, is why nothing goes."""
    return any(times.rests_on(_local(at_us, zone).date(), place) for zone in place.zones)


def _open_in_all(times: Times, place: Place, zones: Sequence[ZoneInfo], at_us: int) -> int | None:
    moment_us = at_us
    while moment_us <= at_us + _LONGEST_US:
        later_us = max(_open_in(times, place, zone, moment_us) for zone in zones)
        if later_us == moment_us:
            return moment_us
        moment_us = later_us
    return None


def _open_in(times: Times, place: Place, zone: ZoneInfo, at_us: int) -> int:
    """``at_us`` where it is open there, otherwise a later moment that is worth a look."""
    here = _local(at_us, zone)
    if times.rests_on(here.date(), place):
        return _at_us(here.date() + timedelta(days=1), 0, zone, at_us)
    quiet, minute = times.quiet, here.hour * 60 + here.minute
    if quiet is None or not quiet.holds(minute):
        return at_us
    days = 1 if minute >= quiet.until_minute else 0
    return _at_us(here.date() + timedelta(days=days), quiet.until_minute, zone, at_us)


def _local(at_us: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(zone)


def _at_us(day: date, minute: int, zone: ZoneInfo, after_us: int) -> int:
    """When the clock there shows ``minute`` of ``day``: the first time after ``after_us``.

    An hour that comes twice is meant the second time where the first is over. One that is left out is the
    same length later.
    """
    more, minute = divmod(minute, MINUTES)
    wall = datetime.combine(day + timedelta(days=more), time(minute // 60, minute % 60), zone)
    for fold in (0, 1):
        found_us = int(wall.replace(fold=fold).timestamp()) * 1_000_000
        if found_us > after_us:
            return found_us
    return after_us + _MINUTE_US
