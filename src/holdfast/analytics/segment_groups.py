"""Boundaries of ready-made groups: recency and frequency, value, bands of a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

A_SHARE, B_SHARE = 0.80, 0.95
"""The best customers who bring 80 % of the money are A; with those who bring the next 15 %, B; else C."""

BANDS = 5


@dataclass(frozen=True, slots=True)
class RfmGroup:
    """A rectangle of the 5 x 5 grid of recency (5: bought lately) and frequency (5: often), ends included."""

    key: str
    title: Text
    recency: tuple[int, int]
    frequency: tuple[int, int]


RFM_GROUPS = (
    RfmGroup("champions", Text("Champions"), (5, 5), (4, 5)),
    RfmGroup("loyal", Text("Loyal customers"), (3, 4), (4, 5)),
    RfmGroup("potential-loyal", Text("On the way to loyal"), (4, 5), (2, 3)),
    RfmGroup("new", Text("New customers"), (5, 5), (1, 1)),
    RfmGroup("promising", Text("Promising"), (4, 4), (1, 1)),
    RfmGroup("need-attention", Text("Need attention"), (3, 3), (3, 3)),
    RfmGroup("about-to-sleep", Text("About to fall asleep"), (3, 3), (1, 2)),
    RfmGroup("cannot-lose", Text("Not to be lost"), (1, 2), (5, 5)),
    RfmGroup("at-risk", Text("Were good, are silent"), (1, 2), (3, 4)),
    RfmGroup("hibernating", Text("Asleep"), (1, 2), (1, 2)),
)
"""Every place of the grid is in one group."""


def recency_bounds(days: Floats) -> tuple[int, ...]:
    """The most days since the last order of bands 5, 4, 3 and 2; rising."""
    return _rising(np.quantile(days, (0.2, 0.4, 0.6, 0.8), method="higher"), 0)


def frequency_bounds(orders: Floats) -> tuple[int, ...]:
    """The fewest orders of bands 2, 3, 4 and 5; rising. With one order somebody is in band 1."""
    return _rising(np.quantile(orders, (0.2, 0.4, 0.6, 0.8), method="higher"), 2)


def value_bounds(amounts: Floats) -> tuple[float, float] | None:
    """From which amount on a customer is A, and from which B; ``None`` where nothing was spent."""
    spent = np.sort(amounts[amounts > 0])[::-1]
    if not len(spent):
        return None
    share = np.cumsum(spent) / spent.sum()
    a, b = (spent[min(int(np.searchsorted(share, each)), len(spent) - 1)] for each in (A_SHARE, B_SHARE))
    return float(a), float(b)


def number_bands(values: Floats, most: int = 4) -> tuple[float, ...]:
    """Boundaries that cut numbers into ``most`` bands of about one size, as far as they differ."""
    cuts = np.quantile(values, np.arange(1, most) / most, method="nearest")
    lowest = float(values.min())
    return tuple(float(each) for each in np.unique(cuts) if each > lowest)


def _rising(cuts: NDArray[np.floating], least: int) -> tuple[int, ...]:
    found: list[int] = []
    for cut in cuts.tolist():
        found.append(max(int(cut), least, found[-1] + 1 if found else least))
    return tuple(found)
