"""Which of very many columns tell most on their own. Asked again in every fold, so that it cannot cheat.

Source: Fan, Lv (2008), Sure independence screening; the measure is Pearson's chi-square between the
outcome and a column cut into bins, less its expectation, in units of its spread.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.learning.samples import Floats

MOST_COLUMNS = 250
"""A model looks at this many columns at most, and of few rows at no more than they can judge."""

_FEWEST_COLUMNS = 50

_BINS = 8


class Screening:
    """Cuts every column once, without looking at outcomes; then ranks columns for any rows."""

    def __init__(self, matrix: Floats, categorical: NDArray[np.bool_]) -> None:
        self._codes = np.empty(matrix.shape, dtype=np.uint8, order="F")
        for j in range(matrix.shape[1]):
            self._codes[:, j] = _cut(matrix[:, j], bool(categorical[j]))

    def best(self, rows: NDArray[Any], outcome: NDArray[np.intp]) -> NDArray[np.intp]:
        """Places of the columns that tell most, n / log n of n rows, in their order in the table."""
        told, left = self._codes[rows], outcome[rows].astype(np.float64)
        worth = np.array([_association(told[:, j], left) for j in range(told.shape[1])])
        return np.sort(np.argsort(-worth, kind="stable")[: most_columns(len(rows))])


def most_columns(rows: int) -> int:
    """How many columns so many rows can judge. Source: Fan, Lv (2008), n / log n."""
    return int(np.clip(rows / np.log(max(rows, 2)), _FEWEST_COLUMNS, MOST_COLUMNS))


def _cut(column: Floats, categorical: bool) -> NDArray[np.uint8]:
    missing = np.isnan(column)
    if categorical:
        return np.where(missing, 255, np.minimum(np.nan_to_num(column), 254)).astype(np.uint8)
    if missing.all():
        return np.zeros(len(column), dtype=np.uint8)
    edges = np.unique(np.quantile(column[~missing], np.linspace(0, 1, _BINS + 1)[1:-1]))
    return np.where(missing, 255, np.searchsorted(edges, column)).astype(np.uint8)


def _association(codes: NDArray[np.uint8], left: Floats) -> float:
    rows = np.bincount(codes, minlength=256).astype(np.float64)
    filled = rows > 0
    degrees = int(filled.sum()) - 1
    if degrees < 1:
        return -np.inf
    share = left.mean()
    gone = np.bincount(codes, left, minlength=256)[filled]
    expected = rows[filled] * share
    statistic = float(((gone - expected) ** 2 / (expected * (1 - share))).sum())
    return (statistic - degrees) / float(np.sqrt(2 * degrees))
