"""How many different things: products, parts of the product, subscriptions."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import PURCHASE, Feature, FeatureFamily, Needed, Objects
from holdfast.analytics.feature_parts import (
    RUNNING,
    SUBSCRIPTION,
    TWELVE_WEEKS,
    YEAR,
    count,
    difference,
    distinct,
    named,
    orders,
    part,
    told,
)
from holdfast.analytics.spec import Expression
from holdfast.domain.texts import Text

_USED = named("Feature Used")

_WAYS: dict[str, Expression] = {
    "bought": PURCHASE,
    "used": _USED,
    "signed_in": named("Signed In"),
    "wrote": named("Message Received"),
    "looked": named("Page Viewed", "Screen Viewed", "Product Viewed", "Product List Viewed"),
    "read": named("Email Opened", "Email Link Clicked"),
}


def _ways(needed: Needed) -> NDArray[np.generic]:
    ways: NDArray[np.float64] = np.zeros(len(needed["bought"]))
    for name in _WAYS:
        ways += np.asarray(needed[name], np.float64) > 0
    return ways


_EXAMPLE = told(
    "ann buys different things and uses less, bob subscribes",
    """
    ann  2024-01-10  Feature_Used code=reports
    ann  2024-01-11  Feature_Used code=alerts
    ann  2024-06-10  Feature_Used code=reports
    ann  2024-06-11  Feature_Used code=reports
    ann  2024-05-01  Order_Completed id=A1 product=tea amount=5
    ann  2024-05-01  Order_Completed id=A1 product=cup amount=5
    ann  2024-06-01  Order_Completed id=A2 product=tea amount=5
    bob  2024-02-01  subscribe 10 basic
    """,
    date(2024, 7, 1),
)

FAMILY = FeatureFamily(
    "breadth",
    Text("Breadth"),
    (
        Feature(
            "parts_used_84",
            Text("Parts of the product used in the last 12 weeks"),
            Text("How many different parts of the product the customer used."),
            "count",
            "use",
            {"parts": distinct("code", _USED, TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
        Feature(
            "parts_dropped",
            Text("Parts of the product no longer used"),
            Text("Parts used in the last 52 weeks, but not in the last 12."),
            "count",
            "use",
            {"year": distinct("code", _USED, YEAR), "lately": distinct("code", _USED, TWELVE_WEEKS)},
            difference("year", "lately"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
        Feature(
            "products_364",
            Text("Different products bought in the last year"),
            Text("How many different products the customer bought in 52 weeks."),
            "count",
            "use",
            {"products": distinct("product_id", PURCHASE, YEAR)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=2, bob=0),
        ),
        Feature(
            "lines_per_order_364",
            Text("Lines in an order of the last year"),
            Text("How many lines an order of the last 52 weeks has on average."),
            "count",
            "use",
            {"lines": count(PURCHASE, YEAR), "orders": orders(YEAR)},
            part("lines", "orders"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=1.5, bob=None),
        ),
        Feature(
            "ways_84",
            Text("Ways of being active in the last 12 weeks"),
            Text("How many different things the customer did: buy, use, sign in, write, look, read mails."),
            "count",
            "use",
            {name: count(where, TWELVE_WEEKS) for name, where in _WAYS.items()},
            _ways,
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=2),
        ),
        Feature(
            "subscriptions",
            Text("Running subscriptions"),
            Text("How many subscriptions of the customer run now, trials among them."),
            "count",
            "money",
            {"running": Objects("subscription", SUBSCRIPTION, "count", None, RUNNING)},
            examples=_EXAMPLE(ann=0, bob=1),
        ),
    ),
)
