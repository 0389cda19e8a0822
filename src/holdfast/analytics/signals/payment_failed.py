"""C8: a payment was declined, a bill is overdue, or bills are paid later and later."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Needed, Objects
from holdfast.analytics.feature_parts import (
    DUE_LONG_AGO,
    INVOICE,
    LATENESS,
    TWELVE_WEEKS,
    YEAR,
    all_of,
    in_days,
    known,
    last_time,
    named,
    part,
    since,
)
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import days_or_zero, floats, numbers_of, rising
from holdfast.analytics.spec import Arithmetic, Column, Not
from holdfast.domain.texts import Text

_GIVEN_UP_DAYS = 90
"""Declined payments and bills older than this are given up: no early warning any more."""

_SETTLED = all_of(known("paid"), known("due"))
_OVERDUE = all_of(Not(known("paid")), DUE_LONG_AGO, since("due", _GIVEN_UP_DAYS))
_DECLINED = all_of(known("failed"), Not(known("paid")), since("failed", _GIVEN_UP_DAYS))

_number = numbers_of("payment_failed", "payment")


def _declined(needed: Needed) -> NDArray[np.generic]:
    """Bills by their number; where payments carry none, the last word counts: declined or paid."""
    failed = np.nan_to_num(floats(needed, "failed"), nan=np.inf)
    last_word = (failed < np.nan_to_num(floats(needed, "paid"), nan=np.inf)).astype(np.float64)
    lately = np.asarray(in_days("failed")(needed), np.float64) <= _GIVEN_UP_DAYS
    return np.maximum(floats(needed, "bills"), np.where(lately, last_word, 0.0))


def _later(needed: Needed) -> NDArray[np.generic]:
    """How much later than before, at least 0; 0 where there is too little to compare."""
    lately = np.asarray(part("late_lately", "paid_lately")(needed), np.float64)
    before = floats(needed, "paid_year") - floats(needed, "paid_lately")
    late_before = floats(needed, "late_year") - floats(needed, "late_lately")
    usual = np.divide(late_before, before, out=np.full(len(before), np.nan), where=before >= 2)
    found: NDArray[np.float64] = np.maximum(np.nan_to_num(lately - usual, nan=0.0), 0.0)
    return found


def _lateness(days: int, word: str) -> dict[str, Objects]:
    paid = all_of(_SETTLED, since("paid", days))
    return {
        f"late_{word}": Objects("invoice", INVOICE, "sum", LATENESS, paid),
        f"paid_{word}": Objects("invoice", INVOICE, "count", None, paid),
    }


_EXAMPLES = (
    Example(
        "ann's card is declined, bob's was and then paid, cid's bill is overdue, dan pays in time",
        """
        ann  2024-06-20  Payment_Failed id=1 amount=10 code=card_expired
        bob  2024-06-20  Payment_Failed id=2 amount=10 code=card_expired
        bob  2024-06-23  Payment_Completed id=2 amount=10
        cid  2024-06-01  Invoice_Issued id=3 amount=80 due=2024-06-15
        dan  2024-06-01  Invoice_Issued id=4 amount=80 due=2024-06-15
        dan  2024-06-14  Payment_Completed id=4 amount=80
        old  2023-06-01  Payment_Failed id=5 amount=10 code=card_expired
        """,
        date(2024, 7, 1),
        {"ann": True, "bob": False, "cid": True, "dan": False, "old": False},
    ),
    Example(
        "eve pays, but later and later",
        """
        eve  2024-01-01  Invoice_Issued id=1 amount=80 due=2024-01-15
        eve  2024-01-15  Payment_Completed id=1 amount=80
        eve  2024-02-01  Invoice_Issued id=2 amount=80 due=2024-02-15
        eve  2024-02-16  Payment_Completed id=2 amount=80
        eve  2024-05-01  Invoice_Issued id=3 amount=80 due=2024-05-15
        eve  2024-06-05  Payment_Completed id=3 amount=80
        """,
        date(2024, 7, 1),
        {"eve": True},
    ),
)

SIGNAL = Signal(
    name="payment_failed",
    code="C8",
    title=Text("A payment failed"),
    meaning=Text(
        "A payment was declined, a bill is overdue, or the customer pays later than before. "
        "Some leave without meaning to, only because nobody asked for a new card."
    ),
    cause="payment",
    numbers=(
        _number(
            "declined",
            Text("Bills declined and not paid since"),
            {
                "bills": Objects("invoice", INVOICE, "count", None, _DECLINED),
                "failed": last_time(named("Payment Failed")),
                "paid": last_time(named("Payment Completed")),
            },
            _declined,
        ),
        _number(
            "overdue_days",
            Text("Oldest overdue bill"),
            Objects("invoice", INVOICE, "greatest", Arithmetic("-", MOMENT, Column("due")), _OVERDUE),
            days_or_zero("overdue_days"),
            unit="days",
        ),
        _number(
            "later_days",
            Text("Pays later than before, by"),
            {**_lateness(TWELVE_WEEKS, "lately"), **_lateness(YEAR, "year")},
            _later,
            unit="days",
            days=YEAR,
        ),
    ),
    settings=(
        Setting("declined", Text("Declined bills, to begin with"), "count", 1, 1, 10),
        Setting("overdue_days", Text("Days overdue"), "days", 3, 1, 60),
        Setting("later_days", Text("Days later than before"), "days", 10, 3, 60),
    ),
    when=lambda of: either(
        number("payment_failed_declined", "at_least", of["declined"]),
        number("payment_failed_overdue_days", "at_least", of["overdue_days"]),
        number("payment_failed_later_days", "at_least", of["later_days"]),
    ),
    ends_when=lambda of: both(
        number("payment_failed_declined", "below", 1),
        number("payment_failed_overdue_days", "below", 1),
        number("payment_failed_later_days", "below", of["later_days"] / 2),
    ),
    strength=rising("payment_failed_overdue_days", 30, least=0.5),
    evidence=(
        Shown("payment_failed_declined"),
        Shown("payment_failed_overdue_days"),
        Shown("payment_failed_later_days"),
    ),
    examples=_EXAMPLES,
    cooldown_days=7,
    watch=("Payment Failed", "Invoice Issued", "Payment Completed"),
)
