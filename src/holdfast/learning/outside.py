"""Outside factors: days and stretches of a whole company that are unlike the others, season and trend.

One customer cannot tell an outage from a holiday; a company can. Nothing here knows where a number comes
from: a series is a count for each day or week, with what was to be expected of it.

Sources: McCullagh and Nelder (1989), Generalized Linear Models, ch. 9 (quasi-Poisson: counts that vary more
than chance); Anscombe (1948), Biometrika 35, 246-254 (the root that makes counts alike); Dunn (1961), JASA
56, 52-64 (Bonferroni, for many days); Kulldorff (1997), Comm. Statist. 26, 1481-1496, eq. 2.2 (the scan over
all stretches, its chance by drawing); von Neumann (1941), Ann. Math. Statist. 12, 367-395 (spread by
differences).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Marks = NDArray[np.bool_]

ALPHA = 0.05
"""How often, at most, a company in which nothing happened has a finding all the same."""

FEWEST_DAYS = 120
FEWEST_A_STRETCH = 60
"""With fewer losses in all no stretch is looked for."""

LONGEST = 16
"""A stretch lasts so many weeks at most; what lasts longer is a trend."""

_NEAR = 6
_CLEAR = 2.0
_DRAWS = 199
_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class OddDay:
    """A day on which far more or less came than usual: ``times`` the usual, with its 95 % interval."""

    day: int
    came: int
    usual: float
    times: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Weeks ``first`` to before ``stop`` in which more left: ``times`` what was to be expected of the rest.

    ``chance`` is that of any stretch standing out as much where nothing happened.
    """

    first: int
    stop: int
    lost: int
    expected: float
    times: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class Factor:
    """By what something multiplies a count, with its 95 % interval."""

    times: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether it is more than chance."""
        return self.low > 1 or self.high < 1


def usual_of(counts: Doubles) -> Doubles:
    """What each day usually brings: the median of the same weekday, six weeks before to six after it."""
    weeks = [np.roll(counts, 7 * shift) for shift in range(-_NEAR, _NEAR + 1) if shift]
    stacked = np.array(weeks)
    for row, shift in enumerate(shift for shift in range(-_NEAR, _NEAR + 1) if shift):
        gone = slice(0, 7 * shift) if shift > 0 else slice(len(counts) + 7 * shift, None)
        stacked[row, gone] = np.nan
    found: Doubles = np.nanmedian(stacked, axis=0)
    return found


def odd_days(counts: Doubles, looks: int) -> list[OddDay]:
    """Days at least twice or at most half as full as usual, beyond chance over ``looks`` days in all.

    None of the first six weeks, before which nothing is usual yet. Of many series ``looks`` is the number
    of days of them together.
    """
    if len(counts) < FEWEST_DAYS:
        return []
    usual = usual_of(counts)
    out = 2 * (np.sqrt(counts + 0.375) - np.sqrt(usual + 0.375))
    spread = max(1.0, float(np.median(np.abs(out))) / _NORMAL.inv_cdf(0.75))
    bound = -_NORMAL.inv_cdf(ALPHA / 2 / max(1, looks))
    found = []
    for day in np.flatnonzero(np.abs(out) > bound * spread).tolist():
        if day < 7 * _NEAR:
            continue
        came, expected = float(counts[day]), float(usual[day])
        times = (came + 0.5) / (expected + 0.5)
        if times >= _CLEAR or times <= 1 / _CLEAR:
            half = _Z95 * spread * sqrt(1 / (came + 0.5) + 1 / (12 * (expected + 0.5)))
            low, high = times * exp(-half), times * exp(half)
            found.append(OddDay(day, int(came), expected, times, low, high))
    return found


def stretches(lost: Doubles, expected: Doubles, most: int = 3, seed: int = 0) -> list[Stretch]:
    """Stretches of weeks in which more left than ``expected`` (up to a common factor), the clearest first."""
    found: list[Stretch] = []
    kept = expected > 0
    random = np.random.default_rng(seed)
    while len(found) < most and lost[kept].sum() >= FEWEST_A_STRETCH:
        best = _clearest(np.where(kept, lost, 0.0), np.where(kept, expected, 0.0), random)
        if best is None or best.chance > ALPHA:
            break
        found.append(best)
        kept = kept.copy()
        kept[best.first : best.stop] = False
    return found


def _clearest(lost: Doubles, expected: Doubles, random: np.random.Generator) -> Stretch | None:
    total = float(lost.sum())
    share = expected * total / expected.sum()
    spread = _overdispersion(lost, share)
    real, first, stop = _scan(lost, share)
    if real <= 0:
        return None
    # Counts that vary more than chance are drawn as fewer, heavier ones.
    drawn = random.multinomial(round(total / spread), share / share.sum(), size=_DRAWS).astype(np.float64)
    thinned = share * round(total / spread) / total
    beaten = sum(_scan(each, thinned)[0] >= real / spread for each in drawn)
    inside, rest = float(lost[first:stop].sum()), float(share[first:stop].sum())
    times = (inside / rest) / ((total - inside) / (total - rest))
    half = _Z95 * sqrt(spread * (1 / inside + 1 / (total - inside)))
    bounds = times * exp(-half), times * exp(half)
    return Stretch(first, stop, int(inside), rest, times, *bounds, (1 + beaten) / (1 + _DRAWS))


def _scan(lost: Doubles, expected: Doubles) -> tuple[float, int, int]:
    """The largest log-likelihood ratio over all stretches with more than expected, and where it is."""
    total = float(expected.sum())
    came, were = np.concatenate([[0.0], np.cumsum(lost)]), np.concatenate([[0.0], np.cumsum(expected)])
    best = (0.0, 0, 0)
    for length in range(2, LONGEST + 1):
        inside, usual = came[length:] - came[:-length], were[length:] - were[:-length]
        more = (inside > usual) & (usual > 0) & (usual < total)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = inside * np.log(inside / usual) + np.where(
                total > inside, (total - inside) * np.log((total - inside) / (total - usual)), 0.0
            )
        ratio = np.where(more, ratio, 0.0)
        place = int(ratio.argmax()) if len(ratio) else 0
        if len(ratio) and ratio[place] > best[0]:
            best = (float(ratio[place]), place, place + length)
    return best


def _overdispersion(lost: Doubles, expected: Doubles) -> float:
    """How many times as much as by chance counts vary, by neighbouring weeks: no stretch adds to it."""
    some = expected > 0.5
    residual = (lost[some] - expected[some]) / np.sqrt(expected[some])
    return max(1.0, float((np.diff(residual) ** 2).mean() / 2)) if some.sum() > 2 else 1.0


def season(
    counts: Doubles, exposure: Doubles, month: NDArray[np.int64], days: Doubles
) -> tuple[dict[int, Factor], Factor]:
    """How each month of the year (1-12) differs from the mean one, and the trend a year.

    ``counts`` in each period, ``exposure`` the customers there were, ``days`` the middle of each in days.
    Months against a mean of 1 on the logarithm; told only where at least two years are known.
    """
    years = (days - days.mean()) / 365.25
    dummies = (month[:, None] == np.arange(1, 13)).astype(np.float64)
    dummies = dummies[:, :11] - dummies[:, 11:]  # what the twelve add up to is none
    design = np.column_stack([np.ones(len(counts)), years, dummies])
    effect, cover = quasi_poisson(counts, design, np.log(np.maximum(exposure, 1.0)))
    last = np.concatenate([[0.0, 0.0], -np.ones(11)])
    months = {}
    for number in range(12):
        picked = last if number == 11 else np.eye(len(effect))[2 + number]
        months[number + 1] = _factor(float(picked @ effect), float(picked @ cover @ picked))
    return months, _factor(float(effect[1]), float(cover[1, 1]))


def against(came: float, usual: float, spread: float) -> Factor:
    """What came on some days against what is usual; ``spread`` how many times as much it varies as chance."""
    return _factor(log((came + 0.5) / (usual + 0.5)), spread * (1 / (came + 0.5) + 1 / (12 * (usual + 0.5))))


def quasi_poisson(counts: Doubles, design: Doubles, offset: Doubles) -> tuple[Doubles, Doubles]:
    """Effects on the logarithm of counts, and their covariance, by iterated least squares."""
    effect: Doubles = np.zeros(design.shape[1])
    effect[0] = log((counts.sum() + 0.5) / np.exp(offset).sum())
    for _ in range(50):
        mean = np.exp(np.clip(design @ effect + offset, -30, 30))
        target = design @ effect + (counts - mean) / mean
        information = design.T @ (design * mean[:, None])
        new = np.asarray(
            np.linalg.solve(information + 1e-9 * np.eye(len(effect)), design.T @ (mean * target)), np.float64
        )
        moved, effect = float(np.abs(new - effect).max()), new
        if moved < 1e-8:
            break
    mean = np.exp(np.clip(design @ effect + offset, -30, 30))
    free = max(1, len(counts) - design.shape[1])
    spread = max(1.0, float(((counts - mean) ** 2 / mean).sum() / free))
    information = design.T @ (design * mean[:, None])
    cover = np.linalg.inv(information + 1e-9 * np.eye(len(effect)))
    return effect, np.asarray(spread * cover, np.float64)


def _factor(effect: float, variance: float) -> Factor:
    half = _Z95 * sqrt(max(0.0, variance))
    return Factor(exp(effect), exp(effect - half), exp(effect + half))
