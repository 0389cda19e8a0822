"""Which channel a customer answers best, learnt from few tries: the company's own rate steadies it.

Of ``tries`` turns through a channel, ``answers`` were answered. The chance of an answer has a beta
distribution whose prior is the company's rate on that channel, weighing as much as a few tries; with few
tries of its own a customer looks like the others, with many like itself.

Source: Efron, Morris (1977), Stein's paradox in statistics (shrinking rates of few tries to the mean);
Gelman et al. (2013), Bayesian data analysis, 2.4 (the conjugate beta prior).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, sqrt

PRIOR_TRIES = 5.0
"""The company's own rate weighs as much as so many tries."""
ENOUGH_TRIES = 3
"""With fewer turns through a channel, nothing is said about it."""
SURE_ENOUGH = 0.8
"""A channel suits when it is better than the next with at least this probability."""
UNKNOWN_RATE = 0.1
"""Where the company has not tried a channel either."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a channel was tried, and how often an answer came (not more often than it was tried)."""

    tries: int
    answers: int


@dataclass(frozen=True, slots=True)
class Suited:
    """The channel that suits; ``rate`` is the steadied chance of an answer, 0..1.

    ``channel`` is ``None`` where it is not clear yet: ``tries`` then counts all there were.
    ``probability`` is that of being better than the next channel, 1 where there is no other.
    """

    channel: str | None
    tries: int
    answers: int
    rate: float
    probability: float


def tried(asked: int, answered: int) -> Tried:
    """Tries and answers of a channel; who turns to us without being asked was answered as often."""
    return Tried(max(asked, answered), answered)


def steadied(own: Tried, company: Tried | None) -> tuple[float, float]:
    """Mean and variance of the chance of an answer."""
    prior = UNKNOWN_RATE if company is None or not company.tries else company.answers / company.tries
    prior = min(0.99, max(0.01, prior))
    alpha = prior * PRIOR_TRIES + own.answers
    beta = (1 - prior) * PRIOR_TRIES + own.tries - own.answers
    total = alpha + beta
    return alpha / total, alpha * beta / (total * total * (total + 1))


def suited_channel(own: Mapping[str, Tried], company: Mapping[str, Tried]) -> Suited:
    """The channel that one customer answers best, or why it is not clear yet.

    It must have been tried :data:`ENOUGH_TRIES` times and answered at least once, and be better than
    every other tried channel with probability :data:`SURE_ENOUGH` (normal approximation).
    """
    rates = {channel: steadied(each, company.get(channel)) for channel, each in own.items() if each.tries}
    unclear = Suited(None, sum(each.tries for each in own.values()), 0, 0.0, 0.0)
    if not rates:
        return unclear
    best = max(rates, key=lambda channel: (rates[channel][0], channel))
    if own[best].tries < ENOUGH_TRIES or not own[best].answers:
        return unclear
    probability = min(
        (_better(rates[best], rate) for channel, rate in rates.items() if channel != best), default=1.0
    )
    if probability < SURE_ENOUGH:
        return unclear
    return Suited(best, own[best].tries, own[best].answers, rates[best][0], probability)


def _better(one: tuple[float, float], other: tuple[float, float]) -> float:
    """With which probability the first rate is above the second."""
    spread = sqrt(one[1] + other[1])
    return 0.5 * (1 + erf((one[0] - other[0]) / (spread * sqrt(2))))
