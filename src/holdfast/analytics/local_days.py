"""Days of a time zone from moments in UTC, without any engine's own idea of time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.analytics.spec import Arithmetic, Bands, Expression, WholeDivision

DAY_US = 86_400_000_000
"""Microseconds of a day."""

_START = datetime(1970, 1, 1, tzinfo=UTC)
_LOOK_EVERY = timedelta(days=7)
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def local_day(moment: Expression, zone: ZoneInfo, first_us: int, last_us: int) -> Expression:
    """The day number of ``moment`` (microseconds UTC) in ``zone``.

    Exact for moments from ``first_us`` to ``last_us`` between 1900 and 2100; beyond, the nearest
    known offset holds.
    """
    bounds, offsets = offsets_of(zone, first_us, last_us)
    shifted: Expression = moment
    if len(offsets) > 1 or offsets[0]:
        shifted = Arithmetic("+", moment, Bands(moment, bounds, offsets))
    return WholeDivision(shifted, DAY_US)


def offsets_of(zone: ZoneInfo, first_us: int, last_us: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The offsets of ``zone`` from UTC in microseconds, and the moments at which they change.

    There is one offset more than there are moments.
    """
    first, last = _clamped(first_us), _clamped(last_us)
    offsets, bounds = [_offset(zone, first)], list[int]()
    look = first
    while look < last:
        after = min(look + _LOOK_EVERY, last)
        if _offset(zone, after) != offsets[-1]:
            change = _change_between(zone, look, after)
            bounds.append(_microseconds(change))
            offsets.append(_offset(zone, change))
            after = change
        look = after
    return tuple(bounds), tuple(offsets)


def day_start_us(day: int, zone: ZoneInfo) -> int:
    """The moment at which day ``day`` begins in ``zone``, in microseconds UTC."""
    on = _START + timedelta(days=day)
    return _microseconds(datetime(on.year, on.month, on.day, tzinfo=zone))


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset() or timedelta(0)
    return offset // timedelta(microseconds=1)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second after ``before`` with another offset, which there is up to ``after``."""
    start = _offset(zone, before)
    low, high = int(before.timestamp()), int(-(-after.timestamp() // 1))
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, datetime.fromtimestamp(middle, UTC)) == start
        low, high = (middle, high) if same else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _clamped(moment_us: int) -> datetime:
    lowest, highest = _microseconds(_EARLIEST), _microseconds(_LATEST)
    return _START + timedelta(microseconds=min(max(moment_us, lowest), highest))


def _microseconds(at: datetime) -> int:
    return (at - _START) // timedelta(microseconds=1)
