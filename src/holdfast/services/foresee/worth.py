"""What a customer can still bring, in money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from holdfast.learning.value import DISCOUNT, YEARS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_YEAR_DAYS = 365.0
_SUREST = 0.999


def remaining_value(
    yearly_minor: NDArray[np.int64], risk: NDArray[np.float64], horizon_days: int
) -> NDArray[np.int64]:
    """What each customer brings in the years ahead, if it goes on leaving at the rate of its risk.

    The yearly money of now, times the expected time until leaving within :data:`YEARS`, later money
    counting :data:`DISCOUNT` a year less: with a steady hazard ``h`` a year, and ``d = log(1 + DISCOUNT)``,
    that is ``(1 - exp(-(h + d) * YEARS)) / (h + d)``, the mean of
    :func:`holdfast.learning.value.remaining_value` without its steps and interval, which nobody asks
    for here. At least what the horizon would bring if the customer stayed, since that is what can be
    kept. Never below 0.
    """
    years = horizon_days / _YEAR_DAYS
    fading = -np.log1p(-np.minimum(risk, _SUREST)) / years + np.log1p(DISCOUNT)
    expected = -np.expm1(-fading * YEARS) / fading
    worth = np.maximum(yearly_minor, 0) * np.maximum(expected, min(years, YEARS))
    told: NDArray[np.int64] = np.rint(worth).astype(np.int64)
    return told
