"""Falling use and silence against the own habit: how often wrong, how often right, what is taken out (C5)."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.learning.company_days import day_weights
from holdfast.learning.habit_levels import ACTIVE, CHANCES, FALLING, SILENCE
from holdfast.learning.habit_record import record, week_against_week
from holdfast.learning.habits import BASE, DAYS, RECENT, WEEK, against_habit, chance
from holdfast.learning.steady import steady

USUAL = np.ones((1, DAYS))
LEFTS = (0.5, 0.2, 0.0)


def each_day(*counts: int) -> np.ndarray:
    """One customer for each number, who does so much every day."""
    return np.repeat(np.array(counts)[:, None], DAYS, axis=1)


def test_c5_false_alarms_and_catches_are_as_stated_on_other_customers() -> None:
    """The levels were measured on seed 6; these are others, in companies of their own."""
    found = [record(np.random.default_rng((77, seed)), 2_000, LEFTS, 0.05) for seed in range(4)]
    false_alarms = np.mean([each.false_alarms for each in found])
    assert 0.04 <= false_alarms <= 0.06
    caught = {left: np.mean([each.caught[left] for each in found]) for left in LEFTS}
    plain = [week_against_week(np.random.default_rng((77, seed)), 2_000, LEFTS, 0.05) for seed in range(4)]
    by_week = {left: np.mean([each.caught[left] for each in plain]) for left in LEFTS}
    assert caught[0.0] >= 0.85
    assert caught[0.2] >= 0.60
    assert caught[0.5] >= 5 * by_week[0.5]


@pytest.mark.long
def test_a_rarer_alarm_is_asked_for_with_a_lower_rate() -> None:
    found = [record(np.random.default_rng((78, seed)), 2_000, (0.2,), 0.01) for seed in range(3)]
    assert 0.005 <= np.mean([each.false_alarms for each in found]) <= 0.016
    assert np.mean([each.caught[0.2] for each in found]) >= 0.45


def test_whoever_goes_on_is_as_ever_and_whoever_stops_is_not() -> None:
    counts = each_day(3, 3)
    counts[1, -10:] = 0
    found = against_habit(counts, USUAL)
    assert found.judged.all()
    assert found.chance[0] > 0.9
    assert found.change[0] == pytest.approx(1)
    assert found.chance[1] < 0.001
    assert found.change[1] < 0.4
    assert found.silent.tolist() == [0, 10]
    assert found.usual_week == pytest.approx(21)


def test_light_users_are_not_judged() -> None:
    counts = np.zeros((2, DAYS), int)
    counts[0, ::9] = 1
    counts[1, ::7] = 1
    found = against_habit(counts, USUAL)
    assert found.judged.tolist() == [False, True]
    assert np.isnan(found.chance[0])


def test_a_customer_with_one_event_and_nobody_at_all_are_not_judged() -> None:
    counts = np.zeros((1, DAYS), int)
    counts[0, -1] = 1
    assert not against_habit(counts, USUAL).judged.any()
    assert len(against_habit(np.zeros((0, DAYS), int), USUAL).judged) == 0


def test_a_new_customer_is_compared_with_the_own_days_only() -> None:
    counts = each_day(2, 2)
    counts[0, : DAYS - RECENT - 50] = 0
    counts[1, : DAYS - RECENT - 20] = 0
    found = against_habit(counts, USUAL)
    assert found.judged.tolist() == [True, False]
    assert found.chance[0] > 0.9


def test_whose_weekends_are_free_is_not_silent_on_a_sunday() -> None:
    week = np.array([4, 4, 4, 4, 4, 0, 0])
    counts = np.tile(week, (1, DAYS // WEEK))
    assert against_habit(counts, USUAL).chance[0] > 0.5


def test_a_day_without_data_and_a_quiet_company_are_no_silence_of_a_customer() -> None:
    counts = each_day(3)
    counts[0, -12:] = 0
    weights = USUAL.copy()
    weights[0, -12:] = 0
    assert against_habit(counts, USUAL).chance[0] < 0.001
    found = against_habit(counts, weights)
    assert found.chance[0] > 0.9
    assert found.silent[0] == 0
    half = each_day(4)
    half[0, -20:] = 2
    weights = USUAL.copy()
    weights[0, -20:] = 0.5
    assert against_habit(half, weights).chance[0] > 0.9


def test_while_the_company_of_the_last_day_is_not_known_nobody_is_judged() -> None:
    weights = USUAL.copy()
    weights[0, -1] = np.nan
    assert not against_habit(each_day(3), weights).judged.any()


def test_whoever_is_quiet_at_this_time_of_each_year_is_not_warned_of() -> None:
    counts = each_day(3)
    counts[0, -RECENT:] = np.arange(RECENT) % 2
    assert against_habit(counts, USUAL).chance[0] < 0.01
    assert against_habit(counts, USUAL, np.array([0.2])).chance[0] > 0.5


def test_no_customer_changes_what_is_said_of_another() -> None:
    drawn = steady(np.random.default_rng(3), 200, DAYS)
    weights = day_weights(drawn.counts)[None, :]
    together = against_habit(drawn.counts, weights)
    alone = [against_habit(drawn.counts[row : row + 1], weights).chance[0] for row in range(200)]
    np.testing.assert_allclose(together.chance, alone, rtol=1e-4)


def test_more_of_a_statistic_is_never_a_larger_chance() -> None:
    values = np.linspace(0, 60, 400)
    for active in (1.0, 14.0, 33.0, 112.0):
        of = np.full(400, active)
        for falling, silence in ((values, np.zeros(400)), (np.zeros(400), values)):
            found = chance(falling, silence, of)
            assert (np.diff(found) <= 0).all()
            assert found[0] == 1
            assert found[-1] < 0.005


def test_the_levels_rise_with_rarity() -> None:
    for table in (FALLING, SILENCE):
        assert len(table) == len(ACTIVE)
        assert (np.diff(np.asarray(table), axis=1) > 0).all()
    assert (np.diff(CHANCES) < 0).all()
    assert max(ACTIVE) <= BASE


def test_a_companys_days_are_told_by_all_together() -> None:
    drawn = steady(np.random.default_rng(5), 3_000, DAYS)
    found = day_weights(drawn.counts)
    assert (found[drawn.weights == 0] == 0).all()
    assert np.abs(found - drawn.weights).max() < 0.25
    assert np.corrcoef(found, drawn.weights)[0, 1] > 0.98


def test_neither_growth_nor_losses_nor_a_giant_are_taken_for_a_season() -> None:
    draw = np.random.default_rng(6)
    counts = draw.poisson(1.0, (2_000, DAYS))
    joined = draw.integers(0, DAYS, 1_000)
    counts[:1_000][np.arange(DAYS)[None, :] < joined[:, None]] = 0
    left = draw.integers(0, DAYS, 700)
    counts[1_000:1_700][np.arange(DAYS)[None, :] >= left[:, None]] = 0
    counts[1_999, -7:] = 1_000_000
    found = day_weights(counts)
    assert np.abs(found[-RECENT:].mean() - found[RECENT:BASE].mean()) < 0.05
    assert np.abs(found - 1).max() < 0.15


def test_a_small_company_has_no_days_of_its_own() -> None:
    counts = np.random.default_rng(7).poisson(2.0, (20, DAYS))
    counts[:, -5:] = 0
    assert (day_weights(counts) == 1).all()
    assert (day_weights(np.zeros((0, DAYS), int)) == 1).all()


def test_closed_weekends_are_weekdays_and_a_silent_week_is_missing_data() -> None:
    counts = np.random.default_rng(8).poisson(0.5, (500, DAYS))
    counts[:, np.isin(np.arange(DAYS) % WEEK, (5, 6))] = 0
    weekends = day_weights(counts)
    assert (weekends[np.arange(DAYS) % WEEK < 5] > 0.5).all()
    assert (weekends[np.arange(DAYS) % WEEK >= 5] < 0.1).all()
    counts[:, 70:77] = 0
    gap = day_weights(counts)
    assert (gap[70:75] == 0).all()
    assert (np.delete(gap, range(70, 77))[np.delete(np.arange(DAYS) % WEEK < 5, range(70, 77))] > 0.5).all()
