"""What a purchase of each customer is worth on average: the gamma-gamma model.

Source: Fader, Hardie (2013), The gamma-gamma model of monetary value; Fader, Hardie, Lee (2005),
RFM and CLV, Journal of Marketing Research 42.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from holdfast.learning._sufficient import Floats
from holdfast.learning.repeat_buying import NotFittedError


class GammaGamma:
    """Average value per purchase: gamma within a customer, gamma between customers.

    Assumes that how much someone spends and how often are unrelated (check the correlation first).
    Fitted: ``p_`` (shape within), ``q_, gamma_`` (shape and scale between), ``log_likelihood_``.
    """

    def fit(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Self:
        """Learn from customers with at least one purchase.

        Parameters
        ----------
        frequency
            Purchases that the average is taken over (repeat purchases in the papers), from 1;
            rows with 0 are left out.
        monetary_value
            Average value of those purchases, in any one currency; rows at or below 0 are left out,
            since the model knows no returns.
        """
        x, mean = _checked(frequency, monetary_value)
        usable = (x > 0) & (mean > 0)
        self.customers_left_out_ = int((~usable).sum())
        x, mean = x[usable], mean[usable]
        if len(x) < 3 or np.ptp(mean) == 0:
            raise ValueError("at least three customers with different average values are needed")
        scale = float(mean.mean())
        answer = minimize(
            _objective,
            np.log([2.0, 3.0, 2.0]),
            args=(x, mean / scale),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-10.0, 14.0)] * 3,
            options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9},
        )
        self.p_, self.q_, self.gamma_ = (float(v) for v in np.exp(answer.x))
        self.gamma_ *= scale
        self.log_likelihood_ = float(-answer.fun * len(x) - len(x) * np.log(scale))
        return self

    def expected_value(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Floats:
        """Expected value of a future purchase: the customer's own average drawn to everybody's.

        Customers without purchases get everybody's mean. ``nan`` where q <= 1 leaves no mean.
        """
        if not hasattr(self, "p_"):
            raise NotFittedError("fit the GammaGamma before asking it")
        x, mean = _checked(frequency, monetary_value)
        bought = np.where(x > 0, x, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = (
                self.p_
                * (self.gamma_ + bought * np.where(x > 0, mean, 0.0))
                / (self.p_ * bought + self.q_ - 1)
            )
        return np.where(self.p_ * bought + self.q_ > 1, drawn, np.nan)


def _objective(log_parameters: Floats, x: Floats, mean: Floats) -> tuple[float, Floats]:
    p, q, gamma = np.exp(log_parameters)
    px, total = p * x, gamma + x * mean
    values = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma)
    values = values + (px - 1) * np.log(mean) + px * np.log(x) - (px + q) * np.log(total)
    by_p = x * (digamma(px + q) - digamma(px) + np.log(mean) + np.log(x) - np.log(total))
    by_q = digamma(px + q) - digamma(q) + np.log(gamma) - np.log(total)
    by_gamma = q / gamma - (px + q) / total
    slopes = np.array([p * by_p.mean(), q * by_q.mean(), gamma * by_gamma.mean()])
    return -float(values.mean()), -slopes


def _checked(frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[Floats, Floats]:
    x, mean = (np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (frequency, monetary_value))
    if x.shape != mean.shape or x.ndim != 1:
        raise ValueError(f"frequency and monetary_value need one value per customer: {x.shape}, {mean.shape}")
    if not (np.isfinite(x).all() and np.isfinite(mean).all()):
        raise ValueError("frequency and monetary_value must be finite: drop or mend the missing ones first")
    if (x < 0).any():
        raise ValueError("frequency counts purchases: numbers from 0")
    return x, mean
