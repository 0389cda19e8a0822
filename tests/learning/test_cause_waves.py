"""E5: weeks in which one cause is named more are found with their size and place; chance is not."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.learning.cause_waves import EVERYWHERE, Named, cause_waves

WEEKS, PLACES, CAUSES = 100, 3, 8


def company(seed: int, losses: int = 900) -> Named:
    """Losses of two years, of which more and more come a week, from causes of unequal parts by place."""
    random = np.random.default_rng(seed)
    week = np.minimum((WEEKS * np.sqrt(random.random(losses))).astype(np.int64), WEEKS - 1)
    place = random.integers(0, PLACES, losses)
    part = np.array([[8, 6, 5, 4, 3, 2, 2, 1], [2, 2, 8, 6, 1, 4, 3, 1], [1, 5, 5, 5, 5, 2, 8, 2]], float)
    part /= part.sum(axis=1, keepdims=True)
    cause = (random.random(losses)[:, None] > part[place].cumsum(axis=1)).sum(axis=1)
    return Named(cause, place, random.integers(0, 4, losses), week)


def with_wave(named: Named, cause: int, place: int, first: int, stop: int) -> Named:
    """The same where half of the losses of some weeks (in ``place``, or everywhere) have a cause instead."""
    there = (named.place == place) | (place == EVERYWHERE)
    inside = np.flatnonzero(there & (named.week >= first) & (named.week < stop))
    changed = named.cause.copy()
    changed[inside[::2]] = cause
    return Named(changed, named.place, named.stratum, named.week)


@pytest.mark.parametrize("place", [1, EVERYWHERE])
def test_e5_a_cause_that_stood_out_is_found_where_and_when_it_did(place: int) -> None:
    (found,) = cause_waves(with_wave(company(3), 7, place, 70, 80))
    assert (found.cause, found.place) == (7, place)
    assert abs(found.first - 70) <= 1
    assert abs(found.stop - 80) <= 1
    assert found.chance <= 0.05
    assert 1 < found.low < found.times < found.high


def test_e5_two_causes_at_once_are_both_named() -> None:
    both = with_wave(with_wave(company(4), 7, 1, 70, 80), 5, 2, 40, 52)
    assert {(each.cause, each.place) for each in cause_waves(both)} == {(7, 1), (5, 2)}


def test_e5_a_loss_of_no_known_place_counts_for_the_whole_company_only() -> None:
    nowhere = company(3)
    told = Named(nowhere.cause, np.full(len(nowhere), -1), nowhere.stratum, nowhere.week)
    (found,) = cause_waves(with_wave(told, 7, EVERYWHERE, 70, 80))
    assert (found.cause, found.place) == (7, EVERYWHERE)


def test_e5_more_losses_of_every_cause_are_no_wave_of_one() -> None:
    named = company(5)
    week = named.week.copy()
    week[::3] = 60 + np.arange(len(week[::3])) % 10
    assert not cause_waves(Named(named.cause, named.place, named.stratum, week))


def test_e5_few_known_causes_say_nothing() -> None:
    assert not cause_waves(company(3).only(np.arange(900) < 59))


@pytest.mark.long
def test_e5_causes_of_nothing_are_found_at_most_at_the_stated_rate() -> None:
    """100 companies: more than 10 with a finding would be a rate above 5 % beyond doubt."""
    assert sum(bool(cause_waves(company(100 + seed, 500), seed=seed)) for seed in range(100)) <= 10
