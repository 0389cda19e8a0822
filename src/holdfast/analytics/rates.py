"""Amounts of several currencies in one, by dated rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.money import exponent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Steps = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Rate:
    """From ``day`` on, one unit of ``source`` is ``rate`` units of ``target``."""

    day: int
    source: str
    target: str
    rate: float


class RateTable:
    """Which rate holds between a currency and the reporting currency on a day.

    The last rate on or before the day holds: the direct one where there is one, else the inverse
    of the opposite one, else the product over one third currency that has a rate to both.
    """

    def __init__(self, rates: Iterable[Rate], reporting: str) -> None:
        self.reporting = reporting
        self._steps = _by_pair(rates)

    def rates_on(self, currency: str, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Units of the reporting currency for one of ``currency`` on each day; NaN where none holds."""
        import numpy as np

        if currency == self.reporting:
            return np.ones(len(days))
        found = self._between(currency, self.reporting, days)
        for third in sorted({name for pair in self._steps for name in pair}):
            if not np.isnan(found).any():
                break
            if third not in (currency, self.reporting):
                over = self._between(currency, third, days) * self._between(third, self.reporting, days)
                found = np.where(np.isnan(found), over, found)
        return found

    def convert(
        self,
        amount: NDArray[np.int64],
        currency: NDArray[np.int64],
        names: Sequence[str],
        day: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Minor units of the reporting currency, and which rows have a rate (the others give 0).

        ``currency`` holds positions in ``names``. Halves go to the even neighbour, row by row.
        """
        import numpy as np

        converted = np.where(_is(currency, names, self.reporting), amount, 0)
        known = _is(currency, names, self.reporting)
        for place, name in enumerate(names):
            rows = np.flatnonzero(currency == place)
            if name == self.reporting or not len(rows):
                continue
            scale = 10.0 ** (exponent(self.reporting) - exponent(name))
            rates = self.rates_on(name, day[rows])
            has_rate = ~np.isnan(rates)
            exact = np.rint(amount[rows] * np.where(has_rate, rates, 0.0) * scale)
            converted[rows] = exact.astype(np.int64)
            known[rows] = has_rate
        return converted, known

    def _between(self, source: str, target: str, days: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        direct = _last(self._steps.get((source, target)), days)
        inverse = 1.0 / _last(self._steps.get((target, source)), days)
        return np.where(np.isnan(direct), inverse, direct)


def _is(currency: NDArray[np.int64], names: Sequence[str], wanted: str) -> NDArray[np.bool_]:
    import numpy as np

    found: NDArray[np.bool_] = currency == (names.index(wanted) if wanted in names else -1)
    return np.array(found)


def _by_pair(rates: Iterable[Rate]) -> dict[tuple[str, str], Steps]:
    """The steps of each pair in the order of days; of two on one day, the later given one holds."""
    import numpy as np

    pairs: dict[tuple[str, str], dict[int, float]] = {}
    for each in rates:
        if each.rate > 0:
            pairs.setdefault((each.source, each.target), {})[each.day] = each.rate
    return {
        pair: (np.array(sorted(steps)), np.array([steps[day] for day in sorted(steps)]))
        for pair, steps in pairs.items()
    }


def _last(steps: Steps | None, days: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    if steps is None:
        return np.full(len(days), np.nan)
    from_days, rates = steps
    place = np.searchsorted(from_days, days, side="right") - 1
    return np.where(place >= 0, rates[np.maximum(place, 0)], np.nan)
