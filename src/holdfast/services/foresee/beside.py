"""What is asked of everybody together with their features, so that the log is read once for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.feature import Feature
from holdfast.analytics.snapshot import FeatureTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Beside:
    """Other ``features`` of the sorted ``units`` as of ``day``: ``take`` is given the table of each slice."""

    day: int
    features: tuple[Feature, ...]
    units: NDArray[np.int64]
    take: Callable[[FeatureTable], None]

    def taken_out(self, table: FeatureTable, wanted: NDArray[np.int64]) -> FeatureTable:
        """Give away what belongs here of a slice; what is left is that of the ``wanted`` units."""
        self.take(_of(table, self.units))
        return _of(table, wanted)


def _of(table: FeatureTable, units: NDArray[np.int64]) -> FeatureTable:
    mine = np.isin(table.unit_id, units)
    return table if mine.all() else table.only(mine)
