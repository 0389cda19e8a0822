"""Has a customer fallen out of the own habit? Sequential detection on counts by day, everybody at once.

Each customer is compared with the own past alone: the rate of the weeks before, the own weekdays, the own
unevenness. What happens to the whole company (holidays, seasons, an outage, a day without data) is taken
out beforehand, as the weight of each day (:mod:`holdfast.learning.company_days`).

Two statistics look each day. *Falling*: the generalised likelihood ratio of a lower rate since one of
several days, divided by the overdispersion of the weeks before. *Silence*: how unlikely it is that nothing
happened since the last active day. Both together say in which share of quarters a customer with an
unchanged habit shows as much (:class:`Against`.chance), as measured on :mod:`holdfast.learning.steady`.

Sources: Lai (1995), Sequential changepoint detection in quality control and dynamical systems, JRSS B 57
(several windows); Wedderburn (1974), Biometrika 61 (quasi-likelihood); Bühlmann (1967) for what is
drawn towards the company's where the own history is short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.learning.habit_levels import ACTIVE, CHANCES, FALLING, SILENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]
    Marks = NDArray[np.bool_]

WEEK = 7
WINDOWS = (14, 21, 28)
"""How many days ago a fall may have begun."""

RECENT = WINDOWS[-1]
BASE = 112
DAYS = BASE + RECENT
"""The stretch that is looked at: sixteen weeks of habit and the four of which it is asked."""

FEWEST_ACTIVE = 14
"""Active days of habit below which even a full month of silence would say nothing at these rates."""

FEWEST_WEIGHT = 42.0
"""Days of habit, in usual days of the company, from which there is one."""

_WEEKDAY_PRIOR = 15.0
_UNEVEN, _UNEVEN_WEIGHT, _UNEVEN_BOUNDS = 0.5, 6.0, (0.02, 8.0)
_SPREAD, _SPREAD_WEIGHT, _LOWEST_SPREAD = 1.1, 15.0, 0.8


@dataclass(frozen=True, slots=True)
class Against:
    """How each customer's last days stand against the own habit.

    ``judged``: there is enough to say so. ``chance`` is the share of quarters in which somebody with an
    unchanged habit shows as much, 0..1; ``change`` what the last days are of what was expected of them
    (1: as ever), over the ``window`` of days that speaks loudest. ``usual_week`` is what the habit lets
    expect of seven usual days, ``silent`` how many days with data went by without anything. All are ``nan``
    where not judged. ``active`` are the active days of habit of everybody: below :data:`FEWEST_ACTIVE`
    there is none to be compared with.
    """

    judged: Marks
    chance: Doubles
    change: Doubles
    window: Doubles
    usual_week: Doubles
    silent: Doubles
    active: Doubles

    @staticmethod
    def nothing(active: Doubles) -> Against:
        """Nobody is judged."""
        size = len(active)
        chance, change, window, usual, silent = (np.full(size, np.nan) for _ in range(5))
        return Against(np.zeros(size, bool), chance, change, window, usual, silent, active)


def against_habit(counts: NDArray[np.integer], weights: Doubles, quieter: Doubles | None = None) -> Against:
    """Compare the last days of ``counts`` (customers x :data:`DAYS`, the last day last) with the habit.

    ``weights`` are those of the days in the company (1 x days, or customers x days): 1 usual, 0 no data,
    ``nan`` not known yet. While the last day is not known nobody is judged. ``quieter`` is the part of the
    usual that each customer does at this time of the year (1: as ever).
    """
    active = _active(counts)
    weights = np.broadcast_to(np.asarray(weights, np.float64), counts.shape)
    rows = np.flatnonzero((active >= FEWEST_ACTIVE) & np.isfinite(weights[:, -1]))
    found = Against.nothing(active)
    if not len(rows):
        return found
    some = np.nan_to_num(weights[rows].astype(np.float32), copy=False)
    habit = _Habit.of(counts[rows].astype(np.float32), some)
    kept = habit.base_weight >= FEWEST_WEIGHT
    least = np.ones(len(rows)) if quieter is None else np.asarray(quieter, np.float64)[rows]
    _lay(found, rows, kept, habit, least)
    return found


def _lay(found: Against, rows: NDArray[np.intp], kept: Marks, habit: _Habit, quieter: Doubles) -> None:
    falling, change, window = _falling(habit, quieter)
    silence, silent = _silence(habit, quieter)
    values = {
        "chance": chance(falling, silence, habit.active),
        "change": change,
        "window": window,
        "usual_week": habit.rate * WEEK,
        "silent": silent,
    }
    for name, value in values.items():
        getattr(found, name)[rows[kept]] = value[kept]
    found.judged[rows[kept]] = True


def statistics(counts: NDArray[np.integer], weights: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Falling, silence and active days of habit of each customer; ``nan`` where there is too little.

    What :func:`chance` is made of, for its calibration.
    """
    some = np.broadcast_to(np.asarray(weights, np.float32), counts.shape)
    habit = _Habit.of(counts.astype(np.float32), some)
    enough = (_active(counts) >= FEWEST_ACTIVE) & (habit.base_weight >= FEWEST_WEIGHT)
    level = np.ones(len(counts))
    return tuple(  # type: ignore[return-value]
        np.where(enough, each, np.nan)
        for each in (_falling(habit, level)[0], _silence(habit, level)[0], habit.active)
    )


