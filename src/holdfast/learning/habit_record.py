"""How often early warnings about habits are wrong and right on drawn customers, who are told day by day.

Everything is looked at as at work: each day anew, the company's days measured of the same customers. The
levels of :mod:`holdfast.learning.habit_levels` are made of it, by ``tools/calibrate_habits.py``; tests and
the benchmark hold them against other draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.learning.company_days import day_weights
from holdfast.learning.habits import DAYS, WEEK, against_habit, statistics
from holdfast.learning.steady import changed, steady

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Doubles = NDArray[np.float64]

QUARTER = 91
AFTER = 30
"""Within how many days after a change a warning is to come."""

_CHANGED_ON = 20


@dataclass(frozen=True, slots=True)
class Caught:
    """Of those with enough signal: who was warned of with an unchanged habit in a quarter, and who within
    :data:`AFTER` days after a change, by what was left of the use. ``judged`` is the share with enough.
    """

    judged: float
    false_alarms: float
    caught: dict[float, float]


def extremes(draw: np.random.Generator, customers: int) -> tuple[Doubles, Doubles, Doubles]:
    """The largest of both statistics in a quarter of unchanged habit, and the active days of habit."""
    counts = steady(draw, customers, DAYS + QUARTER).counts
    falling, silence, active = (np.full(customers, np.nan) for _ in range(3))
    for window, weights in _days(counts, DAYS, DAYS + QUARTER):
        now_falling, now_silence, now_active = statistics(window, weights)
        falling, silence = np.fmax(falling, now_falling), np.fmax(silence, now_silence)
        active = np.where(np.isnan(active), now_active, active)
    known = np.isfinite(active)
    return falling[known], silence[known], active[known]


def record(draw: np.random.Generator, customers: int, lefts: tuple[float, ...], rate: float) -> Caught:
    """How warnings at a rate of false alarms do on customers of one drawn company."""
    counts = steady(draw, customers, DAYS + QUARTER).counts
    day, judged = DAYS + _CHANGED_ON, _least_chance(counts, DAYS, DAYS + 1)[1]
    least = _least_chance(counts, DAYS, DAYS + QUARTER)[0]
    caught = {}
    for left in lefts:
        less = _with_some_changed(draw, counts, day, left)
        chance = _least_chance(less, day + 1, day + AFTER + 1, of=customers // 5)[0]
        caught[left] = float((chance[judged[: len(chance)]] <= rate).mean())
    return Caught(float(judged.mean()), float((least[judged] <= rate).mean()), caught)


def _with_some_changed(draw: np.random.Generator, counts: Counts, day: int, left: float) -> Counts:
    """One customer in five changes: the company as a whole goes on."""
    found = counts.copy()
    some = len(counts) // 5
    found[:some] = changed(draw, counts[:some], day, left)
    return found


def _least_chance(
    counts: Counts, first: int, last: int, of: int | None = None
) -> tuple[Doubles, NDArray[np.bool_]]:
    """The least chance within days of asking, and who was judged on any, of the first ``of`` customers."""
    size = len(counts) if of is None else of
    least, judged = np.full(size, np.inf), np.zeros(size, bool)
    for window, weights in _days(counts, first, last):
        found = against_habit(window[:size], weights)
        least, judged = np.fmin(least, found.chance), judged | found.judged
    return least, judged


def _days(counts: Counts, first: int, last: int) -> Iterator[tuple[Counts, Doubles]]:
    for day in range(first, last):
        window = counts[:, day - DAYS : day]
        yield window, day_weights(window)[None, :]


def week_against_week(
    draw: np.random.Generator, customers: int, lefts: tuple[float, ...], rate: float
) -> Caught:
    """The same of the rule people know: the last seven days against the seven before.

    As good as it gets: by part or by difference, whichever catches more, with the bound set by these very
    customers so that exactly ``rate`` of them are warned of by mistake.
    """
    counts = steady(draw, customers, DAYS + QUARTER).counts
    judged = _least_chance(counts, DAYS, DAYS + 1)[1]
    day, counts = DAYS + _CHANGED_ON, counts[judged]
    bounds = np.quantile(_worst_weeks(counts, DAYS, DAYS + QUARTER), 1 - rate, axis=1)
    caught = {}
    for left in lefts:
        worst = _worst_weeks(changed(draw, counts, day, left), day + 1, day + AFTER + 1)
        caught[left] = float((worst > bounds[:, None]).mean(axis=1).max())
    return Caught(float(judged.mean()), rate, caught)


def _worst_weeks(counts: Counts, first: int, last: int) -> Doubles:
    """How much less, by part and by difference in its spread by chance, the worst week was."""
    running = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1)
    worst = np.zeros((2, len(counts)))
    for day in range(first, last):
        now = running[:, day] - running[:, day - WEEK]
        before = running[:, day - WEEK] - running[:, day - 2 * WEEK]
        part, apart = (before + 1) / (now + 1), (before - now) / np.sqrt(np.maximum(before + now, 1))
        worst = np.maximum(worst, np.stack([part, apart]))
    return worst
