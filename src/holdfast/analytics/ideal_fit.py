"""How far customers are like the ideal one: which traits tell, and in how many of them somebody agrees.

A trait tells when the ideal customers have certain values of it more often than the others do, beyond
chance (5 % over everything that is tried, Bonferroni). Words: those values; numbers: the stretch in which
the middle 80 % of the ideal ones lie. Somebody agrees in a trait whose value is among them; what is not
known neither agrees nor disagrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.intervals import differs, more_than_chance, wilson
from holdfast.analytics.segment_columns import Column, Words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]

FEWEST_IDEAL = 20
"""With fewer ideal customers of whom a trait is known, it tells nothing."""

LEAST_SHARE = 0.2
"""What fewer of the ideal customers have does not describe them."""

_ALPHA = 0.05
_MIDDLE = (0.1, 0.9)
_MOST_VALUES = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """A trait that tells the ideal customers: their ``words``, or the numbers from ``low`` to ``high``.

    ``ideal`` of ``ideal_known`` ideal customers have it so, and ``others`` of ``others_known``.
    """

    trait: str
    words: tuple[str, ...]
    low: float | None
    high: float | None
    ideal: int
    ideal_known: int
    others: int
    others_known: int


@dataclass(frozen=True, slots=True)
class Fit:
    """For each customer in how many of the telling traits they agree, how many are known, who fits."""

    agreeing: NDArray[np.int64]
    known: NDArray[np.int64]
    fits: Marks
    decided: Marks


@dataclass(frozen=True, slots=True)
class Part:
    """``hits`` of a group, ``of`` how many, with a 95 % interval of the share.

    ``judged`` is "better" or "worse" where it differs from all other groups beyond chance, else "".
    """

    hits: int
    of: int
    low: float
    high: float
    judged: str


@dataclass(frozen=True, slots=True)
class GroupFit:
    """A group (a source of customers): how many are ideal, of those of whom it can be told; how many fit.

    ``agreeing`` tells for each telling trait who agrees, and of how many it is known.
    """

    name: str
    customers: int
    ideal: Part
    fitting: Part
    agreeing: Mapping[str, tuple[int, int]]


def telling_traits(columns: Mapping[str, Column], ideal: Marks, others: Marks) -> list[Telling]:
    """The traits that tell the ideal customers from the others, those that tell most first."""
    tried = sum(len(column.words) if isinstance(column, Words) else 1 for column in columns.values())
    alpha = _ALPHA / max(1, tried)
    found = [
        told
        for trait, column in columns.items()
        if (told := _telling(trait, column, ideal, others, alpha)) is not None
    ]
    return sorted(found, key=lambda each: each.others / each.others_known - each.ideal / each.ideal_known)


def fit_of(telling: Sequence[Telling], columns: Mapping[str, Column]) -> Fit:
    """How far each customer agrees.

    Decided is of whom at least half of the telling traits are known; of those fit who agree in more
    than half of the known ones.
    """
    size = len(next(iter(columns.values()))) if columns else 0
    agreeing, known = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for each in telling:
        agrees, is_known = agreement(each, columns[each.trait])
        agreeing += agrees
        known += is_known
    decided = (2 * known >= len(telling)) & (known > 0)
    return Fit(agreeing, known, decided & (2 * agreeing > known), decided)


def agreement(telling: Telling, column: Column) -> tuple[Marks, Marks]:
    """Who agrees in a trait, and of whom it is known."""
    if isinstance(column, Words):
        typical = set(telling.words)
        among = np.array([*(word in typical for word in column.words), False], bool)
        return among[column.place], column.place >= 0
    known = ~np.isnan(column.values)
    if telling.low is None or telling.high is None:
        return np.zeros(len(column), bool), known
    with np.errstate(invalid="ignore"):
        return (column.values >= telling.low) & (column.values <= telling.high), known


@dataclass(frozen=True, slots=True)
class Counted:
    """Who counts when groups are compared: ``among`` all, ``could`` be ideal, ``are`` ideal."""

    among: Marks
    could: Marks
    are: Marks


def group_fits(
    groups: Words, who: Counted, fit: Fit, telling: Sequence[Telling], columns: Mapping[str, Column]
) -> list[GroupFit]:
    """The groups by size, each against all others."""
    could, are = who.could & who.among, who.are & who.could & who.among
    decided, fits = fit.decided & who.among, fit.fits & who.among
    told = {each.trait: agreement(each, columns[each.trait]) for each in telling}
    found = []
    for number in np.unique(groups.place[who.among & (groups.place >= 0)]).tolist():
        own = who.among & (groups.place == number)
        agreeing = {
            trait: (int((agrees & own).sum()), int((known & own).sum()))
            for trait, (agrees, known) in told.items()
        }
        ideal, fitting = _part(are, could, own), _part(fits, decided, own)
        found.append(GroupFit(groups.words[number], int(own.sum()), ideal, fitting, agreeing))
    return sorted(found, key=lambda each: (-each.customers, each.name))


def _part(hits: Marks, of: Marks, own: Marks) -> Part:
    """A group's share against that of all others."""
    mine, whole = int((hits & own).sum()), int((of & own).sum())
    others, rest = int(hits.sum()) - mine, int(of.sum()) - whole
    judged = ""
    if differs(mine, whole, others, rest):
        judged = "worse" if mine * rest < others * whole else "better"
    return Part(mine, whole, *wilson(mine, whole), judged)


def _telling(trait: str, column: Column, ideal: Marks, others: Marks, alpha: float) -> Telling | None:
    if isinstance(column, Words):
        return _of_words(trait, column, ideal, others, alpha)
    known = ~np.isnan(column.values)
    mine, theirs = column.values[ideal & known], column.values[others & known]
    if len(mine) < FEWEST_IDEAL or not len(theirs):
        return None
    low, high = (float(each) for each in np.quantile(mine, _MIDDLE, method="nearest"))
    hits, misses = (int(((part >= low) & (part <= high)).sum()) for part in (mine, theirs))
    return _told(Telling(trait, (), low, high, hits, len(mine), misses, len(theirs)), alpha)


def _of_words(trait: str, column: Words, ideal: Marks, others: Marks, alpha: float) -> Telling | None:
    known = column.place >= 0
    size = len(column.words)
    mine = np.bincount(column.place[ideal & known], minlength=size)
    theirs = np.bincount(column.place[others & known], minlength=size)
    total, rest = int(mine.sum()), int(theirs.sum())
    if total < FEWEST_IDEAL or not rest or size > _MOST_VALUES:
        return None
    more = [
        at
        for at in range(size)
        if mine[at] * rest > theirs[at] * total and differs(int(mine[at]), total, int(theirs[at]), rest)
    ]
    if not more:
        return None
    words = tuple(column.words[at] for at in sorted(more, key=lambda at: -int(mine[at])))
    hits, misses = int(mine[more].sum()), int(theirs[more].sum())
    return _told(Telling(trait, words, None, None, hits, total, misses, rest), alpha)


def _told(each: Telling, alpha: float) -> Telling | None:
    """The trait, where the ideal customers have it so more often than the others beyond chance."""
    chance = more_than_chance(each.others, each.others_known, each.ideal, each.ideal_known)
    return each if chance < alpha and each.ideal >= LEAST_SHARE * each.ideal_known else None
