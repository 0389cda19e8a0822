"""What customers who left had brought in a year, when they decided to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.loss_causes import Losses, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Table = Mapping[str, NDArray[np.int64]]

YEAR_DAYS = 365


def yearly_lost(losses: Losses, months: Table, terms: Table) -> Whole:
    """Minor units a year of each loss: twelve times the contracts that ran when the customer left, and
    the orders of the twelve calendar months up to the decision.

    ``months`` and ``terms`` are rows of the kept tables of these names. Never below 0.
    """
    bought = _bought(losses, months)
    loss, term = joined(losses.unit, terms["unit_id"])
    start, end = terms["start_day"][term], terms["end_day"][term]
    ran = (start < losses.left_day[loss]) & (end >= losses.left_day[loss])
    amount = 12 * terms["amount"][term[ran]]
    running = np.bincount(loss[ran], amount, len(losses)).astype(np.int64)
    money: Whole = np.maximum(bought + running, 0)
    return money


def _bought(losses: Losses, months: Table) -> Whole:
    if not len(months["unit_id"]):
        return np.zeros(len(losses), np.int64)
    order = np.lexsort((months["month"], months["unit_id"]))
    unit, month = months["unit_id"][order], months["month"][order]
    so_far = np.concatenate([[0], np.cumsum(months["amount"][order])])
    first = min(int(month.min()), int(losses.decided_day.min(initial=0)) - YEAR_DAYS)
    span = max(int(month.max()), int(losses.decided_day.max(initial=0))) - first + 2
    keys = unit * span + (month - first)
    last = np.searchsorted(keys, losses.unit * span + (losses.decided_day - first), side="right")
    before = losses.unit * span + (losses.decided_day - YEAR_DAYS - first)
    bought: Whole = so_far[last] - so_far[np.searchsorted(keys, before, side="right")]
    return bought
