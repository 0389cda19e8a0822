"""Deliveries come later than was said, or nothing is said."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import all_of, count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, happened, in_texts, without
from holdfast.analytics.signal_parts import late
from holdfast.analytics.spec import Column, Missing, Not
from holdfast.domain.texts import Text

_CAUSES = ("late_delivery",)
_DELIVERED = named("Order Delivered")

REASON = Reason(
    name="late_delivery",
    title=Text("Late delivery"),
    meaning=Text("Goods or services come later than was said: promised in three days, done in seven."),
    origin="ours",
    sources=(Quoted("ru", "«Обещали за три дня, а сделали за 7.»"),),
    causes=_CAUSES,
    measures=(
        Measure(
            "late",
            Text("Had a delivery after the promised day"),
            Text("Customers with a late delivery ÷ customers with a delivery for which a day was promised"),
            happened(all_of(_DELIVERED, Not(Missing(Column("promised_us"))))),
            happened(late(_DELIVERED)),
            weak_from=0.05,
            bad_from=0.15,
            watch=("Order Delivered",),
        ),
        Measure(
            "not_told",
            Text("Was never told when it comes"),
            Text("Customers without any word about the delivery ÷ customers with a delivery"),
            happened(_DELIVERED),
            answer(
                {
                    "delivered": count(_DELIVERED, WINDOW_DAYS),
                    "told": count(named("Delivery Promised"), 2 * WINDOW_DAYS),
                },
                without("delivered", "told"),
            ),
            weak_from=0.10,
            bad_from=0.30,
            watch=("Delivery Promised",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Promise the day that nine of ten parcels really reach, and tell of a delay on the day you know of "
        "it, "
        "with a small amends."
    ),
    examples=(
        Example(
            "ann's came late, bob's in time and announced, cid's has no promised day",
            """
            ann  2024-06-11  Order_Delivered id=A1 due=2024-06-09
            bob  2024-06-10  Delivery_Promised id=A2 due=2024-06-12
            bob  2024-06-11  Order_Delivered id=A2 due=2024-06-12
            cid  2024-06-11  Order_Delivered id=A3
            cid  2024-06-11  Text_Read code=late_delivery
            """,
            date(2024, 7, 1),
            {
                "ann/late": True,
                "bob/late": False,
                "cid/late": None,
                "ann/not_told": True,
                "bob/not_told": False,
                "cid/texts": True,
            },
        ),
    ),
    signals=("delivery_promise_broken",),
)
