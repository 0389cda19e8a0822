"""Past snapshots with what came after: who was present at a day, and who had left by its horizon.

A unit is *present* at the beginning of a day when its spell began before and has not ended by
then (a spell ends by silence on the first day that is too much, see :mod:`holdfast.analytics.churn`).
It has *left* within the horizon when it *departed* before the horizon's end: on the day its contract
ended, or with its last purchase, where the silence after that has outlasted the allowance. So
somebody who is silent at the day and not counted as lost yet can turn out to have left already,
and somebody who comes back later has left all the same.

An outcome needs time to show. Whoever is silent when the data end, and not yet too long, is
undecided: such rows are left out, and a day is *mature* only when its horizon, and the silence after
which nearly all leavers are known, have passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.churn import Ended
from holdfast.analytics.terms import OPEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

KNOWN_SHARE = 0.9
"""A day is mature when so many of those who fell silent have been counted as lost by the end."""


@dataclass(frozen=True, slots=True)
class Stays:
    """The spells of all units up to ``end_day``, sorted by unit and start, and their running contracts.

    Columns as in the kept table ``spells``; ``held``: a contract of the unit still runs at the end.
    """

    unit: Whole
    start: Whole
    end: Whole
    ended: Whole
    active: Whole
    held: NDArray[np.bool_]
    end_day: int

    @property
    def departed(self) -> Whole:
        """The day each spell was left: the last purchase before silence, else the end; ``OPEN``: not."""
        return np.where(self.ended == Ended.SILENT, self.active, self.end)

    @property
    def grace_days(self) -> int:
        """How long after their last purchase :data:`KNOWN_SHARE` of the silent ones counted as lost."""
        silent = self.ended == Ended.SILENT
        if not silent.any():
            return 0
        waited = (self.end - self.active)[silent]
        return int(np.quantile(waited, KNOWN_SHARE, method="higher"))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Who was present at a day: ``unit`` (sorted), and what became of them.

    ``left`` by the end of the horizon; ``departed_day`` and ``evident_day`` (when that could be
    known), both ``OPEN`` where the spell goes on; ``decided``: the outcome is certain.
    """

    unit: Whole
    left: NDArray[np.bool_]
    departed_day: NDArray[np.int32]
    evident_day: NDArray[np.int32]
    decided: NDArray[np.bool_]


def present(stays: Stays, day: int) -> NDArray[np.intp]:
    """The rows of the spells of units present at the beginning of ``day``, one each."""
    # What ends by a contract on this very day has not happened at its beginning.
    over = np.where(stays.ended == Ended.SILENT, stays.end, stays.end + 1)
    rows = np.flatnonzero((stays.start < day) & (day < over))
    # Of a spell that a contract ends on this day and the next one begun on it only one is found.
    return rows[np.append(True, np.diff(stays.unit[rows]) != 0)] if len(rows) else rows


def outcomes(stays: Stays, day: int, horizon_days: int) -> Outcomes:
    """What became of those present at ``day`` by the day ``day + horizon_days``."""
    rows = present(stays, day)
    until = day + horizon_days
    departed, end = stays.departed[rows], stays.end[rows]
    ongoing = stays.ended[rows] == Ended.OPEN
    seen_later = (stays.active[rows] >= until) | stays.held[rows]
    return Outcomes(
        stays.unit[rows],
        departed < until,
        departed.astype(np.int32),
        end.astype(np.int32),
        (until <= stays.end_day) & (~ongoing | seen_later),
    )


def mature_by(stays: Stays, horizon_days: int, end_day: int | None = None) -> int:
    """The last day whose outcomes are mature when the data end before ``end_day``."""
    return (stays.end_day if end_day is None else end_day) - horizon_days - stays.grace_days


def moments(last: int, first: int, step_days: int, most: int) -> tuple[int, ...]:
    """Days from ``last`` back in steps, none before ``first``; the oldest comes first."""
    return tuple(sorted(day for day in (last - at * step_days for at in range(most)) if day >= first))


def monthly_amounts(unit: Whole, start: Whole, end: Whole, amount: Whole, at: Whole, day: int) -> Whole:
    """What the contracts that run at the beginning of ``day`` bring a month, for each unit in ``at``.

    ``unit``, ``start``, ``end`` and ``amount`` are the kept table ``terms``; ``at`` is sorted.
    """
    found = np.zeros(len(at), np.int64)
    running = np.flatnonzero((start < day) & (day <= end))
    if len(at) and len(running):
        place = np.minimum(np.searchsorted(at, unit[running]), len(at) - 1)
        own = at[place] == unit[running]
        np.add.at(found, place[own], amount[running][own])
    return found


def held_units(unit: Whole, end: Whole) -> Whole:
    """Units with a contract that still runs, sorted."""
    return np.unique(unit[end >= OPEN])
