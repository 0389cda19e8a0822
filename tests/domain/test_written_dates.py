"""Dates as people write them, in two calendars (A1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from holdfast.domain.period import date_of, day_number
from holdfast.domain.written_dates import day_comes_first, order_evidence, persian_days, read_moment

MICRO = timedelta(microseconds=1)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)).map(lambda at: at.replace(microsecond=0))


def local(text: str, **how: bool) -> datetime | None:
    moment = read_moment(text, **how)
    return None if moment is None else datetime(1970, 1, 1) + moment.local_us * MICRO


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-31", datetime(2024, 1, 31)),
        ("2024/1/5 3:04", datetime(2024, 1, 5, 3, 4)),
        ("2024-01-31T10:20:30.5", datetime(2024, 1, 31, 10, 20, 30, 500_000)),
        ("31.01.2024 10:20", datetime(2024, 1, 31, 10, 20)),
        ("31.1.24", datetime(2024, 1, 31)),
        ("31/01/99", datetime(1999, 1, 31)),
        ("20240131", datetime(2024, 1, 31)),
        ("20240131102030", datetime(2024, 1, 31, 10, 20, 30)),
        ("2024-01", datetime(2024, 1, 1)),
        ("Oct 2, 2017", datetime(2017, 10, 2)),
        ("October 2nd, 2017 at 3:04 pm", datetime(2017, 10, 2, 15, 4)),
        ("2 Oct 2017", datetime(2017, 10, 2)),
        ("02-Oct-17", datetime(2017, 10, 2)),
        ("Mon, 2 Oct 2017 12:00 AM", datetime(2017, 10, 2, 0, 0)),
        ("2 octombrie 2017", datetime(2017, 10, 2)),
        ("2 октября 2017 г.", datetime(2017, 10, 2)),
        ("2 октомври 2017", datetime(2017, 10, 2)),
        ("2017年10月2日", datetime(2017, 10, 2)),
        ("1403/05/12", datetime(2024, 8, 2)),
        ("۱۴۰۳/۰۵/۱۲ ۱۰:۲۰", datetime(2024, 8, 2, 10, 20)),
        ("14030512", datetime(2024, 8, 2)),
        ("۱۲ مرداد ۱۴۰۳", datetime(2024, 8, 2)),
        ("1506902400", datetime(2017, 10, 2)),
        ("1506902400000", datetime(2017, 10, 2)),
        ("1506902400.5", datetime(2017, 10, 2, 0, 0, 0, 500_000)),
        ("31.12.1969", datetime(1969, 12, 31)),
    ],
)
def test_every_common_way_of_writing_a_date(text: str, expected: datetime) -> None:
    assert local(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2024-02-30",
        "13/13/2024",
        "2024-13-01",
        "25:00",
        "2024-01-01 25:00",
        "1403/12/30x",
        "12",
        "1402/12/30",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_the_order_of_day_and_month_is_given_from_outside() -> None:
    assert local("03/04/2024") == datetime(2024, 4, 3)
    assert local("03/04/2024", day_first=False) == datetime(2024, 3, 4)
    assert local("03.04.2024", day_first=False) == datetime(2024, 4, 3), "dots put the day first"
    assert read_moment("01/31/2024") is None, "a value that does not fit the order is none"


def test_evidence_for_the_order() -> None:
    assert [order_evidence(text) for text in ("31/01/2024", "01/31/2024", "01/02/2024", "31.01.2024")] == [
        "day", "month", "", "",
    ]  # fmt: skip
    assert day_comes_first(["01/02/2024", "01/31/2024"]) == (False, True)
    assert day_comes_first(["01/02/2024"]) == (True, False)


def test_a_zone_in_the_value_decides() -> None:
    moment = read_moment("2024-01-01T10:00:00+03:30")
    assert moment is not None and moment.offset_us == 12_600_000_000
    assert moment.utc_us(ZoneInfo("America/New_York")) == moment.local_us - 12_600_000_000
    assert all(
        (found := read_moment(f"2024-01-01 10:00{zone}")) is not None and found.offset_us == 0
        for zone in ("Z", " UTC", " GMT", "+00", "+0000")
    )


def test_a_gap_takes_the_offset_before_and_a_fold_is_the_first() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    gap, fold = read_moment("2024-03-31 02:30"), read_moment("2024-10-27 02:30")
    assert gap is not None and fold is not None
    assert gap.utc_us(berlin) == int(datetime(2024, 3, 31, 1, 30, tzinfo=UTC).timestamp()) * 1_000_000
    assert fold.utc_us(berlin) == int(datetime(2024, 10, 27, 0, 30, tzinfo=UTC).timestamp()) * 1_000_000


@given(
    moments, st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S"])
)
def test_what_was_written_is_read_back(at: datetime, pattern: str) -> None:
    assert local(at.strftime(pattern)) == at


@given(st.dates(date(1871, 4, 1), date(2122, 3, 1)))
def test_the_persian_calendar_is_that_of_persiantools(on: date) -> None:
    jalali = JalaliDate(on)
    days = persian_days(jalali.year, jalali.month, jalali.day)
    assert days == day_number(on)
    assert date_of(days) == on


@given(st.text(max_size=24))
def test_no_text_breaks_the_reader(text: str) -> None:
    moment = read_moment(text)
    assert moment is None or isinstance(moment.utc_us(ZoneInfo("Asia/Tehran")), int)
