"""The difference between treated and held out, from sums: at the planned end, and at any time.

**Amounts** are compared by the means of :mod:`holdfast.learning.experiment_regression`.

**Shares.** Losses are rare and the held-out few, so an interval as wide on both sides errs too often on one.
Wilson's limits of each arm are put together instead (Newcombe 1998, Statistics in Medicine 17, 873-890,
method 10), over strata by their squares (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702), around
the adjusted difference, and narrower by what covariates explain (the quotient of both standard errors).

**At any time.** z of the fixed horizon becomes sqrt(2 (1 + 1/Nρ²) log(sqrt(Nρ² + 1) / α)): Waudby-Smith,
Arbour, Sinha, Kennedy and Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence
sequences", Ann. Stat. 52, 2613-2640, the interval of their Theorem 2.2, with the ρ that makes it narrow at
the planned end. It bounds the mean effect of all who entered so far, also where that drifts. The p-value is
of the same mixture (Johari, Koomen, Pekelis and Walsh 2022, "Always valid inference", Operations Research
70, 1806-1821).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import Literal, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from holdfast.domain.texts import Text
from holdfast.learning.experiment_regression import FURTHEST, Means, compared_means
from holdfast.learning.experiment_sums import Stratum, Sums, arms_of, customers_of

ALPHA, ALPHA_EARLY = 0.05, 0.01
"""In how many plays without effect one may be claimed; of these, how many away from the planned end."""

LEAST_CUSTOMERS = 30
"""Fewer in an arm say nothing."""

_PER_COVARIATE = 10
"""So many customers of the smaller arm a covariate must have beyond the least; of a share, so many losses."""

_HEAVY = 0.2
"""A customer who alone makes this part of an arm's spread decides too much for an interval by the mean."""

