"""Customers do not get what they wanted: something they need is not there."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, happened, in_texts, without
from holdfast.domain.texts import Text

_CAUSES = ("missing_feature",)
_SEARCHED = named("Products Searched")
_TOOK = named("Product Added", "Order Completed", "Product Added to Wishlist")

REASON = Reason(
    name="wants_unmet",
    title=Text("Do not get what they want"),
    meaning=Text("A function, an integration or a product that they need is missing."),
    origin="ours",
    sources=(
        Quoted("fa", "کمبود ویژگی‌ها", 2),
        Quoted("bg", "липсват ключови характеристики", 1),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "searched_in_vain",
            Text("Searched and took nothing"),
            Text("Customers who put nothing into the cart and bought nothing ÷ customers who searched"),
            happened(_SEARCHED),
            answer(
                {"searched": count(_SEARCHED, WINDOW_DAYS), "took": count(_TOOK, WINDOW_DAYS)},
                without("searched", "took"),
            ),
            weak_from=0.40,
            bad_from=0.70,
            watch=("Products Searched",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Collect the wishes with the money behind each, answer every one with a date, a way round or an "
        "honest "
        "no, and build the one that most money waits for."
    ),
    examples=(
        Example(
            "ann found nothing, bob bought, cid wrote of it",
            """
            ann  2024-06-01  Products_Searched code=decaf
            bob  2024-06-01  Products_Searched code=decaf
            bob  2024-06-01  order 20
            cid  2024-06-01  Text_Read code=missing_feature
            """,
            date(2024, 7, 1),
            {
                "ann/searched_in_vain": True,
                "bob/searched_in_vain": False,
                "cid/searched_in_vain": None,
                "cid/texts": True,
            },
        ),
    ),
)
