"""What customers bring in a year, and how that moves: the ledger in money.

The yearly money of a customer at the start of a day is twelve times the monthly amounts of the
contracts that run, plus the orders of the twelve calendar months that lie before (the month of
that day included where the day is not its first). It counts while the customer is present. All
amounts are integers of minor units, so what customers bring, gain and lose ties out to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from holdfast.analytics.churn import Spells
from holdfast.analytics.purchases import Purchases, bands_of, different, places
from holdfast.analytics.terms import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CELLS = 200_000
"""Units times boundaries that are laid out at once: a grid then stays in the processor's cache."""


class Move(IntEnum):
    """Why money moved."""

    NEW = 0
    WON_BACK = 1
    MORE = 2
    LESS = 3
    LEFT = 4


@dataclass(frozen=True, slots=True)
class Moves:
    """One row per period and kind of move: how much ``money`` moved, and of how many ``customers``.

    ``grain`` is the position of the kind of period in what was asked, ``start`` the first day of
    the period. NEW, WON_BACK, MORE add, LESS and LEFT subtract. Moves of 0 are left out.
    """

    grain: NDArray[np.int64]
    start: NDArray[np.int64]
    kind: NDArray[np.int64]
    customers: NDArray[np.int64]
    money: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Some units (rows) at each boundary (columns): present, and what they bring in a year."""

    units: NDArray[np.int64]
    present: NDArray[np.bool_]
    money: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class YearlyMoney:
    """The ``moves`` of all periods, all units together, and what each ``unit`` brings in a year.

    ``unit`` are those with a spell, sorted; ``at_end`` is at the end, 0 for those who left.
    """

    moves: Moves
    unit: NDArray[np.int64]
    at_end: NDArray[np.int64]


def yearly_money(
    purchases: Purchases,
    terms: Terms,
    spells: Spells,
    months: Sequence[int],
    end_day: int,
    grains: Sequence[Sequence[int]],
) -> YearlyMoney:
    """What customers bring in a year, and how it moved in each period.

    ``months`` are the first days of calendar months, from the one of the first purchase or contract
    to the last before ``end_day``; ``grains`` the starts of the periods of each kind (months,
    quarters, years), each of them among ``months``. The last period of a kind ends at ``end_day``.
    Who comes and leaves within one period moves no money in it.
    """
    import numpy as np

    boundaries = np.array([*months, end_day], np.int64)
    sums = [np.zeros((len(Move), 2, len(starts)), np.int64) for starts in grains]
    units, ends = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for grid in _grids(purchases, terms, spells, boundaries):
        units.append(grid.units)
        ends.append(grid.money[:, -1] * grid.present[:, -1])
        for at, starts in enumerate(grains):
            sums[at] += _moved(grid, spells, boundaries, np.array([*starts, end_day], np.int64))
    return YearlyMoney(_rows_of(sums, grains), np.concatenate(units), np.concatenate(ends))


def _rows_of(sums: Sequence[NDArray[np.int64]], grains: Sequence[Sequence[int]]) -> Moves:
    import numpy as np

    rows = []
    for grain, (totals, starts) in enumerate(zip(sums, grains, strict=True)):
        kinds, periods = np.nonzero(totals[:, 0])
        found = totals[kinds, :, periods]
        days = np.array(starts, np.int64)[periods]
        rows.append(np.stack([np.full(len(kinds), grain), days, kinds, found[:, 0], found[:, 1]]))
    return Moves(*np.concatenate(rows, axis=1)) if rows else Moves(*([np.empty(0, np.int64)] * 5))


def _grids(
    purchases: Purchases, terms: Terms, spells: Spells, boundaries: NDArray[np.int64]
) -> Iterator[_Grid]:
    units = different(spells.unit)
    size = max(1, _CELLS // len(boundaries))
    for first in range(0, len(units), size):
        yield _grid(units[first : first + size], purchases, terms, spells, boundaries)


def _grid(
    units: NDArray[np.int64],
    purchases: Purchases,
    terms: Terms,
    spells: Spells,
    boundaries: NDArray[np.int64],
) -> _Grid:
    import numpy as np

    shape = (len(units), len(boundaries))
    money = np.zeros(shape, np.int64)
    rows, inside = _rows(units, purchases.unit)
    # A purchase in the month before boundary j counts at boundaries j to j + 11.
    first = bands_of(purchases.day[inside], boundaries)
    _add(money, rows, first, first + 12, purchases.amount[inside])
    rows, inside = _rows(units, terms.unit)
    first, last = _covered(boundaries, terms.start[inside], terms.end[inside])
    _add(money, rows, first, last, 12 * terms.amount[inside])
    there = np.zeros(shape, np.int64)
    rows, inside = _rows(units, spells.unit)
    first, last = _covered(boundaries, spells.start[inside], spells.end[inside])
    _add(there, rows, first, last, np.ones(len(rows), np.int64))
    return _Grid(units, np.cumsum(there, axis=1) > 0, np.cumsum(money, axis=1))


def _rows(units: NDArray[np.int64], of: NDArray[np.int64]) -> tuple[NDArray[np.intp], slice]:
    """Which part of the sorted ``of`` lies within ``units``, and the row of each of it.

    Units of ``of`` without a spell are not among ``units``: their place is the row count.
    """
    import numpy as np

    inside = slice(int(np.searchsorted(of, units[0])), int(np.searchsorted(of, units[-1], side="right")))
    return places(units, of[inside]), inside


def _covered(
    boundaries: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The boundaries (first, one past the last) with start < boundary <= end.

    Who leaves on a day is still there at its start, and who comes is not yet.
    """
    import numpy as np

    return np.searchsorted(boundaries, start, side="right"), np.searchsorted(boundaries, end, side="right")


