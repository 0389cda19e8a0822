"""How long customers stay, with those still there counted for as long as they have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.intervals import log_log

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Survival:
    """A Kaplan-Meier curve: at each of ``days`` someone left, and ``share`` was left after it.

    ``low`` and ``high`` bound the share at 95 %; ``followed_days`` is the longest time that anyone
    was seen: the curve says nothing beyond. ``customers`` began, ``events`` of them left.
    """

    days: NDArray[np.int64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    customers: int
    events: int
    followed_days: int

    def at(self, day: float) -> tuple[float, float, float]:
        """Share, low and high after ``day`` days; 1 before the first left."""
        import numpy as np

        place = int(np.searchsorted(self.days, day, side="right")) - 1
        if place < 0:
            return 1.0, 1.0, 1.0
        return float(self.share[place]), float(self.low[place]), float(self.high[place])

    def median(self) -> int | None:
        """The first day on which no more than half are left; ``None`` where that was not reached."""
        import numpy as np

        reached = np.flatnonzero(self.share <= 0.5)
        return int(self.days[reached[0]]) if len(reached) else None

    def mean_within(self, days: int) -> float:
        """Mean days stayed within the first ``days``: the area under the curve."""
        import numpy as np

        inside = self.days < days
        steps = np.concatenate([[0], self.days[inside], [days]])
        heights = np.concatenate([[1.0], self.share[inside]])
        return float(np.sum(np.diff(steps) * heights))


def kaplan_meier(
    days: NDArray[np.int64], left: NDArray[np.int64], still: NDArray[np.int64]
) -> Survival | None:
    """The curve from counts: after ``days[i]`` days, ``left[i]`` left and ``still[i]`` were last seen there.

    ``days`` are different, in any order. Who was last seen on a day counts as there on that day.
    ``None`` where nobody began. The interval is Greenwood's, on the log-log scale.

    Source: Kaplan and Meier (1958), JASA 53, 457-481; Greenwood (1926); Kalbfleisch and Prentice
    (2002), eq. 1.15.
    """
    import numpy as np

    customers = int(left.sum() + still.sum())
    if customers == 0:
        return None
    order = np.argsort(days, kind="stable")
    days, left, still = days[order], left[order], still[order]
    gone_before = np.concatenate([[0], np.cumsum(left + still)[:-1]])
    there = customers - gone_before
    at_event = left > 0
    share = np.cumprod(1 - left[at_event] / there[at_event])
    remaining = there[at_event] - left[at_event]
    with np.errstate(divide="ignore"):
        variance = np.cumsum(left[at_event] / (there[at_event] * remaining.astype(np.float64)))
    bounds = [log_log(float(s), float(v)) for s, v in zip(share, variance, strict=True)]
    low = np.array([bound[0] for bound in bounds])
    high = np.array([bound[1] for bound in bounds])
    return Survival(
        days[at_event].astype(np.int64),
        share,
        low,
        high,
        customers,
        int(left.sum()),
        int(days[-1]),
    )
