"""Signals asked of the past, day by day, and their records made of it.

Each past day is asked as that day could have been: only of what had happened and was known by then. The
same rule makes the same episodes of it as the nights have made, or would have made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.episodes import Replay
from holdfast.analytics.replayed import Replayed
from holdfast.domain.texts import Text
from holdfast.services.progress import Progress, Silent
from holdfast.services.warn import asking, records
from holdfast.services.warn.sample import Sample, link_back, sampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.scorecards import Scorecard
    from holdfast.analytics.signal import Tuned
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.settings import Settings

    Whole = NDArray[np.int64]

MOST_DAYS = 364
"""So far back a record reaches."""

TRIAL_DAYS, TRIAL_STEP, TRIAL_CUSTOMERS = 273, 3, 1_000
"""A trial is asked every third day of so many customers: what begins and ends in between is not seen."""

RECORD_CUSTOMER_DAYS = 700_000

AT_ONCE = 28
"""Days that are asked together: their tables are in memory at once."""

WEEK = 7
"""Of whom nobody is warned is written down once a week: to compare with."""

WARM_UP_DAYS = 14
"""The first days of a company say nothing: there is no habit yet."""


def trial(settings: Settings, tuned: Tuned, *, now: datetime) -> Scorecard:
    """The record of one signal on a part of the customers and of the past; nothing is kept. Takes seconds."""
    with sampled(settings, TRIAL_CUSTOMERS, now) as sample:
        days = past_days(sample, TRIAL_DAYS)[::TRIAL_STEP]
        (found,) = replay(sample, [tuned], days)
        return records.scorecard(settings, sample, tuned, found, [], now)


def past_days(sample: Sample, most: int) -> range:
    """The days that are asked: the last of them is the last that is over."""
    end = sample.history.end_day
    return range(max(end - most, min(sample.first_day + WARM_UP_DAYS, end)), end)


def replay(
    sample: Sample, signals: Sequence[Tuned], days: Sequence[int], progress: Progress | None = None
) -> list[Replayed]:
    """What each signal would have raised on each of ``days``, in order; an episode is of the day that did."""
    progress, lives = progress or Silent(), [_Life(each, sample.units) for each in signals]
    link_back(sample, [day + 1 for day in days])
    for first in range(0, len(days), AT_ONCE):
        progress.step(Text("Asking the signals of the past"), first, len(days))
        some = days[first : first + AT_ONCE]
        asked = asking.asked(sample.history, signals, [day + 1 for day in some])
        by_day: list[list[FeatureTable]] = [[] for _ in some]
        for tables in asked.slices(sample.units):
            for place, table in enumerate(tables):
                by_day[place].append(table)
        for place, day in enumerate(some):
            here = asking.not_gone(sample.history.stays, day + 1, sample.units)
            told = [_Told.of(table, here, sample.units) for table in by_day[place]]
            for life in lives:
                life.take(told, day)
    progress.step(Text("Asking the signals of the past"), len(days), len(days))
    return [life.replayed(days) for life in lives]


@dataclass(frozen=True, slots=True)
class _Told:
    """The numbers of a day: which ``rows`` count, and the ``place`` of each among all customers."""

    table: FeatureTable
    rows: NDArray[np.intp]
    place: NDArray[np.intp]

    @classmethod
    def of(cls, table: FeatureTable, here: Whole, units: Whole) -> _Told:
        """The numbers of those who are ``here``."""
        rows = np.flatnonzero(np.isin(table.unit_id, here))
        return cls(table, rows, np.searchsorted(units, table.unit_id[rows]))


@dataclass(slots=True)
class _Life:
    """The warnings of one signal while days pass."""

    tuned: Tuned
    units: Whole
    replay: Replay = field(init=False)
    warned_days: int = 0
    asked_days: int = 0
    quiet_weeks: dict[int, Whole] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.replay = Replay(self.units, self.tuned.signal.cooldown_days)

    def take(self, told: Sequence[_Told], day: int) -> None:
        """Take a day: what the signal says of whom it is asked; of all others it is over."""
        holds, over = np.zeros(len(self.units), bool), np.ones(len(self.units), bool)
        judged = np.zeros(len(self.units), bool)
        for each in told:
            said = asking.say(each.table, self.tuned)
            holds[each.place], over[each.place] = said.holds[each.rows], said.over[each.rows]
            judged[each.place] = True
        self.replay.day(day, holds, over)
        self.asked_days += int(judged.sum())
        self.warned_days += int((self.replay.is_open & judged).sum())
        if not self.quiet_weeks or day - max(self.quiet_weeks) >= WEEK:
            self.quiet_weeks[day] = self.units[judged & ~self.replay.is_open]

    def replayed(self, days: Sequence[int]) -> Replayed:
        """What came of all days."""
        unit, began, ended = self.replay.episodes()
        first = days[0] if len(days) else 0
        news = began > first  # what held on the first day may have begun long before
        return Replayed(
            *(unit[news], began[news], ended[news], self.units, list(days)),
            *(self.warned_days, self.asked_days, self.quiet_weeks),
        )
