"""What the customer brings: spending, returns, coupons, the subscription's amount."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import AMOUNT, PURCHASE, RETURN, Feature, FeatureFamily, Objects, Over
from holdfast.analytics.feature_parts import (
    MONEY_MOVED,
    RUNNING,
    SUBSCRIPTION,
    TWELVE_WEEKS,
    YEAR,
    amount,
    count,
    in_days,
    last_time,
    named,
    orders,
    part,
    told,
    unpacked,
)
from holdfast.analytics.spec import Arithmetic, Literal
from holdfast.domain.texts import Text

_EXAMPLE = told(
    "ann buys and sends something back, bob subscribes, cid has ended",
    """
    ann  2023-01-10  order 40  A0
    ann  2024-03-01  order 50  A1
    ann  2024-06-01  order 30  A2
    ann  2024-06-01  order 20  A2
    ann  2024-06-01  Coupon_Applied code=SPRING
    ann  2024-06-08  refund 25 A2
    bob  2024-02-01  subscribe 10 basic
    bob  2024-05-01  change 15
    cid  2024-02-01  subscribe 12 basic
    cid  2024-04-01  cancel
    """,
    date(2024, 7, 1),
)

FAMILY = FeatureFamily(
    "money",
    Text("Money"),
    (
        Feature(
            "spent_84",
            Text("Spent in the last 12 weeks"),
            Text("Purchases less what was returned."),
            "money",
            "money",
            {"spent": amount(MONEY_MOVED, TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=2500, bob=0),
        ),
        Feature(
            "spent_ever",
            Text("Spent so far"),
            Text("All purchases since the first, less what was returned."),
            "money",
            "money",
            {"spent": amount(MONEY_MOVED)},
            examples=_EXAMPLE(ann=11500, bob=0),
        ),
        Feature(
            "order_value_364",
            Text("Average order of the last year"),
            Text("What an order of the last 52 weeks amounts to, returns not subtracted."),
            "money",
            "money",
            {"spent": amount(PURCHASE, YEAR), "orders": orders(YEAR)},
            part("spent", "orders"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=5000, bob=None),
        ),
        Feature(
            "returned_part_364",
            Text("Part of the last year's spending that was returned"),
            Text("The amount of cancelled and returned orders in 52 weeks, of the amount bought."),
            "share",
            "money",
            {
                "returned": Over("sum", Arithmetic("*", AMOUNT, Literal(-1)), RETURN, YEAR),
                "spent": amount(PURCHASE, YEAR),
            },
            part("returned", "spent"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=0.25, bob=None),
        ),
        Feature(
            "returns_84",
            Text("Items returned in the last 12 weeks"),
            Text("How many orders, or lines of orders, were cancelled or came back."),
            "count",
            "money",
            {"returns": count(RETURN, TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
        Feature(
            "days_since_return",
            Text("Time since the last return"),
            Text("Days since something was last cancelled or came back."),
            "days",
            "money",
            {"since": last_time(RETURN)},
            in_days("since"),
            examples=_EXAMPLE(ann=23, bob=None),
        ),
        Feature(
            "coupons_per_order_364",
            Text("Coupons for each order of the last year"),
            Text("Coupons used in 52 weeks, of the orders in that time."),
            "ratio",
            "money",
            {"coupons": count(named("Coupon Applied"), YEAR), "orders": orders(YEAR)},
            part("coupons", "orders"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=0.5, bob=None),
        ),
        Feature(
            "monthly_amount",
            Text("Monthly amount of the subscriptions"),
            Text("What the running subscriptions bring in a month, by their latest terms."),
            "money",
            "money",
            {"amount": Objects("subscription", SUBSCRIPTION, "sum", unpacked("terms"), RUNNING)},
            examples=_EXAMPLE(ann=0, bob=1500, cid=0),
        ),
    ),
)
