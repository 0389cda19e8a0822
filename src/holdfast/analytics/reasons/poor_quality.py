"""What we sell is faulty: bad workmanship, errors, things that come back."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import PURCHASE, RETURN
from holdfast.analytics.feature_parts import named
from holdfast.analytics.reason import Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import happened, in_texts
from holdfast.analytics.signal_parts import marked
from holdfast.domain.texts import Text

_CAUSES = ("poor_quality", "bugs_outages")
_REVIEWED = named("Product Reviewed")

REASON = Reason(
    name="poor_quality",
    title=Text("Poor quality"),
    meaning=Text("The product or service has defects, errors and outages, and customers take it back."),
    origin="ours",
    sources=(
        Quoted("bg", "Лошо качество, с грешки, недостатъци", 1),
        Quoted("fa", "کیفیت ضعیف محصول", 2),
        Quoted("ro", "Produs slab"),
        Quoted("ru", "Некачественная продукция"),
        Quoted("zh", "有缺陷的产品"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "returned",
            Text("Took something back"),
            Text("Customers who cancelled or returned a purchase ÷ customers who bought"),
            happened(PURCHASE),
            happened(RETURN),
            weak_from=0.05,
            bad_from=0.15,
            watch=("Order Refunded", "Payment Refunded"),
        ),
        Measure(
            "rated_badly",
            Text("Rated a product with one or two stars"),
            Text("Customers with a review below 3 of 5 ÷ customers who reviewed"),
            happened(marked(_REVIEWED, 0, 6)),
            happened(marked(_REVIEWED, 0, 3)),
            weak_from=0.10,
            bad_from=0.25,
            watch=("Product Reviewed",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Read what those who returned something wrote, find the one product or release behind most of it, "
        "and "
        "stop selling or mend that first. Tell those concerned when it is mended."
    ),
    examples=(
        Example(
            "ann sent it back, bob kept it, cid wrote that it broke, dan only looked",
            """
            ann  2024-06-01  order 20
            ann  2024-06-05  refund 20
            bob  2024-06-01  order 20
            bob  2024-06-03  Product_Reviewed score=5
            cid  2024-06-02  Text_Read code=negative
            cid  2024-06-02  Text_Read code=poor_quality
            cid  2024-06-03  Product_Reviewed score=1
            dan  2024-06-02  visit
            dan  2023-06-02  order 20
            """,
            date(2024, 7, 1),
            {
                "ann/returned": True,
                "bob/returned": False,
                "dan/returned": None,
                "bob/rated_badly": False,
                "cid/rated_badly": True,
                "ann/texts": None,
                "cid/texts": True,
            },
        ),
    ),
    signals=("problem_came_back", "gave_bad_feedback"),
)
