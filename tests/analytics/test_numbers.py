"""The arithmetic below the metrics: intervals, survival, rates, days of a zone, formulas."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.reference import value
from holdfast.analytics.economics import lifetime_value, lifetime_years, money_lost
from holdfast.analytics.intervals import count_interval, differs, more_than_chance, wilson
from holdfast.analytics.local_days import DAY_US, day_start_us, local_day, offsets_of
from holdfast.analytics.rates import Rate, RateTable
from holdfast.analytics.spec import Column
from holdfast.analytics.survival import kaplan_meier


def test_b3_b4_the_vectors_of_the_sources() -> None:
    assert money_lost(2_000, 1_000, 0.25) == 500_000
    assert lifetime_value(34.20, 8.4, 0.38, 3.7) == pytest.approx(34.20 * 8.4 * 0.38 * 3.7)
    assert lifetime_years(3653, 5) == pytest.approx(3653 / 5 / 365.25)
    assert lifetime_years(3653, 0) is None


def test_wilson_on_values_from_the_literature() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, and 15 of 148.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="expected 0 <= hits <= of"):
        wilson(3, 2)


@given(of=st.integers(1, 10_000), share=st.floats(0, 1))
def test_wilson_holds_the_share_and_stays_within_0_and_1(of: int, share: float) -> None:
    hits = round(of * share)
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1


def test_a_rise_is_told_from_chance() -> None:
    assert more_than_chance(20, 1000, 20, 1000) == pytest.approx(0.5)
    assert more_than_chance(20, 1000, 45, 1000) < 0.001
    assert more_than_chance(45, 1000, 20, 1000) > 0.999
    assert more_than_chance(0, 0, 5, 10) == 1.0
    assert more_than_chance(0, 10, 0, 10) == 1.0
    assert differs(100, 1000, 50, 1000)
    assert not differs(10, 100, 9, 100)


def test_the_interval_of_a_count_is_close_to_the_exact_one() -> None:
    # Exact Poisson limits: 10 -> 4.795 .. 18.39; 1 -> 0.0253 .. 5.572; 0 -> 0 .. 3.689.
    assert count_interval(10) == pytest.approx((4.795, 18.39), rel=0.01)
    assert count_interval(1)[1] == pytest.approx(5.572, rel=0.02)
    assert count_interval(0) == pytest.approx((0, 3.689), rel=0.02)


def test_b5_kaplan_meier_on_the_remission_data_of_freireich() -> None:
    # 6-MP group of Freireich et al. (1963), the standard example: S(6) = .857, S(23) = .448.
    left = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = np.array(sorted(set(left + still)))
    curve = kaplan_meier(
        days, np.array([left.count(day) for day in days]), np.array([still.count(day) for day in days])
    )
    assert curve is not None
    assert curve.at(6)[0] == pytest.approx(0.857, abs=5e-4)
    assert curve.at(10)[0] == pytest.approx(0.753, abs=5e-4)
    assert curve.at(22)[0] == pytest.approx(0.538, abs=5e-4)
    assert curve.at(23) == pytest.approx((0.448, 0.188, 0.680), abs=2e-3)
    assert curve.median() == 23
    assert curve.at(0) == (1.0, 1.0, 1.0)
    assert curve.mean_within(6) == 6
    assert (curve.customers, curve.events, curve.followed_days) == (21, 9, 35)


def test_b5_a_curve_of_nobody_and_one_that_ends_at_nothing() -> None:
    nothing = np.empty(0, np.int64)
    assert kaplan_meier(nothing, nothing, nothing) is None
    curve = kaplan_meier(np.array([5]), np.array([3]), np.array([0]))
    assert curve is not None
    assert curve.at(5) == (0.0, 0.0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_b5_without_anyone_still_there_the_curve_is_the_plain_share(lives: list[tuple[int, bool]]) -> None:
    days = np.array(sorted({day for day, _ in lives}))
    count = np.array([sum(day == each for each, _ in lives) for day in days])
    curve = kaplan_meier(days, count, np.zeros(len(days), np.int64))
    assert curve is not None
    for day in days:
        assert curve.at(day)[0] == pytest.approx(sum(each > day for each, _ in lives) / len(lives))
    assert (curve.low <= curve.share + 1e-12).all()
    assert (curve.share <= curve.high + 1e-12).all()


def test_amounts_take_the_last_rate_on_or_before_their_day() -> None:
    table = RateTable([Rate(10, "USD", "EUR", 0.9), Rate(20, "USD", "EUR", 0.8)], "EUR")
    days = np.array([9, 10, 19, 20, 99])
    assert np.isnan(table.rates_on("USD", days)[0])
    assert table.rates_on("USD", days)[1:].tolist() == [0.9, 0.9, 0.8, 0.8]


def test_amounts_take_inverse_rates_and_those_over_a_third_currency() -> None:
    table = RateTable([Rate(0, "EUR", "USD", 1.25), Rate(0, "EUR", "RON", 5.0)], "RON")
    day = np.array([5])
    assert table.rates_on("EUR", day)[0] == 5.0
    assert table.rates_on("USD", day)[0] == pytest.approx(4.0)
    assert RateTable([Rate(0, "EUR", "USD", 1.25)], "EUR").rates_on("USD", day)[0] == 0.8


def test_amounts_without_a_rate_are_marked_and_minor_units_differ() -> None:
    table = RateTable([Rate(0, "JPY", "EUR", 0.0061), Rate(0, "KWD", "EUR", 3.0)], "EUR")
    amount = np.array([10_000, 1_000, 250, 700])
    currency = np.array([1, 2, 0, 3])
    converted, known = table.convert(amount, currency, ["EUR", "JPY", "KWD", "CHF"], np.zeros(4, np.int64))
    # 10,000 yen are 61 euros; 1 dinar (1,000 fils) are 3 euros.
    assert converted.tolist() == [6_100, 300, 250, 0]
    assert known.tolist() == [True, True, True, False]


def test_halves_go_to_the_even_neighbour() -> None:
    table = RateTable([Rate(0, "USD", "EUR", 0.5)], "EUR")
    converted, _ = table.convert(np.array([1, 3, 5]), np.array([0, 0, 0]), ["USD"], np.zeros(3, np.int64))
    assert converted.tolist() == [0, 2, 2]


ZONES = ["Europe/Dublin", "Asia/Tehran", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]


@given(
    zone=st.sampled_from(ZONES),
    at=st.datetimes(datetime(1969, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
)
@settings(max_examples=150, deadline=None)
def test_a_day_is_that_of_the_workspace_without_any_engine_knowing_zones(zone: str, at: datetime) -> None:
    moment = int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000
    first, last = -40 * 365 * DAY_US, 66 * 365 * DAY_US
    found = value(local_day(Column("at"), ZoneInfo(zone), first, last), {"at": moment}, {})
    local = at.astimezone(ZoneInfo(zone)).date()
    assert found == (local - datetime(1970, 1, 1).date()).days
    assert day_start_us(found, ZoneInfo(zone)) <= moment < day_start_us(found + 1, ZoneInfo(zone))


def test_only_the_offsets_that_were_in_force_are_written() -> None:
    dublin = ZoneInfo("Europe/Dublin")
    summer = int(datetime(2024, 7, 1, tzinfo=UTC).timestamp()) * 1_000_000
    assert offsets_of(dublin, summer, summer + DAY_US) == ((), (3_600_000_000,))
    bounds, offsets = offsets_of(dublin, summer, summer + 365 * DAY_US)
    assert len(offsets) == 3
    assert bounds[0] == int(datetime(2024, 10, 27, 1, tzinfo=UTC).timestamp()) * 1_000_000
