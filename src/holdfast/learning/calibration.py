"""Does a stated probability keep its word? Of 100 customers at a risk of .2, about 20 should leave.

Sources: Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian
binning (expected calibration error, here with bins of equal counts); Cox (1958), Two further
applications of a model for binary regression (level and spread of stated odds); Wilson (1927) for
the interval of a share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_CLOSEST = 1e-12
"""Probabilities nearer than this to 0 or 1 are taken as this near: the odds of certainty are endless."""

_SIMULATED_BELOW = 5_000
"""Up to this many rows the test of expected losses counts simulated worlds; beyond, the normal law holds."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Customers of about the same stated risk.

    ``mean_probability`` what was said (0..1), ``share_left`` what happened, ``low`` and ``high`` the
    95 % interval of that share (Wilson), ``rows`` how many.
    """

    mean_probability: float
    share_left: float
    low: float
    high: float
    rows: int


@dataclass(frozen=True, slots=True)
class ExpectedLosses:
    """Losses as stated by the probabilities, beside those that came.

    ``expected`` is the sum of the probabilities, ``low`` and ``high`` what chance alone leaves likely
    (95 %), ``observed`` what happened. ``p_value``: how often chance alone would bring level and
    spread of the odds this far off.
    """

    expected: float
    observed: int
    low: float
    high: float
    p_value: float


def checked(left: ArrayLike, probability: ArrayLike) -> tuple[Floats, Floats]:
    """Outcomes as 0. and 1. and probabilities in 0..1, or a ``ValueError`` that says what is wrong."""
    told = np.asarray(left)
    outcome = told.astype(np.float64)
    risk = np.asarray(probability, dtype=np.float64)
    if outcome.ndim != 1 or outcome.shape != risk.shape:
        raise ValueError(f"one outcome and one probability per row are needed: {outcome.shape}, {risk.shape}")
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise ValueError("outcomes are 0 (stayed) or 1 (left), and none may be missing")
    if not ((risk >= 0) & (risk <= 1)).all():
        raise ValueError("probabilities lie between 0 and 1, and none may be missing")
    return outcome, risk


def log_odds(probability: Floats) -> Floats:
    """Log-odds of probabilities, kept finite."""
    risk = np.clip(probability, _CLOSEST, 1 - _CLOSEST)
    odds: Floats = np.log(risk) - np.log1p(-risk)
    return odds


def calibration_error(left: ArrayLike, probability: ArrayLike, bins: int = 10) -> float:
    """Mean distance between stated and actual share over bins of equal counts (0 good, 1 bad).

    Rows of equal probability share a bin. Chance alone leaves about .4 / sqrt(rows / bins) even for a
    perfect model at a share of leavers near one half. Raises ``ValueError`` for no rows.
    """
    outcome, risk = checked(left, probability)
    if not len(risk):
        raise ValueError("no rows: the calibration error of nothing is not known")
    rows, stated, happened = _sums(outcome, risk, bins)
    return float(np.abs(stated - happened).sum() / rows.sum())


def calibration_curve(left: ArrayLike, probability: ArrayLike, bins: int = 10) -> list[Bin]:
    """The bins behind :func:`calibration_error`, lowest risk first; empty for no rows."""
    outcome, risk = checked(left, probability)
    if not len(risk):
        return []
    told = []
    for rows, stated, happened in zip(*_sums(outcome, risk, bins), strict=True):
        low, high = _wilson(float(happened), float(rows))
        told.append(Bin(float(stated / rows), float(happened / rows), low, high, int(rows)))
    return told


def expected_losses(
    left: ArrayLike, probability: ArrayLike, *, reference: ArrayLike | None = None, seed: int = 0
) -> ExpectedLosses:
    """Compare stated with actual losses, and test level and spread of the odds together.

    The score test of "log-odds = 0 + 1 x stated log-odds" against any other level and slope.
    ``reference`` holds the (out-of-fold) probabilities on which the model was calibrated, one row per
    customer: then its own uncertainty counts as well, and a model of few rows is not blamed for it.
    Raises ``ValueError`` for no rows.
    """
    outcome, risk = checked(left, probability)
    if not len(risk):
        raise ValueError("no rows: nothing can be said of expected losses")
    settled = None if reference is None else np.asarray(reference, dtype=np.float64)
    test = _ScoreTest(risk, settled)
    expected = float(risk.sum())
    spread = 1.96 * float(np.sqrt(test.variance_of_losses))
    if len(risk) <= _SIMULATED_BELOW:
        p_value = test.simulated(outcome, seed)
    else:
        p_value = float(np.exp(-test.statistic(outcome)[0] / 2))  # the tail of chi-square with 2 degrees
    return ExpectedLosses(
        expected,
        int(outcome.sum()),
        max(0.0, expected - spread),
        min(float(len(risk)), expected + spread),
        p_value,
    )


class _ScoreTest:
    """Level and slope of odds at once; see Cox (1958)."""

    def __init__(self, risk: Floats, reference: Floats | None) -> None:
        self.risk = risk
        odds = log_odds(risk)
        self.middle = float(odds.mean())
        self.parts = np.column_stack([np.ones(len(risk)), odds - self.middle])
        information = self._information(risk)
        self.own = np.zeros((2, 2))
        if reference is not None and len(reference):
            learned = np.linalg.pinv(self._information(reference), hermitian=True)
            self.own = information @ learned @ information
        covariance = information + self.own
        self.inverse = np.linalg.pinv(covariance, hermitian=True)
        self.variance_of_losses = float(covariance[0, 0])

    def statistic(self, outcomes: Floats, shift: Floats | None = None) -> Floats:
        """Per row of ``outcomes`` (worlds x customers): how far off, in units of chance."""
        scores = (np.atleast_2d(outcomes) - self.risk) @ self.parts
        if shift is not None:
            scores = scores + shift
        told: Floats = np.einsum("wi,ij,wj->w", scores, self.inverse, scores)
        return told

    def simulated(self, outcome: Floats, seed: int, worlds: int = 999) -> float:
        """Share of worlds, in which the probabilities hold, that are at least as far off."""
        draw = np.random.default_rng(seed)
        found = self.statistic(outcome)[0]
        as_far = 0
        for start in range(0, worlds, 111):
            count = min(111, worlds - start)
            happened = (draw.random((count, len(self.risk))) < self.risk).astype(np.float64)
            shift = draw.multivariate_normal(np.zeros(2), self.own, count, method="eigh")
            as_far += int((self.statistic(happened, shift) >= found - 1e-9).sum())
        return (1 + as_far) / (1 + worlds)

    def _information(self, risk: Floats) -> Floats:
        odds, weight = log_odds(risk) - self.middle, risk * (1 - risk)
        parts = np.column_stack([np.ones(len(risk)), odds])
        told: Floats = (parts * weight[:, None]).T @ parts
        return told


def _sums(outcome: Floats, risk: Floats, bins: int) -> tuple[Floats, Floats, Floats]:
    """Rows, sum of probabilities and leavers per bin of about equal counts; empty bins left out."""
    edges = np.unique(np.quantile(risk, np.linspace(0, 1, bins + 1)[1:-1], method="higher"))
    place = np.searchsorted(edges, risk, side="right")
    rows = np.bincount(place).astype(np.float64)
    filled = rows > 0
    stated: Floats = np.bincount(place, risk).astype(np.float64)
    happened: Floats = np.bincount(place, outcome).astype(np.float64)
    return rows[filled], stated[filled], happened[filled]


def _wilson(happened: float, rows: float, z: float = 1.96) -> tuple[float, float]:
    share, slack = happened / rows, z * z / rows
    middle = (share + slack / 2) / (1 + slack)
    half = z / (1 + slack) * float(np.sqrt(share * (1 - share) / rows + slack / (4 * rows)))
    return max(0.0, middle - half), min(1.0, middle + half)


def same_length(**columns: Any) -> None:
    """Refuse columns of different lengths, naming them."""
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"one value per row is needed in each column: {told}")
