"""Calendars: which days make a month, a quarter, a year, and with which day a week begins.

The workspace's calendar decides the periods (Gregorian or Solar Hijri); the reader's decides how
their bounds are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from holdfast.domain.period import Period

PeriodKind = Literal["day", "week", "month", "quarter", "year", "history"]
KINDS: tuple[PeriodKind, ...] = ("day", "week", "month", "quarter", "year", "history")

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_ONE_DAY = timedelta(days=1)


class Reckoning(Protocol):
    """What sets one calendar apart from another: both ways between a date and year, month, day."""

    def parts(self, on: date, /) -> tuple[int, int, int]:
        """Year, month 1..12, day of the month."""

    def date_of(self, year: int, month: int, day: int, /) -> date:
        """The date of year, month and day; raises ``ValueError`` where there is none."""


class _Gregorian:
    def parts(self, on: date) -> tuple[int, int, int]:
        return on.year, on.month, on.day

    def date_of(self, year: int, month: int, day: int) -> date:
        return date(year, month, day)


class _SolarHijri:
    """The calendar of Iran and Afghanistan: years begin with spring, Nowruz."""

    def parts(self, on: date) -> tuple[int, int, int]:
        from persiantools.jdatetime import JalaliDate

        there = JalaliDate(date(on.year, on.month, on.day))  # type: ignore[no-untyped-call]
        return there.year, there.month, there.day

    def date_of(self, year: int, month: int, day: int) -> date:
        from persiantools.jdatetime import JalaliDate

        return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar. ``first_weekday`` counts from Monday = 0, as ``date.weekday`` does."""

    name: Literal["gregorian", "solar_hijri"]
    first_weekday: int
    reckoning: Reckoning

    def parts(self, on: date) -> tuple[int, int, int]:
        """Year, month 1..12 and day of the month of ``on``."""
        return self.reckoning.parts(on)

    def date_of(self, year: int, month: int, day: int) -> date:
        """The date of year, month and day; raises ``ValueError`` where there is none."""
        return self.reckoning.date_of(year, month, day)

    def period_of(self, day: date, kind: PeriodKind) -> Period:
        """The period of ``kind`` that ``day`` lies in. "history" has no bounds: ``ValueError``."""
        if kind == "day":
            return Period(day, day + _ONE_DAY, "day")
        if kind == "week":
            start = day - timedelta(days=(day.weekday() - self.first_weekday) % 7)
            return Period(start, start + timedelta(days=7), "week")
        if kind not in _MONTHS:
            raise ValueError(f"a day lies in no period of the kind {kind!r}; expected one of {KINDS[:-1]}")
        months = _MONTHS[kind]
        year, month, _ = self.parts(day)
        first = month - (month - 1) % months
        return Period(self.date_of(year, first, 1), self._month_start(year, first + months), kind)

    def periods(self, kind: PeriodKind, first_day: date, last_day: date) -> list[Period]:
        """All periods of ``kind`` that hold a day from ``first_day`` to ``last_day`` (both in), in order.

        The first and the last are whole periods, so they may reach beyond. "history" is one period
        of exactly these days. Empty where the last day lies before the first.
        """
        if last_day < first_day:
            return []
        if kind == "history":
            return [Period(first_day, last_day + _ONE_DAY, "history")]
        return list(self._following(self.period_of(first_day, kind), kind, last_day))

    def label(self, period: Period, language: str) -> str:
        """``period`` in words of ``language``, by this calendar: "October 2026", "مهر ۱۴۰۵"."""
        from holdfast.language import dates

        return dates.period(period, language, self.name)

    def _following(self, period: Period, kind: PeriodKind, last_day: date) -> Iterator[Period]:
        while period.start <= last_day:
            yield period
            period = self.period_of(period.end, kind)

    def _month_start(self, year: int, month: int) -> date:
        return self.date_of(year + 1, month - 12, 1) if month > 12 else self.date_of(year, month, 1)


GREGORIAN = Calendar("gregorian", first_weekday=0, reckoning=_Gregorian())
SOLAR_HIJRI = Calendar("solar_hijri", first_weekday=5, reckoning=_SolarHijri())
_CALENDARS = {"gregorian": GREGORIAN, "solar_hijri": SOLAR_HIJRI}


def calendar(name: str) -> Calendar:
    """The calendar called ``name`` (a workspace's setting). Raises ``LookupError`` otherwise."""
    if name not in _CALENDARS:
        raise LookupError(f"no calendar is called {name!r}; there are: {', '.join(_CALENDARS)}")
    return _CALENDARS[name]