def chance(falling: Doubles, silence: Doubles, active: Doubles) -> Doubles:
    """The share of quarters in which an unchanged habit shows so much of any of both.

    ``active`` are the active days of habit, on which the laws of both depend. Between the measured levels
    it goes on evenly in its logarithm, beyond the last as steeply as before it.
    """
    place = np.interp(np.log(np.maximum(active, 1.0)), np.log(ACTIVE), np.arange(len(ACTIVE)))
    return np.minimum(_level(falling, FALLING, place), _level(silence, SILENCE, place))


def _level(values: Doubles, table: tuple[tuple[float, ...], ...], place: Doubles) -> Doubles:
    """The logarithm of chance is piecewise linear in the statistic; the table is between two rows."""
    rows = np.asarray(table)
    low = np.minimum(place.astype(np.intp), len(rows) - 2)
    apart = (place - low)[:, None]
    bounds = rows[low] * (1 - apart) + rows[low + 1] * apart
    logs = np.log(np.asarray(CHANCES))
    step = np.clip((bounds < values[:, None]).sum(axis=1), 1, bounds.shape[1] - 1)
    here = np.arange(len(values))
    left, right = bounds[here, step - 1], bounds[here, step]
    along = (values - left) / np.maximum(right - left, 1e-9)
    found = np.exp(logs[step - 1] + along * (logs[step] - logs[step - 1]))
    limited: Doubles = np.clip(found, 1e-6, 1.0)
    return limited


