"""How much more often those leave who were warned of: a quotient of shares with its interval.

Rows of one customer resemble each other, so customers are drawn, not rows: each with a weight of its own
from Poisson(1), again and again (the Poisson bootstrap: Chamandy, Muralidharan, Najmi and Naidu 2012,
"Estimating uncertainty for massive data streams").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]
    Places = NDArray[np.intp]

DRAWS = 200


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Rows with what came of them: the ``customer`` (0..), the ``period`` (0..) of the row, and ``left``."""

    customer: Places
    period: Places
    left: Marks

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Lift:
    """The share that left ``with`` a warning and without; ``ratio`` with its 95 % interval.

    ``None`` where there is nothing to divide by. ``low`` and ``high`` are ``None`` where too few draws say
    anything.
    """

    with_warning: float | None
    without: float | None
    ratio: float | None
    low: float | None
    high: float | None


def lift(warned: Outcomes, others: Outcomes, seed: int = 0) -> Lift:
    """The lift of ``warned`` over ``others`` of the same periods, weighted as the warnings fell into them."""
    customers = int(max(_top(warned.customer), _top(others.customer)))
    periods = int(max(_top(warned.period), _top(others.period)))
    found = _shares(warned, others, np.ones(customers), periods)
    ratio = None if found[0] is None or not found[1] else found[0] / found[1]
    if ratio is None:
        return Lift(*found, None, None, None)
    low, high = _interval(warned, others, customers, periods, seed)
    return Lift(*found, ratio, low, high)


def _shares(
    warned: Outcomes, others: Outcomes, weights: NDArray[np.float64], periods: int
) -> tuple[float | None, float | None]:
    mine, theirs = weights[warned.customer], weights[others.customer]
    fell = np.bincount(warned.period, mine, periods)
    there = np.bincount(others.period, theirs, periods)
    gone = np.bincount(others.period, theirs * others.left, periods)
    told = there > 0
    with_warning = None if not fell.sum() else float(mine[warned.left].sum() / fell.sum())
    if not fell[told].sum():
        return with_warning, None
    shares = np.divide(gone, there, out=np.zeros(periods), where=told)
    return with_warning, float((fell[told] * shares[told]).sum() / fell[told].sum())


def _interval(
    warned: Outcomes, others: Outcomes, customers: int, periods: int, seed: int
) -> tuple[float | None, float | None]:
    chance = np.random.default_rng(seed)
    logs = []
    for _ in range(DRAWS):
        mine, theirs = _shares(warned, others, chance.poisson(1.0, customers).astype(np.float64), periods)
        if mine and theirs:
            logs.append(np.log(mine / theirs))
    if len(logs) < DRAWS * 0.9:
        return None, None
    low, high = np.exp(np.quantile(logs, (0.025, 0.975)))
    return float(low), float(high)


def _top(places: Places) -> int:
    return int(places.max()) + 1 if len(places) else 0
