"""Silences that may have ended in leaving: their chance, and what is drawn from it (D4)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analytics.undecided import Silences, chance_of_leaving

SILENCE = st.integers(0, 1_000)


@given(SILENCE, SILENCE, st.floats(1, 400), st.floats(0.001, 0.9))
def test_a_longer_silence_makes_leaving_likelier(silence: int, more: int, gap: float, dropout: float) -> None:
    days = np.array([silence, silence + more])
    shorter, longer = chance_of_leaving(days, np.array([1_000, 1_000]), np.array([gap, gap]), dropout)
    assert 0 <= shorter <= longer + 1e-12 <= 1 + 2e-12


def test_the_chance_holds_among_customers_who_buy_at_random() -> None:
    """A thousand days of customers whose true dropout and gaps are known."""
    draw = np.random.default_rng(7)
    customers, gap, dropout, grace = 40_000, 30.0, 0.15, 140
    day = 400
    # The last purchase before the day: renewal in equilibrium, each purchase the last one with `dropout`.
    at = np.zeros(customers)
    last = np.zeros(customers)
    gone = np.zeros(customers, bool)
    upcoming = np.full(customers, np.inf)
    going = np.ones(customers, bool)
    while going.any():
        leaves = draw.random(customers) < dropout
        step = draw.exponential(gap, customers)
        later = at + step
        gone |= going & leaves
        upcoming = np.where(going & ~leaves & (later >= day), later, upcoming)
        still = going & ~leaves & (later < day)
        at = np.where(still, later, at)
        last = np.where(still, later, last)
        going = still
    silent = (day - last > 40) & (day - last < 80)
    reached = gone | (upcoming - last >= grace)
    said = chance_of_leaving(day - last, np.full(customers, grace), np.full(customers, gap), dropout)
    assert silent.sum() > 500
    assert said[silent].mean() == pytest.approx(reached[silent].mean(), abs=0.03)


def test_what_is_known_is_not_drawn() -> None:
    units = np.array([1, 2, 3, 4, 1, 2, 3], np.int64)
    at_day = np.array([100, 100, 100, 100, 200, 200, 200], np.int32)
    last_day = np.array([90, 95, 60, 99, 195, 105, 60], np.int32)
    silences = Silences(
        units, at_day, last_day, last_day, np.full(7, 150), np.full(7, 10.0), 0.2, end_day=1_000
    )
    rows, until = np.arange(4), np.full(4, 130, np.int32)
    departed = np.array([5_000, 5_000, 60, 120], np.int32)
    left, when = silences.drawn(rows, 200, until, departed, seed=1)
    # 1 bought after the horizon; 4 is not present any more; 2 and 3 are drawn, and as good as gone.
    assert left.tolist() == [False, True, True, True]
    assert when.tolist() == [195, 105, 60, 120]
    assert silences.drawn(rows, 200, until, departed, seed=1)[0].tolist() == left.tolist()
    # Of whom it is certain by the day is not drawn: 3 left on day 60, after 150 days it was known.
    left, when = silences.drawn(np.array([2]), 1_000, until[:1], departed[2:3], seed=1)
    assert (left.tolist(), when.tolist()) == ([True], [60])
    with pytest.raises(ValueError, match="no rows of day 150"):
        silences.drawn(rows, 150, until, departed, seed=1)
