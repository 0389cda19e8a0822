"""How often customers without a contract buy again, and whether they are still customers.

Three "buy till you die" models with one interface. Time may be in any unit as long as
``frequency``, ``recency`` and ``T`` share it; the fitted rates are per that unit.

Sources
-------
Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24 (BG/NBD).
Batislam, Denizel, Filiztekin (2007), Empirical validation and comparison of models for customer
base analysis, IJRM 24; Hoppe, Wagner (2007), Marketing JRM 3 (modified BG/NBD).
Schmittlein, Morrison, Colombo (1987), Management Science 33; Fader, Hardie (2005), A note on
deriving the Pareto/NBD model (Pareto/NBD).
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, hyp2f1

from holdfast.learning._sufficient import Floats, Histories, checked, histories

_STARTS = (
    np.log(np.array([1.0, 1.0, 1.0, 1.0])),
    np.log(np.array([0.3, 0.1, 0.8, 2.5])),
    np.log(np.array([2.0, 3.0, 0.5, 4.0])),
)
"""Where the search begins, after time has been scaled so that the longest observation is 1."""

_BOUND = 12.0
"""Parameters stay within e^-12 .. e^12 of the scaled time: beyond that the data say nothing."""


class NotFittedError(ValueError):
    """A model was asked before it was fitted."""


class _BuyTillYouDie:
    """What the three models share: scaling, search, and where predictions take customers from."""

    _histories: tuple[Floats, Floats, Floats]

    def fit(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Self:  # noqa: N803
        """Find the parameters under which these histories are most likely.

        Parameters
        ----------
        frequency
            Repeat purchases per customer: purchases after the first (0, 1, 2, ...).
        recency
            Time of the last repeat purchase after the first purchase; 0 where there is none.
        T
            Time from the first purchase to the end of observation.

        Returns the model. Raises ``ValueError`` for impossible histories and when nobody ever
        bought again (the rates cannot be told apart from 0).
        """
        self._histories = checked(frequency, recency, T)
        if len(self._histories[0]) == 0 or not self._histories[0].any():
            raise ValueError("nobody in these histories bought again: no rate can be estimated")
        scale = float(self._histories[2].max())
        told = histories(self._histories[0], self._histories[1] / scale, self._histories[2] / scale)
        best, value = _search(self, told)
        self._keep(np.exp(best), scale)
        purchases = float(np.dot(told.weight, told.frequency))
        self.log_likelihood_ = -value - purchases * np.log(scale)
        return self

    def _keep(self, scaled: Floats, scale: float) -> None:
        raise NotImplementedError

    def _terms(self, log_parameters: Floats, told: Histories) -> tuple[Floats, Floats]:
        """Log likelihood per history, and its derivatives by log parameter (4 x histories)."""
        raise NotImplementedError

    def _customers(
        self, frequency: ArrayLike | None, recency: ArrayLike | None, observed: ArrayLike | None
    ) -> tuple[Floats, Floats, Floats]:
        if not hasattr(self, "log_likelihood_"):
            raise NotFittedError(f"fit the {type(self).__name__} before asking it")
        if frequency is None or recency is None or observed is None:
            return self._histories
        return checked(frequency, recency, observed)


def _search(model: _BuyTillYouDie, told: Histories) -> tuple[Floats, float]:
    total = float(told.weight.sum())

    def objective(log_parameters: Floats) -> tuple[float, Floats]:
        values, slopes = model._terms(log_parameters, told)
        return -float(told.weight @ values) / total, -(slopes @ told.weight) / total

    bounds = [(-_BOUND, _BOUND)] * 4
    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    found = []
    for start in _STARTS:
        answer = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        if np.isfinite(answer.fun):
            found.append(answer)
            if answer.success and not (np.abs(answer.x) > _BOUND - 0.1).any():
                break  # an inner optimum: these likelihoods have one
    if not found:
        raise ValueError("the likelihood is not finite anywhere near: look at the histories for extremes")
    best = min(found, key=lambda answer: float(answer.fun))
    return best.x, float(best.fun) * total


class BetaGeometricNBD(_BuyTillYouDie):
    """Poisson purchases with gamma rates; after each repeat purchase a customer may drop out.

    Fitted: ``r_, alpha_`` (shape and rate of the purchase rate), ``a_, b_`` (beta of the drop-out
    probability), ``log_likelihood_``. A customer who bought once is alive for certain: nobody drops
    out before the first repeat purchase (:class:`ModifiedBetaGeometricNBD` lifts that).
    """

    _may_leave_at_once = 0.0

    def _keep(self, scaled: Floats, scale: float) -> None:
        self.r_, self.alpha_, self.a_, self.b_ = (float(v) for v in scaled)
        self.alpha_ *= scale

    def _terms(self, log_parameters: Floats, told: Histories) -> tuple[Floats, Floats]:
        r, alpha, a, b = np.exp(log_parameters)
        x, extra = told.frequency, self._may_leave_at_once
        lives = -(r + x) * np.log(alpha + told.observed)
        can_leave = (x > 0) | (extra > 0)
        chance = np.where(can_leave, b + x - 1 + extra, 1.0)
        leaves = np.where(can_leave, np.log(a / chance) - (r + x) * np.log(alpha + told.recency), -np.inf)
        either = np.logaddexp(lives, leaves)
        gone = expit(leaves - lives)
        bx = b + x + extra
        values = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + either
        values = values + gammaln(a + b) + gammaln(bx) - gammaln(b) - gammaln(a + bx)
        log_total, log_last = np.log(alpha + told.observed), np.log(alpha + told.recency)
        slopes = np.stack(
            [
                r * (digamma(r + x) - digamma(r) + np.log(alpha) - (1 - gone) * log_total - gone * log_last),
                alpha
                * (
                    r / alpha
                    - (r + x) * ((1 - gone) / (alpha + told.observed) + gone / (alpha + told.recency))
                ),
                a * (digamma(a + b) - digamma(a + bx) + gone / a),
                b * (digamma(a + b) + digamma(bx) - digamma(b) - digamma(a + bx) - gone / chance),
            ]
        )
        return values, slopes

    def probability_alive(
        self,
        frequency: ArrayLike | None = None,
        recency: ArrayLike | None = None,
        T: ArrayLike | None = None,  # noqa: N803
    ) -> Floats:
        """Probability (0..1) that each customer is still one at the end of observation.

        Without arguments: for the customers of the fit, in their order.
        """
        x, last, total = self._customers(frequency, recency, T)
        return 1 / (1 + self._odds_gone(x, last, total))

    def _odds_gone(self, x: Floats, last: Floats, total: Floats) -> Floats:
        extra = self._may_leave_at_once
        can_leave = (x > 0) | (extra > 0)
        chance = np.where(can_leave, self.b_ + x - 1 + extra, 1.0)
        log_odds = np.log(self.a_ / chance) + (self.r_ + x) * np.log(
            (self.alpha_ + total) / (self.alpha_ + last)
        )
        return np.where(can_leave, np.exp(np.minimum(log_odds, 700.0)), 0.0)

    def expected_purchases(
        self,
        t: float,
        frequency: ArrayLike | None = None,
        recency: ArrayLike | None = None,
        T: ArrayLike | None = None,  # noqa: N803
    ) -> Floats:
        """Purchases to expect of each customer in the next ``t`` units of time.

        Equation 10 of Fader, Hardie, Lee (2005). Where a is close to 1 the closed form divides
        nothing by nothing; there the value just beside it is taken.
        """
        if t < 0:
            raise ValueError(f"t is a time ahead, from 0; got {t}")
        x, last, total = self._customers(frequency, recency, T)
        a = self.a_ if abs(self.a_ - 1) > 1e-6 else 1 + 1e-6
        bx = self.b_ + x + self._may_leave_at_once
        ahead = self.alpha_ + total + t
        series = hyp2f1(self.r_ + x, bx, a + bx - 1, t / ahead)
        shrunk = np.exp((self.r_ + x) * np.log((self.alpha_ + total) / ahead)) * series
        expected: Floats = (a + bx - 1) / (a - 1) * (1 - shrunk) / (1 + self._odds_gone(x, last, total))
        return np.maximum(expected, 0.0)


class ModifiedBetaGeometricNBD(BetaGeometricNBD):
    """As :class:`BetaGeometricNBD`, and a customer may also drop out right after the first purchase."""

    _may_leave_at_once = 1.0


class ParetoNBD(_BuyTillYouDie):
    """Poisson purchases with gamma rates, exponential lifetimes with gamma rates.

    Fitted: ``r_, alpha_`` (purchase rate), ``s_, beta_`` (drop-out rate), ``log_likelihood_``.
    The integral over the unknown moment of leaving is taken with 32 Gauss-Legendre nodes after a
    change of variable that makes the integrand flat, instead of hypergeometric functions that
    overflow for frequent buyers.
    """

    _NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)

    def _keep(self, scaled: Floats, scale: float) -> None:
        self.r_, self.alpha_, self.s_, self.beta_ = (float(v) for v in scaled)
        self.alpha_ *= scale
        self.beta_ *= scale

    def _terms(self, log_parameters: Floats, told: Histories) -> tuple[Floats, Floats]:
        r, alpha, s, beta = np.exp(log_parameters)
        x, last, total = told.frequency, told.recency, told.observed
        moment, log_weight = self._moments(r, alpha, x, last, total)
        log_gone = -(r + x)[:, None] * np.log(alpha + moment) - (s + 1) * np.log(beta + moment) + log_weight
        log_gone += np.log(s)
        log_alive = -(r + x) * np.log(alpha + total) - s * np.log(beta + total)
        peak = np.maximum(log_gone.max(axis=1), log_alive)
        gone = np.exp(log_gone - peak[:, None])
        alive = np.exp(log_alive - peak)
        whole = alive + gone.sum(axis=1)
        constant = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        values = constant + peak + np.log(whole)
        gone, alive = gone / whole[:, None], alive / whole
        share_gone = gone.sum(axis=1)

        def mean(at_moment: Floats, at_end: Floats) -> Floats:
            averaged: Floats = (gone * at_moment).sum(axis=1) + alive * at_end
            return averaged

        slopes = np.stack(
            [
                r
                * (
                    digamma(r + x)
                    - digamma(r)
                    + np.log(alpha)
                    - mean(np.log(alpha + moment), np.log(alpha + total))
                ),
                alpha * (r / alpha - (r + x) * mean(1 / (alpha + moment), 1 / (alpha + total))),
                s * (np.log(beta) + share_gone / s - mean(np.log(beta + moment), np.log(beta + total))),
                beta
                * (s / beta - (s + 1) * (gone / (beta + moment)).sum(axis=1) - s * alive / (beta + total)),
            ]
        )
        return values, slopes

    def _moments(
        self, r: float, alpha: float, x: Floats, last: Floats, total: Floats
    ) -> tuple[Floats, Floats]:
        """Nodes between the last purchase and now, and the logarithm of their weights.

        With v = log((alpha + tau) / (alpha + t_x)) the integrand falls like exp(-(r + x - 1) v); nodes
        are spread over the part of v that matters (the rest weighs less than e^-45).
        """
        reach = np.log((alpha + total) / (alpha + last))
        reach = np.minimum(reach, 45.0 / np.maximum(r + x - 1, 1e-3))
        v = reach[:, None] * (self._NODES + 1) / 2
        span = (alpha + last)[:, None] * np.exp(v)
        with np.errstate(divide="ignore"):
            log_weight = np.log(reach / 2)[:, None] + np.log(self._WEIGHTS) + np.log(span)
        return span - alpha, log_weight

    def probability_alive(
        self,
        frequency: ArrayLike | None = None,
        recency: ArrayLike | None = None,
        T: ArrayLike | None = None,  # noqa: N803
    ) -> Floats:
        """Probability (0..1) that each customer is still one at the end of observation.

        Without arguments: for the customers of the fit, in their order.
        """
        x, last, total = self._customers(frequency, recency, T)
        moment, log_weight = self._moments(self.r_, self.alpha_, x, last, total)
        ratio = -(self.r_ + x)[:, None] * np.log((self.alpha_ + moment) / (self.alpha_ + total)[:, None])
        ratio = (
            ratio
            - (self.s_ + 1) * np.log(self.beta_ + moment)
            + self.s_ * np.log(self.beta_ + total)[:, None]
        )
        odds_gone = self.s_ * np.exp(np.minimum(ratio + log_weight, 650.0)).sum(axis=1)
        alive: Floats = 1 / (1 + odds_gone)
        return alive

    def expected_purchases(
        self,
        t: float,
        frequency: ArrayLike | None = None,
        recency: ArrayLike | None = None,
        T: ArrayLike | None = None,  # noqa: N803
    ) -> Floats:
        """Purchases to expect of each customer in the next ``t`` units of time (equation 41)."""
        if t < 0:
            raise ValueError(f"t is a time ahead, from 0; got {t}")
        x, last, total = self._customers(frequency, recency, T)
        rate = (self.r_ + x) / (self.alpha_ + total)
        since = self.beta_ + total
        if abs(self.s_ - 1) < 1e-6:
            length = since * np.log((since + t) / since)
        else:
            length = since / (self.s_ - 1) * -np.expm1((self.s_ - 1) * np.log(since / (since + t)))
        return self.probability_alive(x, last, total) * rate * length
