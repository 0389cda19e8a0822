"""When silence says something: measured against the customer's own habit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

LONGER_THAN_HABIT = 1.5
"""Silence is remarkable from this many times the usual distance on."""

SHORTEST_DAYS = 7
"""No silence of up to a week is remarkable, however often someone usually comes."""

FEWEST = 3
"""With fewer days of buying there is no habit yet."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Days without a purchase, from the day ``start`` of the last one to the day ``end`` of the next.

    ``usual_days`` is the habit; ``goes_on`` says that the silence lasts until today.
    """

    start: int
    end: int
    usual_days: float
    goes_on: bool = False

    @property
    def days(self) -> int:
        """Its length."""
        return self.end - self.start


def usual_days(days: Iterable[int]) -> float | None:
    """The median distance between days on which someone bought; ``None`` with fewer than three."""
    ordered = sorted(set(days))
    if len(ordered) < FEWEST:
        return None
    return float(median(later - earlier for earlier, later in pairwise(ordered)))


def silences(days: Sequence[int], *, today: int) -> list[Silence]:
    """The remarkable silences between days of buying, and from the last one to ``today``, in order.

    Empty without a habit.
    """
    habit = usual_days(days)
    if habit is None:
        return []
    ordered = sorted({day for day in days if day <= today})
    pairs = [*pairwise(ordered), *((last, today) for last in ordered[-1:])]
    longest = max(SHORTEST_DAYS, LONGER_THAN_HABIT * habit)
    return [
        Silence(start, end, habit, goes_on=number == len(pairs) - 1)
        for number, (start, end) in enumerate(pairs)
        if end - start > longest
    ]
