"""The lift of a warning: the interval holds the planted one as often as it says."""

from __future__ import annotations

import numpy as np

from holdfast.learning.lift import Outcomes, lift


def rows(chance: np.random.Generator, customers: int, each: int, share: float) -> Outcomes:
    customer = np.repeat(np.arange(customers), each)
    return Outcomes(
        customer, np.arange(len(customer)) % each, np.repeat(chance.random(customers) < share, each)
    )


def test_the_interval_holds_the_planted_lift() -> None:
    held = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        warned, others = rows(chance, 150, 2, 0.3), rows(chance, 400, 2, 0.1)
        shifted = Outcomes(others.customer + 150, others.period, others.left)
        found = lift(warned, shifted, seed)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 3 <= found.high
    assert held >= 52


def test_others_are_weighted_as_the_warnings_fell() -> None:
    warned = Outcomes(np.array([0, 1]), np.array([0, 0]), np.array([True, False]))
    others = Outcomes(np.array([2, 3, 4]), np.array([0, 1, 1]), np.array([True, False, False]))
    found = lift(warned, others)
    assert (found.with_warning, found.without, found.ratio) == (0.5, 1.0, 0.5)


def test_nothing_is_said_of_nothing() -> None:
    nobody = Outcomes(np.empty(0, np.intp), np.empty(0, np.intp), np.zeros(0, bool))
    some = Outcomes(np.array([0]), np.array([0]), np.array([True]))
    assert lift(nobody, some).with_warning is None
    assert lift(some, nobody).without is None
    assert lift(some, nobody).ratio is None
    stayed = Outcomes(np.array([1]), np.array([0]), np.array([False]))
    assert (lift(some, stayed).without, lift(some, stayed).ratio) == (0.0, None)
