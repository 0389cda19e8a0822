"""Past snapshots with what came after: who was present at a day, and who had left by its horizon.

A unit is *present* at the beginning of a day when its spell began before and has not ended by
then (a spell ends by silence on the first day that is too much, see :mod:`holdfast.analytics.churn`).
It has *left* within the horizon when it *departed* before the horizon's end: on the day its contract
ended, or with its last purchase, where the silence after that has outlasted the allowance. So
somebody who is silent at the day and not counted as lost yet can turn out to have left already,
and somebody who comes back later has left all the same.

An outcome needs time to show: a row is *mature* when its horizon has passed, and after it as much
silence as the customer's own rhythm allowed at the day (:mod:`holdfast.analytics.grace`). Who is mature
is thus known at the day and does not depend on what came of it: to leave out those who are silent
when the data end would leave out those who leave.
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


@dataclass(frozen=True, slots=True)
class Stays:
    """The spells of all units up to ``end_day``, sorted by unit and start, and their running contracts.

    Columns as in the kept table ``spells``; ``held``: a contract of the unit still runs at the end.
    ``grace_days``: the silence that is usual in the company, 0 where most customers have a contract.
    """

    unit: Whole
    start: Whole
    end: Whole
    ended: Whole
    active: Whole
    held: NDArray[np.bool_]
    end_day: int
    grace_days: int = 0

    @property
    def departed(self) -> Whole:
        """The day each spell was left: the last purchase before silence, else the end; ``OPEN``: not."""
        return np.where(self.ended == Ended.SILENT, self.active, self.end)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of customers who were present at a day, row by row.

    ``left`` by the end of the horizon; ``departed_day`` is ``OPEN`` where the spell goes on;
    ``mature_day``: the first day on which the row could be told; ``decided``: it has come.
    ``latest_day``: the last purchase of the spell, ``-OPEN`` where there is none.
    """

    left: NDArray[np.bool_]
    departed_day: NDArray[np.int32]
    mature_day: NDArray[np.int32]
    decided: NDArray[np.bool_]
    latest_day: NDArray[np.int32]


def present(stays: Stays, day: int) -> NDArray[np.intp]:
    """The rows of the spells of units present at the beginning of ``day``, one each."""
    # What ends by a contract on this very day has not happened at its beginning.
    over = np.where(stays.ended == Ended.SILENT, stays.end, stays.end + 1)
    rows = np.flatnonzero((stays.start < day) & (day < over))
    # Of a spell that a contract ends on this day and the next one begun on it only one is found.
    return rows[np.append(True, np.diff(stays.unit[rows]) != 0)] if len(rows) else rows


def outcomes(stays: Stays, day: int, horizon_days: int, units: Whole, grace: Whole) -> Outcomes:
    """What became of ``units``, all present at ``day``, by the day ``day + horizon_days``.

    ``grace`` are the days of silence that each was allowed at ``day``; 0: their leaving shows at once.
    """
    spells = present(stays, day)
    rows = spells[np.searchsorted(stays.unit[spells], units)]
    until = day + horizon_days
    mature = np.minimum(until + grace, OPEN)
    # Silent at the end for longer than was allowed at the day, and not counted as lost yet: the
    # allowance has grown with the purchases since, and the horizon has ended before them.
    silent = (
        (stays.ended[rows] == Ended.OPEN)
        & ~stays.held[rows]
        & (grace > 0)
        & (stays.active[rows] < until)
        & (stays.end_day - stays.active[rows] >= grace)
    )
    departed = np.where(silent, stays.active[rows], stays.departed[rows])
    return Outcomes(
        departed < until,
        departed.astype(np.int32),
        mature.astype(np.int32),
        mature <= stays.end_day,
        stays.active[rows].astype(np.int32),
    )


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


def under_contract(unit: Whole, start: Whole, end: Whole, at: Whole, day: int) -> NDArray[np.bool_]:
    """Which of the units ``at`` have a contract that runs at the beginning of ``day``."""
    return np.isin(at, unit[(start < day) & (day <= end)])


def held_units(unit: Whole, end: Whole) -> Whole:
    """Units with a contract that still runs, sorted."""
    return np.unique(unit[end >= OPEN])
