"""Episodes: when a warning begins, goes on and ends, of many customers at once; pure.

A day decides once: what a signal says at its end. An episode begins on the first day on which the warning
holds while none is open and the pause after the last one is over; it ends on the first day on which it is
over. What is asked in between says what the day would decide if it ended now: it may be taken back by the
same day, and then counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]
    Whole = NDArray[np.int64]

NEVER = -(2**40)
"""A day before all others: nothing has ended."""

RULE, LAPSED, LEFT, OFF = "", "lapsed", "left", "off"
"""Why an episode is over by itself: its rule says so, nothing is left to judge it by, the customer left, or
the signal is not asked any more.
"""

NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Kept:
    """Episodes of one signal that are open (``ended`` is ``NEVER``) or ended lately, in any order.

    ``by_person``: one of us ended it, and nothing opens it again.
    """

    id: Whole
    unit: Whole
    began: Whole
    ended: Whole
    by_person: Marks


@dataclass(frozen=True, slots=True)
class Step:
    """What a day changes: positions of customers whose episode begins, and of kept episodes.

    ``ends`` end on the day, ``opens`` go on although they had ended on it, ``earlier`` began on it and not
    on the later day that was said.
    """

    begins: NDArray[np.intp]
    ends: NDArray[np.intp]
    opens: NDArray[np.intp]
    earlier: NDArray[np.intp]


def begins_and_ends(
    is_open: Marks, last_end: Whole, holds: Marks, over: Marks, day: int, cooldown_days: int
) -> tuple[Marks, Marks]:
    """Whose episode begins on ``day``, and whose ends, by how each stood before the day.

    ``last_end`` is the day the last episode ended (``NEVER``: there was none); for ``cooldown_days`` after
    it none begins.
    """
    rested = day > last_end + cooldown_days
    return holds & ~is_open & rested, is_open & over


def step(kept: Kept, units: Whole, holds: Marks, over: Marks, day: int, cooldown_days: int) -> Step:
    """What a day changes of the sorted ``units``, of whom it says what ``holds`` and is ``over``.

    ``kept`` are all their episodes that are open or ended since the pause before the day. May be asked
    again: what the day was said to decide before is set right.
    """
    place = np.minimum(np.searchsorted(units, kept.unit), max(len(units) - 1, 0))
    mine = (units[place] == kept.unit) if len(units) else np.zeros(len(kept.unit), bool)
    goes_on = (kept.ended == NEVER) | (~kept.by_person & (kept.ended >= day))
    open_before = mine & (kept.began < day) & goes_on
    today = mine & (kept.began == day)
    later = mine & (kept.began > day) & ~kept.by_person
    begins, ends = _decided(kept, place, mine, open_before, holds, over, day, cooldown_days)
    over_now = np.zeros(len(kept.unit), bool)
    over_now[open_before] = ends[place[open_before]]
    taken_back = today & ~kept.by_person & (kept.ended != day) & ~_at(begins, place)
    again = today & (kept.ended == day) & ~kept.by_person & _at(begins, place)
    earlier = later & _at(begins, place)
    told = np.zeros(len(units), bool)
    told[place[(today | earlier)]] = True
    return Step(
        np.flatnonzero(begins & ~told),
        np.flatnonzero((open_before & over_now & (kept.ended != day)) | taken_back),
        np.flatnonzero((open_before & ~over_now & (kept.ended == day)) | again),
        np.flatnonzero(earlier),
    )


def _decided(
    kept: Kept,
    place: NDArray[np.intp],
    mine: Marks,
    open_before: Marks,
    holds: Marks,
    over: Marks,
    day: int,
    cooldown_days: int,
) -> tuple[Marks, Marks]:
    size = len(holds)
    is_open, last_end = np.zeros(size, bool), np.full(size, NEVER, np.int64)
    is_open[place[open_before]] = True
    # What began and ended on one day was passing, unless one of us ended it: it asks for no pause.
    past = ((kept.began < day) & (kept.ended > kept.began)) | (kept.by_person & (kept.began <= day))
    counts = mine & ~open_before & (kept.ended != NEVER) & past
    np.maximum.at(last_end, place[counts], kept.ended[counts])
    return begins_and_ends(is_open, last_end, holds, over, day, cooldown_days)


def _at(marks: Marks, place: NDArray[np.intp]) -> Marks:
    return marks[place] if len(marks) else np.zeros(len(place), bool)


@dataclass(slots=True)
class Replay:
    """The life of the warnings of one signal over days in order, customer by customer.

    ``units`` are sorted. :meth:`day` takes what each day says; :meth:`episodes` what came of it.
    """

    units: Whole
    cooldown_days: int
    _open: Marks = field(init=False)
    _began: Whole = field(init=False)
    _last_end: Whole = field(init=False)
    _found: list[tuple[Any, ...]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        size = len(self.units)
        self._open = np.zeros(size, bool)
        self._began, self._last_end = np.full(size, NEVER, np.int64), np.full(size, NEVER, np.int64)

    @property
    def is_open(self) -> Marks:
        """Whose warning is open after the last day."""
        return self._open

    def day(self, day: int, holds: Marks, over: Marks) -> Marks:
        """Take a day; whose warning begins on it."""
        begins, ends = begins_and_ends(self._open, self._last_end, holds, over, day, self.cooldown_days)
        self._found.append((np.flatnonzero(ends), self._began[ends], np.full(int(ends.sum()), day)))
        self._open = (self._open | begins) & ~ends
        self._last_end[ends], self._began[begins] = day, day
        return begins

    def episodes(self) -> tuple[Whole, Whole, Whole]:
        """Unit, first day and last day (``NEVER``: open) of each episode, by first day."""
        still = np.flatnonzero(self._open)
        found = [*self._found, (still, self._began[still], np.full(len(still), NEVER))]
        who, began, ended = (np.concatenate([each[at] for each in found]).astype(np.int64) for at in range(3))
        order = np.lexsort((who, began))
        return self.units[who[order]], began[order], ended[order]