@dataclass(frozen=True, slots=True)
class _Habit:
    """What each customer usually does, and the days against it.

    ``exposure`` is the weight of each day for this customer (company and own weekdays), ``rate`` what
    comes per weight. ``uneven`` is the variance of days beyond that of chance, in squared means;
    ``spread`` how much more than those days explain the weeks differ.
    """

    counts: Floats
    exposure: Floats
    rate: Doubles
    uneven: Floats
    spread: Doubles
    base_weight: Doubles
    active: Doubles

    @classmethod
    def of(cls, counts: Floats, weights: Floats) -> _Habit:
        """The habit of the first :data:`BASE` days; what came before the first active day is not known."""
        first = (counts > 0).argmax(axis=1)
        known = np.arange(DAYS)[None, :] > first[:, None]
        counts = counts * (known & (weights > 0))
        exposure = weights * known
        exposure *= np.tile(_weekdays(counts[:, :BASE], exposure[:, :BASE]), (1, DAYS // WEEK))
        base, weight = _sum(counts[:, :BASE]), _sum(exposure[:, :BASE])
        rate = base / np.maximum(weight, 1e-9)
        active = (counts[:, :BASE] > 0).sum(axis=1).astype(np.float64)
        uneven, spread = _spread(counts[:, :BASE], exposure[:, :BASE] * rate[:, None].astype(np.float32))
        return cls(counts, exposure, rate, uneven, spread, weight, active)


def _sum(values: Floats) -> Doubles:
    found: Doubles = values.sum(axis=1, dtype=np.float64)
    return found


def _active(counts: NDArray[np.integer]) -> Doubles:
    days: Doubles = (counts[:, :BASE] > 0).sum(axis=1).astype(np.float64)
    return days


def _weekdays(counts: Floats, exposure: Floats) -> Floats:
    """How much of the company's weekdays each customer takes, drawn towards all of it."""
    weeks = (len(counts), BASE // WEEK, WEEK)
    own, usual = counts.reshape(weeks).sum(axis=1), exposure.reshape(weeks).sum(axis=1)
    share = usual / np.maximum(usual.sum(axis=1, keepdims=True), 1e-9)
    total = own.sum(axis=1, keepdims=True)
    expected = share * total
    prior = _WEEKDAY_PRIOR * share
    some = expected + prior
    found: Floats = np.where(some > 0, (own + prior) / np.maximum(some, 1e-9), 1.0)
    return found


def _spread(counts: Floats, expected: Floats) -> tuple[Floats, Doubles]:
    """Both kinds of unevenness, drawn towards usual ones: of days by moments, of weeks by Pearson."""
    squares = _sum(expected * expected)
    beyond = _sum((counts - expected) ** 2 - expected)
    uneven = np.maximum(beyond + _UNEVEN * _UNEVEN_WEIGHT, 0.0) / (squares + _UNEVEN_WEIGHT)
    uneven = np.clip(uneven, *_UNEVEN_BOUNDS)
    weeks = (len(counts), BASE // WEEK, WEEK)
    came, usual = counts.reshape(weeks).sum(axis=2), expected.reshape(weeks).sum(axis=2)
    variance = usual + uneven[:, None] * (expected * expected).reshape(weeks).sum(axis=2)
    some = variance > 0
    apart = np.where(some, (came - usual) ** 2 / np.where(some, variance, 1.0), 0.0).sum(axis=1)
    free = np.maximum(some.sum(axis=1) - 1, 0)
    spread = (_SPREAD * _SPREAD_WEIGHT + apart) / (_SPREAD_WEIGHT + free)
    return uneven.astype(np.float32), np.maximum(spread, _LOWEST_SPREAD)


def _falling(habit: _Habit, quieter: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """The largest likelihood ratio of a lower rate since one of the windows, over the spread of weeks.

    With it what came against what was expected, and the window.
    """
    size = len(habit.counts)
    best, change, window = np.zeros(size), np.full(size, np.nan), np.full(size, float(RECENT))
    came, weight = _sum(habit.counts), _sum(habit.exposure)
    for days in WINDOWS:
        now, full = _sum(habit.counts[:, -days:]), _sum(habit.exposure[:, -days:])
        before, now_weight = (came - now) / np.maximum(weight - full, 1e-9), full * quieter
        later = now / np.maximum(now_weight, 1e-9)
        lower = (later < before) & (now_weight > 0)
        ratio = np.where(lower, _against_one_rate(habit, days, quieter, before, later), 0.0) / habit.spread
        better = (ratio > best) | ((days == RECENT) & (best == 0))
        told = np.where((before > 0) & (now_weight > 0), later / np.maximum(before, 1e-9), np.nan)
        best, change = np.where(better, ratio, best), np.where(better, told, change)
        window = np.where(better, days, window)
    return best, change, window


def _against_one_rate(habit: _Habit, days: int, quieter: Doubles, before: Doubles, later: Doubles) -> Doubles:
    """Twice the log likelihood ratio of both rates, of days with a negative binomial law."""
    weight = habit.exposure[:, -days:] * quieter[:, None].astype(np.float32)
    counts, uneven = habit.counts[:, -days:], habit.uneven[:, None]
    usual, told = (weight * rate[:, None].astype(np.float32) for rate in (before, later))
    log_ratio = np.log(np.maximum(later, 1e-6) / np.maximum(before, 1e-6))
    # y log(m2 / m1) - (y + 1/u) log((1 + u m2) / (1 + u m1))
    grown = np.log1p(uneven * told) - np.log1p(uneven * usual)
    found: Doubles = 2 * (_sum(counts) * log_ratio - _sum((counts + 1 / uneven) * grown))
    return np.maximum(found, 0.0) * _certain(habit, days)


def _certain(habit: _Habit, days: int) -> Doubles:
    """How much of the likelihood ratio is left because the rate before is known of so many days only."""
    now, all_of_it = _sum(habit.exposure[:, -days:]), _sum(habit.exposure)
    return 1.0 - now / np.maximum(all_of_it, 1e-9)


def _silence(habit: _Habit, quieter: Doubles) -> tuple[Doubles, Doubles]:
    """Minus the logarithm of how likely nothing is since the last active day; and those days with data.

    What comes on an active day does not matter here, only how often days are active.
    """
    base = habit.exposure[:, :BASE]
    open_days = (base > 0).sum(axis=1)
    share = (habit.active + 0.5) / (open_days + 1.0)
    hazard = -np.log1p(-np.minimum(share, 0.98)) * open_days / np.maximum(habit.base_weight, 1e-9)
    happened = habit.counts > 0
    last = DAYS - 1 - happened[:, ::-1].argmax(axis=1)
    since = np.arange(DAYS)[None, :] > last[:, None]
    missed = _sum(habit.exposure * since)
    silent = ((habit.exposure > 0) & since).sum(axis=1).astype(np.float64)
    return hazard * missed * quieter, silent
