"""The rhythm of a customer as known at a day: the silence allowed, the usual gap, the silence so far."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.feature import PURCHASE, Feature, Gaps, Need, Needed
from holdfast.analytics.rhythm import Usual, allowance_after, shrunk_mean
from holdfast.analytics.spec import Column, Expression, OneOf
from holdfast.analytics.terms import OPEN
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from holdfast.settings import LostSettings

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

GRACE, USUAL_GAP, SILENCE = "days of grace", "usual gap", "days of silence"
"""The names of the features, all in days; ``SILENCE`` is ``nan`` where nothing was bought."""


def rhythm_features(lost: LostSettings, usual: Usual, receipts: Sequence[str]) -> tuple[Feature, ...]:
    """What the rule says of the rhythm of customers without a contract, as known at the day.

    The silence allowed is 0 under the rule *contract* and that of the company for *category*. Own gaps
    count in full here, those of a time away too: it is never below that of
    :mod:`holdfast.analytics.churn`.
    """
    bought = _bought(lost, receipts)
    by_rhythm = lost.rule in ("own_rhythm", "mixed") and usual.days is not None
    constant = usual_grace(lost, usual)

    def allowed(needed: Needed) -> Floats:
        number, total = _gaps(needed)
        if by_rhythm:
            return allowance_after(number, total, usual).astype(np.float64)
        return np.full(len(number), float(constant))

    def gap(needed: Needed) -> Floats:
        return shrunk_mean(*_gaps(needed), usual)

    needs: dict[str, Need] = {"number": Gaps("number", bought), "mean": Gaps("mean", bought)}
    return (
        _days(GRACE, needs, allowed),
        _days(USUAL_GAP, needs, gap),
        _days(SILENCE, {"since": Gaps("since", bought)}),
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


def _gaps(needed: Needed) -> tuple[Whole, Whole]:
    """The number of gaps, and the days of all of them."""
    number = np.nan_to_num(np.asarray(needed["number"], np.float64))
    total = np.nan_to_num(np.asarray(needed["mean"], np.float64)) * number
    return number.astype(np.int64), np.rint(total).astype(np.int64)


def _days(name: str, needs: dict[str, Need], value: Callable[[Needed], Floats] | None = None) -> Feature:
    """A feature that no person sees."""
    return Feature(name, Text("Rhythm"), Text("Rhythm"), "days", "use", needs, value)


def _bought(lost: LostSettings, receipts: Sequence[str]) -> Expression:
    """What counts as a purchase for the rule; where nothing is ordered, paying takes that place."""
    names = tuple(dict.fromkeys(receipts[0] if name == "Order Completed" else name for name in lost.activity))
    return PURCHASE if set(names) <= set(receipts) else OneOf(Column("name"), names)
