"""What became of the warnings of a replay, and of the customers nobody was warned of meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics import panel
from holdfast.analytics.episodes import NEVER
from holdfast.analytics.terms import OPEN
from holdfast.learning.lift import Lift, Outcomes, lift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.panel import Stays
    from holdfast.analytics.scorecards import Verdict

    Whole = NDArray[np.int64]
    Marks = NDArray[np.bool_]
    Grace = Callable[[Whole, int], Whole]

FEWEST = 10
"""Of fewer warnings that are long enough ago nothing is said."""

FEW = 50
"""With fewer, a lift that may be 1 may as well be more."""

_DAYS = 1 << 20
"""More days than there are: a customer and a day in one number."""

ALWAYS = 0.8
"""A warning that holds on more of the days tells customers not apart."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The episodes of one signal on past days, by first day: unit, first day, last day (``NEVER``: open).

    ``units`` were asked on each of ``days`` (sorted both); ``warned_days`` counts customer-days on which
    an episode was open, ``quiet_weeks`` names for each seventh day the units without one.
    """

    unit: Whole
    began: Whole
    ended: Whole
    units: Whole
    days: Sequence[int]
    warned_days: int
    asked_days: int
    quiet_weeks: Mapping[int, Whole]

    def open_at(self, unit: Whole, day: Whole) -> Marks:
        """Whether an episode that began before ``day`` was open at it, row by row."""
        if not len(self.unit):
            return np.zeros(len(unit), bool)
        order = np.lexsort((self.began, self.unit))
        own, ended = self.unit[order], self.ended[order]
        # Of one customer they follow each other: the last one that began before decides.
        last = np.searchsorted(own * _DAYS + self.began[order], unit * _DAYS + day) - 1
        known = (last >= 0) & (own[last] == unit)
        found: Marks = known & ((ended[last] == NEVER) | (ended[last] > day))
        return found


@dataclass(frozen=True, slots=True)
class Worth:
    """What came of the warnings: those ``matured``, the ``lift``, the median lead, and the verdict."""

    matured: int
    lift: Lift
    lead_days: float | None
    days_warned: float | None
    verdict: Verdict


def worth(replay: Replayed, stays: Stays, horizon_days: int, grace: Grace) -> Worth:
    """What the warnings of a replay were worth by who left within ``horizon_days``.

    ``grace`` says of units and a day how much silence each was allowed.
    """
    warned, lead = _of_warnings(replay, stays, horizon_days, grace)
    others = _of_others(replay, stays, horizon_days, grace)
    found = lift(warned, others)
    share = replay.warned_days / replay.asked_days if replay.asked_days else None
    middle = float(np.median(lead)) if len(lead) else None
    return Worth(len(warned), found, middle, share, _verdict(replay, len(warned), share, found))


def _verdict(replay: Replayed, matured: int, share: float | None, found: Lift) -> Verdict:
    if share is not None and share > ALWAYS:
        return "always"
    if not replay.warned_days:
        return "never"
    if matured < FEWEST or found.without is None:
        return "too_little"
    if found.low is None:
        return "few_left"
    if found.low > 1:
        return "earns_its_place"
    return "no_better" if matured >= FEW else "too_little"


def _week(replay: Replayed, day: Whole | int) -> Whole:
    return (np.asarray(day, np.int64) - replay.days[0]) // 7


def _of_warnings(
    replay: Replayed, stays: Stays, horizon_days: int, grace: Grace
) -> tuple[Outcomes, NDArray[np.float64]]:
    """Outcomes of the episodes whose customer was there and whose horizon is over; days until lost."""
    who, weeks, left, lead = [NOBODY], [NOBODY], [np.zeros(0, bool)], [np.empty(0)]
    for day in np.unique(replay.began).tolist():
        units = np.unique(replay.unit[replay.began == day])
        found, gone, end = _outcomes(stays, day + 1, units, horizon_days, grace)
        who.append(np.searchsorted(replay.units, found))
        weeks.append(np.full(len(found), int(_week(replay, day))))
        left.append(gone)
        lead.append((end - day)[gone & (end < OPEN)].astype(np.float64))
    return Outcomes(np.concatenate(who), np.concatenate(weeks), np.concatenate(left)), np.concatenate(lead)


def _of_others(replay: Replayed, stays: Stays, horizon_days: int, grace: Grace) -> Outcomes:
    """Outcomes of whom no warning was open of, one day a week."""
    who, weeks, left = [NOBODY], [NOBODY], [np.zeros(0, bool)]
    for day, units in replay.quiet_weeks.items():
        found, gone, _ = _outcomes(stays, day + 1, units, horizon_days, grace)
        who.append(np.searchsorted(replay.units, found))
        weeks.append(np.full(len(found), int(_week(replay, day))))
        left.append(gone)
    return Outcomes(np.concatenate(who), np.concatenate(weeks), np.concatenate(left))


NOBODY = np.empty(0, np.intp)


def _outcomes(
    stays: Stays, day: int, units: Whole, horizon_days: int, grace: Grace
) -> tuple[Whole, Marks, Whole]:
    """Those of the sorted ``units`` who were there and of whom it is known by now: who left, when lost."""
    spells = panel.present(stays, day)
    there = np.intersect1d(units, stays.unit[spells])
    told = panel.outcomes(stays, day, horizon_days, there, grace(there, day))
    rows = spells[np.searchsorted(stays.unit[spells], there)]
    known = told.decided
    return there[known], told.left[known], stays.end[rows][known]
