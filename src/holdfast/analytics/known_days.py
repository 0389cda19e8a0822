"""What was known of the company's days on each day of asking, in memory and as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Company:
    """The weights of the company's days by what is counted: 1 a usual day, 0 a day without data.

    ``by_day`` maps each day of asking to the weights as known at its beginning, the day before last.
    Whoever asks on a later day gets those of the latest before it, and ``nan`` for the days since.
    """

    by_day: Mapping[int, Mapping[str, Doubles]]

    def weights(self, name: str, day: int, days: int) -> Doubles:
        """The weights of the ``days`` days before ``day``, the latest last; ``nan``: not known yet.

        Days of which nothing was measured because they lie further back count 1.
        """
        known = max((each for each in self.by_day if each <= day), default=None)
        told = None if known is None else self.by_day[known].get(name)
        if known is None or told is None:
            return np.full(days, np.nan)
        missing = day - known
        joined = np.concatenate([np.ones(days), told, np.full(missing, np.nan)])
        return joined[len(joined) - days :]

    def as_json(self) -> dict[str, Any]:
        """Plain values, of which :func:`company_from` makes it again."""
        return {
            str(day): {name: [round(float(each), 6) for each in weights] for name, weights in told.items()}
            for day, told in self.by_day.items()
        }


def company_from(kept: Mapping[str, Any]) -> Company:
    """The inverse of :meth:`Company.as_json`."""
    return Company(
        {
            int(day): {name: np.asarray(weights, np.float64) for name, weights in told.items()}
            for day, told in kept.items()
        }
    )
