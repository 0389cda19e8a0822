"""C14: a renewal, a new price or another change of ours lies ahead, perhaps announced late."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Needed, Over
from holdfast.analytics.feature_parts import in_days, last_time, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.signal import Columns, Example, Setting, Shown, Signal, Values, both, either, number
from holdfast.analytics.signal_parts import DAYS_TO_RENEWAL, floats, numbers_of
from holdfast.analytics.spec import Arithmetic, Column
from holdfast.domain.texts import Text

_number = numbers_of("change_ahead", "money")

_ANNOUNCED = named("Change Announced")
_CHANGE = {
    "since": Over("least", Arithmetic("-", MOMENT, Column("promised_us")), _ANNOUNCED),
    "announced": last_time(_ANNOUNCED),
}
"""How long ago the last announced change came into force (below zero: it will), and was announced."""


def _until(needed: Needed) -> NDArray[np.generic]:
    """Days until the last announced change; not known where none lies ahead."""
    days = np.ceil(-floats(needed, "since") / DAY_US)
    return np.where(days >= 0, days, np.nan)


def _notice(needed: Needed) -> NDArray[np.generic]:
    """Days between the announcement and the change, while that lies ahead."""
    days = np.floor((floats(needed, "announced") - floats(needed, "since")) / DAY_US)
    return np.where(floats(needed, "since") <= 0, np.maximum(days, 0), np.nan)


def _strength(columns: Columns, values: Values) -> NDArray[np.float64]:
    """A renewal .5; a change .6, announced later than is decent 1."""
    notice = np.asarray(columns["change_ahead_notice"], np.float64)
    return np.where(notice < values["notice_days"], 1.0, np.where(np.isnan(notice), 0.5, 0.6))


SIGNAL = Signal(
    name="change_ahead",
    code="C14",
    title=Text("A renewal or a change of ours lies ahead"),
    meaning=Text(
        "Soon a contract renews, or a new price or other terms begin. Whoever hears of it late, or only "
        "from the bill, feels cheated: talk before."
    ),
    cause="money",
    numbers=(
        _number(
            "renewal",
            Text("Days until the contract renews"),
            DAYS_TO_RENEWAL,
            in_days("renewal"),
            unit="days",
        ),
        _number("change", Text("Days until an announced change"), _CHANGE, _until, unit="days"),
        _number("notice", Text("Announced before it begins, by"), _CHANGE, _notice, unit="days"),
    ),
    settings=(
        Setting("renewal_days", Text("Days before a renewal"), "days", 30, 1, 180),
        Setting("change_days", Text("Days before a change"), "days", 30, 1, 180),
        Setting("notice_days", Text("Announced late: fewer days before than"), "days", 30, 1, 180),
    ),
    when=lambda of: either(
        number("change_ahead_renewal", "at_most", of["renewal_days"]),
        number("change_ahead_change", "at_most", of["change_days"]),
        both(
            number("change_ahead_change", "known"),
            number("change_ahead_notice", "below", of["notice_days"]),
        ),
    ),
    ends_when=lambda of: both(
        either(
            number("change_ahead_renewal", "missing"),
            number("change_ahead_renewal", "above", of["renewal_days"] + 7),
        ),
        number("change_ahead_change", "missing"),
    ),
    strength=_strength,
    evidence=(Shown("change_ahead_change"), Shown("change_ahead_notice"), Shown("change_ahead_renewal")),
    examples=(
        Example(
            "ann's year ends soon, bob's does not, cid's renews each month, dan hears of a new price",
            """
            ann  2023-07-15  Subscription_Started id=S1 amount=10 due=2024-07-15
            bob  2024-01-15  Subscription_Started id=S2 amount=10 due=2025-01-15
            cid  2024-06-15  Subscription_Started id=S3 amount=10 due=2024-07-15
            dan  2024-06-20  Change_Announced id=P1 code=price due=2024-07-10
            eve  2024-05-01  Change_Announced id=P0 code=price due=2024-06-10
            fay  2023-07-15  Subscription_Started id=S4 amount=10 due=2024-07-15
            fay  2024-06-15  Subscription_Ended id=S4
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": False, "dan": True, "eve": False, "fay": False},
        ),
    ),
    watch=("Change Announced", "Subscription Started"),
    cooldown_days=7,
)
