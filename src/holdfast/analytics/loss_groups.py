"""Which causes weigh more among some of those who left than among the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.intervals import more_than_chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

FEWEST = 20
"""Of a group with fewer losses whose cause is known nothing is said."""

FEWEST_OF_CAUSE = 5
CHANCE = 0.05

TENURE_BOUNDS = (90, 365)
"""Days as a customer that part those who left early, within the first year, and later."""


@dataclass(frozen=True, slots=True)
class StandsOut:
    """A cause that ``hits`` of the known losses of a group have, against ``others`` of the rest."""

    cause: int
    hits: int
    of: int
    others: int
    of_others: int


@dataclass(frozen=True, slots=True)
class Group:
    """Losses that share a value: how many, of how many the cause is known, how much money, the causes by
    how often they are named (cause, times), and those that stand out.
    """

    name: str
    losses: int
    known: int
    money_minor: int
    causes: tuple[tuple[int, int], ...]
    stands_out: tuple[StandsOut, ...]


def groups(values: NDArray[Any], cause: Whole, money: Whole, causes: int) -> tuple[Group, ...]:
    """The losses by ``values``, the largest group first; ``cause`` is -1 where nothing says it.

    A cause stands out where it is more frequent than among all others beyond chance, however many groups
    and causes are compared (Bonferroni).
    """
    names = [name for name in np.unique(values.astype(str)).tolist() if name]
    return gathered({name: values == name for name in names}, cause, money, causes)


def gathered(
    inside: Mapping[str, NDArray[np.bool_]], cause: Whole, money: Whole, causes: int
) -> tuple[Group, ...]:
    """The same where ``inside`` says which losses are of each group: one may be of several, or of none."""
    counted = {name: _times(cause[rows], causes) for name, rows in inside.items()}
    whole = _times(cause, causes)
    looks = sum(
        int((times >= FEWEST_OF_CAUSE).sum()) for times in counted.values() if int(times.sum()) >= FEWEST
    )
    found = [
        Group(
            name,
            int(inside[name].sum()),
            int(times.sum()),
            int(money[inside[name]].sum()),
            tuple((at, int(times[at])) for at in np.argsort(-times, kind="stable").tolist() if times[at]),
            _stand_out(times, whole, looks),
        )
        for name, times in counted.items()
    ]
    return tuple(sorted(found, key=lambda group: (-group.losses, group.name)))


def tenure(began: Whole, decided: Whole) -> NDArray[np.object_]:
    """How long each had been a customer: "early", "first_year" or "later"."""
    names = np.array(["early", "first_year", "later"], object)
    found: NDArray[np.object_] = names[np.searchsorted(TENURE_BOUNDS, decided - began, side="right")]
    return found


def _times(cause: Whole, causes: int) -> Whole:
    return np.bincount(cause[cause >= 0], minlength=causes)


def _stand_out(times: Whole, whole: Whole, looks: int) -> tuple[StandsOut, ...]:
    of = int(times.sum())
    if of < FEWEST:
        return ()
    rest = whole - times
    found: Sequence[StandsOut] = [
        StandsOut(cause, int(times[cause]), of, int(rest[cause]), int(rest.sum()))
        for cause in np.flatnonzero(times >= FEWEST_OF_CAUSE).tolist()
    ]
    return tuple(
        each
        for each in found
        if more_than_chance(each.others, each.of_others, each.hits, each.of) * max(1, looks) < CHANCE
    )
