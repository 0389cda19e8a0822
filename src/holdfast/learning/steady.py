"""Customers whose habit does not change, drawn: what the levels of early warnings are measured on.

They differ in how much they do (from twice a month to many times a day), how unevenly, on which weekdays,
and they live in a company with weekdays, holidays and an outage of its own. :func:`changed` lets some of
them do less from a day on: what a warning should catch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Doubles = NDArray[np.float64]

_WEEK = 7
_COMPANY_WEEK = np.array([1.2, 1.25, 1.2, 1.15, 1.1, 0.6, 0.5])


@dataclass(frozen=True, slots=True)
class Steady:
    """``counts`` of customers x days, and the ``weights`` of the days in the company (0: no data)."""

    counts: Counts
    weights: Doubles


def steady(draw: np.random.Generator, customers: int, days: int) -> Steady:
    """Customers of one company with an unchanged habit."""
    weights = _company(draw, days)
    rate = np.exp(draw.normal(0.2, 0.9, customers))
    mean = rate[:, None] * weights * _weekdays(draw, customers, days) * _mood(draw, customers, days)
    uneven = np.exp(draw.normal(0.7, 0.6, customers))[:, None]
    counts = draw.poisson(draw.gamma(uneven, mean / uneven))
    return Steady(counts, weights)


def changed(draw: np.random.Generator, counts: Counts, day: int, left: float) -> Counts:
    """The same customers, of whom from ``day`` on the part ``left`` of all they do is left."""
    found = counts.copy()
    found[:, day:] = draw.binomial(counts[:, day:], left)
    return found


def _company(draw: np.random.Generator, days: int) -> Doubles:
    """The weight of each day: weekdays, small moves, a season, two holidays and two days without data."""
    day = np.arange(days)
    season = 1 + 0.15 * np.sin(2 * np.pi * (day / 365 + draw.random()))
    weights = _COMPANY_WEEK[day % _WEEK] * season * np.exp(draw.normal(0, 0.05, days))
    weights[draw.integers(0, days, 2)] *= 0.3
    outage = int(draw.integers(0, days - 1))
    weights[outage : outage + 2] = 0.0
    found: Doubles = weights / weights.mean()
    return found


def _weekdays(draw: np.random.Generator, customers: int, days: int) -> Doubles:
    own = draw.gamma(6.0, 1 / 6.0, (customers, _WEEK))
    own /= own.mean(axis=1, keepdims=True)
    return own[:, np.arange(days) % _WEEK]


def _mood(draw: np.random.Generator, customers: int, days: int) -> Doubles:
    """Better and worse weeks: a log rate that wanders about its mean and forgets within two weeks."""
    stays = np.exp(-1 / 14)
    steps = draw.normal(0, 0.1 * np.sqrt(1 - stays**2), (customers, days))
    mood = np.empty_like(steps)
    mood[:, 0] = draw.normal(0, 0.1, customers)
    for day in range(1, days):
        mood[:, day] = stays * mood[:, day - 1] + steps[:, day]
    return np.exp(mood)
