"""C12: nobody of ours has been in touch for long, though the customer is loyal and comes."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import ACTIVITY, PURCHASE, Needed
from holdfast.analytics.feature_parts import FIRST_SEEN, TWELVE_WEEKS, YEAR, count, in_days, last_time
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import BY_HAND, numbers_of, rising
from holdfast.domain.texts import Text

_number = numbers_of("nobody_in_touch", "relationship")


def _silence(needed: Needed) -> NDArray[np.generic]:
    """Days since someone of us was in touch; of whom nobody ever was, since we know them."""
    last, known = (np.asarray(in_days(name)(needed), np.float64) for name in ("last", "known"))
    return np.where(np.isnan(last), known, last)


SIGNAL = Signal(
    name="nobody_in_touch",
    code="C12",
    title=Text("None of us has been in touch"),
    meaning=Text(
        "We used to write, call or visit, or the customer buys a lot, and for a long time nobody has been in "
        "touch. The loyal ones do not complain: they feel forgotten and go."
    ),
    cause="relationship",
    numbers=(
        _number(
            "silence",
            Text("Time since one of us was in touch"),
            {"last": last_time(BY_HAND), "known": FIRST_SEEN},
            _silence,
            unit="days",
        ),
        _number("contacts", Text("Contacts by our people so far"), count(BY_HAND)),
        _number("purchases", Text("Purchases in the last 52 weeks"), count(PURCHASE, YEAR), days=YEAR),
        _number(
            "active", Text("Activity in the last 12 weeks"), count(ACTIVITY, TWELVE_WEEKS), days=TWELVE_WEEKS
        ),
    ),
    settings=(
        Setting("days", Text("Days without a contact"), "days", 120, 7, 1000),
        Setting("purchases", Text("Purchases in a year of a loyal customer"), "count", 12, 1, 1000),
    ),
    judged_if=lambda _: either(
        number("nobody_in_touch_active", "at_least", 1), number("nobody_in_touch_silence", "below", 28)
    ),
    lapses_if=lambda _: number("nobody_in_touch_active", "below", 1),
    when=lambda of: both(
        number("nobody_in_touch_silence", "at_least", of["days"]),
        either(
            number("nobody_in_touch_contacts", "at_least", 1),
            number("nobody_in_touch_purchases", "at_least", of["purchases"]),
        ),
    ),
    ends_when=lambda of: number("nobody_in_touch_silence", "at_most", of["days"] / 4),
    strength=rising("nobody_in_touch_purchases", 24),
    evidence=(
        Shown("nobody_in_touch_silence"),
        Shown("nobody_in_touch_contacts"),
        Shown("nobody_in_touch_purchases"),
    ),
    examples=(
        Example(
            "ann was called once and comes on, bob was called lately, cid never was, dan has gone",
            """
            ann  2023-10-01  Call_Made code=reached
            ann  2024-06-20  visit
            bob  2024-06-10  Call_Made code=reached
            bob  2024-06-20  visit
            cid  2023-10-01  visit
            cid  2024-06-20  visit
            dan  2023-10-01  Call_Made code=reached
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": False, "dan": None},
        ),
        Example(
            "eve buys every month and nobody has ever said a word to her, only to gil",
            """
            eve  2023-07-10  order 10
            eve  2023-08-10  order 10
            eve  2023-09-10  order 10
            eve  2023-10-10  order 10
            eve  2023-11-10  order 10
            eve  2023-12-10  order 10
            eve  2024-01-10  order 10
            eve  2024-02-10  order 10
            eve  2024-03-10  order 10
            eve  2024-04-10  order 10
            eve  2024-05-10  order 10
            eve  2024-06-10  order 10
            fay  2024-04-10  order 10
            fay  2024-06-10  order 10
            gil  2024-06-10  Call_Made code=reached
            """,
            date(2024, 7, 1),
            {"eve": True, "fay": False, "gil": False},
        ),
    ),
    watch=("Message Sent", "Call Made", "Visit Made", "Ticket Answered"),
    cooldown_days=28,
)
