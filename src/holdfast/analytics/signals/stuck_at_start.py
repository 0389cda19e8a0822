"""C9: the first steps are not taken, or the first purchase is late."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import AMOUNT, PURCHASE, Needed
from holdfast.analytics.feature_parts import all_of, count, first_time, in_days, last_time, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import floats, numbers_of, rising
from holdfast.analytics.spec import Compare, Literal, Some
from holdfast.domain.texts import Text

_number = numbers_of("stuck_at_start", "use")

_CAME = named("Signed Up", "Account Created", "Trial Started", "Subscription Started")
_STEP = named("Onboarding Step Completed")
_PAID = all_of(named("Subscription Started", "Payment Completed"), Compare(AMOUNT, ">", Literal(0)))
_FIRST_VALUE = Some((PURCHASE, _PAID))


def _since_step(needed: Needed) -> NDArray[np.generic]:
    """Days since the last step, since coming where none was taken."""
    step, came = (np.asarray(in_days(name)(needed), np.float64) for name in ("step", "came"))
    return np.where(floats(needed, "steps") > 0, step, came)


SIGNAL = Signal(
    name="stuck_at_start",
    code="C9",
    title=Text("Got stuck at the start"),
    meaning=Text(
        "The customer began the first steps and did not go on, or has not bought for the first time. "
        "What is not in use after a few weeks is seldom kept."
    ),
    cause="use",
    numbers=(
        _number("came", Text("Time since signing up"), first_time(_CAME), in_days("came"), unit="days"),
        _number("steps", Text("First steps taken"), count(_STEP)),
        _number(
            "since_step",
            Text("Time since the last of the first steps"),
            {"step": last_time(_STEP), "steps": count(_STEP), "came": first_time(_CAME)},
            _since_step,
            unit="days",
        ),
        _number("bought", Text("Purchases so far"), count(_FIRST_VALUE)),
    ),
    settings=(
        Setting("steps", Text("First steps in all"), "count", 3, 1, 20),
        Setting("quiet_days", Text("Days without a further step"), "days", 10, 2, 60),
        Setting("purchase_days", Text("Days until the first purchase"), "days", 30, 3, 180),
        Setting("until_days", Text("Days for which a customer is new"), "days", 90, 14, 365),
    ),
    judged_if=lambda _: number("stuck_at_start_came", "known"),
    when=lambda of: both(
        number("stuck_at_start_came", "at_most", of["until_days"]),
        either(
            both(
                number("stuck_at_start_steps", "at_least", 1),
                number("stuck_at_start_steps", "below", of["steps"]),
                number("stuck_at_start_since_step", "at_least", of["quiet_days"]),
            ),
            both(
                number("stuck_at_start_bought", "below", 1),
                number("stuck_at_start_came", "at_least", of["purchase_days"]),
            ),
        ),
    ),
    ends_when=lambda of: either(
        number("stuck_at_start_came", "above", of["until_days"]),
        both(
            number("stuck_at_start_bought", "at_least", 1),
            either(
                number("stuck_at_start_steps", "below", 1),
                number("stuck_at_start_steps", "at_least", of["steps"]),
                number("stuck_at_start_since_step", "at_most", of["quiet_days"] / 2),
            ),
        ),
    ),
    strength=rising("stuck_at_start_since_step", 30),
    evidence=(
        Shown("stuck_at_start_came"),
        Shown("stuck_at_start_steps"),
        Shown("stuck_at_start_since_step"),
    ),
    examples=(
        Example(
            "ann took one step and none since, bob took all, cid never bought, dan is very new, eve is old",
            """
            ann  2024-06-10  sign_up
            ann  2024-06-10  subscribe 10
            ann  2024-06-12  Onboarding_Step_Completed code=account
            bob  2024-06-10  sign_up
            bob  2024-06-10  subscribe 10
            bob  2024-06-11  Onboarding_Step_Completed code=account
            bob  2024-06-12  Onboarding_Step_Completed code=first_use
            bob  2024-06-14  Onboarding_Step_Completed code=profile
            cid  2024-05-20  sign_up
            dan  2024-06-28  sign_up
            eve  2023-06-28  sign_up
            fay  2024-06-28  visit
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": True, "dan": False, "eve": False, "fay": None},
        ),
    ),
    watch=("Signed Up", "Account Created", "Trial Started", "Subscription Started"),
    cooldown_days=28,
)
