"""Why customers left: the losses of the past with their causes, as the nightly run kept them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class LossColumns:
    """Losses by day and customer, column by column.

    ``cause`` is an id of the taxonomy, "" where nothing says it; ``origin`` "ours", "market", "own_life" or
    "". ``confidence`` is 0..1. ``money_minor`` is what the customer brought in a year, in minor units of
    the reporting currency.
    """

    unit_id: NDArray[np.int64]
    left_day: NDArray[np.int64]
    cause: NDArray[np.object_]
    origin: NDArray[np.object_]
    confidence: NDArray[np.float64]
    money_minor: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit_id)


def causes_of_losses(settings: Settings, start_day: int, end_day: int) -> LossColumns:
    """The losses of the days [``start_day``, ``end_day``) with their causes; empty before the first run."""
    from holdfast.store import losses

    found = losses.columns_between(settings, start_day, end_day)
    return LossColumns(
        np.array(found["unit_id"], np.int64),
        np.array(found["left_day"], np.int64),
        np.array(found["cause"], object),
        np.array(found["origin"], object),
        np.array(found["confidence"], np.float64),
        np.array(found["money_minor"], np.int64),
    )
