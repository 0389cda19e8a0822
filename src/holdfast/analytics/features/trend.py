"""More or less than before: each customer against the own past."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import ACTIVITY, PURCHASE, Feature, FeatureFamily, Needed, Objects
from holdfast.analytics.feature_parts import (
    FIRST_SEEN,
    FOUR_WEEKS,
    RAN_BEFORE,
    RUNNING,
    SUBSCRIPTION,
    TWELVE_WEEKS,
    amount,
    count,
    divided,
    known_for,
    named,
    orders,
    part,
    recent_part,
    told,
    unpacked,
)
from holdfast.domain.texts import Text

_WEEK = 7
_TWICE = 2 * TWELVE_WEEKS
_EIGHT_WEEKS = 2 * FOUR_WEEKS

_EXAMPLE = told(
    "ann does less than before, bob pays more, cid is new",
    """
    ann  2024-01-01  sign_up
    ann  2024-02-01  order 30
    ann  2024-03-01  order 30
    ann  2024-04-01  order 30
    ann  2024-05-01  order 10
    ann  2024-05-10  Feature_Used code=reports
    ann  2024-05-11  Feature_Used code=reports
    ann  2024-05-12  Feature_Used code=reports
    ann  2024-06-20  Feature_Used code=reports
    bob  2024-01-10  subscribe 10 basic
    bob  2024-06-01  change 12
    cid  2024-06-28  visit
    """,
    date(2024, 7, 1),
)


def _against_usual_week(needed: Needed) -> NDArray[np.generic]:
    """The last week against the mean of twelve; fewer than 12 rows in all tell no usual week."""
    week, all_weeks = np.asarray(needed["week"], np.float64), np.asarray(needed["all"], np.float64)
    weeks = TWELVE_WEEKS // _WEEK
    return divided(week, np.where(all_weeks >= weeks, all_weeks / weeks, np.nan))


def _order_value(needed: Needed) -> NDArray[np.generic]:
    now = np.asarray(part("spent", "orders")(needed), np.float64)
    return divided(now, np.asarray(part("spent_before", "orders_before")(needed), np.float64))


FAMILY = FeatureFamily(
    "trend",
    Text("Trend"),
    (
        Feature(
            "orders_later_part",
            Text("Part of 24 weeks' orders that fell into the later half"),
            Text("A half where nothing changed, nothing where the customer has stopped."),
            "share",
            "use",
            {"now": orders(TWELVE_WEEKS), "before": orders(_TWICE, TWELVE_WEEKS), "known": FIRST_SEEN},
            known_for(_TWICE, recent_part("now", "before")),
            window_days=_TWICE,
            examples=_EXAMPLE(ann=0.25, cid=None),
        ),
        Feature(
            "spent_later_part",
            Text("Part of 24 weeks' spending that fell into the later half"),
            Text("A half where the customer spends as before, more where it grows; returns left out."),
            "share",
            "money",
            {
                "now": amount(PURCHASE, TWELVE_WEEKS),
                "before": amount(PURCHASE, _TWICE, TWELVE_WEEKS),
                "known": FIRST_SEEN,
            },
            known_for(_TWICE, recent_part("now", "before", fewest=1)),
            window_days=_TWICE,
            examples=_EXAMPLE(ann=0.1, cid=None),
        ),
        Feature(
            "order_value_change",
            Text("Average order of 12 weeks, against the 12 before"),
            Text("Below 1 the orders of the customer have become smaller."),
            "ratio",
            "money",
            {
                "spent": amount(PURCHASE, TWELVE_WEEKS),
                "orders": orders(TWELVE_WEEKS),
                "spent_before": amount(PURCHASE, _TWICE, TWELVE_WEEKS),
                "orders_before": orders(_TWICE, TWELVE_WEEKS),
            },
            _order_value,
            window_days=_TWICE,
            examples=_EXAMPLE(ann=1 / 3, cid=None),
        ),
        Feature(
            "activity_later_part",
            Text("Part of 8 weeks' activity that fell into the later half"),
            Text("Everything that the customer does, the last 4 weeks beside the 4 before."),
            "share",
            "use",
            {
                "now": count(ACTIVITY, FOUR_WEEKS),
                "before": count(ACTIVITY, _EIGHT_WEEKS, FOUR_WEEKS),
                "known": FIRST_SEEN,
            },
            known_for(_EIGHT_WEEKS, recent_part("now", "before")),
            window_days=_EIGHT_WEEKS,
            examples=_EXAMPLE(ann=0.25, cid=None),
        ),
        Feature(
            "uses_later_part",
            Text("Part of 8 weeks' use of the product that fell into the later half"),
            Text("Uses of the product in the last 4 weeks beside those of the 4 before."),
            "share",
            "use",
            {
                "now": count(named("Feature Used"), FOUR_WEEKS),
                "before": count(named("Feature Used"), _EIGHT_WEEKS, FOUR_WEEKS),
                "known": FIRST_SEEN,
            },
            known_for(_EIGHT_WEEKS, recent_part("now", "before")),
            window_days=_EIGHT_WEEKS,
            examples=_EXAMPLE(ann=0.25, cid=None),
        ),
        Feature(
            "last_week",
            Text("Activity of the last week, against the usual week"),
            Text("The last 7 days beside the mean week of the last 12; light users have no usual week."),
            "ratio",
            "use",
            {"week": count(ACTIVITY, _WEEK), "all": count(ACTIVITY, TWELVE_WEEKS), "known": FIRST_SEEN},
            known_for(TWELVE_WEEKS, _against_usual_week),
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=None, cid=None),
        ),
        Feature(
            "monthly_amount_change",
            Text("Monthly amount of the subscriptions, against 12 weeks ago"),
            Text("Above 1 the customer pays more a month: a higher price, a larger plan, more seats."),
            "ratio",
            "money",
            {
                "now": Objects("subscription", SUBSCRIPTION, "sum", unpacked("terms"), RUNNING),
                "before": Objects("subscription", SUBSCRIPTION, "sum", unpacked("earlier_terms"), RAN_BEFORE),
            },
            part("now", "before"),
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=None, bob=1.2),
        ),
    ),
)
