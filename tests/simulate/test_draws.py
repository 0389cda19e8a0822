"""Draws depend on seed, person, day and purpose, and on nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from holdfast.simulate import draws
from holdfast.simulate.draws import Purpose

PEOPLE = np.arange(20_000)
days = st.integers(-1, 5_000)
purposes = st.sampled_from(list(Purpose))
seeds = st.integers(0, 2**63)


@given(seeds, days, purposes, st.integers(0, 63))
def test_a_person_draws_the_same_whoever_else_draws(seed: int, day: int, purpose: Purpose, part: int) -> None:
    among_all = draws.uniform(draws.person_keys(seed, PEOPLE[:50]), day, purpose, part)
    alone = draws.uniform(draws.person_keys(seed, PEOPLE[17:18]), day, purpose, part)
    assert among_all[17] == alone[0]


@given(seeds, days, purposes)
def test_draws_lie_strictly_between_0_and_1(seed: int, day: int, purpose: Purpose) -> None:
    drawn = draws.uniform(draws.person_keys(seed, PEOPLE[:500]), day, purpose)
    assert drawn.min() > 0.0
    assert drawn.max() < 1.0


def test_draws_of_a_day_are_uniform_and_those_of_two_purposes_unrelated() -> None:
    keys = draws.person_keys(1, PEOPLE)
    one = draws.uniform(keys, 5, Purpose.ORDER)
    other = draws.uniform(keys, 5, Purpose.MOOD)
    following = draws.uniform(keys, 6, Purpose.ORDER)
    counts = np.histogram(one, bins=20, range=(0, 1))[0]
    chi_square = float(((counts - 1000.0) ** 2 / 1000.0).sum())
    assert chi_square < 43.8  # 99.9 % of chi-square with 19 degrees of freedom
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03
    assert abs(np.corrcoef(one, following)[0, 1]) < 0.03
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.03


def test_normal_and_gamma_draws_have_their_moments() -> None:
    keys = draws.person_keys(2, PEOPLE)
    normal = draws.normal(keys, 0, Purpose.FIT)
    gamma = draws.gamma_of_two(keys, 0, Purpose.FRAILTY)
    assert abs(normal.mean()) < 0.03
    assert abs(normal.std() - 1.0) < 0.03
    assert abs(gamma.mean() - 1.0) < 0.03
    assert abs(gamma.var() - 0.5) < 0.05


def test_choices_come_as_often_as_their_weights_say() -> None:
    keys = draws.person_keys(3, PEOPLE)
    weights = np.array([1.0, 0.0, 3.0])
    chosen = draws.choose(draws.uniform(keys, 0, Purpose.KIND), weights)
    assert abs((chosen == 2).mean() - 0.75) < 0.015
    assert not (chosen == 1).any()
    by_row = draws.choose_by_row(
        draws.uniform(keys, 0, Purpose.KIND), np.repeat(weights[None, :], len(PEOPLE), axis=0)
    )
    assert (by_row == chosen).all()
