"""Who left among customers of the same stretches of time: what was to be expected of a group of them.

Source: Mantel and Haenszel (1959), JNCI 22, 719-748, the variance of the hypergeometric distribution.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.bool_]
Doubles = NDArray[np.float64]
Whole = NDArray[np.int64]


class Rows:
    """Who left, stratum by stratum."""

    def __init__(self, left: Marks, stratum: Whole) -> None:
        self.left, self.stratum = left, stratum
        self.strata = int(stratum.max()) + 1 if len(stratum) else 0
        self.size = np.bincount(stratum, minlength=self.strata).astype(np.float64)
        self.lost = np.bincount(stratum, left, self.strata)

    @property
    def share(self) -> Doubles:
        """The share that left, by stratum."""
        return self.lost / np.maximum(self.size, 1)

    @property
    def spread(self) -> Doubles:
        """What a group of n of N rows is multiplied with for its variance: n (N - n) x this."""
        n = self.size
        return self.lost * (n - self.lost) / np.maximum(n * n * (n - 1), 1)

    def split(self, members: Marks) -> Rows:
        """Finer strata: members apart from the others."""
        return Rows(self.left, numbered(2 * self.stratum + members))

    def deviation(self, members: Marks) -> float:
        """How far the losses of a group lie above what was to be expected, in standard deviations."""
        count = np.bincount(self.stratum, members, self.strata)
        lost = float((members & self.left).sum())
        variance = float((count * (self.size - count) * self.spread).sum())
        return (lost - float(count @ self.share)) / sqrt(variance) if variance > 0 else 0.0

    def deviations(self, members: Marks) -> Doubles:
        """:meth:`deviation` of many groups, a column each."""
        own = members.astype(np.float32)
        count = np.zeros((self.strata, own.shape[1]))
        order = np.argsort(self.stratum, kind="stable")
        ends = np.cumsum(self.size).astype(np.int64)
        for number in range(self.strata):
            inside = own[order[ends[number] - int(self.size[number]) : ends[number]]]
            count[number] = inside.sum(axis=0)
        lost = own[self.left].sum(axis=0).astype(np.float64)
        variance = (count * (self.size[:, None] - count) * self.spread[:, None]).sum(axis=0)
        told: Doubles = (lost - self.share @ count) / np.sqrt(np.maximum(variance, 1e-12))
        return np.where(variance > 1e-9, told, 0.0)

    def expected(self, members: Marks) -> float:
        """How many of a group were to leave if it were like everybody."""
        return float(np.bincount(self.stratum, members, self.strata) @ self.share)


def numbered(values: Whole) -> Whole:
    """The same partition, numbered from 0."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
