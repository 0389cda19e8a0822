"""What is usual (B2): the gap of a company without the bias of a short window, and each one's rhythm."""

from __future__ import annotations

from math import ceil, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.analytics.rhythm import (
    FALSE_LEAVES_A_YEAR,
    Usual,
    count_gaps,
    credibility,
    own_allowance,
    usual,
    usual_days,
)


def history(
    seed: int, customers: int, mean: float, window: int, spread: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Customers who buy for ever at random, seen for ``window`` days; means differ by ``spread``."""
    chance = np.random.default_rng(seed)
    unit, day = [], []
    for customer in range(customers):
        own = mean * np.exp(spread * chance.standard_normal())
        at = chance.uniform(0, min(window, 90))
        while at < window:
            unit.append(customer)
            day.append(int(at))
            at += max(1.0, chance.exponential(own))
    return np.array(unit), np.array(day)


def distinct(unit: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.unique(np.stack([unit, day], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def test_b2_the_usual_gap_is_that_of_a_long_window_even_when_a_short_one_was_seen() -> None:
    truth = usual_days(count_gaps(*distinct(*history(1, 400, 60, 4000)), 4000))
    unit, day = distinct(*history(2, 6000, 60, 250))
    short = count_gaps(unit, day, 250)
    found = usual_days(short)
    naive = int(np.searchsorted(np.cumsum(short.by_length), 0.9 * short.completed))
    assert truth is not None
    assert found is not None
    assert naive < 0.85 * truth
    assert found == pytest.approx(truth, rel=0.1)


def test_b2_with_few_repeats_nothing_is_usual() -> None:
    unit, day = np.repeat(np.arange(19), 2), np.tile([0, 30], 19)
    assert usual_days(count_gaps(unit, day, 400)) is None
    unit, day = np.repeat(np.arange(20), 2), np.tile([0, 30], 20)
    assert usual_days(count_gaps(unit, day, 400)) == 30


def test_b2_a_fixed_number_takes_the_place_of_the_measured_one() -> None:
    unit, day = np.repeat(np.arange(30), 2), np.tile([0, 30], 30)
    gaps = count_gaps(unit, day, 400)
    assert usual(gaps).days == 30
    assert usual(gaps, fixed=90).days == 90
    assert usual(gaps, {3: gaps}).categories == {3: 30}


@given(
    lengths=st.lists(st.integers(1, 300), min_size=1, max_size=200),
    parts=st.integers(2, 5),
)
@settings(max_examples=60, deadline=None)
def test_gaps_of_parts_add_up_to_those_of_all(lengths: list[int], parts: int) -> None:
    unit, day = [], []
    for customer in range(7):
        at = customer
        for length in lengths[customer::7]:
            unit.append(customer)
            day.append(at)
            at += length
    units, days = np.array(unit, np.int64), np.array(day, np.int64)
    end = int(days.max()) + 1
    whole = count_gaps(units, days, end)
    total = None
    for part in range(parts):
        rows = units % parts == part
        gaps = count_gaps(units[rows], days[rows], end)
        total = gaps if total is None else total + gaps
    assert total is not None
    assert (total.by_length == whole.by_length).all()
    assert usual_days(total) == usual_days(whole)
    assert credibility(total) == pytest.approx(credibility(whole))


def test_b2_own_gaps_weigh_more_where_customers_differ_more() -> None:
    alike = credibility(count_gaps(*distinct(*history(3, 500, 30, 1000)), 1000))
    different = credibility(count_gaps(*distinct(*history(4, 500, 30, 1000, spread=1.0)), 1000))
    assert different < 3 < alike
    assert different >= 0.5
    assert alike <= 20


def test_b2_the_formula_of_the_own_rhythm() -> None:
    company = Usual(days=60, credibility=2.0, mean_days=25.0)
    allowed = own_allowance(np.array([1, 1, 1, 2]), np.array([0, 20, 50, 7]), company)

    def expected(gaps: list[int]) -> int:
        mean = (sum(gaps) + 2.0 * 25.0) / (len(gaps) + 2.0)
        return ceil(mean * log(1 / min(FALSE_LEAVES_A_YEAR * mean / 365.25, FALSE_LEAVES_A_YEAR)))

    assert allowed.tolist() == [60, expected([20]), expected([20, 30]), 60]
    assert Usual(days=60).mean == pytest.approx(60 / log(10))
    patient = Usual(days=60, first_days=150)
    assert own_allowance(np.array([1]), np.array([0]), patient).tolist() == [150]


def test_b2_a_first_purchase_is_judged_by_second_ones_where_every_customer_weighs_the_same() -> None:
    # Ten customers buy weekly for a year, forty came back once, after 100 days.
    often = [(unit, day) for unit in range(10) for day in range(0, 364, 7)]
    seldom = [(unit, day) for unit in range(10, 50) for day in (0, 100)]
    unit, day = (np.array(each, np.int64) for each in zip(*often, *seldom, strict=True))
    found = usual(count_gaps(unit, day, 400))
    assert found.days == 7
    assert found.first_days == 100
    assert usual(count_gaps(unit, day, 400), fixed=30).first_days is None


def test_b2_a_long_time_away_is_no_rhythm() -> None:
    company = Usual(days=60, credibility=2.0)
    away = own_allowance(np.array([1, 1, 1]), np.array([0, 20, 2020]), company)
    capped = own_allowance(np.array([1, 1, 1]), np.array([0, 20, 140]), company)
    assert away.tolist() == capped.tolist()


def test_b2_someone_who_still_buys_is_rarely_counted_as_lost() -> None:
    unit, day = distinct(*history(6, 800, 20, 1500))
    company = usual(count_gaps(unit, day, 1500))
    allowed = own_allowance(unit, day, company)
    same = unit[1:] == unit[:-1]
    exceeded = (day[1:] - day[:-1] > allowed[:-1])[same].sum()
    customer_years = 800 * 1455 / 365.25
    assert exceeded / customer_years < 1.5 * FALSE_LEAVES_A_YEAR
