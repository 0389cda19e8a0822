"""How sure a share or a rate is: intervals and one test, by formulas that hold for small numbers."""

from __future__ import annotations

from math import exp, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
Z95 = _NORMAL.inv_cdf(0.975)
"""The two-sided 95 % point of the normal distribution, 1.96."""


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share: ``hits`` out of ``of`` customers, 0 <= low <= share <= high <= 1.

    Wilson's score interval: unlike the textbook one it stays within 0..1, is never empty at 0 hits
    and covers what it says from a handful of customers on. ``of`` = 0 says nothing: (0, 1).

    Source: E. B. Wilson (1927), JASA 22, 209-212; recommended by Brown, Cai and DasGupta (2001),
    Statistical Science 16, 101-133.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} hits of {of}: expected 0 <= hits <= of")
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, Z95 * Z95
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # At the ends the formula is exact in the reals and a hair off in floating point.
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    return low, 1.0 if hits == of else min(1.0, centre + half)


def more_than_chance(hits: int, of: int, hits_after: int, of_after: int) -> float:
    """The probability that chance alone lets the second share exceed the first by as much.

    Two-proportion z-test, one-sided, pooled; 1.0 where a group is empty or nothing varies. Small
    means that the rise is real.

    Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, ch. 3.
    """
    if of == 0 or of_after == 0:
        return 1.0
    # Over a year more can leave than were there at its start: such a ratio is no share that varies.
    pooled = min(1.0, (hits + hits_after) / (of + of_after))
    spread = sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_after))
    if spread == 0:
        return 1.0
    return 1 - _NORMAL.cdf((hits_after / of_after - hits / of) / spread)


def differs(hits: int, of: int, hits_others: int, of_others: int) -> bool:
    """Whether two shares differ by more than chance at 5 % (two-sided, pooled z-test)."""
    higher = more_than_chance(hits_others, of_others, hits, of)
    lower = more_than_chance(hits, of, hits_others, of_others)
    return min(higher, lower) < 0.025


def count_interval(count: int) -> tuple[float, float]:
    """The 95 % interval of the expected number behind a ``count`` of independent events.

    Byar's approximation to the exact Poisson limits; the lower one of 0 is 0.

    Source: Breslow and Day (1987), Statistical Methods in Cancer Research II, eq. 2.13.
    """
    if count < 0:
        raise ValueError(f"a count is never below zero ({count})")
    low = count * (1 - 1 / (9 * count) - Z95 / (3 * sqrt(count))) ** 3 if count else 0.0
    after = count + 1
    return max(0.0, low), after * (1 - 1 / (9 * after) + Z95 / (3 * sqrt(after))) ** 3


def log_log(share: float, variance_of_log: float) -> tuple[float, float]:
    """The 95 % interval of a survival share by its log-log, so that it stays within 0..1.

    ``variance_of_log`` is Greenwood's sum, the variance of log S. A share of 0 or 1 has none: it is
    its own interval.

    Source: Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, eq. 1.15.
    """
    from math import log

    if share <= 0 or share >= 1:
        return share, share
    spread = Z95 * sqrt(variance_of_log) / abs(log(share))
    return share ** exp(spread), share ** exp(-spread)