def _add(
    grid: NDArray[np.int64],
    rows: NDArray[np.intp],
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    amount: NDArray[np.int64],
) -> None:
    """Add to ``grid`` the steps whose running sum holds ``amount`` from ``first`` up to ``last``."""
    import numpy as np

    height, width = grid.shape
    for column, value in ((first, amount), (last, -amount)):
        kept = (rows < height) & (column < width)
        np.add.at(grid.reshape(-1), rows[kept] * width + column[kept], value[kept])


def _moved(
    grid: _Grid, spells: Spells, boundaries: NDArray[np.int64], bounds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """By kind of move and period: customers (0) and money (1)."""
    import numpy as np

    at = np.searchsorted(boundaries, bounds)
    there = grid.present[:, at]
    money = grid.money[:, at] * there
    before, after = there[:, :-1], there[:, 1:]
    ended, came_new = _within(grid.units, spells, bounds)
    entered = after & (ended | ~before)
    change = money[:, 1:] - money[:, :-1]
    change *= before & after & ~ended
    kinds: Mapping[Move, NDArray[np.int64]] = {
        Move.NEW: money[:, 1:] * (entered & came_new),
        Move.WON_BACK: money[:, 1:] * (entered & ~came_new),
        Move.MORE: np.maximum(change, 0),
        Move.LESS: np.maximum(-change, 0),
        Move.LEFT: money[:, :-1] * (before & (ended | ~after)),
    }
    totals = [(np.count_nonzero(amount, axis=0), amount.sum(axis=0)) for amount in kinds.values()]
    return np.array(totals, np.int64).reshape(len(Move), 2, len(bounds) - 1)


def _within(
    units: NDArray[np.int64], spells: Spells, bounds: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """By unit and period: whether a spell ended in it, and whether the last that began was the first."""
    import numpy as np

    rows, inside = _rows(units, spells.unit)
    shape = (len(units), len(bounds) - 1)
    ended, last_number = np.zeros(shape, bool), np.zeros(shape, np.int64)
    place = np.searchsorted(bounds, spells.end[inside], side="right") - 1
    kept = (place >= 0) & (place < shape[1])
    ended[rows[kept], place[kept]] = True
    place = np.searchsorted(bounds, spells.start[inside], side="right") - 1
    kept = (place >= 0) & (place < shape[1])
    np.maximum.at(last_number, (rows[kept], place[kept]), spells.number[inside][kept])
    return ended, last_number == 1
