"""When leaving is most likely: which part of the horizon, for customers of about the same risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_GROUPS = 5
_FEWEST = 20
"""Fewer leavers of a group than this say nothing about the group: all leavers speak for it."""


class LikelyTime:
    """The stretch of a third of the horizon in which most of comparable leavers left.

    Leavers are grouped by their risk: who is nearly sure to go goes sooner.
    """

    def __init__(self, horizon_days: int) -> None:
        self.horizon_days = horizon_days
        self.length = max(1, -(-horizon_days // 3))

    def fit(self, risk: Floats, departed: Floats) -> Self:
        """Learn from risks and the days after which each left, ``nan`` for who stayed."""
        left = np.isfinite(departed)
        days, said = np.minimum(departed[left], self.horizon_days - 1), risk[left]
        self.bounds: Floats = (
            np.quantile(said, np.linspace(0, 1, _GROUPS + 1)[1:-1]) if len(said) else np.empty(0)
        )
        group = np.searchsorted(self.bounds, said, side="right")
        of_all = self._fullest(days)
        self.starts = np.array(
            [
                self._fullest(days[group == each]) if (group == each).sum() >= _FEWEST else of_all
                for each in range(len(self.bounds) + 1)
            ]
        )
        return self

    def windows(self, risk: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each risk the first day of the stretch and the day after its last, from now on."""
        first = self.starts[np.searchsorted(self.bounds, risk, side="right")].astype(np.int64)
        return first, np.minimum(first + self.length, self.horizon_days)

    def _fullest(self, days: Floats) -> int:
        """The start of the stretch that holds most of ``days``, the earliest of equals."""
        if not len(days):
            return 0
        counts = np.bincount(days.astype(np.intp), minlength=self.horizon_days)
        sums = np.convolve(counts, np.ones(self.length))[self.length - 1 : self.horizon_days]
        return int(np.argmax(sums))
