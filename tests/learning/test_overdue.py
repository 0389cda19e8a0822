"""Purchases that are overdue against the own rhythm: how often wrong, whatever the gaps are like (C6)."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.learning.overdue import QUARTER, chance_of_silence, days_of_company


def false_alarms(draw: np.random.Generator, shapes: np.ndarray, means: np.ndarray, gaps: int) -> float:
    """The share of customers with an unchanged rhythm of whom it warns in a quarter.

    Each has had so many gaps before; then others follow until the quarter is over.
    """
    told: list[tuple[int, float, float, float, float]] = []
    for customer, (shape, mean) in enumerate(zip(shapes, means, strict=True)):
        lengths = np.maximum(1, np.rint(draw.gamma(shape, mean / shape, gaps + 200)))
        bought = np.cumsum(lengths)
        end = bought[gaps] + draw.integers(0, int(lengths[gaps + 1])) + QUARTER
        for place in range(gaps, int(np.searchsorted(bought, end))):
            # The longer the silence, the rarer: its last night tells whether it was ever overdue.
            since = min(bought[place + 1], end) - bought[place]
            own = lengths[: place + 1]
            told.append((customer, len(own), own.mean(), own.std(ddof=1), since))
    who, number, usual, spread, silent = np.array(told).T
    warned = chance_of_silence(number, usual, spread, silent) <= 0.05
    return len(np.unique(who[warned])) / len(shapes)


def test_c6_one_in_twenty_is_warned_of_by_mistake_in_a_quarter() -> None:
    """Whether the rhythm is known of two gaps or of twenty."""
    found = []
    for gaps in (2, 3, 6, 10, 20):
        draw = np.random.default_rng((42, gaps))
        shapes = np.exp(draw.normal(0.9, 0.6, 2_000))
        means = np.exp(draw.normal(np.log(25), 0.5, 2_000))
        found.append(false_alarms(draw, shapes, means, gaps))
    assert 0.04 <= np.mean(found) <= 0.06
    assert min(found) >= 0.025
    assert max(found) <= 0.075


def test_an_even_rhythm_is_overdue_sooner_than_an_uneven_one_and_a_short_history_later() -> None:
    def after(gaps: float, spread: float) -> float:
        since = np.arange(1.0, 400.0)
        number, mean, uneven = (np.full(len(since), value) for value in (gaps, 30.0, spread))
        return float(since[chance_of_silence(number, mean, uneven, since) <= 0.05][0])

    assert after(20, 3) < after(20, 15) < after(20, 30)
    assert after(20, 15) < after(3, 15)
    assert after(20, 3) == pytest.approx(50, abs=15)


def test_without_a_rhythm_nothing_is_said() -> None:
    one, nothing = np.array([1.0]), np.array([np.nan])
    assert np.isnan(chance_of_silence(one, np.array([30.0]), nothing, np.array([90.0]))).all()
    assert np.isnan(chance_of_silence(nothing, nothing, nothing, nothing)).all()
    two = np.array([2.0])
    assert chance_of_silence(two, np.array([30.0]), nothing, np.array([1.0]))[0] > 0.9


def test_days_without_data_and_quiet_days_of_the_company_do_not_count() -> None:
    weights = np.ones((1, 10))
    weights[0, -3:] = [0.0, 0.0, 0.5]
    assert days_of_company(np.array([1.0, 3.0, 5.0, 12.0]), weights).tolist() == [0.5, 0.5, 2.5, 9.5]
    each = np.stack([np.ones(10), weights[0]])
    assert days_of_company(np.array([5.0, 5.0]), each).tolist() == [5.0, 2.5]
    weights[0, -1] = np.nan
    assert np.isnan(days_of_company(np.array([5.0]), weights)).all()
    assert np.isnan(days_of_company(np.array([np.nan]), np.ones((1, 10)))).all()
