"""Grades of reasons: a share with its interval, where it stands between our bounds, and what it did since.

A grade says where the share lies between two bounds that are ours: no study drew them. It is only given
where the measure concerns enough customers, and it is called uncertain while its interval reaches into
another grade. Differences of two shares have Newcombe's interval, which holds for small numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Literal

from holdfast.analytics.intervals import wilson
from holdfast.domain.texts import Text

Grade = Literal["good", "weak", "bad", "too_few", "no_data"]
Trend = Literal["better", "worse", "unclear"]

FEWEST = 30
"""Of fewer customers no share is graded and no difference is told: not enough data."""

GRADES: Mapping[Grade, Text] = {
    "bad": Text("bad"),
    "weak": Text("weak"),
    "good": Text("good"),
    "too_few": Text("not enough data"),
    "no_data": Text("no data"),
}
"""Grades in words, the worst first."""

_WORST_FIRST: tuple[Grade, ...] = tuple(GRADES)

LOSSES = "losses"
"""The name of the measure by the causes of losses, which every reason with causes has."""

LOSSES_WEAK_FROM, LOSSES_BAD_FROM = 0.05, 0.15


@dataclass(frozen=True, slots=True)
class Tally:
    """``hits`` out of ``of`` customers."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """The share; ``None`` of nobody."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return wilson(self.hits, self.of)

    @property
    def enough(self) -> bool:
        """Whether there are enough customers to say anything."""
        return self.of >= FEWEST


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one share exceeds another, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether it is more than chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Graded:
    """One measure of a reason: ``now`` in the last window, ``before`` in the one before (``None``: unknown).

    ``stayed_and_left``: of customers to whom it happened a while ago and who were there, how many left within
    as long a time after, beside those whom the measure concerned and to whom it did not. ``None``: the
    history is too short. ``missing``: the company has none of the events it needs.
    """

    name: str
    weak_from: float
    bad_from: float
    now: Tally
    before: Tally | None = None
    left_with: Tally | None = None
    left_without: Tally | None = None
    missing: bool = False

    @property
    def grade(self) -> Grade:
        """Where the share lies."""
        share = self.now.share
        if self.missing:
            return "no_data"
        if share is None or not self.now.enough:
            return "too_few"
        return self._at(share)

    @property
    def may_also_be(self) -> tuple[Grade, ...]:
        """Grades into which the interval reaches beside its own, the worst first."""
        if self.grade in ("no_data", "too_few"):
            return ()
        reached = {self._at(bound) for bound in self.now.interval} | {self.grade}
        if {"good", "bad"} <= reached:
            reached.add("weak")
        return tuple(each for each in _WORST_FIRST if each in reached and each != self.grade)

    @property
    def change(self) -> Difference | None:
        """What the share did since the window before; ``None`` where one of both is of too few."""
        if self.before is None or self.missing:
            return None
        return difference(self.now, self.before)

    @property
    def trend(self) -> Trend | None:
        """What that means; ``None`` where it cannot be said."""
        change = self.change
        if change is None:
            return None
        if not change.certain:
            return "unclear"
        return "worse" if change.value > 0 else "better"

    @property
    def leave_more(self) -> Difference | None:
        """By how much more of those to whom it happened left; ``None`` where it cannot be said."""
        if self.left_with is None or self.left_without is None:
            return None
        return difference(self.left_with, self.left_without)

    def _at(self, share: float) -> Grade:
        return "bad" if share >= self.bad_from else "weak" if share >= self.weak_from else "good"

    def as_json(self) -> dict[str, Any]:
        """Plain values, of which :func:`graded_from` makes it again."""
        return asdict(self)


def graded_from(told: Mapping[str, Any]) -> Graded:
    """The inverse of :meth:`Graded.as_json`."""
    tallies = {
        name: None if told[name] is None else Tally(**told[name])
        for name in ("now", "before", "left_with", "left_without")
    }
    return Graded(**{**told, **tallies})


def difference(one: Tally, other: Tally) -> Difference | None:
    """The share of ``one`` less that of ``other``; ``None`` where either is of too few.

    Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    if not (one.enough and other.enough):
        return None
    first, second = one.hits / one.of, other.hits / other.of
    (low, high), (other_low, other_high) = one.interval, other.interval
    value = first - second
    return Difference(
        value,
        value - sqrt((first - low) ** 2 + (other_high - second) ** 2),
        value + sqrt((high - first) ** 2 + (second - other_low) ** 2),
    )


def decisive(measures: Sequence[Graded]) -> Graded | None:
    """The measure that makes the grade of a reason: its worst; of equals the one furthest over its bounds."""
    if not measures:
        return None
    return min(measures, key=lambda each: (_WORST_FIRST.index(each.grade), -_how_far(each)))


def _how_far(measure: Graded) -> float:
    return (measure.now.share or 0.0) / measure.bad_from


def rank(grade: Grade) -> int:
    """The worst first."""
    return _WORST_FIRST.index(grade)
