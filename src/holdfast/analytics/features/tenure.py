"""How long: with us, in the subscription, on the way to the first purchase."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, PURCHASE, Feature, FeatureFamily, Needed, Objects
from holdfast.analytics.feature_parts import (
    FIRST_SEEN,
    RUNNING,
    SUBSCRIPTION,
    YEAR,
    count,
    first_time,
    in_days,
    known,
    named,
    told,
)
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.spec import Arithmetic, Column
from holdfast.domain.texts import Text

_SIGNED_UP = named("Signed Up", "Account Created")

_EXAMPLE = told(
    "ann signs up, buys later and subscribes again, bob is new",
    """
    ann  2023-07-02  sign_up
    ann  2023-07-03  Onboarding_Step_Completed code=account
    ann  2023-07-04  Onboarding_Step_Completed code=first_use
    ann  2023-07-12  order 20
    ann  2023-09-01  Subscription_Started id=S1 amount=10 code=trial:basic
    ann  2023-10-01  Subscription_Ended id=S1
    ann  2024-01-01  Subscription_Started id=S2 amount=10 code=basic
    ann  2024-05-01  Subscription_Changed id=S2 amount=15 code=large
    bob  2024-06-30  visit
    """,
    date(2024, 7, 1),
)


def _to_first_purchase(needed: Needed) -> NDArray[np.generic]:
    """Days from the one to the other; not known where either is missing or they stand the other way."""
    passed = np.asarray(needed["signed_up"], np.float64) - np.asarray(needed["bought"], np.float64)
    days: NDArray[np.float64] = np.round(np.where(passed >= 0, passed, np.nan) / DAY_US)
    return days


FAMILY = FeatureFamily(
    "tenure",
    Text("Time with us"),
    (
        Feature(
            "days_known",
            Text("Time since the first event"),
            Text("Days since we first saw anything of the customer."),
            "days",
            "tenure",
            {"since": FIRST_SEEN},
            in_days("since"),
            examples=_EXAMPLE(ann=365, bob=1),
        ),
        Feature(
            "days_since_first_purchase",
            Text("Time since the first purchase"),
            Text("Days since the customer bought for the first time."),
            "days",
            "tenure",
            {"since": first_time(PURCHASE)},
            in_days("since"),
            examples=_EXAMPLE(ann=355, bob=None),
        ),
        Feature(
            "days_to_first_purchase",
            Text("Time from signing up to the first purchase"),
            Text("How long the customer took to buy for the first time."),
            "days",
            "tenure",
            {"signed_up": first_time(_SIGNED_UP), "bought": first_time(PURCHASE)},
            _to_first_purchase,
            examples=_EXAMPLE(ann=10, bob=None),
        ),
        Feature(
            "onboarding_steps",
            Text("Steps of getting started"),
            Text("How many of the first steps the customer has taken."),
            "count",
            "use",
            {"steps": count(named("Onboarding Step Completed"))},
            examples=_EXAMPLE(ann=2, bob=0),
        ),
        Feature(
            "subscription_age",
            Text("Age of the subscription"),
            Text("Days since the oldest of the subscriptions that run now began."),
            "days",
            "tenure",
            {
                "age": Objects(
                    "subscription",
                    SUBSCRIPTION,
                    "greatest",
                    Arithmetic("-", MOMENT, Column("started")),
                    RUNNING,
                )
            },
            in_days("age"),
            examples=_EXAMPLE(ann=182, bob=None),
        ),
        Feature(
            "subscriptions_ended",
            Text("Subscriptions ended so far"),
            Text("How many subscriptions of the customer have ended, trials among them."),
            "count",
            "tenure",
            {"ended": Objects("subscription", SUBSCRIPTION, "count", None, known("ended"))},
            examples=_EXAMPLE(ann=1, bob=0),
        ),
        Feature(
            "plan_changes_364",
            Text("Changes of the subscription in the last year"),
            Text("How often plan, seats or price changed in 52 weeks."),
            "count",
            "money",
            {"changes": count(named("Subscription Changed"), YEAR)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0),
        ),
    ),
)
