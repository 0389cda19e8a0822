"""The table as the members of the risk see it: chosen columns, wide categories as numbers.

A category of many levels becomes one number: the log-odds of leaving of each level, drawn to the whole
the more, the less the levels differ by more than chance. Trees that may pick any set of fifty levels,
and fifty weights, learn noise. While learning, the rows stand in a random order and each sees the
outcomes of those before it alone: its own would leak, and so would the shares of other folds, which
within a level run against the outcome of the row.

Sources: Micci-Barreca (2001), A preprocessing scheme for high-cardinality categorical attributes;
Prokhorenkova et al. (2018), CatBoost: unbiased boosting with categorical features (ordered shares);
DerSimonian, Laird (1986), Meta-analysis in clinical trials, for how much the levels differ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.learning.calibration import log_odds
from holdfast.learning.samples import Floats

WIDE_FROM = 9
"""Categories of fewer levels stay what they are."""

_LEAST_PULL = 5.0
_ENDLESS = 1e9
"""Pulled by this many rows, every level is the whole."""


class Preparation:
    """Learned on the rows of a fit; ``kept`` are the columns that are looked at.

    After :meth:`fit_read`, ``categorical`` says which columns of the answers are codes of categories.
    """

    def __init__(self, categorical: NDArray[np.bool_], kept: NDArray[np.intp]) -> None:
        self.kept = kept
        self.categorical = categorical[kept]

    def fit_read(self, matrix: Floats, outcome: NDArray[Any], seed: int) -> Floats:
        """Learn from the rows, and give them with what the rows before each say of its level."""
        told = matrix[:, self.kept]
        known = ~np.isnan(told)
        self._empty = ~known.any(axis=0)
        wide = [
            j
            for j in np.flatnonzero(self.categorical).tolist()
            if len(np.unique(told[known[:, j], j])) >= WIDE_FROM
        ]
        self._levels = {j: _levels(told[:, j], outcome) for j in wide}
        self.categorical = self.categorical.copy()
        self.categorical[wide] = False
        order = np.random.default_rng(seed).permutation(len(told))
        seen = self.read(matrix)
        for j in wide:
            seen[order, j] = _before(told[order, j], outcome[order])
        return seen

    def read(self, matrix: Floats) -> Floats:
        """The kept columns with log-odds in place of the codes of wide categories."""
        told: Floats = np.asfortranarray(matrix[:, self.kept])
        for j, levels in self._levels.items():
            told[:, j] = _read(told[:, j], levels)
        told[:, self._empty] = 0.0
        return told


def _levels(codes: Floats, outcome: NDArray[Any]) -> Floats:
    """Log-odds per code (drawn to the whole); the last entry is for codes without a row."""
    known = ~np.isnan(codes)
    places = codes[known].astype(np.intp)
    size = int(places.max()) + 2 if len(places) else 1
    rows = np.bincount(places, minlength=size).astype(np.float64)
    left = np.bincount(places, outcome[known].astype(np.float64), minlength=size).astype(np.float64)
    return _drawn(rows, left, float(np.mean(outcome)), _rows_of_the_whole(rows, left))


def _before(codes: Floats, outcome: NDArray[Any]) -> Floats:
    """Per row, what the rows before it say of its level."""
    told = np.full(len(codes), np.nan)
    known = np.flatnonzero(~np.isnan(codes))
    by_level = known[np.argsort(codes[known], kind="stable")]
    level, gone = codes[by_level].astype(np.intp), outcome[by_level].astype(np.float64)
    rows = np.bincount(level).astype(np.float64)
    left = np.bincount(level, gone).astype(np.float64)
    earlier_levels = (np.cumsum(rows) - rows)[level], (np.cumsum(left) - left)[level]
    seen = np.arange(len(level)) - earlier_levels[0], np.cumsum(gone) - gone - earlier_levels[1]
    told[by_level] = _drawn(*seen, float(np.mean(outcome)), _rows_of_the_whole(rows, left))
    return told


def _drawn(rows: Floats, left: Floats, whole: float, pull: float) -> Floats:
    return log_odds((left + pull * whole) / (rows + pull))


def _rows_of_the_whole(rows: Floats, left: Floats) -> float:
    """As how many rows of a level the whole counts: the less the levels differ, the more."""
    counts, gone = rows[rows > 0], left[rows > 0]
    middle = float(gone.sum() / max(1.0, counts.sum()))
    chance = middle * (1 - middle)
    if len(counts) < 2 or not chance:
        return _ENDLESS
    excess = float((counts * (gone / counts - middle) ** 2).sum()) - (len(counts) - 1) * chance
    spread = excess / float(counts.sum() - (counts**2).sum() / counts.sum())
    return float(np.clip(chance / spread, _LEAST_PULL, _ENDLESS)) if spread > 0 else _ENDLESS


def _read(codes: Floats, levels: Floats) -> Floats:
    told = np.full(len(codes), np.nan)
    known = ~np.isnan(codes)
    told[known] = levels[np.minimum(codes[known], len(levels) - 1).astype(np.intp)]
    return told
