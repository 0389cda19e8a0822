"""Why each customer left: from everything that speaks for a cause, with how sure that is.

How often each kind of evidence is right is learnt from the losses of the company itself: where somebody
said on leaving, in own words, why, what else spoke for a cause is held against it. So a reason that many
choose to be polite weighs less than one that is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.loss_evidence import FIRST_GUESS, Hints, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

SUREST = 0.99
"""However many witnesses there are, nobody looks into a heart."""

KNOWN_FROM = 0.5
"""A cause is named when it is more likely than all others together."""

WORDS_BEFORE, WORDS_AFTER, WEAK_BEFORE = 60, 60, 42
"""Days: what was written so long before the decision and after leaving counts; what happened before it."""

_ON_THE_DAY = 1
_LEARNT_OF, _LEARNT_OF_KIND = 10.0, 20.0
"""The first guess weighs as much as so many losses: for one cause, and for a kind of evidence."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Who left, sorted by unit and day. All days are numbers.

    ``began_day`` is the first day of the stretch that ended, ``decided_day`` when the customer probably
    made up their mind (asked to end, bought for the last time), ``until_day`` when they were back
    (or never, far in the future).
    """

    unit: Whole
    began_day: Whole
    decided_day: Whole
    left_day: Whole
    until_day: Whole
    signed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a cause of a loss: each kind and cause once a loss, the latest of it.

    ``loss`` is the place in the losses, ``hint`` in the hints.
    """

    loss: Whole
    hint: Whole
    kind: Whole
    cause: Whole

    def __len__(self) -> int:
        return len(self.loss)


@dataclass(frozen=True, slots=True)
class Causes:
    """The cause of each loss (-1: nothing says it), how sure, and which kind of evidence is the strongest.

    ``weight`` belongs to the evidence, row by row: how often such evidence is right.
    """

    cause: Whole
    confidence: NDArray[np.float64]
    told_by: Whole
    evidence: Evidence
    weight: NDArray[np.float64]


def decided_days(
    unit: Whole, began: Whole, left: Whole, otherwise: Whole, asked_unit: Whole, asked_day: Whole
) -> Whole:
    """When each customer probably decided: the last day on which they asked to end, else ``otherwise``."""
    decided = otherwise.copy()
    loss, asked = joined(unit, asked_unit)
    within = (asked_day[asked] >= began[loss]) & (asked_day[asked] <= left[loss])
    loss, day = loss[within], asked_day[asked[within]]
    first = np.full(len(unit), np.iinfo(np.int64).min)
    np.maximum.at(first, loss, day)
    said = first > np.iinfo(np.int64).min
    decided[said] = first[said]
    return decided


def evidence_of(losses: Losses, hints: Hints) -> Evidence:
    """Which hints speak for the cause of which loss: those in its time."""
    loss, hint = joined(losses.unit, hints.unit)
    day, kind = hints.day[hint], hints.kind[hint]
    decided, left = losses.decided_day[loss], losses.left_day[loss]
    first = decided - np.where(kind >= Kind.SIGNAL, WEAK_BEFORE, WORDS_BEFORE)
    first = np.where(kind == Kind.UNPAID, left - WEAK_BEFORE, first)
    last = np.where(kind <= Kind.TEXT, left + WORDS_AFTER, left)
    last = np.where(kind == Kind.TICK, left + _ON_THE_DAY, last)
    inside = (day >= np.maximum(first, losses.began_day[loss])) & (day <= last)
    inside &= (day < losses.until_day[loss]) & ((kind != Kind.UNPAID) | losses.signed[loss])
    return _latest(loss[inside], hint[inside], hints)


def joined(unit: Whole, other: Whole) -> tuple[Whole, Whole]:
    """Every pair of a place in the sorted ``unit`` and one in ``other`` of the same customer."""
    low, high = np.searchsorted(unit, other), np.searchsorted(unit, other, side="right")
    size = high - low
    second = np.repeat(np.arange(len(other)), size)
    start = np.repeat(low - np.concatenate([[0], np.cumsum(size)[:-1]]), size) if len(size) else low
    return start + np.arange(len(second)), second


