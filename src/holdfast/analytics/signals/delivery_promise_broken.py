"""C18: a delivery came late or has not come, above all where nobody told the customer."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Needed, Objects, Over
from holdfast.analytics.feature_parts import all_of, count, first_moment, known, named, since
from holdfast.analytics.signal import Columns, Example, Setting, Shown, Signal, Values, both, either, number
from holdfast.analytics.signal_parts import coded, floats, late, numbers_of
from holdfast.analytics.spec import Column, Compare, Not
from holdfast.domain.texts import Text

_number = numbers_of("delivery_promise_broken", "service")

_LATE = late(named("Order Delivered"))
_TOLD = coded(named("Message Sent"), "delivery_notice")
_PARCEL = {
    "promised": Over("greatest", Column("promised_us"), named("Delivery Promised")),
    "arrived": first_moment(named("Order Delivered", "Order Cancelled")),
}
_NOT_THERE = all_of(
    known("promised"),
    Compare(Column("promised"), "<", MOMENT),
    since("promised", 42),
    Not(known("arrived")),
)
_NEEDS = {
    "late": count(_LATE, 14),
    "told": count(_TOLD, 14),
    "missing": Objects("parcel", _PARCEL, "count", None, _NOT_THERE),
}


def _untold(needed: Needed) -> NDArray[np.generic]:
    """Late and missing deliveries beyond those of which we told."""
    return np.maximum(floats(needed, "late") + floats(needed, "missing") - floats(needed, "told"), 0.0)


def _strength(columns: Columns, values: Values) -> NDArray[np.float64]:
    """Late but told .5, untold .8, several untold 1."""
    untold = np.asarray(columns["delivery_promise_broken_untold"], np.float64)
    return np.select([untold >= 2, untold >= 1], [1.0, 0.8], 0.5)


SIGNAL = Signal(
    name="delivery_promise_broken",
    code="C18",
    title=Text("A promise about delivery was broken"),
    meaning=Text(
        "A delivery came later than promised or is not there yet. Where nobody told the customer, it weighs "
        "most: a word in time costs nothing."
    ),
    cause="service",
    numbers=(
        _number("late", Text("Late deliveries in the last 14 days"), _NEEDS["late"], days=14),
        _number(
            "missing", Text("Deliveries past their promised day and not there"), _NEEDS["missing"], days=42
        ),
        _number("untold", Text("Late deliveries of which nobody told"), _NEEDS, _untold, days=42),
        _number("in_42", Text("Late deliveries in the last 42 days"), count(_LATE, 42), days=42),
    ),
    settings=(
        Setting("late", Text("Late deliveries, to begin with"), "count", 1, 1, 10),
        Setting("missing", Text("Missing deliveries, to begin with"), "count", 1, 1, 10),
    ),
    when=lambda of: either(
        number("delivery_promise_broken_late", "at_least", of["late"]),
        number("delivery_promise_broken_missing", "at_least", of["missing"]),
    ),
    ends_when=lambda _: both(
        number("delivery_promise_broken_in_42", "below", 1),
        number("delivery_promise_broken_missing", "below", 1),
    ),
    strength=_strength,
    evidence=(
        Shown("delivery_promise_broken_late"),
        Shown("delivery_promise_broken_missing"),
        Shown("delivery_promise_broken_untold"),
        Shown("delivery_promise_broken_in_42"),
    ),
    examples=(
        Example(
            "ann's parcel came late, bob's in time, cid's has not come, dan's is still within its time",
            """
            ann  2024-06-20  Delivery_Promised id=P1 due=2024-06-24
            ann  2024-06-26  Order_Delivered id=P1 kind=parcel due=2024-06-24
            bob  2024-06-20  Delivery_Promised id=P2 due=2024-06-24
            bob  2024-06-23  Order_Delivered id=P2 kind=parcel due=2024-06-24
            cid  2024-06-20  Delivery_Promised id=P3 due=2024-06-24
            dan  2024-06-29  Delivery_Promised id=P4 due=2024-07-04
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": True, "dan": False},
        ),
    ),
    watch=("Order Delivered", "Delivery Promised"),
)
