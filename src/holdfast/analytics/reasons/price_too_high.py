"""The price is felt to be too high."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named, orders
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, at_least, happened, in_texts
from holdfast.analytics.signal_parts import floats, read
from holdfast.domain.readings import ASKS_FOR_DISCOUNT, TEXT_READ
from holdfast.domain.texts import Text

_CAUSES = ("price_too_high",)
_ORDERS = orders(WINDOW_DAYS)

REASON = Reason(
    name="price_too_high",
    title=Text("Price too high"),
    meaning=Text("Customers cannot or will not pay the price, or wait for the next discount."),
    origin="ours",
    sources=(
        Quoted("ro", "Prețuri"),
        Quoted("fa", "قیمت‌گذاری بالا", 2),
        Quoted("ru", "Покупатель ушел из-за высоких цен"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "only_with_coupon",
            Text("Bought with coupons only"),
            Text("Customers with a coupon in every order ÷ customers with 2 orders and more"),
            answer({"orders": _ORDERS}, at_least("orders", 2)),
            answer(
                {"orders": _ORDERS, "coupons": count(named("Coupon Applied"), WINDOW_DAYS)},
                lambda needed: (
                    (floats(needed, "orders") >= 2) & (floats(needed, "coupons") >= floats(needed, "orders"))
                ),
            ),
            weak_from=0.30,
            bad_from=0.60,
            watch=("Coupon Applied",),
        ),
        Measure(
            "asked_for_discount",
            Text("Asked for a discount"),
            Text("Customers who asked for one ÷ customers of whom we read any text"),
            happened(named(TEXT_READ)),
            happened(read(ASKS_FOR_DISCOUNT)),
            weak_from=0.05,
            bad_from=0.15,
            watch=(TEXT_READ,),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Ask those who name the price what they compare it with: often it is another reason in disguise. "
        "Explain "
        "what they get for it before you lower it."
    ),
    examples=(
        Example(
            "ann buys with coupons only, bob without, cid asked for less",
            """
            ann  2024-06-01  order 20
            ann  2024-06-01  Coupon_Applied code=SPRING
            ann  2024-06-15  order 20
            ann  2024-06-15  Coupon_Applied code=SPRING
            bob  2024-06-01  order 20
            bob  2024-06-15  order 20
            cid  2024-06-01  order 20
            cid  2024-06-15  Text_Read code=asks_for_discount
            cid  2024-06-15  Text_Read code=price_too_high
            """,
            date(2024, 7, 1),
            {
                "ann/only_with_coupon": True,
                "bob/only_with_coupon": False,
                "cid/only_with_coupon": None,
                "cid/asked_for_discount": True,
                "cid/texts": True,
            },
        ),
    ),
    signals=("asks_for_discount",),
)
