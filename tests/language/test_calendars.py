"""Calendars: months, quarters, years, weeks, in the Gregorian and the Solar Hijri reckoning."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from holdfast.domain.period import Period
from holdfast.language.calendars import GREGORIAN, KINDS, SOLAR_HIJRI, calendar

BOUNDED = KINDS[:-1]
DAYS = st.dates(min_value=date(1921, 3, 21), max_value=date(2121, 3, 20))
CALENDARS = st.sampled_from([GREGORIAN, SOLAR_HIJRI])

LEAP_YEARS = {1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420}
"""As the Calendar Center of the University of Tehran publishes them."""
NOWRUZ = [date(2020, 3, 20), date(2021, 3, 21), date(2024, 3, 20), date(2025, 3, 21), date(2029, 3, 20)]


@pytest.mark.parametrize("year", range(1300, 1500))
def test_n3_solar_year_agrees_with_persiantools(year: int) -> None:
    start = SOLAR_HIJRI.date_of(year, 1, 1)
    whole = SOLAR_HIJRI.period_of(start, "year")
    assert whole == Period(start, SOLAR_HIJRI.date_of(year + 1, 1, 1), "year")
    assert whole.days == (366 if JalaliDate.is_leap(year) else 365)
    months = SOLAR_HIJRI.periods("month", start, whole.end - timedelta(days=1))
    assert [month.days for month in months] == [31] * 6 + [30] * 5 + [whole.days - 336]


def test_n3_leap_years_as_published() -> None:
    leap = {year for year in range(1368, 1421) if SOLAR_HIJRI.period_of(nowruz(year), "year").days == 366}
    assert leap == LEAP_YEARS


def nowruz(year: int) -> date:
    return SOLAR_HIJRI.date_of(year, 1, 1)


@pytest.mark.parametrize("on", NOWRUZ)
def test_n3_nowruz_begins_the_year(on: date) -> None:
    assert SOLAR_HIJRI.parts(on)[1:] == (1, 1)
    assert SOLAR_HIJRI.parts(on - timedelta(days=1))[1] == 12


@given(DAYS, CALENDARS)
def test_n3_parts_and_date_are_inverse(on: date, which: object) -> None:
    assert isinstance(which, type(GREGORIAN))
    assert which.date_of(*which.parts(on)) == on


@given(DAYS, CALENDARS, st.sampled_from(BOUNDED))
def test_n3_a_day_lies_in_its_period(on: date, which: object, kind: str) -> None:
    assert isinstance(which, type(GREGORIAN))
    period = which.period_of(on, kind)
    assert on in period
    assert period.kind == kind
    assert which.period_of(period.end - timedelta(days=1), kind) == period
    assert which.period_of(period.end, kind).start == period.end


@given(DAYS, st.integers(min_value=0, max_value=800), CALENDARS, st.sampled_from(BOUNDED))
def test_n3_periods_cover_every_day_once(first: date, length: int, which: object, kind: str) -> None:
    assert isinstance(which, type(GREGORIAN))
    last = first + timedelta(days=length)
    periods = which.periods(kind, first, last)
    assert first in periods[0]
    assert last in periods[-1]
    assert all(a.end == b.start for a, b in itertools.pairwise(periods))


@given(DAYS)
def test_n3_weeks_begin_on_saturday_in_persian_and_on_monday_elsewhere(on: date) -> None:
    assert SOLAR_HIJRI.period_of(on, "week").start.weekday() == 5
    assert GREGORIAN.period_of(on, "week").start.weekday() == 0


@given(DAYS)
def test_n3_quarters_are_three_months(on: date) -> None:
    quarter = SOLAR_HIJRI.period_of(on, "quarter")
    assert len(SOLAR_HIJRI.periods("month", quarter.start, quarter.end - timedelta(days=1))) == 3
    assert SOLAR_HIJRI.parts(quarter.start)[1] in {1, 4, 7, 10}


def test_history_is_the_days_as_they_are() -> None:
    first, last = date(2024, 1, 5), date(2024, 3, 9)
    assert GREGORIAN.periods("history", first, last) == [Period(first, date(2024, 3, 10), "history")]


def test_no_days_no_periods() -> None:
    assert GREGORIAN.periods("month", date(2024, 3, 2), date(2024, 3, 1)) == []


def test_history_has_no_bounds() -> None:
    with pytest.raises(ValueError, match="no period of the kind 'history'"):
        GREGORIAN.period_of(date(2024, 1, 1), "history")


def test_calendars_are_called_as_in_the_settings() -> None:
    assert calendar("gregorian") is GREGORIAN
    assert calendar("solar_hijri") is SOLAR_HIJRI
    with pytest.raises(LookupError, match="julian"):
        calendar("julian")


def test_n3_label_in_words_of_the_reader() -> None:
    mehr = SOLAR_HIJRI.period_of(date(2026, 10, 1), "month")
    assert SOLAR_HIJRI.label(mehr, "fa") == "مهر ۱۴۰۵"
    assert SOLAR_HIJRI.label(mehr, "en") == "Mehr 1405"
