"""Whether the two groups of a play are what the draw makes: their sizes, and who was in them before.

Sizes: Pearson's chi-square, exact where there are few (one look); and Lindon and Malek 2022, "Anytime-valid
inference for multinomial count data", NeurIPS 35, for as many looks as one likes. Covariates: Hotelling's
distance within strata as a normal mixture, the always-valid test of
:func:`holdfast.learning.experiment_estimates.always_valid` in several dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal

import numpy as np
from scipy.special import betaln, chdtrc, gammaln, xlog1py, xlogy

from holdfast.domain.texts import Text
from holdfast.learning.experiment_estimates import LEAST_CUSTOMERS, mixing
from holdfast.learning.experiment_regression import inverse
from holdfast.learning.experiment_sums import Floats, Stratum, arms_of, customers_of

SUSPICIOUS = 0.001
"""Groups that chance makes in fewer plays than this are not believed."""

_EXACT_BELOW = 1000
_EXPECTED_GAP = 100.0
"""How sharply the test of sizes looks: most for a share held out that is about 4 points off."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How the two groups came out: counted, what was to be expected, and how odd that is.

    ``p_value`` is of the sizes at one look, ``p_any_time`` at as many looks as one likes. ``covariates``
    holds by how many standard deviations the treated lie above the held out before the play;
    ``covariates_p`` how odd all of these together are, at any time (``None`` without covariates).
    """

    treated: int
    held_out: int
    expected_held_out: float
    p_value: float
    p_any_time: float
    covariates: tuple[float, ...] = ()
    covariates_p: float | None = None

    @property
    def problem(self) -> Literal["sizes", "covariates"] | None:
        """What is not to be believed, if anything."""
        if self.p_any_time < SUSPICIOUS:
            return "sizes"
        return "covariates" if self.covariates_p is not None and self.covariates_p < SUSPICIOUS else None

    @property
    def warning(self) -> Text | None:
        """What is wrong, in words."""
        if self.problem == "sizes":
            return Text(
                "Do not trust these figures: {held_out} were held out where about {expected} were to be. "
                "Chance does that in fewer than 1 of 1,000 cases. Find out where customers are lost on the "
                "way into one of the groups.",
                held_out=self.held_out,
                expected=round(self.expected_held_out),
            )
        if self.problem == "covariates":
            return Text(
                "Do not trust these figures: the two groups differed before anything was done. Chance does "
                "that in fewer than 1 of 1,000 cases. Find out what else decides who is treated."
            )
        return None


def balance(strata: Sequence[Stratum]) -> Balance:
    """Check the groups of a play. Give all who entered, not only those followed to the end, where you can.

    Strata in which everybody had the same arm are left out: there was no draw.
    """
    drawn = [stratum for stratum in strata if 0 < stratum.probability < 1 and stratum.n]
    treated, held_out = (sum(sums.n for sums in arm) for arm in arms_of(drawn))
    gaps, odd = _covariates(drawn)
    return Balance(
        treated,
        held_out,
        sum(stratum.n * (1 - stratum.probability) for stratum in drawn),
        _one_look(drawn),
        _any_time(drawn),
        gaps,
        odd,
    )


def _one_look(drawn: Sequence[Stratum]) -> float:
    if not drawn:
        return 1.0
    if len(drawn) == 1 and drawn[0].n < _EXACT_BELOW:
        return _exact(drawn[0].treated.n, drawn[0].n, drawn[0].probability)
    square = sum(
        (stratum.treated.n - stratum.n * stratum.probability) ** 2
        / (stratum.n * stratum.probability * (1 - stratum.probability))
        for stratum in drawn
    )
    return float(chdtrc(len(drawn), square))


def _exact(treated: int, n: int, probability: float) -> float:
    """The chance of a division as odd as this or odder (binomial, two-sided by likelihood)."""
    count = np.arange(n + 1)
    chance = gammaln(n + 1) - gammaln(count + 1) - gammaln(n - count + 1)
    chance = np.exp(chance + xlogy(count, probability) + xlog1py(n - count, -probability))
    return min(1.0, float(chance[chance <= chance[treated] * (1 + 1e-9)].sum()))


def _any_time(drawn: Sequence[Stratum]) -> float:
    """1 / the evidence against the draw, each stratum with a prior around its own probability."""
    evidence = 0.0
    for stratum in drawn:
        share, ours, theirs = stratum.probability, stratum.treated.n, stratum.held_out.n
        prior = _EXPECTED_GAP * share, _EXPECTED_GAP * (1 - share)
        evidence += float(betaln(prior[0] + ours, prior[1] + theirs) - betaln(*prior))
        evidence -= ours * log(share) + theirs * log(1 - share)
    return exp(-max(0.0, evidence))


def _covariates(drawn: Sequence[Stratum]) -> tuple[tuple[float, ...], float | None]:
    both = [stratum for stratum in drawn if stratum.both]
    arms = [sum(sums.n for sums in arm) for arm in arms_of(both)]
    k = len(both[0].treated.x) if both else 0
    if not k or min(arms) < LEAST_CUSTOMERS:
        return (), None
    gap, variance, squares, size = np.zeros(k), np.zeros((k, k)), np.zeros(k), 0.0
    for stratum in both:
        whole = stratum.treated + stratum.held_out
        worth = stratum.treated.n * stratum.held_out.n / whole.n
        gap += worth * (stratum.treated.means - stratum.held_out.means)
        variance += worth * whole.spreads / (whole.n - 1)
        squares += worth * whole.squares / (whole.n - 1)
        size += worth
    turned, rank = inverse(variance, squares)
    along = customers_of(both) * mixing(_EXPECTED, SUSPICIOUS)
    evidence = float(gap @ turned @ gap) * along / (2 * (1 + along)) - rank / 2 * log(1 + along)
    return _standardised(gap, variance, size), exp(-max(0.0, evidence))


_EXPECTED = 1000
"""For how many customers the test of covariates is sharpest."""


def _standardised(gap: Floats, variance: Floats, size: float) -> tuple[float, ...]:
    """Differences in standard deviations; 0 of a covariate that is the same for all."""
    deviation = np.sqrt(np.maximum(np.diag(variance) / size, 0.0))
    apart = np.divide(gap / size, deviation, out=np.zeros_like(gap), where=deviation > 0)
    return tuple(apart.tolist())
