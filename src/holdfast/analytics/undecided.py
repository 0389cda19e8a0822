"""Outcomes that cannot be told yet, drawn by how likely a silence like theirs ends in leaving.

Whoever is silent at the end of the data may have left, or may be between two purchases. To leave
such rows out would leave out those who leave, to take them as left would take everybody slow. So
each is decided by chance, with the probability that the rhythm gives: a customer who still
buys does so at random at the mean gap; after each purchase a share of them (``dropout``) never
comes again. Only models learn from such rows; grades are given on certain outcomes alone.

Source: the probability of being alive of Fader, Hardie, Lee (2005), "Counting your customers" the
easy way, Marketing Science 24, 275-284, for one known rate; Rubin (1987), Multiple imputation, for
drawing instead of filling in the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.terms import OPEN

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    DayNumbers = NDArray[np.int32]


def chance_of_leaving(
    silence: NDArray[Any], grace: NDArray[Any], mean_gap: NDArray[Any], dropout: float
) -> NDArray[np.float64]:
    """The probability, 0..1, that a silence that has lasted ``silence`` days will reach ``grace`` days.

    All in days, ``mean_gap`` above 0; ``dropout``: the share of purchases after which nobody comes back.
    """
    alive = (1 - dropout) * np.exp(-silence / mean_gap)
    gone = dropout / np.maximum(dropout + alive, 1e-12)
    quiet = np.exp(-np.maximum(grace - silence, 0) / mean_gap)
    chance: NDArray[np.float64] = gone + (1 - gone) * quiet
    return chance


@dataclass(frozen=True, slots=True)
class Silences:
    """The silences of the rows of a panel, in its order.

    ``last_day``: the last purchase before the row's day; ``latest_day``: the last one before the data
    end (both far in the past where there is none); ``dropout`` as above; ``end_day`` of the data.
    """

    unit_id: NDArray[np.int64]
    at_day: DayNumbers
    last_day: DayNumbers
    latest_day: DayNumbers
    grace_days: NDArray[np.int64]
    mean_gap: NDArray[np.float64]
    dropout: float
    end_day: int

    def only(self, rows: NDArray[Any]) -> Silences:
        """Those of the rows that ``rows`` marks or names by position."""
        return Silences(
            *(self.unit_id[rows], self.at_day[rows], self.last_day[rows], self.latest_day[rows]),
            *(self.grace_days[rows], self.mean_gap[rows], self.dropout, self.end_day),
        )

    def drawn(
        self, rows: NDArray[np.intp], day: int, until: DayNumbers, departed: DayNumbers, seed: int
    ) -> tuple[NDArray[np.bool_], DayNumbers]:
        """Whether the customers of ``rows`` have left by ``until``, as far as ``day`` can tell, and when.

        ``departed``: when those left of whom that is certain, by then or later.
        """
        last, present = self._last_before(rows, day, departed)
        grace = self.grace_days[rows]
        present &= departed + grace > day
        chance = chance_of_leaving(day - last, grace, self.mean_gap[rows], self.dropout)
        left = (_even(self.unit_id[rows], self.at_day[rows], seed) < chance) & (last < until)
        return np.where(present, left, departed < until), np.where(present, last, departed)

    def _last_before(
        self, rows: NDArray[np.intp], day: int, departed: DayNumbers
    ) -> tuple[DayNumbers, NDArray[np.bool_]]:
        """The last purchase before ``day`` of the customers of ``rows``, and whether they are present."""
        if day > self.at_day.max(initial=-1):
            return self.latest_day[rows], departed >= OPEN
        there = np.flatnonzero(self.at_day == day)
        there = there[np.argsort(self.unit_id[there])]
        if len(rows) and not len(there):
            raise ValueError(f"the panel has no rows of day {day}: who was present then is not known")
        place = np.minimum(np.searchsorted(self.unit_id[there], self.unit_id[rows]), len(there) - 1)
        found = there[place]
        return self.last_day[found], self.unit_id[found] == self.unit_id[rows]


def _even(unit_id: NDArray[np.int64], at_day: DayNumbers, seed: int) -> NDArray[np.float64]:
    """A number in [0, 1) for each row, the same whatever other rows there are."""
    mixed = unit_id.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= at_day.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F) + np.uint64(seed)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2**53
