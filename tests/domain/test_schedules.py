"""When a digest comes again, by the clock of who reads it (N4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.dashboards import Every
from holdfast.domain.schedules import next_after

DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.mark.parametrize(
    ("now", "every", "day", "minute", "zone", "expected"),
    [
        ("2026-11-16T07:59", "day", 0, 480, "UTC", "2026-11-16T08:00"),
        ("2026-11-16T08:00", "day", 0, 480, "UTC", "2026-11-17T08:00"),
        ("2026-11-16T08:00", "week", 0, 480, "UTC", "2026-11-23T08:00"),
        ("2026-11-16T08:00", "week", 6, 480, "UTC", "2026-11-22T08:00"),
        ("2026-02-01T00:00", "month", 28, 480, "UTC", "2026-02-28T08:00"),
        ("2026-11-16T05:00", "day", 0, 480, "Asia/Tehran", "2026-11-17T04:30"),
        # In Dublin the clock goes from 01:00 to 02:00: half past one is not there that night.
        ("2026-03-29T00:00", "day", 0, 90, "Europe/Dublin", "2026-03-29T01:30"),
        ("2026-03-29T02:00", "day", 0, 480, "Europe/Dublin", "2026-03-29T07:00"),
    ],
)
def test_the_next_time(now: str, every: Every, day: int, minute: int, zone: str, expected: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next_after(at, every, day, minute, ZoneInfo(zone)).astimezone(UTC)
    assert found.strftime("%Y-%m-%dT%H:%M") == expected


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["day", "week", "month"]),
    st.integers(0, 28),
    st.integers(0, 1439),
)
def test_it_comes_later_each_time_and_never_twice(now: datetime, every: Every, day: int, minute: int) -> None:
    day = min(day, 6) if every == "week" else day
    first = next_after(now, every, day, minute, DUBLIN)
    second = next_after(first, every, day, minute, DUBLIN)
    assert now < first < second
    gap = (second - first).total_seconds() / 3600
    usual = {"day": 24, "week": 168}.get(every)
    assert usual is None or abs(gap - usual) <= 1


@pytest.mark.parametrize(
    ("zone", "minute", "times"),
    [
        # Forward: half past two is not there that night, it comes as much later.
        ("Europe/Bucharest", 210, ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"]),
        # Back: half past three comes twice, and the first time counts.
        ("Europe/Bucharest", 210, ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]),
        # Lord Howe changes by half an hour: forward over 02:15, back over 01:45.
        ("Australia/Lord_Howe", 135, ["2026-10-02T15:45", "2026-10-03T15:45", "2026-10-04T15:15"]),
        ("Australia/Lord_Howe", 105, ["2026-04-03T14:45", "2026-04-04T14:45", "2026-04-05T15:15"]),
    ],
)
def test_g1_a_daily_time_comes_once_in_a_night_in_which_clocks_change(
    zone: str, minute: int, times: list[str]
) -> None:
    at = datetime.fromisoformat(times[0]).replace(tzinfo=UTC) - timedelta(minutes=1)
    for expected in times:
        at = next_after(at, "day", 0, minute, ZoneInfo(zone))
        assert at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == expected


def test_in_the_hour_that_comes_twice_what_is_over_does_not_come_again() -> None:
    second = datetime(2026, 10, 25, 1, 15, tzinfo=DUBLIN, fold=1)
    assert next_after(second, "day", 0, 90, DUBLIN) == datetime(2026, 10, 26, 1, 30, tzinfo=DUBLIN)
