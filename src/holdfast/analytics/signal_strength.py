"""How strong a warning is that stands on how rarely its like is seen without a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.signal import Columns, Values

_LEAST, _SURE = 0.4, 1e-4


def rare(chance: str) -> Callable[[Columns, Values], NDArray[np.float64]]:
    """0.4 where the chance only just warns, 1 from one in ten thousand on; evenly in its logarithm."""

    def strength(columns: Mapping[str, NDArray[np.generic]], values: Values) -> NDArray[np.float64]:
        seen = np.log(np.maximum(np.asarray(columns[chance], np.float64), _SURE))
        warns = np.log(values["false_alarms"])
        found = _LEAST + (1 - _LEAST) * (warns - seen) / (warns - np.log(_SURE))
        return np.asarray(np.clip(found, _LEAST, 1.0), np.float64)

    return strength
