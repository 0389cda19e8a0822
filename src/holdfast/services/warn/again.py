"""When silence could raise a warning: nothing happens then, so somebody has to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.signal import Tuned
    from holdfast.analytics.snapshot import FeatureTable

MOST_DAYS = 400
"""What is further away is looked at by some run before."""


def days(tables: Iterable[FeatureTable], signals: Sequence[Tuned], at_day: int) -> dict[int, int]:
    """Unit to the first day at whose beginning a warning could begin though nothing happens.

    ``tables`` are as of the beginning of ``at_day``; who is not named need not be looked at.
    """
    found: dict[int, int] = {}
    for table in tables:
        unit, day = soonest(table, signals, at_day)
        found |= dict(zip(unit.tolist(), day.tolist(), strict=True))
    return found


def soonest(
    table: FeatureTable, signals: Sequence[Tuned], at_day: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The units for which time alone could raise a warning, and the first day on which it could."""
    columns = [each.signal.again_in_days for each in signals if each.signal.time_alone]
    left = np.full(len(table), np.inf)
    for name in columns:
        if name is not None:
            told = np.asarray(table.columns[name], np.float64)
            left = np.fmin(left, np.where(told > 0, np.ceil(told), np.nan))
    near = np.flatnonzero(left <= MOST_DAYS)
    return table.unit_id[near], at_day + left[near].astype(np.int64)
