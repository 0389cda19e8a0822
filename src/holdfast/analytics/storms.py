"""Storms: one cause, thousands of customers; a day on which a signal is raised far above its usual."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 25
"""Fewer customers than these can be called one by one."""

_TIMES = 5.0
_SPREADS = 6.0
_LEAST_DAYS = 7
_LOUDEST = 0.1
"""So large a part of the days before is left out: a storm before hides no other one."""


def usual_number(earlier: Sequence[int]) -> float:
    """The usual number of a day: of the days before, without the loudest, the median or the mean, whichever
    is more; 0 of none.
    """
    kept = _ordinary(earlier)
    return float(max(np.median(kept), kept.mean())) if len(kept) else 0.0


def is_storm(number: int, earlier: Sequence[int]) -> bool:
    """Whether ``number`` raised on one day is far above that of the days before, of a week at least.

    Far: at least :data:`FEWEST`, five times the usual and six of its own spreads more (of counts as they
    come, never below that of Poisson).
    """
    if len(earlier) < _LEAST_DAYS or number < FEWEST:
        return False
    usual = usual_number(earlier)
    spread = max(sqrt(usual), float(np.std(_ordinary(earlier))))
    return number >= _TIMES * usual and number >= usual + _SPREADS * spread


def _ordinary(earlier: Sequence[int]) -> NDArray[np.float64]:
    ordered = np.sort(np.asarray(earlier, np.float64))
    return ordered[: int(np.ceil((1 - _LOUDEST) * len(ordered)))]
