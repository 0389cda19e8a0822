"""C7: the customer unsubscribes, opens our mails no more, or no longer likes and shares."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Needed
from holdfast.analytics.feature_parts import TWELVE_WEEKS, count, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import floats, numbers_of, rising
from holdfast.domain.texts import Text

_number = numbers_of("stopped_reading", "relationship")

_DELIVERED, _OPENED = named("Email Delivered"), named("Email Opened", "Email Link Clicked")
_NO_MORE = ("Unsubscribed", "Email Marked as Spam", "Chat Left")
_LIKES = ("Product Shared", "Product Added to Wishlist", "Product Reviewed", "Invite Sent")
_HAS_ENOUGH, _SHARED = named(*_NO_MORE), named(*_LIKES)
_LATELY, _BEFORE = TWELVE_WEEKS, 3 * TWELVE_WEEKS
"""Twelve weeks against the 24 weeks before."""


def _by_chance(needed: Needed) -> NDArray[np.generic]:
    """How likely none of the last mails would be opened if the customer read as before.

    Each mail was opened with the share of before; 1 where nothing was sent, or one was opened.
    """
    sent, before = floats(needed, "sent"), floats(needed, "sent_before")
    share = np.divide(floats(needed, "opened_before"), before, out=np.zeros(len(before)), where=before > 0)
    none = np.power(1.0 - np.clip(np.nan_to_num(share), 0.0, 0.95), np.clip(np.nan_to_num(sent), 0, 1000))
    found: NDArray[np.float64] = np.where(floats(needed, "opened") > 0, 1.0, none)
    return found


SIGNAL = Signal(
    name="stopped_reading",
    code="C7",
    title=Text("Reads us no more"),
    meaning=Text(
        "The customer unsubscribed, opens none of our mails although some were opened before, or no longer "
        "likes and shares. Interest goes before the customer does."
    ),
    cause="relationship",
    numbers=(
        _number(
            "left_list", Text("Said no to our mails in the last 14 days"), count(_HAS_ENOUGH, 14), days=14
        ),
        _number(
            "left_list_84",
            Text("Said no to our mails in the last 12 weeks"),
            count(_HAS_ENOUGH, _LATELY),
            days=84,
        ),
        _number("opened", Text("Opened mails in the last 12 weeks"), count(_OPENED, _LATELY), days=_LATELY),
        _number(
            "opened_before",
            Text("Opened mails in the 24 weeks before"),
            count(_OPENED, _BEFORE, _LATELY),
            days=_BEFORE,
        ),
        _number(
            "mails", Text("Mails that reached the customer in 12 weeks"), count(_DELIVERED, _LATELY), days=84
        ),
        _number(
            "by_chance",
            Text("Chance that such a silence means nothing"),
            {
                "sent": count(_DELIVERED, _LATELY),
                "sent_before": count(_DELIVERED, _BEFORE, _LATELY),
                "opened": count(_OPENED, _LATELY),
                "opened_before": count(_OPENED, _BEFORE, _LATELY),
            },
            _by_chance,
            unit="share",
            days=_BEFORE,
        ),
        _number(
            "shared", Text("Liked, shared or invited in the last 12 weeks"), count(_SHARED, _LATELY), days=84
        ),
        _number(
            "shared_before",
            Text("Liked, shared or invited in the 24 weeks before"),
            count(_SHARED, _BEFORE, _LATELY),
            days=_BEFORE,
        ),
    ),
    settings=(
        Setting("chance", Text("Chance of such a silence, at most"), "share", 0.05, 0.001, 0.2),
        Setting("shared", Text("Likes and shares before, at least"), "count", 4, 2, 50),
    ),
    when=lambda of: either(
        number("stopped_reading_left_list", "at_least", 1),
        both(
            number("stopped_reading_opened_before", "at_least", 2),
            number("stopped_reading_by_chance", "at_most", of["chance"]),
        ),
        both(
            number("stopped_reading_shared", "below", 1),
            number("stopped_reading_shared_before", "at_least", of["shared"]),
        ),
    ),
    ends_when=lambda of: both(
        number("stopped_reading_left_list_84", "below", 1),
        number("stopped_reading_by_chance", "above", min(3 * of["chance"], 0.5)),
        either(
            number("stopped_reading_shared", "at_least", 1),
            number("stopped_reading_shared_before", "at_most", of["shared"] / 2),
        ),
    ),
    strength=rising("stopped_reading_left_list_84", 1, least=0.6),
    evidence=(
        Shown("stopped_reading_left_list"),
        Shown("stopped_reading_opened", "stopped_reading_opened_before"),
        Shown("stopped_reading_mails"),
        Shown("stopped_reading_shared", "stopped_reading_shared_before"),
    ),
    examples=(
        Example(
            "ann read and reads no more, bob reads on, cid unsubscribes, dan never read",
            """
            ann  2024-01-02  Email_Delivered id=M1
            ann  2024-01-02  Email_Opened id=M1
            ann  2024-02-02  Email_Delivered id=M2
            ann  2024-02-02  Email_Opened id=M2
            ann  2024-03-02  Email_Delivered id=M3
            ann  2024-03-02  Email_Opened id=M3
            ann  2024-05-02  Email_Delivered id=M4
            ann  2024-06-02  Email_Delivered id=M5
            bob  2024-03-02  Email_Delivered id=M3
            bob  2024-03-02  Email_Opened id=M3
            bob  2024-05-02  Email_Delivered id=M4
            bob  2024-06-02  Email_Delivered id=M5
            bob  2024-06-03  Email_Opened id=M5
            cid  2024-06-25  Unsubscribed
            dan  2024-03-02  Email_Delivered id=M3
            dan  2024-05-02  Email_Delivered id=M4
            dan  2024-06-02  Email_Delivered id=M5
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": True, "dan": False},
        ),
        Example(
            "fay liked and shared a lot, and does it no more",
            """
            fay  2024-01-02  Product_Shared product=tea
            fay  2024-02-02  Product_Shared product=cup
            fay  2024-02-09  Product_Added_to_Wishlist product=pot
            fay  2024-03-02  Invite_Sent
            gil  2024-01-02  Product_Shared product=tea
            gil  2024-02-02  Product_Shared product=cup
            gil  2024-02-09  Product_Added_to_Wishlist product=pot
            gil  2024-03-02  Invite_Sent
            gil  2024-06-02  Product_Shared product=jug
            """,
            date(2024, 7, 1),
            {"fay": True, "gil": False},
        ),
    ),
    watch=("Email Delivered", *_NO_MORE, *_LIKES),
)
