"""Storms: one cause, thousands of customers; a day on which a signal is raised far above its usual."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

FEWEST = 25
"""Fewer customers than these can be called one by one."""

_TIMES = 4.0
_SPREADS = 6.0
_LEAST_DAYS = 7


def usual_number(earlier: Sequence[int]) -> float:
    """The usual number of a day: the median of the days before and their mean without the loudest tenth,
    whichever is more; 0 of none.
    """
    if not earlier:
        return 0.0
    ordered = np.sort(np.asarray(earlier, np.float64))
    kept = ordered[: max(1, int(np.ceil(0.9 * len(ordered))))]
    return float(max(np.median(ordered), kept.mean()))


def is_storm(number: int, earlier: Sequence[int]) -> bool:
    """Whether ``number`` raised on one day is far above that of the days before, of a week at least.

    Far: at least :data:`FEWEST`, four times the usual and six of its own spreads more (of counts as they
    come, never below that of Poisson).
    """
    if len(earlier) < _LEAST_DAYS or number < FEWEST:
        return False
    usual = usual_number(earlier)
    spread = max(sqrt(usual), float(np.std(np.asarray(earlier, np.float64))))
    return number >= _TIMES * usual and number >= usual + _SPREADS * spread
