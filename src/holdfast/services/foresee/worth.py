"""What a customer can still bring, in money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

YEARS = 3.0
"""So far ahead is counted: nobody knows what a customer brings beyond."""

_YEAR_DAYS = 365.0
_SUREST = 0.999


def remaining_value(
    yearly_minor: NDArray[np.int64], risk: NDArray[np.float64], horizon_days: int
) -> NDArray[np.int64]:
    """What each customer brings in the years ahead, if it goes on leaving at the rate of its risk.

    The yearly money of now, times the expected time until leaving within :data:`YEARS`: with a steady
    hazard ``h`` a year that is ``(1 - exp(-h * YEARS)) / h``. At least what the horizon would bring if
    the customer stayed, since that is what can be kept. Never below 0.
    """
    years = horizon_days / _YEAR_DAYS
    hazard = np.maximum(-np.log1p(-np.minimum(risk, _SUREST)) / years, 1e-9)
    expected = -np.expm1(-hazard * YEARS) / hazard
    worth = np.maximum(yearly_minor, 0) * np.maximum(expected, min(years, YEARS))
    told: NDArray[np.int64] = np.rint(worth).astype(np.int64)
    return told
