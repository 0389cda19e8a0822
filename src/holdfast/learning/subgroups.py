"""What the lost have in common: groups of customers of whom more leave than chance explains.

Rows are customers at the beginning of stretches of time that do not overlap (``stratum``), with what was
known of them then, and whether they left by its end. Groups are described by one or two conditions. All of
them are tried, so chance alone would always find some: a group counts as found when chance, over everything
that was tried, brings one as far out in at most :data:`ALPHA` of all companies in which nothing sets the
lost apart (Westfall and Young, by drawing the lost anew). It counts as confirmed when it shows again on later
rows, which had no part in finding it, after Holm's correction for the groups that were found.

Sources: Mantel and Haenszel (1959), JNCI 22, 719-748 (the test over strata); Westfall and Young (1993),
Resampling-Based Multiple Testing, ch. 2, single-step maxT; Phipson and Smyth (2010), SAGMB 9, art. 39 (the
added 1); Holm (1979), Scand. J. Statist. 6, 65-70; Greenland and Robins (1985), Biometrics 41, 55-68, eq. 13
(the interval of the ratio); Herrera et al. (2011), KAIS 29, 495-525 (subgroup discovery).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from holdfast.learning.conditions import Condition, conditions_of
from holdfast.learning.strata import Rows, numbered

Marks = NDArray[np.bool_]
Doubles = NDArray[np.float64]
Whole = NDArray[np.int64]
State = Literal["confirmed", "unconfirmed", "open"]

ALPHA = 0.05
"""How often, at most, a company in which nothing sets the lost apart has a finding all the same."""

FEWEST_EXPECTED = 8.0
"""A group is tried when so many of it were to leave if it were like everybody: with fewer nothing shows."""

FEWEST_LATER = 4.0
"""Later rows say something of a group when so many of it were to leave in them."""

FEWEST_LEFT = 40
"""With fewer losses to look at nothing is looked for."""

MOST_FOUND = 8
_DRAWS = 199
_ADDS = 3.0
"""A group beside others must stand out so far (in standard deviations) within what these leave."""
_MOST_PAIRS = 150
_NEARLY_ALL = 0.95
_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Compared:
    """A group against everybody else: how many rows, how many of them left.

    ``ratio`` is how many times as many leave as among the others, stretch by stretch, with its 95 % interval;
    ``None`` where nobody of the others left.
    """

    rows: int
    left: int
    others: int
    others_left: int
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Subgroup:
    """A group that was found. ``chance`` is corrected for all groups that were tried.

    ``later`` is what later rows say of it, ``later_chance`` corrected for all groups that were found
    (``None`` where ``state`` is "open": too few later rows).
    """

    conditions: tuple[Condition, ...]
    earlier: Compared
    chance: float
    later: Compared
    later_chance: float | None
    state: State

    def holds(self, columns: Mapping[str, NDArray[np.generic]]) -> Marks:
        """Which rows belong to the group."""
        return _meeting(self.conditions, columns)


@dataclass(frozen=True, slots=True)
class Found:
    """The groups, the one that stands out most first, and how many were ``tried``.

    ``enough`` is false where there are too few losses to look for anything.
    """

    groups: tuple[Subgroup, ...]
    tried: int
    enough: bool


def subgroups(
    columns: Mapping[str, NDArray[np.generic]],
    left: Marks,
    stratum: Whole,
    later: Marks,
    *,
    yes_only: Iterable[str] = (),
    seed: int = 0,
) -> Found:
    """Groups of whom more leave, found on the rows before ``later`` and confirmed on those of ``later``.

    ``columns`` hold a value per row: numbers (``nan``: not known) or words (``None``). ``left`` tells who
    left by the end of their ``stratum``. Of the numbers in ``yes_only`` only "above 0" is tried.
    """
    early = np.flatnonzero(~later)
    if int(left[early].sum()) < FEWEST_LEFT or left[early].all():
        return Found((), 0, enough=False)
    conditions = conditions_of({name: values[early] for name, values in columns.items()}, frozenset(yes_only))
    rows = Rows(left[early], numbered(stratum[early]))
    members, conditions = _distinct(columns, early, conditions, rows)
    if not conditions:
        return Found((), 0, enough=True)
    search = _Search(members, [each.column for each in conditions], rows)
    chosen = _not_the_same(search, rows, search.beyond_chance(seed))
    told = [(tuple(conditions[each] for each in pair), chance) for pair, chance in chosen]
    return Found(_confirmed(columns, left, stratum, later, told), search.tried, enough=True)


class _Search:
    """Every group of one or two conditions, laid out as a square: a condition with itself is it alone."""

    def __init__(self, members: Marks, columns: Sequence[str], rows: Rows) -> None:
        self.columns = columns
        self.members = members.astype(np.float32)
        self.rows = rows
        size = members.shape[1]
        expected, variance, whole = (np.zeros((size, size)) for _ in range(3))
        for number in range(rows.strata):
            own = self.members[rows.stratum == number]
            count = (own.T @ own).astype(np.float64)
            whole += count
            expected += count * rows.share[number]
            variance += count * (rows.size[number] - count) * rows.spread[number]
        alone = np.diagonal(whole)
        # A pair that one of its conditions implies is that condition again.
        smaller = whole < 0.98 * np.minimum(alone[:, None], alone[None, :])
        there = np.triu(smaller, 1) | np.eye(size, dtype=bool)
        self.eligible = there & (expected >= FEWEST_EXPECTED) & (variance > 0)
        self.expected, self.spread = expected, np.sqrt(np.maximum(variance, 1e-12))
        self.tried = int(self.eligible.sum())

    def group(self, first: int, second: int) -> Marks:
        """Who meets both conditions."""
        both: Marks = (self.members[:, first] > 0) & (self.members[:, second] > 0)
        return both

    def deviations(self, lost: NDArray[np.intp]) -> Doubles:
        """Of every group, if these rows were the lost."""
        own = self.members[lost]
        found: Doubles = ((own.T @ own).astype(np.float64) - self.expected) / self.spread
        return np.where(self.eligible, found, -np.inf)

    def beyond_chance(self, seed: int) -> list[tuple[int, int, float, float]]:
        """Groups beyond chance over all that was tried: conditions, how far out, how likely by chance."""
        if not self.tried:
            return []
        real = self.deviations(np.flatnonzero(self.rows.left))
        random = np.random.default_rng(seed)
        lies = [np.flatnonzero(self.rows.stratum == number) for number in range(self.rows.strata)]
        farthest = np.empty(_DRAWS)
        for draw in range(_DRAWS):
            lost = [
                random.choice(own, int(count), replace=False)
                for own, count in zip(lies, self.rows.lost, strict=True)
            ]
            farthest[draw] = self.deviations(np.concatenate(lost)).max()
        farthest.sort()
        beaten = _DRAWS - np.searchsorted(farthest, real, side="left")
        chance = (1 + beaten) / (1 + _DRAWS)
        first, second = np.nonzero((chance <= ALPHA) & self.eligible)
        order = np.argsort(-real[first, second], kind="stable")
        return [
            (int(a), int(b), float(real[a, b]), float(chance[a, b]))
            for a, b in zip(first[order], second[order], strict=True)
        ]


def _not_the_same(
    search: _Search, rows: Rows, found: Sequence[tuple[int, int, float, float]]
) -> list[tuple[tuple[int, ...], float]]:
    """The groups that say something beside each other, each the one that stands out most within what those
    before it leave. A pair must stand out within each of its conditions too.
    """
    alone = [each for each in found if each[0] == each[1]]
    pairs = [each for each in found if each[0] != each[1]][:_MOST_PAIRS]
    listed = [*alone, *pairs]
    marks = np.column_stack([search.group(first, second) for first, second, _, _ in listed] or [rows.left])
    can = np.array(
        [
            first == second
            or min(rows.split(search.group(each, each)).deviation(own) for each in (first, second)) >= _ADDS
            for (first, second, _, _), own in zip(listed, marks.T, strict=False)
        ],
        bool,
    )
    chosen: list[tuple[tuple[int, ...], float]] = []
    left_over = rows
    while listed and can.any() and len(chosen) < MOST_FOUND:
        out = np.where(can, left_over.deviations(marks), -np.inf)
        best = int(out.argmax())
        if out[best] < _ADDS:
            break
        first, second, _, chance = listed[best]
        chosen.append(((first,) if first == second else (first, second), chance))
        left_over = left_over.split(marks[:, best])
        # Another cut through the same columns would say it once more.
        columns = {search.columns[first], search.columns[second]}
        can &= [{search.columns[one], search.columns[two]} != columns for one, two, _, _ in listed]
    return chosen


def _confirmed(
    columns: Mapping[str, NDArray[np.generic]],
    left: Marks,
    stratum: Whole,
    later: Marks,
    told: Sequence[tuple[tuple[Condition, ...], float]],
) -> tuple[Subgroup, ...]:
    """The groups with what later rows say of them, those that stand out there by most first."""
    after = Rows(left[later], numbered(stratum[later]))
    members = [_meeting(conditions, columns) for conditions, _ in told]
    enough = [after.expected(each[later]) >= FEWEST_LATER for each in members]
    chances = corrected(
        [
            _NORMAL.cdf(-after.deviation(each[later])) if can else None
            for each, can in zip(members, enough, strict=True)
        ]
    )
    groups = []
    for (conditions, chance), own, later_chance in zip(told, members, chances, strict=True):
        state: State = "open"
        if later_chance is not None:
            state = "confirmed" if later_chance <= ALPHA else "unconfirmed"
        earlier = compared(own[~later], left[~later], stratum[~later])
        groups.append(
            Subgroup(
                *(conditions, earlier, chance, compared(own[later], left[later], stratum[later])),
                *(later_chance, state),
            )
        )
    order = {"confirmed": 0, "open": 1, "unconfirmed": 2}
    return tuple(sorted(groups, key=lambda each: (order[each.state], -_excess(each.earlier))))


def _meeting(conditions: Sequence[Condition], columns: Mapping[str, NDArray[np.generic]]) -> Marks:
    """Rows that meet every condition."""
    met = conditions[0].holds(columns[conditions[0].column])
    for each in conditions[1:]:
        met = met & each.holds(columns[each.column])
    return met


def deviation(members: Marks, left: Marks, stratum: Whole) -> float:
    """How far the losses of a group lie above those of everybody, in standard deviations, over strata."""
    return Rows(left, numbered(stratum)).deviation(members)


def compared(members: Marks, left: Marks, stratum: Whole) -> Compared:
    """A group against everybody else of the same strata, by the ratio of Mantel and Haenszel."""
    place = numbered(stratum)
    size = int(place.max()) + 1 if len(place) else 0
    whole = np.bincount(place, minlength=size).astype(np.float64)
    own, lost = np.bincount(place, members, size), np.bincount(place, left, size)
    both = np.bincount(place, members & left, size)
    rest, rest_lost = whole - own, lost - both
    safe = np.maximum(whole, 1)
    above, below = float((both * rest / safe).sum()), float((rest_lost * own / safe).sum())
    counts = int(own.sum()), int(both.sum()), int(rest.sum()), int(rest_lost.sum())
    if above <= 0 or below <= 0:
        return Compared(*counts, None, None, None)
    variance = float(((lost * own * rest - both * rest_lost * whole) / safe**2).sum()) / (above * below)
    half = _Z95 * sqrt(max(0.0, variance))
    middle = log(above / below)
    return Compared(*counts, exp(middle), exp(middle - half), exp(middle + half))


def _excess(found: Compared) -> float:
    """How many more of the group left than of as many others."""
    return found.left - found.rows * found.others_left / max(1, found.others)


def corrected(chances: Sequence[float | None]) -> list[float | None]:
    """Chances corrected for how many there are (Holm); ``None`` stays and does not count."""
    known = sorted((chance, place) for place, chance in enumerate(chances) if chance is not None)
    told: list[float | None] = [None] * len(chances)
    largest = 0.0
    for rank, (chance, place) in enumerate(known):
        largest = max(largest, min(1.0, chance * (len(known) - rank)))
        told[place] = largest
    return told


def _distinct(
    columns: Mapping[str, NDArray[np.generic]],
    rows: NDArray[np.intp],
    conditions: Sequence[Condition],
    among: Rows,
) -> tuple[Marks, list[Condition]]:
    """Who meets each condition, without those that are too small, nearly everybody, or another's double."""
    kept: list[Condition] = []
    marks: list[Marks] = []
    seen: set[bytes] = set()
    for condition in conditions:
        met = condition.holds(columns[condition.column][rows])
        packed = np.packbits(met).tobytes()
        if packed in seen or among.expected(met) < FEWEST_EXPECTED or met.mean() > _NEARLY_ALL:
            continue
        seen.add(packed)
        kept.append(condition)
        marks.append(met)
    return (np.column_stack(marks) if marks else np.zeros((len(rows), 0), bool)), kept
