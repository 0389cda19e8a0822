"""The days of silence that a customer is allowed, as a feature: what the rule of the company says."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.feature import PURCHASE, Feature, Gaps, Need, Needed, Over
from holdfast.analytics.rhythm import Usual, allowance_after
from holdfast.analytics.spec import Column, Expression, OneOf
from holdfast.analytics.terms import OPEN
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from holdfast.settings import LostSettings

    Floats = NDArray[np.float64]


def grace(lost: LostSettings, usual: Usual, receipts: Sequence[str]) -> Feature:
    """Days of silence after which a customer without a contract counts as lost, as known at the day.

    0 under the rule *contract*; for *category* that of the company. Own gaps count in full here, those
    of a time away too: the allowance is never below that of :mod:`holdfast.analytics.churn`.
    """
    bought = _bought(lost, receipts)
    by_rhythm = lost.rule in ("own_rhythm", "mixed") and usual.days is not None
    needs: dict[str, Need] = {"number": Over("count", where=bought)}
    value: Callable[[Needed], Floats]
    if by_rhythm:
        needs = {"number": Gaps("number", bought), "mean": Gaps("mean", bought)}

        def value(needed: Needed) -> Floats:
            number = np.nan_to_num(np.asarray(needed["number"], np.float64))
            total = np.nan_to_num(np.asarray(needed["mean"], np.float64)) * number
            days = allowance_after(number.astype(np.int64), np.rint(total).astype(np.int64), usual)
            return days.astype(np.float64)
    else:
        constant = float(usual_grace(lost, usual))

        def value(needed: Needed) -> Floats:
            return np.full(len(needed["number"]), constant)

    return Feature(
        "days of grace",
        Text("Days of grace"),
        Text("The silence that the rhythm of the customer allows."),
        "days",
        "use",
        needs,
        value,
    )


def usual_grace(lost: LostSettings, usual: Usual) -> int:
    """The silence that is usual in the company, in days; ``OPEN`` where too little is known of it."""
    if lost.rule == "contract":
        return 0
    days = lost.after_days if lost.rule == "fixed" else usual.days
    if days is None:
        return OPEN
    if lost.rule in ("own_rhythm", "mixed"):
        many = 1_000
        total = np.array([ceil(many * usual.mean)])
        return int(allowance_after(np.array([many]), total, usual)[0])
    return days


def _bought(lost: LostSettings, receipts: Sequence[str]) -> Expression:
    """What counts as a purchase for the rule; where nothing is ordered, paying takes that place."""
    names = tuple(dict.fromkeys(receipts[0] if name == "Order Completed" else name for name in lost.activity))
    return PURCHASE if set(names) <= set(receipts) else OneOf(Column("name"), names)
