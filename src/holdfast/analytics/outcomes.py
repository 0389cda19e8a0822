"""What became of customers within days after a day of their own: whether they left, what they brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.purchases import Purchases, sorting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_DAYS = 1 << 22
"""More than there are days of anything, so that customer and day make one number."""
_ZERO = 1 << 21


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Stretches of presence and purchases of some customers, ready to be asked of many at once.

    ``came`` and ``bought`` are (customer, day) as one number each, sorted; ``went`` is the day on which each
    stretch ended; ``sums`` are the amounts of all purchases before each one, and of all at the end.
    """

    came: Whole
    went: Whole
    bought: Whole
    sums: Whole

    @classmethod
    def of(cls, unit: Whole, start: Whole, end: Whole, purchases: Purchases) -> Outcomes:
        """From stretches [``start``, ``end``) of presence in any order, and purchases."""
        import numpy as np

        came = _place(unit, start)
        order = np.argsort(came, kind="stable")
        some = sorting(purchases.unit, purchases.day) if len(purchases) else np.empty(0, np.int64)
        sums = np.concatenate([[0], np.cumsum(purchases.amount[some])]).astype(np.int64)
        return cls(came[order], end[order], _place(purchases.unit[some], purchases.day[some]), sums)

    def present(self, unit: Whole, day: Whole) -> NDArray[np.bool_]:
        """Who was a customer on ``day``, each on a day of its own."""
        found: NDArray[np.bool_] = self._until(unit, day) > day
        return found

    def left(self, unit: Whole, day: Whole, days: int) -> NDArray[np.bool_]:
        """Who was a customer on ``day`` and left within ``days`` after it; whoever is gone cannot leave."""
        until = self._until(unit, day)
        found: NDArray[np.bool_] = (until > day) & (until <= day + days)
        return found

    def _until(self, unit: Whole, day: Whole) -> Whole:
        """When the stretch ended, or ends, that had begun last by ``day``; before all days where none had."""
        import numpy as np

        never = np.full(len(unit), -_ZERO, np.int64)
        if not len(self.came):
            return never
        at = np.searchsorted(self.came, _place(unit, day), side="right") - 1
        inside = np.maximum(at, 0)
        own = (at >= 0) & (self.came[inside] // _DAYS == unit)
        return np.where(own, self.went[inside], never)

    def amount(self, unit: Whole, day: Whole, days: int) -> Whole:
        """What each customer brought in the ``days`` days after its ``day``; below 0: in those before it.

        The day itself is in neither.
        """
        import numpy as np

        first, last = (day + 1, day + days) if days > 0 else (day + days, day - 1)
        begin = np.searchsorted(self.bought, _place(unit, first), side="left")
        end = np.searchsorted(self.bought, _place(unit, last), side="right")
        found: Whole = self.sums[end] - self.sums[begin]
        return found


def cap_of(before: Whole, least: int = 100) -> int | None:
    """Up to which amount a customer counts: what 99 of 100 who bought stayed below; ``None`` of few."""
    import numpy as np

    some = before[before > 0]
    return int(np.quantile(some, 0.99)) if len(some) >= least else None


def _place(unit: Whole, day: Whole) -> Whole:
    import numpy as np

    # A stretch that has no beginning or no end lies further away than any day.
    return unit * _DAYS + np.clip(day + _ZERO, 0, _DAYS - 1)
