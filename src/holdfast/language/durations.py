"""Lengths of time and distances from now, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.domain.texts import Days, Text
from holdfast.language.numbers import Number, number
from holdfast.language.translations import gettext, ngettext

_HOUR = 3600
_DAY = 24 * _HOUR
_FEW = 60
"""Up to so many days, days say more than months."""
_DAYS_A_MONTH = 30.4375
_TWO_YEARS = 730


def duration(length: Days | timedelta | Number, code: str) -> str:
    """A length of time with its unit in the right plural: "23 days", ``23 de zile``, "۲۳ روز".

    Numbers are days, to one digit after the point. A ``timedelta`` under a day is written in hours
    or minutes.
    """
    if isinstance(length, timedelta):
        seconds = length.total_seconds()
        if abs(seconds) >= _DAY:
            return days(round(seconds / _DAY), code)
        return hours(round(seconds / _HOUR, 1), code) if abs(seconds) >= _HOUR else _minutes(seconds, code)
    n: Number = length.value if isinstance(length, Days) else length
    return days(n if isinstance(n, int) else round(float(n), 1), code)


def days(n: Number, code: str) -> str:
    """So many days."""
    return ngettext("{n} day", "{n} days", n, code).format(n=number(n, code))


def hours(n: Number, code: str) -> str:
    """So many hours."""
    return ngettext("{n} hour", "{n} hours", n, code).format(n=number(n, code))


def ago(then: datetime, now: datetime, code: str) -> str:
    """How long before ``now`` something was, or how soon it will be: "3 days ago", "in 2 hours"."""
    seconds = (now - then).total_seconds()
    size = abs(seconds)
    if size < 60:
        return gettext("just now", code)
    n, unit = _coarse(size)
    said = (_AGO if seconds > 0 else _AHEAD)[unit]
    return ngettext(said.msgid, said.plural or said.msgid, n, code).format(n=number(n, code))


def _minutes(seconds: float, code: str) -> str:
    n = round(seconds / 60)
    return ngettext("{n} minute", "{n} minutes", n, code).format(n=number(n, code))


def _coarse(seconds: float) -> tuple[int, str]:
    if seconds < _HOUR:
        return int(seconds / 60), "minute"
    if seconds < _DAY:
        return int(seconds / _HOUR), "hour"
    if seconds < _FEW * _DAY:
        return int(seconds / _DAY), "day"
    if seconds < _TWO_YEARS * _DAY:
        return int(seconds / _DAY / _DAYS_A_MONTH), "month"
    return int(seconds / _DAY / 365.25), "year"


# Written out, so that the extraction finds each with its plural.
_AGO: dict[str, Text] = {
    "minute": Text("{n} minute ago", "{n} minutes ago"),
    "hour": Text("{n} hour ago", "{n} hours ago"),
    "day": Text("{n} day ago", "{n} days ago"),
    "month": Text("{n} month ago", "{n} months ago"),
    "year": Text("{n} year ago", "{n} years ago"),
}
_AHEAD: dict[str, Text] = {
    "minute": Text("in {n} minute", "in {n} minutes"),
    "hour": Text("in {n} hour", "in {n} hours"),
    "day": Text("in {n} day", "in {n} days"),
    "month": Text("in {n} month", "in {n} months"),
    "year": Text("in {n} year", "in {n} years"),
}
