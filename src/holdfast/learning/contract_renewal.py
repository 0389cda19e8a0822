"""How many of a cohort under contract are left after each renewal: the shifted beta geometric.

Source: Fader, Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betaln, digamma

from holdfast.learning._sufficient import Floats
from holdfast.learning.repeat_buying import NotFittedError


class ShiftedBetaGeometric:
    """Each customer leaves at each renewal with an own constant chance, beta-distributed.

    Retention rates rise with age although nobody changes: the likely leavers leave first.
    Fitted: ``alpha_, beta_``, ``log_likelihood_``.
    """

    def fit(self, survivors: ArrayLike) -> Self:
        """Learn from one cohort's counts: ``[at the start, after 1 renewal, after 2, ...]``.

        Raises ``ValueError`` when counts rise, when there are fewer than three, or nobody left.
        """
        counts = np.asarray(survivors, dtype=np.float64)
        if counts.ndim != 1 or len(counts) < 3 or not np.isfinite(counts).all() or counts[-1] < 0:
            raise ValueError(
                "survivors are counts of one cohort: at the start and after at least two renewals"
            )
        lost = -np.diff(counts)
        if (lost < 0).any():
            raise ValueError("a cohort cannot grow: count those won back as a cohort of their own")
        if not lost.any():
            raise ValueError("nobody of this cohort has left: the chance of leaving cannot be estimated")
        ages = np.arange(1, len(counts), dtype=np.float64)
        answer = minimize(
            _objective,
            np.zeros(2),
            args=(ages, lost, counts[-1]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-12.0, 12.0)] * 2,
            options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-10},
        )
        self.alpha_, self.beta_ = (float(v) for v in np.exp(answer.x))
        self.log_likelihood_ = float(-answer.fun * counts[0])
        return self

    def survival(self, t: ArrayLike) -> Floats:
        """Share (0..1) of a cohort that is still there after ``t`` renewals (0, 1, ...)."""
        if not hasattr(self, "alpha_"):
            raise NotFittedError("fit the ShiftedBetaGeometric before asking it")
        ages = np.asarray(t, dtype=np.float64)
        if (ages < 0).any():
            raise ValueError("t counts renewals from 0")
        share: Floats = np.exp(betaln(self.alpha_, self.beta_ + ages) - betaln(self.alpha_, self.beta_))
        return share

    def retention(self, t: ArrayLike) -> Floats:
        """Share of those still there after ``t - 1`` renewals who take the ``t``-th (t from 1)."""
        ages = np.asarray(t, dtype=np.float64)
        rate: Floats = self.survival(ages) / self.survival(ages - 1)
        return rate


def _objective(log_parameters: Floats, ages: Floats, lost: Floats, left_over: float) -> tuple[float, Floats]:
    a, b = np.exp(log_parameters)
    whole = float(lost.sum() + left_over)
    leave = betaln(a + 1, b + ages - 1) - betaln(a, b)
    stay = float(betaln(a, b + ages[-1]) - betaln(a, b))
    value = float(lost @ leave) + left_over * stay
    both, last = digamma(a + b), ages[-1]
    leave_a = digamma(a + 1) - digamma(a) - digamma(a + b + ages) + both
    leave_b = digamma(b + ages - 1) - digamma(b) - digamma(a + b + ages) + both
    stay_a = both - digamma(a + b + last)
    stay_b = digamma(b + last) - digamma(b) - digamma(a + b + last) + both
    slopes = np.array([a * (lost @ leave_a + left_over * stay_a), b * (lost @ leave_b + left_over * stay_b)])
    return -value / whole, -slopes / whole
