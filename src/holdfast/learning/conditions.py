"""Conditions by which groups of customers are described, and what of them can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.bool_]

MOST_WORDS = 40
"""Of a column of words so many are tried, the most frequent ones."""

_CUTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows whose ``column`` is ``word``, or lies between ``low`` and ``high``, both included."""

    column: str
    word: str | None = None
    low: float | None = None
    high: float | None = None

    def holds(self, values: NDArray[np.generic]) -> Marks:
        """Which rows meet it; what is not known (``nan``, ``None``) does not."""
        if self.word is not None:
            return np.asarray(values == self.word, bool)
        numbers = np.asarray(values, np.float64)
        met = ~np.isnan(numbers)
        if self.low is not None:
            met &= numbers >= self.low
        if self.high is not None:
            met &= numbers <= self.high
        return met


def conditions_of(columns: Mapping[str, NDArray[np.generic]], yes_only: frozenset[str]) -> list[Condition]:
    """What can be said of each column: its words, or from and up to its quarters."""
    found: list[Condition] = []
    for name, values in columns.items():
        if values.dtype == object:
            words, counts = np.unique([each for each in values.tolist() if each], return_counts=True)
            most = words[np.argsort(-counts, kind="stable")][:MOST_WORDS]
            found += [Condition(name, word=str(word)) for word in most.tolist()]
        elif name in yes_only:
            found.append(Condition(name, low=1.0))
        else:
            found += _by_number(name, np.asarray(values, np.float64))
    return found


def _by_number(name: str, values: NDArray[np.float64]) -> list[Condition]:
    known = values[~np.isnan(values)]
    if not len(known):
        return []
    cuts = sorted({float(each) for each in np.quantile(known, _CUTS, method="nearest")})
    least, most = float(known.min()), float(known.max())
    return [
        *(Condition(name, low=cut) for cut in cuts if cut > least),
        *(Condition(name, high=cut) for cut in cuts if cut < most),
    ]