Kind = Literal["share", "amount"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean outcome of treated minus held out, with its interval.

    ``treated`` and ``held_out`` are the (adjusted) means, ``customers`` how many of each are in it;
    ``low`` and ``high`` hold the difference with a chance of ``level``; ``p_value`` of a difference
    of 0. ``covariates`` is how many the means were adjusted for; ``left_out`` counts customers who entered
    while one arm did not exist; ``heaviest`` is the share of an arm's spread that one customer makes up,
    where that is known; ``reach`` is how many standard errors the interval reaches.
    """

    difference: float
    low: float
    high: float
    level: float
    p_value: float
    standard_error: float
    treated: float
    held_out: float
    customers: tuple[int, int]
    covariates: int
    reach: float
    left_out: int = 0
    heaviest: float | None = None

    @property
    def sign(self) -> int:
        """+1 or -1 where the interval leaves out 0, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    @property
    def heavy(self) -> bool:
        """Whether one customer decides too much."""
        return self.heaviest is not None and self.heaviest > _HEAVY

    def times(self, factor: float) -> Estimate:
        """The same of ``factor`` (above 0) customers together: from a mean to a total."""
        if not factor > 0:
            raise ValueError(f"a total is of more than 0 customers; got {factor}")
        return replace(
            self,
            difference=self.difference * factor,
            low=self.low * factor,
            high=self.high * factor,
            standard_error=self.standard_error * factor,
            treated=self.treated * factor,
            held_out=self.held_out * factor,
        )


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No estimate, and why: a ``code`` for programs, a ``reason`` for people."""

    code: Literal["nobody", "no_hold_out", "none_treated", "too_few", "not_over"]
    reason: Text


def difference(strata: Sequence[Stratum], kind: Kind, alpha: float = ALPHA) -> Estimate | NotKnown:
    """The difference of treated and held out for **one** look, decided on beforehand.

    ``kind`` is "share" for outcomes 0 and 1, "amount" for others. Strata are compared within and put
    together by their customers. Answers :class:`NotKnown` with fewer than ``LEAST_CUSTOMERS`` in an arm.
    """
    _checked_alpha(alpha)
    found = _compared(strata, kind)
    if isinstance(found, NotKnown):
        return found
    return _estimate(found, strata, -float(ndtri(alpha / 2)), alpha, 2 * float(ndtr(-found.score())))


def always_valid(
    strata: Sequence[Stratum], kind: Kind, planned: int, alpha: float = ALPHA
) -> Estimate | NotKnown:
    """The same, for as many looks as one likes: the interval holds at all of them with a chance of 1 - alpha.

    ``planned`` customers is where it is narrowest; it must not depend on outcomes. The price is an interval
    about half as wide again as one for a single look.
    """
    _checked_alpha(alpha)
    if planned < 1:
        raise ValueError(f"the planned number of customers is counted from 1; got {planned}")
    found = _compared(strata, kind)
    if isinstance(found, NotKnown):
        return found
    # n rho squared: how far along the play is, in the units of the mixture.
    along = customers_of(strata) * mixing(planned, alpha)
    p_value = min(1.0, sqrt(1 + along) * exp(-(found.score() ** 2) * along / (2 * (1 + along))))
    return _estimate(found, strata, reach(along, alpha), alpha, p_value)


def mixing(planned: int, alpha: float) -> float:
    """ρ² with which the interval is narrowest at ``planned`` customers (Waudby-Smith et al., section 2.2)."""
    return (-2 * log(alpha) + log(-2 * log(alpha)) + 1) / planned


def reach(along: float, alpha: float) -> float:
    """How many standard errors the always-valid interval reaches at N ρ² = ``along``."""
    return sqrt(2 * (1 + 1 / along) * log(sqrt(along + 1) / alpha))


class _Compared(Protocol):
    """A difference that knows its limits at z standard errors, and at which z they touch 0."""

    @property
    def means(self) -> Means: ...
    def limits(self, z: float) -> tuple[float, float]: ...
    def score(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares compared by Wilson's limits of (weight, left, customers) of each stratum, arm by arm.

    Around the difference of the ``means``, with distances times ``narrowed``.
    """

    means: Means
    arms: tuple[tuple[tuple[float, float, int], ...], ...]
    narrowed: float

    def limits(self, z: float) -> tuple[float, float]:
        (below, above), (held_below, held_above) = (_wilson(arm, z) for arm in self.arms)
        found = self.means.difference
        return (
            found - self.narrowed * sqrt(below + held_above),
            found + self.narrowed * sqrt(above + held_below),
        )

    def score(self) -> float:
        """The smallest z whose limits hold 0, by halving: they only ever widen."""
        low, high = 0.0, FURTHEST if self.means.difference else 0.0
        for _ in range(30):
            middle = (low + high) / 2
            below, above = self.limits(middle)
            low, high = (low, middle) if below <= 0 <= above else (middle, high)
        return high


def _wilson(arm: Sequence[tuple[float, float, int]], z: float) -> tuple[float, float]:
    """The squared distances of a weighted share from its lower and its upper limit."""
    below = above = 0.0
    for weight, left, customers in arm:
        share = left / customers
        middle = (left + z * z / 2) / (customers + z * z)
        wide = sqrt(left * (1 - share) + z * z / 4) * z / (customers + z * z)
        below += (weight * (share - middle + wide)) ** 2
        above += (weight * (middle + wide - share)) ** 2
    return below, above


def _compared(strata: Sequence[Stratum], kind: Kind) -> _Compared | NotKnown:
    whole = [stratum for stratum in strata if stratum.both]
    arms = arms_of(whole)
    smaller = min(sum(sums.n for sums in arm) for arm in arms)
    if smaller < LEAST_CUSTOMERS:
        return _too_few(strata)
    weight = np.array([stratum.n for stratum in whole]) / customers_of(whole)
    k = _covariates(arms)
    if kind == "share":
        # The rarer outcome of the arm that has fewer of it: a regression learns from these.
        smaller = int(min(min(sum(s.y for s in arm), sum(s.n - s.y for s in arm)) for arm in arms))
    if smaller < LEAST_CUSTOMERS + _PER_COVARIATE * k:
        k = 0
    means = compared_means(whole, weight, k)
    if kind == "amount":
        return means
    plain = compared_means(whole, weight, 0).standard_error if k else 0.0
    return _Shares(
        means,
        tuple(tuple((w, s.y, s.n) for w, s in zip(weight.tolist(), arm, strict=True)) for arm in arms),
        means.standard_error / plain if plain else 1.0,
    )


def _estimate(
    found: _Compared, strata: Sequence[Stratum], z: float, alpha: float, p_value: float
) -> Estimate:
    whole = [stratum for stratum in strata if stratum.both]
    low, high = found.limits(z)
    treated, held_out = arms_of(whole)
    means = found.means
    return Estimate(
        means.difference,
        low,
        high,
        1 - alpha,
        p_value,
        means.standard_error,
        means.treated,
        means.held_out,
        (sum(sums.n for sums in treated), sum(sums.n for sums in held_out)),
        means.covariates,
        z,
        customers_of(strata) - customers_of(whole),
        _heaviest(treated, held_out),
    )


def _heaviest(*arms: Sequence[Sums]) -> float | None:
    """The largest part of an arm's spread that one customer makes up."""
    found = []
    for arm in arms:
        spread = sum(sums.spread for sums in arm)
        for sums in arm:
            if sums.largest is None:
                return None
            found.append((sums.largest - abs(sums.mean)) ** 2 / spread if spread > 0 else 0.0)
    return min(1.0, max(found, default=0.0))


def _covariates(arms: tuple[Sequence[Sums], Sequence[Sums]]) -> int:
    found = {len(sums.x) for arm in arms for sums in arm}
    if len(found) > 1:
        raise ValueError(f"all sums need the same covariates; got {sorted(found)} of them")
    return found.pop()


def _too_few(strata: Sequence[Stratum]) -> NotKnown:
    treated, held_out = (sum(sums.n for sums in arm) for arm in arms_of(strata))
    if not treated + held_out:
        return NotKnown("nobody", Text("Nobody who entered has been followed to the end yet."))
    if not held_out:
        return NotKnown("no_hold_out", Text("Nobody was held out, so there is nothing to compare with."))
    if not treated:
        return NotKnown("none_treated", Text("Everybody was held out, so there is nothing to compare."))
    return NotKnown(
        "too_few",
        Text(
            "Too few to compare: followed to the end are {treated} treated and {held_out} held out who "
            "entered at the same time; it takes at least {least} of each.",
            treated=treated,
            held_out=held_out,
            least=LEAST_CUSTOMERS,
        ),
    )


def _checked_alpha(alpha: float) -> None:
    if not 0 < alpha < 0.5:
        raise ValueError(
            f"alpha, the chance of an error, lies between 0 and 0.5 (0.05 is usual); got {alpha}"
        )
