"""How many to hold out, what a play can show, and how many weeks it still takes.

Planning uses the normal approximation at one look: an effect is shown with a chance of ``power`` when it is
(z_{1-alpha/2} + z_power) standard errors away from 0; ``alpha`` is what is left for that look. ``sd_ratio``
is what covariates leave of the standard deviation: sqrt(1 - R²), 1 without any.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt

from scipy.special import ndtri

from holdfast.domain.texts import Share, Text
from holdfast.learning.experiment_estimates import (
    ALPHA,
    ALPHA_EARLY,
    LEAST_CUSTOMERS,
    Estimate,
    mixing,
    reach,
)

AT_END = ALPHA - ALPHA_EARLY
"""The chance of an error that is left for the look at the planned end."""

LEAST_HELD_OUT, MOST_HELD_OUT = 0.05, 0.5
LONGEST_WEEKS = 260
"""Five years: who must wait longer is told so, and no number."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A share to hold out, and the smallest fall in leaving that it shows (``None``: none at all).

    ``enough`` says whether that is as small as was asked for.
    """

    share: float
    detectable: float | None
    enough: bool
    sentence: Text


def detectable_effect(
    n: int,
    holdout_share: float,
    base_rate: float,
    sd_ratio: float = 1.0,
    power: float = 0.8,
    alpha: float = AT_END,
) -> float | None:
    """The smallest fall in the share that leaves (0.03: three points) that a play of ``n`` customers shows.

    ``base_rate`` is the share that leaves when nothing is done. ``None``: not even if nobody left any more.

    >>> round(detectable_effect(5_000, 0.2, 0.12), 3)
    0.032
    """
    _checked(n, holdout_share, sd_ratio, power, alpha)
    if not 0 < base_rate < 1:
        raise ValueError(f"the share that leaves lies between 0 and 1; got {base_rate}")
    held_out, z = n * holdout_share, _away(power, alpha)

    def shown(effect: float) -> bool:
        left = base_rate - effect
        variance = left * (1 - left) / (n - held_out) + base_rate * (1 - base_rate) / held_out
        return effect >= z * sd_ratio * sqrt(variance)

    if min(held_out, n - held_out) < LEAST_CUSTOMERS or not shown(base_rate):
        return None
    return _smallest(shown, base_rate)


def detectable_difference(
    n: int, holdout_share: float, deviation: float, power: float = 0.8, alpha: float = AT_END
) -> float | None:
    """The same for an amount whose ``deviation`` (after covariates) is known, in its unit."""
    _checked(n, holdout_share, 1.0, power, alpha)
    if not deviation >= 0:
        raise ValueError(f"a standard deviation is not negative; got {deviation}")
    held_out = n * holdout_share
    if min(held_out, n - held_out) < LEAST_CUSTOMERS:
        return None
    return _away(power, alpha) * deviation * sqrt(1 / held_out + 1 / (n - held_out))


def propose_holdout(
    n: int,
    base_rate: float,
    effect: float,
    sd_ratio: float = 1.0,
    power: float = 0.8,
    alpha: float = AT_END,
) -> Proposal:
    """The smallest share to hold out, in whole percent from 5 to 50, that shows a fall of ``effect``.

    The smallest, since whoever is held out goes without the help. Where even half is too few, half is
    proposed, with what it does show.
    """
    if not 0 < effect <= base_rate:
        raise ValueError(f"a fall in leaving lies above 0 and up to {base_rate}, who leave now; got {effect}")
    percents = range(round(LEAST_HELD_OUT * 100), round(MOST_HELD_OUT * 100) + 1)
    for share in (percent / 100 for percent in percents):
        seen = detectable_effect(n, share, base_rate, sd_ratio, power, alpha)
        if seen is not None and seen <= effect:
            return Proposal(share, seen, True, _proposed(share, base_rate, seen, power))
    seen = detectable_effect(n, MOST_HELD_OUT, base_rate, sd_ratio, power, alpha)
    return Proposal(MOST_HELD_OUT, seen, False, _too_small(base_rate, seen, effect))


def weeks_more(
    found: Estimate, effect: float, planned: int, per_week: float, power: float = 0.8
) -> int | None:
    """After how many more weeks the always-valid interval would show ``effect``, in the outcome's unit.

    ``found`` is the always-valid estimate of now, ``planned`` what it was made with, and ``per_week`` how
    many customers come to the end of their follow-up in a week. ``None`` beyond five years. What is sought
    is stated beforehand: the effect found so far would make a forecast out of noise.
    """
    if not effect > 0 or not per_week > 0:
        raise ValueError(f"an effect and a pace above 0 are needed; got {effect} and {per_week}")
    alpha, seen = 1 - found.level, sum(found.customers)
    # Of the interval, not of the means: with few losses it is the one that knows how little is known.
    error = (found.high - found.low) / 2 / found.reach

    def shown(weeks: float) -> bool:
        customers = seen + ceil(weeks) * per_week
        far = reach(customers * mixing(planned, alpha), alpha) + float(ndtri(power))
        return effect >= far * error * sqrt(seen / customers)

    if not shown(LONGEST_WEEKS):
        return None
    return max(1, ceil(_smallest(shown, LONGEST_WEEKS)))


def _smallest(shown: Callable[[float], bool], top: float) -> float:
    """The smallest value up to ``top`` that is shown, by halving."""
    low, high = 0.0, float(top)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return high


def _away(power: float, alpha: float) -> float:
    return float(ndtri(1 - alpha / 2) + ndtri(power))


def _checked(n: int, holdout_share: float, sd_ratio: float, power: float, alpha: float) -> None:
    if n < 0 or not 0 < holdout_share < 1:
        raise ValueError(
            "customers are counted from 0, and a share between 0 and 1 is held out; "
            f"got {n} and {holdout_share}"
        )
    if not 0 < sd_ratio <= 1 or not 0.5 <= power < 1 or not 0 < alpha < 0.5:
        raise ValueError(
            "sd_ratio lies above 0 and up to 1, power from 0.5 to below 1, alpha between 0 and 0.5; "
            f"got {sd_ratio}, {power} and {alpha}"
        )


def _proposed(share: float, base: float, seen: float, power: float) -> Text:
    return Text(
        "Hold out {share}: a fall in leaving from {base} to {after} is then shown with a chance of {power}.",
        share=Share(share, 0),
        base=Share(base),
        after=Share(base - seen),
        power=Share(power, 0),
    )


def _too_small(base: float, seen: float | None, effect: float) -> Text:
    if seen is None:
        return Text(
            "Even with half held out the customers are too few to show anything. Let it run longer or reach "
            "more customers."
        )
    return Text(
        "Even with half held out only a fall in leaving from {base} to {after} is shown, not one to "
        "{wanted}. Let it run longer or reach more customers.",
        base=Share(base),
        after=Share(base - seen),
        wanted=Share(base - effect),
    )
