"""Dates, periods and lengths of time in words (N3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.period import Period
from holdfast.domain.texts import Days
from holdfast.language import (
    ago,
    day,
    duration,
    languages,
    moment,
    month,
    period,
    quarter,
    span,
    year,
)

ON = date(2024, 3, 9)
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "month")
THIN = "\N{THIN SPACE}"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "9 March 2024"),
        ("ro", "9 martie 2024"),
        ("fa", "۱۹ اسفند ۱۴۰۲"),
        ("bg", "9 март 2024 г."),
        ("ru", "9 марта 2024 г."),
        ("zh", "2024年3月9日"),
    ],
)
def test_n3_a_day_in_each_language(code: str, written: str) -> None:
    assert day(ON, code).replace("\N{NARROW NO-BREAK SPACE}", " ") == written


def test_n3_a_day_in_the_other_calendar() -> None:
    assert day(ON, "fa", "gregorian") == "۹ مارس ۲۰۲۴"
    assert day(ON, "en", "solar_hijri") == "19 Esfand 1402"
    assert day(ON, "zh", "solar_hijri") == "1402年埃斯凡德月19日"


def test_n3_without_the_year_and_for_tables() -> None:
    assert day(ON, "en", year=False) == "9 March"
    assert day(ON, "en", short=True) == "9 Mar 2024"
    assert day(ON, "fa", year=False) == "۱۹ اسفند"
    assert month(ON, "en", short=True) == "Mar 2024"
    assert month(ON, "ru", year=False) == "март"


def test_n3_months_quarters_and_years() -> None:
    assert [write(ON, "en") for write in (month, quarter, year)] == ["March 2024", "Q1 2024", "2024"]
    assert [write(ON, "fa") for write in (month, quarter, year)] == ["اسفند ۱۴۰۲", "زمستان ۱۴۰۲", "۱۴۰۲"]
    assert quarter(ON, "en", "solar_hijri") == "Q4 1402"


def test_n3_every_reader_sees_the_same_period_in_dates_of_their_calendar() -> None:
    assert period(OCTOBER, "en") == "October 2026"
    assert period(OCTOBER, "fa") == "۹ مهر تا ۹ آبان ۱۴۰۵"
    assert period(OCTOBER, "fa", "gregorian") == "اکتبر ۲۰۲۶"


def test_n3_a_period_without_a_name_is_its_bounds() -> None:
    assert period(Period(date(2024, 3, 4), date(2024, 3, 11), "week"), "en") == "4–10 Mar 2024"
    assert period(Period(date(2024, 3, 4), date(2024, 3, 20), "month"), "en") == "4–19 Mar 2024"
    assert period(Period(ON, ON), "en") == "9 March 2024"
    assert period(Period(ON, ON + timedelta(days=1), "day"), "en") == "9 March 2024"


def test_n3_a_solar_span_says_each_part_once() -> None:
    assert span(date(2026, 9, 23), date(2026, 9, 29), "fa") == "۱ تا ۷ مهر ۱۴۰۵"
    assert span(date(2026, 9, 19), date(2026, 9, 25), "fa") == "۲۸ شهریور تا ۳ مهر ۱۴۰۵"
    assert span(date(2026, 3, 19), date(2026, 3, 23), "fa") == "۲۸ اسفند ۱۴۰۴ تا ۳ فروردین ۱۴۰۵"
    assert span(date(2026, 9, 23), date(2026, 9, 29), "en", "solar_hijri") == "1–7 Mehr 1405"


def test_n3_a_moment_is_local_to_the_company() -> None:
    at = datetime(2024, 3, 9, 22, 30, tzinfo=UTC)
    assert moment(at, "en", ZoneInfo("Asia/Tehran")) == "10 March 2024, 02:00"
    assert moment(at, "fa", ZoneInfo("Asia/Tehran")) == "۲۰ اسفند ۱۴۰۲، ۰۲:۰۰"
    assert moment(at, "en") == "9 March 2024, 22:30"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        moment(datetime(2024, 3, 9), "en")


@pytest.mark.parametrize(
    ("before", "written"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=3, hours=4), "3 days ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=100), "3 months ago"),
        (timedelta(days=900), "2 years ago"),
        (-timedelta(hours=2), "in 2 hours"),
        (-timedelta(days=1), "in 1 day"),
    ],
)
def test_n3_how_long_ago(before: timedelta, written: str) -> None:
    now = datetime(2024, 3, 9, tzinfo=UTC)
    assert ago(now - before, now, "en") == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (1, "1 day"),
        (2.5, "2.5 days"),
        (Days(23), "23 days"),
        (Days(8.94), "8.9 days"),
        (timedelta(days=2, hours=20), "3 days"),
        (timedelta(hours=1, minutes=30), "1.5 hours"),
        (timedelta(minutes=15), "15 minutes"),
    ],
)
def test_n3_lengths_of_time(length: float, written: str) -> None:
    assert duration(length, "en") == written


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)), st.sampled_from(languages()))
def test_n3_any_day_can_be_written_in_any_language(on: date, code: str) -> None:
    for calendar in ("gregorian", "solar_hijri"):
        for write in (day, month, quarter, year):
            assert write(on, code, calendar)
        assert span(on, on + timedelta(days=40), code, calendar)
