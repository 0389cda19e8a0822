"""Purchase histories boiled down to what the likelihood can see.

Two customers with the same number of repeat purchases, the same last purchase and the same time
under observation contribute the same term, so a fit sums over distinct histories with weights. On
a daily grid that is five to fifty times fewer rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Histories:
    """Distinct (x, t_x, T) with how many customers share each.

    ``frequency`` repeat purchases after the first (0, 1, ...), ``recency`` time of the last of them
    after the first purchase (0 where there is none), ``observed`` time since the first purchase,
    all in the same unit of time; ``weight`` customers.
    """

    frequency: Floats
    recency: Floats
    observed: Floats
    weight: Floats


def checked(frequency: ArrayLike, recency: ArrayLike, observed: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """The three columns as floats of one length, or a ``ValueError`` that says what is wrong."""
    x, last, total = (
        np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (frequency, recency, observed)
    )
    if not x.shape == last.shape == total.shape or x.ndim != 1:
        raise ValueError(
            f"frequency, recency and T need one value per customer: {x.shape}, {last.shape}, {total.shape}"
        )
    if not (np.isfinite(x).all() and np.isfinite(last).all() and np.isfinite(total).all()):
        raise ValueError("frequency, recency and T must be finite: drop or mend the missing ones first")
    if (x < 0).any() or (x != np.floor(x)).any():
        raise ValueError("frequency counts repeat purchases: whole numbers from 0")
    if (last < 0).any() or (last > total).any():
        raise ValueError("recency must lie between 0 and T (the time since the first purchase)")
    if ((x == 0) & (last > 0)).any():
        raise ValueError("a customer without repeat purchases has recency 0")
    return x, last, total


def histories(frequency: ArrayLike, recency: ArrayLike, observed: ArrayLike) -> Histories:
    """Group customers with equal histories; see :class:`Histories`."""
    x, last, total = checked(frequency, recency, observed)
    order = np.lexsort((total, last, x))
    x, last, total = x[order], last[order], total[order]
    first = np.empty(len(x), dtype=bool)
    if len(x):
        first[0] = True
        first[1:] = (x[1:] != x[:-1]) | (last[1:] != last[:-1]) | (total[1:] != total[:-1])
    starts = np.flatnonzero(first)
    weight = np.diff(np.append(starts, len(x))).astype(np.float64)
    return Histories(x[starts], last[starts], total[starts], weight)
