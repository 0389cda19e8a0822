"""Storms: thousands at once are one thing; an ordinary busy day is none."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.analytics.storms import is_storm, usual_number


def test_an_outage_is_a_storm() -> None:
    assert is_storm(900, [4, 6, 3, 5, 4, 7, 5, 3])
    assert is_storm(25, [0] * 10)
    assert is_storm(120, [20] * 28)


def test_few_customers_are_no_storm() -> None:
    assert not is_storm(24, [0] * 28)


def test_nothing_is_known_before_a_week_is_over() -> None:
    assert not is_storm(900, [4, 6, 3, 5, 4, 7])


def test_a_storm_before_hides_no_second_one() -> None:
    assert is_storm(900, [5, 4, 6, 800, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5] * 2)


@pytest.mark.parametrize("usual", [0.3, 3, 30, 300])
def test_of_days_as_they_come_fewer_than_one_in_a_thousand_is_taken_for_one(usual: float) -> None:
    chance = np.random.default_rng(7)
    counts = chance.negative_binomial(5, 5 / (5 + usual), (2_000, 29))
    assert sum(is_storm(int(row[-1]), row[:-1].tolist()) for row in counts) <= 1


def test_the_usual_number_leaves_the_loudest_days_out() -> None:
    assert usual_number([]) == 0
    assert usual_number([2, 2, 2, 2, 2, 2, 2, 2, 2, 500]) == 2
