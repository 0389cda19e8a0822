"""What queries answered, laid out customer by customer: aggregates, rhythm and series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.feature import Gaps, Over, Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Answer = Mapping[str, NDArray[Any]]


def floats(values: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers as they came from an engine; null is ``nan``."""
    found: NDArray[np.float64] = np.ma.getdata(values).astype(np.float64)
    missing = np.ma.getmaskarray(values)
    return np.where(missing, np.nan, found) if missing.any() else found


def placed(
    keys: NDArray[np.int64], among: NDArray[Any], values: NDArray[Any], otherwise: float
) -> NDArray[np.float64]:
    """``values`` (of the keys ``among``, in any order) for each of the sorted ``keys``."""
    return Places.of(keys, among).laid(values, otherwise)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of an answer belong among sorted keys: found once for all its columns.

    ``size`` keys; row ``rows[i]`` of the answer belongs to key ``place[i]``.
    """

    size: int
    place: NDArray[np.intp]
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, keys: NDArray[np.int64], among: NDArray[Any]) -> Places:
        """The places of the keys ``among``, in any order; those that are not in ``keys`` have none."""
        if not len(keys) or not len(among):
            nowhere = np.empty(0, np.intp)
            return cls(len(keys), nowhere, nowhere)
        among = np.asarray(among, np.int64)
        place = np.minimum(np.searchsorted(keys, among), len(keys) - 1)
        rows = np.flatnonzero(keys[place] == among)
        return cls(len(keys), place[rows], rows)

    def laid(self, values: NDArray[Any], otherwise: float) -> NDArray[np.float64]:
        """A column of the answer, key by key."""
        found = np.full(self.size, otherwise)
        if len(self.rows):
            found[self.place] = floats(values)[self.rows]
        return found


@dataclass(frozen=True, slots=True)
class ActiveDays:
    """Days before the moment on which something happened: customer by customer, latest first.

    ``place`` is the customer's position, ``age`` how many days the day lies before the moment's,
    ``counts`` the rows of each condition on it.
    """

    place: NDArray[np.int32]
    age: NDArray[np.int32]
    counts: Answer

    @classmethod
    def of(cls, keys: NDArray[np.int64], answer: Answer) -> ActiveDays:
        """The days of the sorted ``keys`` among those in an answer, which has them in any order."""
        key = np.asarray(answer["key"], np.int64)
        place = np.minimum(np.searchsorted(keys, key), max(len(keys) - 1, 0))
        known = np.flatnonzero(keys[place] == key) if len(keys) else np.empty(0, np.intp)
        # Half the width: of a day each these are the longest columns of a slice.
        place, age = place[known].astype(np.int32), np.asarray(answer["age"])[known].astype(np.int32)
        order = np.lexsort((age, place))
        rows = known[order]
        counts = {
            name: np.asarray(values)[rows].astype(np.int32)
            for name, values in answer.items()
            if name not in ("key", "age")
        }
        return cls(place[order], age[order], counts)

    def gaps(self, need: Gaps, column: str, size: int) -> NDArray[np.float64]:
        """A statistic of the gaps between the days of a condition, for each of ``size`` customers."""
        place, age = self._within(column, need.days, 0)
        starts = np.flatnonzero(np.diff(place, prepend=np.int32(-1)))
        found = np.full(size, np.nan)
        if not len(starts):
            return found
        days = np.diff(np.append(starts, len(place)))
        found[place[starts]] = _statistic(need, age, starts, days)
        return found

    def active(self, need: Over, column: str, size: int) -> NDArray[np.float64]:
        """How many different days of a condition lie in the window."""
        place, _ = self._within(column, need.days, need.until_days)
        return np.bincount(place, minlength=size).astype(np.float64)

    def series(self, need: Series, column: str, first: int, last: int) -> NDArray[np.int32]:
        """Counts by day of the customers at positions ``first`` to ``last``: the day before t is last."""
        start, stop = np.searchsorted(self.place, (first, last))
        place, age, counts = (each[start:stop] for each in (self.place, self.age, self.counts[column]))
        inside = (age >= 1) & (age <= need.days)
        matrix = np.zeros((last - first, need.days), np.int32)
        matrix[place[inside] - first, need.days - age[inside]] = counts[inside]
        return matrix

    def _within(
        self, column: str, days: int | None, until_days: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        inside = self.counts[column] > 0
        if days is not None:
            inside &= self.age <= days
        if until_days:
            inside &= self.age > until_days
        return self.place[inside], self.age[inside]


def _statistic(
    need: Gaps, age: NDArray[np.int32], starts: NDArray[np.intp], days: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The statistic of each customer, whose ages rise and begin at ``starts``; ``days`` are how many."""
    latest, first = age[starts], age[starts + days - 1]
    if need.statistic == "since":
        return latest.astype(np.float64)
    if need.statistic == "number":
        return (days - 1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (first - latest) / (days - 1)
        if need.statistic == "mean":
            return np.where(days > 1, mean, np.nan)
        # The first gap of each customer stands in no row: it would reach from another one's day.
        gap = np.diff(age, prepend=0)
        gap[starts] = 0
        if need.statistic == "longest":
            return np.where(days > 1, np.maximum.reduceat(gap, starts).astype(np.float64), np.nan)
        apart = (gap - np.repeat(mean, days)) ** 2
        apart[starts] = 0.0
        spread = np.sqrt(np.add.reduceat(apart, starts) / (days - 2))
    return np.where(days > 2, spread, np.nan)
