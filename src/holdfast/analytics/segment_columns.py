"""What is known of many customers at once, and of whom a test holds.

A column has a place for each customer: numbers (``nan`` where nothing is known) or words (the position
of the word, -1 where nothing is known). :func:`holding` answers a test for all of them; it says of each
what :func:`holdfast.domain.expression.holds` says of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.domain.expression import IN_ORDER, Test, as_number, holds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]

_EVEN_SO = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "above": np.greater,
    "below": np.less,
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number for each customer; ``nan`` is not known."""

    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Words:
    """The position of each customer's word in ``words``; -1 is not known."""

    place: NDArray[np.int32]
    words: Sequence[str]

    def __len__(self) -> int:
        return len(self.place)


Column = Numbers | Words


def no_words(size: int) -> Words:
    """A column of which nothing is known."""
    return Words(np.full(size, -1, np.int32), ())


def word_column(values: Sequence[str | None]) -> Words:
    """A column of words as they come; ``None`` is not known."""
    numbers: dict[str, int] = {}
    place = [-1 if value is None else numbers.setdefault(value, len(numbers)) for value in values]
    return Words(np.array(place, np.int32), tuple(numbers))


def holding(column: Column, test: Test) -> Marks:
    """Of whom the test holds."""
    if isinstance(column, Words):
        return _among_words(column, test)
    values = column.values
    if test.operator in ("known", "missing"):
        missing: Marks = np.isnan(values)
        return missing if test.operator == "missing" else ~missing
    own = [as_number(each) for each in test.values]
    if test.operator in IN_ORDER and None not in own:
        return _in_order(values, test.operator, np.array(own, np.float64))
    if test.operator in ("is", "one_of", "is_not", "none_of"):
        among: Marks = np.isin(values, [each for each in own if each is not None])
        return among if test.operator in ("is", "one_of") else ~among & ~np.isnan(values)
    return _one_by_one(values, test)


def _in_order(values: NDArray[np.float64], operator: str, own: NDArray[np.float64]) -> Marks:
    """Comparisons; of ``nan`` none holds."""
    with np.errstate(invalid="ignore"):
        if operator == "between":
            found: Marks = (values >= own[0]) & (values <= own[1])
            return found
        told: Marks = _EVEN_SO[operator](values, own[0])
        return told


def _one_by_one(values: NDArray[np.float64], test: Test) -> Marks:
    """Tests of words on numbers: each different number once."""
    different, place = np.unique(values, return_inverse=True)
    told = [not np.isnan(each) and holds(test, float(each)) for each in different.tolist()]
    return np.array(told, bool)[place] if len(values) else np.zeros(0, bool)


def _among_words(column: Words, test: Test) -> Marks:
    # The last place stands for "not known": -1 finds it.
    told = np.array([*(holds(test, word) for word in column.words), holds(test, None)], bool)
    found: Marks = told[column.place]
    return found


def latest(
    place: NDArray[np.int64],
    since: NDArray[np.int64],
    known: NDArray[np.int64],
    value: NDArray[np.integer[Any]],
    size: int,
) -> NDArray[np.int32]:
    """For each of ``size`` customers the value that was told last, -1 where none was.

    ``place`` is whose it is. Of equal moments the one that was known last speaks, of those the later row.
    """
    found = np.full(size, -1, np.int32)
    if not len(place):
        return found
    later, since_then, known_then = np.diff(place), np.diff(since), np.diff(known)
    replaces = (since_then > 0) | ((since_then == 0) & (known_then >= 0))
    if bool(np.all((later > 0) | ((later == 0) & replaces))):
        last = np.flatnonzero(np.append(later != 0, True))  # in that order already
    else:
        order = np.lexsort((np.arange(len(place)), known, since, place))
        last = order[np.append(np.diff(place[order]) != 0, True)]
    found[place[last]] = value[last]
    return found
