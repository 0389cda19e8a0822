"""When: the customer's own rhythm, and how far the silence has outgrown it."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import ACTIVITY, PURCHASE, Feature, FeatureFamily, Gaps, Needed
from holdfast.analytics.feature_parts import YEAR, Value, divided, in_days, last_time, named, told
from holdfast.domain.texts import Text

_EXAMPLE = told(
    "ann buys every four weeks and then stops, bob bought once",
    """
    ann  2024-01-08  order 20
    ann  2024-02-05  order 20
    ann  2024-03-04  order 20
    ann  2024-04-08  order 20
    ann  2024-04-10  Signed_In
    ann  2024-04-20  visit
    bob  2024-06-30  order 9
    """,
    date(2024, 7, 1),
)


def _against(usual: str) -> Value:
    """The days of silence, measured in the usual gap (days)."""
    silent = in_days("since")

    def value(needed: Needed) -> NDArray[np.generic]:
        return divided(np.asarray(silent(needed), np.float64), np.asarray(needed[usual], np.float64))

    return value


FAMILY = FeatureFamily(
    "rhythm",
    Text("Rhythm"),
    (
        Feature(
            "days_since_purchase",
            Text("Time since the last purchase"),
            Text("Days since the customer last bought."),
            "days",
            "use",
            {"since": last_time(PURCHASE)},
            in_days("since"),
            examples=_EXAMPLE(ann=84, bob=1),
        ),
        Feature(
            "days_since_activity",
            Text("Time since the last activity"),
            Text("Days since the customer last did anything: bought, used, signed in, wrote, looked."),
            "days",
            "use",
            {"since": last_time(ACTIVITY)},
            in_days("since"),
            examples=_EXAMPLE(ann=72, bob=1),
        ),
        Feature(
            "days_since_use",
            Text("Time since the last use of the product"),
            Text("Days since the customer last used a part of the product or signed in."),
            "days",
            "use",
            {"since": last_time(named("Feature Used", "Signed In"))},
            in_days("since"),
            examples=_EXAMPLE(ann=82, bob=None),
        ),
        Feature(
            "purchase_gap",
            Text("Usual time between purchases"),
            Text("The mean of the days between one day with a purchase and the next."),
            "days",
            "use",
            {"gap": Gaps("mean", PURCHASE)},
            examples=_EXAMPLE(ann=91 / 3, bob=None),
        ),
        Feature(
            "purchase_gap_spread",
            Text("Unevenness of the time between purchases"),
            Text("By how many days the time between purchases usually differs from its mean."),
            "days",
            "use",
            {"spread": Gaps("spread", PURCHASE)},
            examples=_EXAMPLE(ann=(49 / 3) ** 0.5, bob=None),
        ),
        Feature(
            "purchase_overdue",
            Text("Time since the last purchase, against the usual gap"),
            Text("1 when the next purchase is just due; 2 when the customer took twice as long as usual."),
            "ratio",
            "use",
            {"since": last_time(PURCHASE), "gap": Gaps("mean", PURCHASE)},
            _against("gap"),
            examples=_EXAMPLE(ann=84 * 3 / 91, bob=None),
        ),
        Feature(
            "longest_silence",
            Text("Time since the last purchase, against the longest gap so far"),
            Text("Above 1 the customer has never been away for so long before."),
            "ratio",
            "use",
            {"since": last_time(PURCHASE), "longest": Gaps("longest", PURCHASE)},
            _against("longest"),
            examples=_EXAMPLE(ann=84 / 35, bob=None),
        ),
        Feature(
            "activity_overdue",
            Text("Time since the last activity, against the usual gap"),
            Text("Silence of any kind, measured in the usual days between active days of the last 52 weeks."),
            "ratio",
            "use",
            {"since": last_time(ACTIVITY), "gap": Gaps("mean", ACTIVITY, YEAR)},
            _against("gap"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=72 * 5 / 103, bob=None),
        ),
    ),
)
