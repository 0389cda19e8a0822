"""E5: odd days and stretches of weeks are found with their size, chance is not; season and trend."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.learning.outside import ALPHA, Stretch, against, odd_days, season, stretches, usual_of

WEEKS = 104


def days(seed: int, length: int = 730) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A company of 80 events a day, with weekdays."""
    random = np.random.default_rng(seed)
    return random.poisson(80 * np.tile([1.2, 1, 1, 1, 1.1, 0.9, 0.8], length // 7 + 1)[:length]).astype(float)


def weeks(seed: int, times: float = 1.0) -> list[Stretch]:
    """Losses of two years, of which ``times`` as many as else in the weeks 80 to 87."""
    expected = np.linspace(15.0, 30.0, WEEKS)
    rate = expected.copy()
    rate[80:88] *= times
    return stretches(np.random.default_rng(seed).poisson(rate).astype(float), expected, seed=seed)


def test_e5_a_day_without_use_and_a_day_with_far_more_are_found_with_their_size() -> None:
    counts = days(1)
    counts[300], counts[400] = 3.0, 400.0
    low, high = odd_days(counts, looks=730)
    assert (low.day, high.day) == (300, 400)
    assert low.times < 0.1
    assert high.low < 400 / usual_of(counts)[400] < high.high


def test_e5_weekdays_are_not_odd() -> None:
    assert not odd_days(days(2), looks=730)


def test_e5_too_few_days_say_nothing() -> None:
    assert not odd_days(days(1, length=119), looks=119)


def test_e5_a_wave_of_losses_is_found_where_it_was_and_its_size_lies_in_the_interval() -> None:
    found = weeks(5, times=2.0)[0]
    assert abs(found.first - 80) <= 1
    assert abs(found.stop - 88) <= 1
    assert found.low < 2.0 < found.high
    assert found.chance <= ALPHA


def test_e5_few_losses_say_nothing() -> None:
    assert not stretches(np.full(WEEKS, 0.5), np.full(WEEKS, 0.5))


@pytest.mark.long
def test_e5_where_nothing_happened_weeks_and_days_are_found_at_most_at_the_stated_rate() -> None:
    """100 companies of each: more than 10 with a finding would be a rate above 5 % beyond doubt."""
    assert sum(bool(weeks(100 + seed)) for seed in range(100)) <= 10
    assert sum(bool(odd_days(days(100 + seed), looks=730)) for seed in range(100)) <= 10


def test_e5_season_and_trend_are_told_apart() -> None:
    """Twice as much in December, and a fifth more from year to year."""
    month = np.tile(np.arange(1, 13), 3)
    middle = np.arange(36) * 30.44
    exposure = np.full(36, 1_000.0)
    rate = np.where(month == 12, 2.0, 1.0) * 1.2 ** (middle / 365.25)
    counts = np.random.default_rng(3).poisson(exposure * rate).astype(float)
    months, trend = season(counts, exposure, month, middle)
    ordinary = 2 ** (-1 / 12)
    assert months[12].low < 2 * ordinary < months[12].high
    assert months[12].certain
    assert trend.low < 1.2 < trend.high


def test_e5_a_factor_that_chance_explains_is_not_certain() -> None:
    assert not against(102, 100, 1.0).certain
    assert against(200, 100, 1.0).certain
