"""Which values a model knows from its past, and which features of now lie too far outside of them.

A model that learnt when the data were six weeks old knows customers of six weeks at most. Asked a year
later, "374 days since the first event" is a value that it has never seen anything like, and for every
customer at once: curves run straight on beyond the last value they know, trees answer whatever was true
at their edge, and the risks come out sure and wrong. So a feature that has grown out of its past is not
asked at all, and a single value beyond the past is taken for the nearest one that was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TAIL = 0.005
"""The lowest and the highest values, this share of the rows each, are not counted as known."""

MOST_OUTSIDE = 0.1
"""A feature of which more customers than this share lie outside the known range is left out."""


@dataclass(frozen=True)
class LearntRange:
    """What was seen of one feature.

    Numbers from ``low`` to ``high`` (``nan`` where none was known), or ``words``; ``gaps``: customers of
    whom it was not known were seen too.
    """

    low: float
    high: float
    words: frozenset[str] | None
    gaps: bool

    def clipped(self, column: NDArray[Any]) -> NDArray[Any]:
        """The column with numbers beyond the range drawn to its ends; words and gaps stay as they are."""
        return column if self.words is not None else np.clip(column, self.low, self.high)

    def share_outside(self, column: NDArray[Any]) -> float:
        """The share of customers (0..1) with a value such as was not learnt from."""
        if not len(column):
            return 0.0
        if self.words is not None:
            known = np.array([value in self.words for value in column.tolist()])
            missing = np.array([value is None for value in column.tolist()])
        else:
            known, missing = (column >= self.low) & (column <= self.high), np.isnan(column)
        return float(np.mean(~np.where(missing, self.gaps, known)))


def learnt_range(column: NDArray[Any]) -> LearntRange:
    """The range of the rows that are learnt from."""
    if column.dtype == object:
        values, counts = np.unique([v for v in column.tolist() if v is not None], return_counts=True)
        common = values[counts >= TAIL * len(column)]
        return LearntRange(
            np.nan, np.nan, frozenset(common.tolist()), _gaps(len(column) - counts.sum(), column)
        )
    known = column[np.isfinite(column)]
    low, high = np.quantile(known, (TAIL, 1 - TAIL)) if len(known) else (np.nan, np.nan)
    return LearntRange(float(low), float(high), None, _gaps(len(column) - len(known), column))


def outgrown(ranges: Mapping[str, LearntRange], now: Mapping[str, NDArray[Any]]) -> tuple[str, ...]:
    """The features whose values now lie outside the learnt range for too many customers."""
    return tuple(
        name
        for name, known in ranges.items()
        if name in now and known.share_outside(now[name]) > MOST_OUTSIDE
    )


def _gaps(missing: int, column: NDArray[Any]) -> bool:
    return bool(missing >= TAIL * len(column) and missing > 0)
