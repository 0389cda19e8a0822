"""What customers can still bring, with an interval.

Each brings a yearly amount for as long as it stays, counted up to a number of years and discounted;
how long it stays is uncertain (it leaves or not), and so is the amount. The interval speaks of one
customer: with few years ahead most of the chance lies at the ends.

Source: Gupta, Lehmann (2003), Customers as assets; Fader, Hardie (2010), Customer-base valuation in a
contractual setting (survival instead of a constant rate).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.learning.calibration import Floats

YEARS = 3.0
"""So far ahead is counted: nobody knows what a customer brings beyond."""

DISCOUNT = 0.10
"""A year's money a year later is worth this much less."""

_STEPS_A_YEAR = 52
_SUREST = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class RemainingValue:
    """Per customer, in the unit of the yearly money: mean, and the interval of one customer's outcome."""

    expected: Floats
    low: Floats
    high: Floats


def remaining_value(
    yearly: ArrayLike,
    *,
    risk: ArrayLike | None = None,
    horizon_days: float = 365.0,
    survival: ArrayLike | None = None,
    margin: float = 1.0,
    discount: float = DISCOUNT,
    years: float = YEARS,
    confidence: float = 0.8,
) -> RemainingValue:
    """Expected money of the ``years`` ahead, from yearly money and how likely each customer stays.

    Give either ``risk``, the probability of leaving within ``horizon_days`` (its hazard then goes on), or
    ``survival`` (rows x points): the chance to be still there at equal steps from now (the first is 1)
    to ``years``. ``margin`` is the share of the money that is earned. Negative yearly money counts as
    none. Raises ``ValueError`` for neither or both, or for shares outside 0..1.
    """
    amount = np.maximum(np.atleast_1d(np.asarray(yearly, dtype=np.float64)), 0.0) * margin
    if (risk is None) == (survival is None):
        raise ValueError("give either the risk within a horizon, or survival at equal steps: one of them")
    if not years > 0 or not discount > -1 or not 0 < confidence < 1:
        raise ValueError("years must be above 0, the discount above -1, the confidence between 0 and 1")
    staying = _from_risk(risk, horizon_days, years) if risk is not None else _shares(survival)
    staying = np.minimum.accumulate(np.atleast_2d(staying), axis=1)
    at = np.linspace(0.0, years, staying.shape[1])
    worth = np.log1p(discount)
    until = np.expm1(-worth * at) / -worth if worth else at  # worth of one a year, paid until then
    mean = (0.5 * (staying[:, 1:] + staying[:, :-1]) * np.diff(until)).sum(axis=1)
    tail = (1 - confidence) / 2
    low, high = (_until_quantile(staying, until, share) for share in (tail, 1 - tail))
    return RemainingValue(amount * mean, amount * low, amount * high)


def _from_risk(risk: ArrayLike, horizon_days: float, years: float) -> Floats:
    shares = _shares(risk)
    if not horizon_days > 0:
        raise ValueError(f"the horizon must be above 0 days; got {horizon_days}")
    hazard = -np.log1p(-np.minimum(np.atleast_1d(shares), _SUREST)) * 365.0 / horizon_days
    at = np.linspace(0.0, years, max(2, round(years * _STEPS_A_YEAR) + 1))
    told: Floats = np.exp(-np.outer(hazard, at))
    return told


def _shares(told: ArrayLike | None) -> Floats:
    shares = np.asarray(told, dtype=np.float64)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("risks and chances of staying lie between 0 and 1, and none may be missing")
    return shares


def _until_quantile(staying: Floats, until: Floats, share: float) -> Floats:
    """Worth of the time by which a ``share`` of such customers has left."""
    gone = 1.0 - staying
    after = (gone < share).sum(axis=1).clip(1, staying.shape[1] - 1)
    row = np.arange(len(staying))
    before, then = gone[row, after - 1], gone[row, after]
    width = np.where(then > before, then - before, 1.0)
    part = np.clip((share - before) / width, 0.0, 1.0)
    never = gone[:, -1] < share
    told = until[after - 1] + part * (until[after] - until[after - 1])
    value: Floats = np.where(never, until[-1], told)
    return value
