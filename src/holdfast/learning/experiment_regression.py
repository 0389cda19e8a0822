"""Means of treated and held out, adjusted for what was known before: regression from sums.

A regression in each arm on the covariates, compared at the mean of all (Lin 2013, "Agnostic notes on
regression adjustments to experimental data", Ann. Appl. Stat. 7, 295-318: the coefficient of the arm in y on
arm, x, and arm times centred x). The variance keeps the arms apart, s_a² (1/n_a + d_a' Sxx_a⁻¹ d_a) with d_a
how far the arm's means of x lie off, and adds the spread of the effect over customers,
(b_1 - b_0)' S_x (b_1 - b_0) / N (Negi and Wooldridge 2021, "Revisiting regression adjustment in experiments
with heterogeneous treatment effects", Econometric Reviews 40, 504-534).

That is robust although Σ e² x x' is not among the sums. At the arm's own mean of x the sandwich of the
intercept is Σ e² / n_a², whatever the errors look like, because the residuals are taken there; what the
sandwich does differently away from that mean shrinks with d_a², a part of 1/n_a.

Slopes are shared by the strata of an arm; every stratum keeps its own means, so the share held out may have
been changed on the way. The strata are put together by their customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from holdfast.learning.experiment_sums import Floats, Stratum, Sums, arms_of, customers_of

FURTHEST = 37.0
"""So many standard errors are as good as certain; beyond them doubles end."""


@dataclass(frozen=True, slots=True)
class Means:
    """Means compared by their standard error, with Welch's degrees of freedom."""

    treated: float
    held_out: float
    standard_error: float
    freedom: float
    covariates: int

    @property
    def means(self) -> Means:
        """These, as what knows limits answers with its means."""
        return self

    @property
    def difference(self) -> float:
        """Treated minus held out."""
        return self.treated - self.held_out

    def limits(self, z: float) -> tuple[float, float]:
        """The difference at ``z`` standard errors, with Student's tails of the same chance."""
        wide = -float(stdtrit(self.freedom, ndtr(-z))) * self.standard_error
        return self.difference - wide, self.difference + wide

    def score(self) -> float:
        """At which z one of the limits is 0."""
        if not self.standard_error:
            return FURTHEST if self.difference else 0.0
        tail = stdtr(self.freedom, -abs(self.difference) / self.standard_error)
        return min(FURTHEST, -float(ndtri(tail)))


@dataclass(frozen=True, slots=True)
class _Fit:
    """The regression of one arm, its slopes shared by the strata; variance and freedom per stratum."""

    slope: Floats
    inverse: Floats
    variance: Floats
    freedom: Floats


_OWN = 10
"""From so many customers on an arm has a variance of its own in a stratum; below, that of the whole arm."""


def _fitted(arm: Sequence[Sums], k: int) -> _Fit:
    spreads = [sums.spreads if k else np.zeros((0, 0)) for sums in arm]
    together = [sums.together if k else np.zeros(0) for sums in arm]
    turned, rank = inverse(np.sum(spreads, axis=0), np.sum([sums.squares[:k] for sums in arm], axis=0))
    slope = turned @ np.sum(together, axis=0)
    rest = np.array(
        [
            sums.spread - 2 * slope @ xy + slope @ xx @ slope
            for sums, xx, xy in zip(arm, spreads, together, strict=True)
        ]
    )
    rest = np.maximum(rest, 0.0)
    free = np.array([sums.n - 1.0 for sums in arm])
    free = free * (1 - rank / free.sum())
    own = np.array([sums.n >= _OWN for sums in arm])
    variance = np.where(own, rest / np.maximum(free, 1e-9), rest.sum() / free.sum())
    return _Fit(slope, turned, variance, np.where(own, free, free.sum()))


def inverse(spreads: Floats, squares: Floats) -> tuple[Floats, int]:
    """The inverse where there is one; covariates that are constant or repeat others are left out."""
    if not len(squares):
        return np.zeros((0, 0)), 0
    size = np.diag(spreads)
    scale = np.where(size > 1e-10 * squares, 1 / np.sqrt(np.maximum(size, 1e-300)), 0.0)
    values, vectors = np.linalg.eigh(spreads * np.outer(scale, scale))
    kept = values > 1e-8
    vectors = vectors[:, kept] * scale[:, None]
    told: Floats = (vectors / values[kept]) @ vectors.T
    return told, int(kept.sum())


def compared_means(strata: Sequence[Stratum], weight: Floats, k: int) -> Means:
    """The means of both arms over strata of these weights (sum 1), adjusted for ``k`` covariates or 0."""
    arms = arms_of(strata)
    fits = [_fitted(arm, k) for arm in arms]
    both = [stratum.treated + stratum.held_out for stratum in strata]
    means, parts, freedom, more = [], [], [], 0.0
    for arm, fit in zip(arms, fits, strict=True):
        apart = [
            sums.means - whole.means if k else np.zeros(0) for sums, whole in zip(arm, both, strict=True)
        ]
        off = np.array(apart).T @ weight
        means.append(float(weight @ [sums.mean for sums in arm] - fit.slope @ off))
        parts.append(weight**2 * fit.variance / [sums.n for sums in arm])
        freedom.append(fit.freedom)
        more += float(weight @ fit.variance * (off @ fit.inverse @ off))
    gap = fits[0].slope - fits[1].slope
    if k:
        customers = customers_of(strata)
        spread = np.sum([whole.spreads for whole in both], axis=0)
        more += float(gap @ spread @ gap) / (customers - len(both)) / customers
    known = np.concatenate(parts)
    # Welch-Satterthwaite: how many degrees of freedom a sum of estimated variances has.
    free = np.square(known.sum()) / max(float((known**2 / np.concatenate(freedom)).sum()), 1e-300)
    return Means(means[0], means[1], sqrt(known.sum() + more), max(1.0, float(free)), k)
