"""G3: quiet hours and days of rest by the clock on the wall, in nights in which clocks change as well."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.waking import MINUTES, Place, Quiet, Times, opens_us, rests

HOUR_US = 3_600_000_000
ZONES = (
    "Europe/Dublin",
    "Europe/Bucharest",
    "Asia/Tehran",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "America/Sao_Paulo",
)


def us(zone: str, *parts: int, fold: int = 0) -> int:
    return int(datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).timestamp()) * 1_000_000  # type: ignore[misc,arg-type]


def minute_of(at_us: int, zone: ZoneInfo) -> int:
    here = datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(zone)
    return here.hour * 60 + here.minute


minutes = st.integers(0, MINUTES - 1)
# Around the changes of clocks of each year, and any other moment.
moments = st.integers(us("UTC", 2018, 1, 1), us("UTC", 2027, 12, 1)) | st.builds(
    lambda year, month, day, hour: us("UTC", year, month, 1) + (day * 24 + hour) * HOUR_US + 7,
    st.integers(2018, 2027),
    st.sampled_from([3, 4, 9, 10, 11]),
    st.integers(0, 30),
    st.integers(0, 23),
)


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True),
    minutes,
    minutes,
    moments,
    st.booleans(),
)
def test_g3_quiet_hours_are_never_broken_in_any_zone(
    names: list[str], start: int, end: int, at_us: int, weekends: bool
) -> None:
    quiet, place = Quiet(start, end), Place(tuple(ZoneInfo(name) for name in names))
    times = Times(quiet, weekends=weekends)
    found = opens_us(times, place, at_us)
    if found is None:
        assert not weekends or (start - end) % MINUTES <= 1
        return
    assert found >= at_us
    one = opens_us(times, Place(place.zones[:1]), at_us)
    assert one is not None
    here = datetime.fromtimestamp(found // 1_000_000, UTC).astimezone(place.zones[0])
    assert not quiet.holds(minute_of(found, place.zones[0]))
    assert weekends or here.weekday() not in (5, 6)
    if found != one:  # open in all of them
        assert not any(quiet.holds(minute_of(found, zone)) for zone in place.zones)


@settings(max_examples=25)
@given(st.sampled_from(ZONES), minutes, st.integers(1, MINUTES - 60), moments)
def test_g3_nothing_waits_longer_than_the_quiet_hours_last(
    name: str, start: int, length: int, at_us: int
) -> None:
    zone = ZoneInfo(name)
    quiet = Quiet(start, (start + length) % MINUTES)
    found = opens_us(Times(quiet), Place((zone,)), at_us)
    assert found is not None
    asleep = range(at_us, found, 15 * 60_000_000)
    # an hour of the clock that is left out or comes twice may be in between
    open_before = [at for at in asleep if not quiet.holds(minute_of(at, zone))]
    assert len(open_before) <= 4
    assert found - at_us <= length * 60_000_000 + HOUR_US


@pytest.mark.parametrize(
    ("zone", "now", "until", "opens"),
    [
        # over midnight
        ("Europe/Dublin", (2026, 7, 1, 23, 0), 8 * 60, (2026, 7, 2, 8, 0)),
        ("Europe/Dublin", (2026, 7, 2, 3, 0), 8 * 60, (2026, 7, 2, 8, 0)),
        # clocks go forward in this night: 01:30 is not there, the hour after it is open
        ("Europe/Dublin", (2026, 3, 28, 23, 0), 90, (2026, 3, 29, 2, 30)),
        # and back: 01:00 to 02:00 comes twice
        ("Europe/Dublin", (2026, 10, 24, 23, 0), 90, (2026, 10, 25, 1, 30)),
        ("America/New_York", (2026, 3, 7, 23, 0), 8 * 60, (2026, 3, 8, 8, 0)),
        ("America/New_York", (2026, 10, 31, 23, 0), 8 * 60, (2026, 11, 1, 8, 0)),
    ],
)
def test_g3_the_night_ends_by_the_clock_on_the_wall(
    zone: str, now: tuple[int, ...], until: int, opens: tuple[int, ...]
) -> None:
    times, place = Times(Quiet(22 * 60, until)), Place((ZoneInfo(zone),))
    assert opens_us(times, place, us(zone, *now)) == us(zone, *opens)


def test_g3_in_the_hour_that_comes_twice_it_is_quiet_twice() -> None:
    times, place = Times(Quiet(22 * 60, 90)), Place((ZoneInfo("Europe/Dublin"),))
    again = us("Europe/Dublin", 2026, 10, 25, 1, 10, fold=1)
    assert opens_us(times, place, again) == us("Europe/Dublin", 2026, 10, 25, 1, 30, fold=1)


def test_g3_days_of_rest_are_those_where_the_customer_lives() -> None:
    friday, nowruz = us("Asia/Tehran", 2026, 3, 20, 12, 0), date(2026, 3, 21)
    iran = Place((ZoneInfo("Asia/Tehran"),), weekend=frozenset((4,)), holidays=frozenset((nowruz,)))
    ireland = Place((ZoneInfo("Europe/Dublin"),))
    times = Times(weekends=False, holidays=False)
    assert opens_us(times, ireland, friday) == friday
    assert opens_us(times, iran, friday) == us("Asia/Tehran", 2026, 3, 22, 0, 0)
    assert rests(times, iran, friday) and not rests(times, ireland, friday)
    assert opens_us(Times(), iran, friday) == friday


def test_g3_where_every_day_is_one_of_rest_nothing_opens() -> None:
    place = Place((ZoneInfo("UTC"),), weekend=frozenset(range(7)))
    assert opens_us(Times(weekends=False), place, 1) is None


def test_g3_somebody_of_a_wide_country_is_not_woken_in_any_of_its_zones() -> None:
    coasts = Place((ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")))
    times = Times(Quiet(21 * 60, 8 * 60))
    nine = us("America/New_York", 2026, 7, 1, 9, 0)
    assert opens_us(times, coasts, nine) == nine + int(timedelta(hours=2).total_seconds()) * 1_000_000
    never_both = Times(Quiet(9 * 60 + 10, 9 * 60))
    assert opens_us(never_both, coasts, nine) == nine