def attribute(losses: Losses, hints: Hints, causes: int) -> Causes:
    """The cause of each loss, by all that speaks for one. ``causes`` is how many there are.

    Evidence for the same cause adds up as independent witnesses do; causes that contradict each other
    share what certainty there is.
    """
    found = evidence_of(losses, hints)
    weight = reliability(found, len(losses), causes)[found.kind, found.cause]
    key, place = np.unique(found.loss * max(1, causes) + found.cause, return_inverse=True)
    sure = -np.expm1(np.bincount(place, np.log1p(-np.minimum(weight, 0.999)), len(key)))
    loss, of = np.divmod(key, max(1, causes))
    together = np.maximum(np.bincount(loss, sure, len(losses)), 1.0)
    order = np.lexsort((-of, sure, loss))  # the surest cause of each loss comes last
    ends = np.ones(len(order), bool)
    ends[:-1] = loss[order][1:] != loss[order][:-1]
    last = order[ends]
    cause, confidence = np.full(len(losses), -1, np.int64), np.zeros(len(losses))
    certain = np.minimum(sure[last] / together[loss[last]], SUREST)
    known = certain >= KNOWN_FROM
    cause[loss[last[known]]], confidence[loss[last[known]]] = of[last[known]], certain[known]
    return Causes(cause, confidence, _told_by(found, cause), found, weight)


def reliability(found: Evidence, losses: int, causes: int) -> NDArray[np.float64]:
    """How often evidence of each kind (rows) for each cause (columns) names the right one, 0..1.

    Learnt where somebody said one cause on leaving; with few such losses, the first guess of the kind.
    """
    said = said_on_leaving(found, losses)
    learnt = np.zeros((len(Kind), causes))
    for kind in Kind:
        rows = np.flatnonzero((found.kind == kind) & (said[found.loss] >= 0))
        right = said[found.loss[rows]] == found.cause[rows]
        guess = FIRST_GUESS[kind]
        if kind in (Kind.WORDS, Kind.UNPAID):
            learnt[kind] = guess
            continue
        of_kind = (right.sum() + _LEARNT_OF_KIND * guess) / (len(rows) + _LEARNT_OF_KIND)
        seen = np.bincount(found.cause[rows], minlength=causes)
        hit = np.bincount(found.cause[rows[right]], minlength=causes)
        learnt[kind] = (hit + _LEARNT_OF * of_kind) / (seen + _LEARNT_OF)
    return learnt


def said_on_leaving(found: Evidence, losses: int) -> Whole:
    """The one cause that each customer said on leaving, -1 where they said none or several."""
    words = found.kind == Kind.WORDS
    times = np.bincount(found.loss[words], minlength=losses)
    said = np.full(losses, -1, np.int64)
    said[found.loss[words]] = found.cause[words]
    said[times != 1] = -1
    return said


def agreement(found: Evidence, losses: int) -> Mapping[Kind, tuple[int, int]]:
    """Of each kind of evidence beside what was said on leaving: how often right, of how many."""
    said = said_on_leaving(found, losses)
    told: dict[Kind, tuple[int, int]] = {}
    for kind in (Kind.TICK, Kind.TEXT, Kind.SIGNAL, Kind.BEHAVIOUR):
        rows = np.flatnonzero((found.kind == kind) & (said[found.loss] >= 0))
        told[kind] = int((said[found.loss[rows]] == found.cause[rows]).sum()), len(rows)
    return told


def _latest(loss: Whole, hint: Whole, hints: Hints) -> Evidence:
    """Each kind and cause of a loss once: its latest hint."""
    kind, cause = hints.kind[hint], hints.cause[hint]
    order = np.lexsort((hint, hints.day[hint], cause, kind, loss))
    loss, hint, kind, cause = loss[order], hint[order], kind[order], cause[order]
    last = np.ones(len(loss), bool)
    last[:-1] = (loss[1:] != loss[:-1]) | (kind[1:] != kind[:-1]) | (cause[1:] != cause[:-1])
    return Evidence(loss[last], hint[last], kind[last], cause[last])


def _told_by(found: Evidence, cause: Whole) -> Whole:
    """The strongest kind of evidence for the named cause of each loss, -1 where none is named."""
    told = np.full(len(cause), len(Kind), np.int64)
    for_it = found.cause == cause[found.loss]
    np.minimum.at(told, found.loss[for_it], found.kind[for_it])
    return np.where(told < len(Kind), told, -1)
