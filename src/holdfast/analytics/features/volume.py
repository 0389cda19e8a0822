"""How much: purchases, visits, use."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import ACTIVITY, Feature, FeatureFamily, Over
from holdfast.analytics.feature_parts import FOUR_WEEKS, TWELVE_WEEKS, count, difference, named, orders, told
from holdfast.domain.texts import Text

_EXAMPLE = told(
    "ann buys and looks around, bob did so long ago",
    """
    ann  2023-05-02  order 20  A1
    ann  2024-06-10  order 20  A2
    ann  2024-06-10  order 5   A2
    ann  2024-06-20  visit
    ann  2024-06-20  Product_Viewed product=tea
    ann  2024-06-21  Signed_In
    ann  2024-06-21  Feature_Used code=reports
    ann  2024-06-21  Feature_Used code=alerts
    ann  2024-06-25  Checkout_Started id=A3
    ann  2024-06-26  Checkout_Started id=A3
    bob  2023-11-02  order 9
    bob  2023-11-02  visit
    """,
    date(2024, 7, 1),
)

FAMILY = FeatureFamily(
    "volume",
    Text("How much"),
    (
        Feature(
            "orders_84",
            Text("Orders in the last 12 weeks"),
            Text("How often the customer bought; payments count where nothing is ordered."),
            "count",
            "use",
            {"orders": orders(TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
        Feature(
            "orders_ever",
            Text("Orders so far"),
            Text("How often the customer has bought since the first purchase."),
            "count",
            "use",
            {"orders": orders()},
            examples=_EXAMPLE(ann=2, bob=1),
        ),
        Feature(
            "active_days_28",
            Text("Days with activity in the last 4 weeks"),
            Text("On how many days the customer did anything: bought, used, signed in, wrote, looked."),
            "count",
            "use",
            {"days": Over("active_days", None, ACTIVITY, FOUR_WEEKS)},
            window_days=FOUR_WEEKS,
            examples=_EXAMPLE(ann=5, bob=0),
        ),
        Feature(
            "visits_28",
            Text("Pages and products seen in the last 4 weeks"),
            Text("How many pages, screens and products the customer looked at."),
            "count",
            "use",
            {
                "seen": count(
                    named("Page Viewed", "Screen Viewed", "Product Viewed", "Product List Viewed"),
                    FOUR_WEEKS,
                )
            },
            window_days=FOUR_WEEKS,
            examples=_EXAMPLE(ann=2, bob=0),
        ),
        Feature(
            "sign_ins_28",
            Text("Sign-ins in the last 4 weeks"),
            Text("How often the customer signed in."),
            "count",
            "use",
            {"sign_ins": count(named("Signed In"), FOUR_WEEKS)},
            window_days=FOUR_WEEKS,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
        Feature(
            "uses_28",
            Text("Uses of the product in the last 4 weeks"),
            Text("How often the customer used a part of the product."),
            "count",
            "use",
            {"uses": count(named("Feature Used"), FOUR_WEEKS)},
            window_days=FOUR_WEEKS,
            examples=_EXAMPLE(ann=2, bob=0),
        ),
        Feature(
            "checkouts_left_28",
            Text("Purchases begun and not finished in the last 4 weeks"),
            Text("How often the customer began to pay, less the orders that came of it."),
            "count",
            "use",
            {"begun": count(named("Checkout Started"), FOUR_WEEKS), "orders": orders(FOUR_WEEKS)},
            difference("begun", "orders"),
            window_days=FOUR_WEEKS,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
    ),
)
