"""Weeks in which one cause is named more often than else among those who leave, in one place or everywhere.

How many leave is not asked here, only what they leave for: against the part that the cause has, at all
times, among losses of the same kind (``stratum``) and place. So neither growth nor a season of losses looks
like a cause. All places, causes and stretches are looked at together, and a finding must beat the farthest
of all of them where the causes of each kind and place are dealt anew over its weeks.

Sources: Kulldorff (1997), Comm. Statist. 26, 1481-1496 (the scan); Kulldorff et al. (2005), PLoS Medicine 2,
e59 (expected counts from the margins, and chance by permutation); Westfall and Young (1993), Resampling-Based
Multiple Testing (the farthest of all); Besag and Clifford (1991), Biometrika 78, 301-304 (no more draws once
they have answered).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from holdfast.learning.outside import ALPHA, LONGEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Doubles = NDArray[np.float64]

EVERYWHERE = -1
FEWEST_OF_A_CAUSE = 10
"""A cause that is named less often in a place is not looked at there."""

FEWEST_NAMED = 60
_DRAWS, _AT_ONCE = 99, 11
_Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Named:
    """Losses whose cause is known: ``cause``, ``place``, ``stratum`` and ``week`` of each, from 0 on."""

    cause: Whole
    place: Whole
    stratum: Whole
    week: Whole

    def __len__(self) -> int:
        return len(self.cause)

    def only(self, kept: NDArray[np.bool_]) -> Named:
        """Some of them."""
        return Named(self.cause[kept], self.place[kept], self.stratum[kept], self.week[kept])


@dataclass(frozen=True, slots=True)
class CauseWave:
    """Weeks ``first`` to before ``stop`` in which ``cause`` was named ``came`` times in ``place``, ``times``
    its part at other times, with the 95 % interval. ``chance`` is that of any standing out as much.
    """

    place: int
    cause: int
    first: int
    stop: int
    came: int
    expected: float
    times: float
    low: float
    high: float
    chance: float


def cause_waves(named: Named, *, most: int = 5, seed: int = 0) -> list[CauseWave]:
    """The waves beyond chance, the clearest first; the losses of one that is found count for no other."""
    found: list[CauseWave] = []
    random = np.random.default_rng(seed)
    while len(named) >= FEWEST_NAMED and len(found) < most:
        best = _clearest(named, random)
        if best is None or best.chance > ALPHA:
            break
        found.append(best)
        there = (named.place == best.place) | (best.place == EVERYWHERE)
        inside = (named.week >= best.first) & (named.week < best.stop)
        named = named.only(~(there & inside & (named.cause == best.cause)))
    return found


def _clearest(named: Named, random: np.random.Generator) -> CauseWave | None:
    series, of_place, of_all = _series(named)
    if not len(series):
        return None
    weeks = int(named.week.max()) + 1
    cell = np.unique(named.place * (named.stratum.max() + 1) + named.stratum, return_inverse=True)[1]
    count = _Counting(named.week, weeks, len(series), named.place, of_place, of_all)
    real = count.of(named.cause)
    share = _share(named.cause, cell)
    usual = sum(
        (count.of(np.full(len(named), cause), share[cell, cause]) for cause in range(share.shape[1])),
        start=np.zeros_like(real),
    )
    ratio, first, stop = _scan(real, usual)
    at = int(ratio.argmax())
    if ratio[at] <= 0:
        return None
    chance = _chance(named.cause, cell, count, usual, float(ratio[at]), random)
    inside = slice(int(first[at]), int(stop[at]))
    place, cause = series[at]
    return _told(place, cause, inside, real[at], usual[at], chance)


def _told(place: int, cause: int, inside: slice, real: Doubles, usual: Doubles, chance: float) -> CauseWave:
    came, expected = float(real[inside].sum()), float(usual[inside].sum())
    rest, rest_usual = float(real.sum()) - came, float(usual.sum()) - expected
    times = (came / expected) / ((rest + 0.5) / (rest_usual + 0.5))
    half = _Z95 * sqrt(1 / came + 1 / (rest + 0.5))
    return CauseWave(
        *(place, cause, inside.start, inside.stop, round(came), expected),
        *(times, times * exp(-half), times * exp(half), chance),
    )


def _series(named: Named) -> tuple[list[tuple[int, int]], Whole, Whole]:
    """What is looked at, place and cause: and of each place and cause, and each cause, its number or -1."""
    places, causes = int(named.place.max(initial=-1)) + 1, int(named.cause.max()) + 1
    there = named.place >= 0
    counts = np.zeros((places, causes), np.int64)
    np.add.at(counts, (named.place[there], named.cause[there]), 1)
    enough = np.argwhere(counts >= FEWEST_OF_A_CAUSE)
    everywhere = np.flatnonzero(np.bincount(named.cause, minlength=causes) >= FEWEST_OF_A_CAUSE)
    of_place, of_all = np.full((places + 1, causes), -1, np.int64), np.full(causes, -1, np.int64)
    of_place[enough[:, 0], enough[:, 1]] = np.arange(len(enough))
    of_all[everywhere] = len(enough) + np.arange(len(everywhere))
    series = [(int(place), int(cause)) for place, cause in enough]
    return [*series, *((EVERYWHERE, int(cause)) for cause in everywhere)], of_place, of_all


@dataclass(frozen=True, slots=True)
class _Counting:
    """How often each series was named in each week, for the causes that the losses are given.

    A loss of no known place has the place -1, which is the last row of ``of_place``: nobody's.
    """

    week: Whole
    weeks: int
    series: int
    place: Whole
    of_place: Whole
    of_all: Whole

    def of(self, cause: Whole, weight: Doubles | None = None) -> Doubles:
        """The counts, series by week."""
        found = np.zeros(self.series * self.weeks)
        for number in (self.of_place[self.place, cause], self.of_all[cause]):
            some = number >= 0
            keys = number[some] * self.weeks + self.week[some]
            weights = None if weight is None else weight[some]
            found += np.bincount(keys, weights, minlength=len(found))
        return found.reshape(self.series, self.weeks)


def _share(cause: Whole, cell: Whole) -> Doubles:
    """Of each cell the part of each cause."""
    counts = np.zeros((int(cell.max()) + 1, int(cause.max()) + 1))
    np.add.at(counts, (cell, cause), 1)
    found: Doubles = counts / counts.sum(axis=1, keepdims=True)
    return found


def _chance(
    cause: Whole, cell: Whole, count: _Counting, usual: Doubles, real: float, random: np.random.Generator
) -> float:
    """How often causes dealt anew within each cell bring anything as clear."""
    in_order = np.argsort(cell, kind="stable")
    beaten = drawn = 0
    while drawn < _DRAWS and beaten <= ALPHA * (_DRAWS + 1):
        now = min(_AT_ONCE, _DRAWS - drawn)
        dealt = [_dealt(cause, cell, in_order, random) for _ in range(now)]
        counts = np.concatenate([count.of(each) for each in dealt])
        ratio = _scan(counts, np.tile(usual, (now, 1)))[0].reshape(now, -1).max(axis=1)
        beaten += int((ratio >= real).sum())
        drawn += now
    return (1 + beaten) / (1 + drawn)


def _dealt(cause: Whole, cell: Whole, in_order: Whole, random: np.random.Generator) -> Whole:
    found = np.empty_like(cause)
    found[in_order] = cause[np.argsort(cell + random.random(len(cell)), kind="stable")]
    return found


def _scan(counts: Doubles, usual: Doubles) -> tuple[Doubles, Whole, Whole]:
    """Of each row the largest log-likelihood ratio of a stretch with more than usual, and where it is."""
    total = counts.sum(axis=1, keepdims=True)
    came, were = (
        np.concatenate([np.zeros((len(each), 1)), np.cumsum(each, axis=1)], axis=1)
        for each in (counts, usual)
    )
    best, first, stop = np.zeros(len(counts)), np.zeros(len(counts), int), np.zeros(len(counts), int)
    rows = np.arange(len(counts))
    for length in range(2, min(LONGEST, counts.shape[1]) + 1):
        inside, expected = came[:, length:] - came[:, :-length], were[:, length:] - were[:, :-length]
        ratio = _ratio(inside, expected, total)
        at = ratio.argmax(axis=1)
        better = ratio[rows, at] > best
        best[better], first[better] = ratio[rows, at][better], at[better]
        stop[better] = at[better] + length
    return best, first, stop


def _ratio(inside: Doubles, expected: Doubles, total: Doubles) -> Doubles:
    """Zero where no more came than expected, which is most of the time: of the others the ratio."""
    found: Doubles = np.zeros_like(inside)
    more = (inside > expected) & (expected > 0) & (expected < total)
    came, were, all_of = inside[more], expected[more], np.broadcast_to(total, inside.shape)[more]
    outside, rest = all_of - came, np.maximum(all_of - came, 1.0)
    found[more] = came * np.log(came / were) + outside * np.log(rest / (all_of - were))
    return found
