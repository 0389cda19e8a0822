"""Rows of the log folded into one row per unit and day with a purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.taken import IS_ACTIVITY, IS_ORDER

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Purchases:
    """One row per ``unit`` and ``day`` on which there was an order, a refund or other activity.

    Sorted by both. ``orders`` counts different orders (each on the first day it appears);
    ``amount`` is the signed sum in minor units of the reporting currency; ``active`` tells that
    the day counts as a purchase (a day with refunds alone does not).
    """

    unit: NDArray[np.int64]
    day: NDArray[np.int64]
    orders: NDArray[np.int64]
    amount: NDArray[np.int64]
    active: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.unit)

    def only(self, rows: NDArray[np.bool_]) -> Purchases:
        """The rows that ``rows`` marks."""
        if rows.all():
            return self
        return Purchases(
            self.unit[rows], self.day[rows], self.orders[rows], self.amount[rows], self.active[rows]
        )


def fold(
    unit: NDArray[np.int64],
    day: NDArray[np.int64],
    kind: NDArray[np.int64],
    amount: NDArray[np.int64],
    order: NDArray[np.uint64],
) -> Purchases:
    """Purchases from rows in any order; rows nearly sorted by unit (as the log is) cost least.

    ``kind`` has the bits ``IS_ORDER`` and ``IS_ACTIVITY``; ``order`` stands for the order's id.
    An order whose lines lie on several days counts on the first; its amounts stay where they are.
    """
    import numpy as np

    if not len(unit):
        nothing = np.empty(0, np.int64)
        return Purchases(nothing, nothing, nothing, nothing, np.empty(0, bool))
    place = sorting(unit, day)
    unit, day, kind, amount = unit[place], day[place], kind[place], amount[place]
    starts = starts_of(unit, day)
    first = _first_of_order(unit, order[place], (kind & IS_ORDER) > 0)
    return Purchases(
        unit[starts],
        day[starts].astype(np.int64),
        np.add.reduceat(first.astype(np.int64), starts),
        np.add.reduceat(amount, starts),
        np.bitwise_or.reduceat(kind & IS_ACTIVITY, starts) > 0,
    )


def sorting(unit: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions that sort by unit, then day; equal pairs keep their order.

    Both in one number where they fit, since sorting one is quick and nearly sorted ones quicker.
    """
    import numpy as np

    first_day = int(day.min())
    span = int(day.max()) - first_day + 1
    if int(unit.max()) < (1 << 62) // span:
        return np.argsort(unit * span + (day - first_day), kind="stable")
    return np.lexsort((day, unit))


def starts_of(*keys: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where groups of equal keys start in sorted arrays."""
    import numpy as np

    changed = np.zeros(len(keys[0]), bool)
    changed[:1] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed)


def different(*sorted_values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every value once, in order, of arrays that are each sorted."""
    import numpy as np

    each = [values[starts_of(values)] for values in sorted_values if len(values)]
    if not each:
        return np.empty(0, np.int64)
    if len(each) == 1:
        return each[0]
    together = np.sort(np.concatenate(each), kind="stable")
    return together[starts_of(together)]


def places(among: NDArray[np.int64], sorted_values: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where each of ``sorted_values`` stands in the sorted, different ``among``; its length if nowhere.

    Looks up each value once, however often it is repeated.
    """
    import numpy as np

    starts = starts_of(sorted_values)
    found = np.searchsorted(among, sorted_values[starts])
    inside = np.minimum(found, max(0, len(among) - 1))
    known = among[inside] == sorted_values[starts] if len(among) else np.zeros(len(starts), bool)
    return np.repeat(np.where(known, found, len(among)), np.diff(np.append(starts, len(sorted_values))))


def bands_of(day: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.intp]:
    """How many of the rising ``bounds`` are on or before each day: quick for many days, few bounds."""
    import numpy as np

    if not len(day):
        return np.empty(0, np.intp)
    first = int(day.min())
    table = np.searchsorted(bounds, np.arange(first, int(day.max()) + 1), side="right")
    return table[day - first]


def numbered(starts: NDArray[np.intp], rows: int) -> NDArray[np.int64]:
    """0, 1, 2 ... within each group that begins at ``starts``."""
    import numpy as np

    sizes = np.diff(np.append(starts, rows))
    return np.arange(rows, dtype=np.int64) - np.repeat(starts, sizes)


def running(values: NDArray[np.int64], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """The running sum within each group that begins at ``starts``, the row itself included."""
    import numpy as np

    total = np.cumsum(values)
    sizes = np.diff(np.append(starts, len(values)))
    before = total[starts] - values[starts]
    return total - np.repeat(before, sizes)


def _first_of_order(
    unit: NDArray[np.int64], order: NDArray[np.uint64], is_order: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Marks the first row of each order of each unit, in the order of the rows."""
    import numpy as np

    rows = np.flatnonzero(is_order)
    marks = order[rows].astype(np.uint64) ^ (unit[rows].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    # Lines of an order mostly lie side by side; what is left is rarely repeated, and a plain sort
    # finds out ten times faster than a search for the first of each.
    fresh = np.ones(len(rows), bool)
    fresh[1:] = marks[1:] != marks[:-1]
    rows, marks = rows[fresh], marks[fresh]
    ordered = np.sort(marks)
    if (ordered[1:] == ordered[:-1]).any():
        rows = rows[np.unique(marks, return_index=True)[1]]
    first = np.zeros(len(unit), bool)
    first[rows] = True
    return first
