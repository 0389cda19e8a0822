"""What the customer does with what we send: mails opened, followed, refused; our last word."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Feature, FeatureFamily, Needed
from holdfast.analytics.feature_parts import (
    FIRST_SEEN,
    TWELVE_WEEKS,
    YEAR,
    Value,
    count,
    in_days,
    known_for,
    last_time,
    named,
    part,
    recent_part,
    told,
)
from holdfast.domain.texts import Text

_DELIVERED, _OPENED, _CLICKED = named("Email Delivered"), named("Email Opened"), named("Email Link Clicked")

_EXAMPLE = told(
    "ann reads less of what she gets, bob has had enough, cid hears nothing",
    """
    ann  2023-12-01  sign_up
    ann  2024-02-01  Email_Delivered id=M1
    ann  2024-02-02  Email_Opened id=M1
    ann  2024-03-01  Email_Delivered id=M2
    ann  2024-03-02  Email_Opened id=M2
    ann  2024-03-03  Email_Opened id=M2
    ann  2024-05-01  Email_Delivered id=M3
    ann  2024-05-02  Email_Opened id=M3
    ann  2024-05-02  Email_Link_Clicked id=M3
    ann  2024-06-01  Email_Delivered id=M4
    ann  2024-06-04  Message_Sent
    ann  2024-06-05  Invite_Sent
    bob  2024-05-01  Email_Delivered id=M3
    bob  2024-05-02  Email_Marked_as_Spam id=M3
    bob  2024-05-03  Unsubscribed
    cid  2024-06-01  visit
    """,
    date(2024, 7, 1),
)


def _at_most_all(some: str, whole: str) -> Value:
    """The part, cut at all: a mail may be opened more than once."""
    each = part(some, whole)

    def value(needed: Needed) -> NDArray[np.generic]:
        return np.minimum(np.asarray(each(needed), np.float64), 1.0)

    return value


FAMILY = FeatureFamily(
    "engagement",
    Text("Answers to what we send"),
    (
        Feature(
            "mails_84",
            Text("Mails sent to the customer in the last 12 weeks"),
            Text("How many of our mails arrived."),
            "count",
            "relationship",
            {"mails": count(_DELIVERED, TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=2, bob=1, cid=0),
        ),
        Feature(
            "mails_opened_84",
            Text("Part of the mails opened in the last 12 weeks"),
            Text("Opened mails of those that arrived; not known where none did."),
            "share",
            "relationship",
            {"opened": count(_OPENED, TWELVE_WEEKS), "mails": count(_DELIVERED, TWELVE_WEEKS)},
            _at_most_all("opened", "mails"),
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=0.5, bob=0, cid=None),
        ),
        Feature(
            "mails_followed_84",
            Text("Part of the mails whose link was followed in the last 12 weeks"),
            Text("Links followed, of the mails that arrived."),
            "share",
            "relationship",
            {"followed": count(_CLICKED, TWELVE_WEEKS), "mails": count(_DELIVERED, TWELVE_WEEKS)},
            _at_most_all("followed", "mails"),
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=0.5, bob=0, cid=None),
        ),
        Feature(
            "days_since_opening",
            Text("Time since a mail was last opened"),
            Text("Days since the customer last opened one of our mails or followed a link."),
            "days",
            "relationship",
            {"since": last_time(named("Email Opened", "Email Link Clicked"))},
            in_days("since"),
            examples=_EXAMPLE(ann=60, bob=None, cid=None),
        ),
        Feature(
            "opening_later_part",
            Text("Part of 24 weeks' opened mails that fell into the later half"),
            Text("Mails opened in the last 12 weeks beside those of the 12 before."),
            "share",
            "relationship",
            {
                "now": count(_OPENED, TWELVE_WEEKS),
                "before": count(_OPENED, 2 * TWELVE_WEEKS, TWELVE_WEEKS),
                "known": FIRST_SEEN,
            },
            known_for(2 * TWELVE_WEEKS, recent_part("now", "before")),
            window_days=2 * TWELVE_WEEKS,
            examples=_EXAMPLE(ann=0.25, bob=None, cid=None),
        ),
        Feature(
            "refused_mails",
            Text("Mails that came back or were reported as spam"),
            Text("Mails that could not be delivered or that the customer reported, so far."),
            "count",
            "relationship",
            {"refused": count(named("Email Bounced", "Email Marked as Spam"))},
            examples=_EXAMPLE(ann=0, bob=1, cid=0),
        ),
        Feature(
            "days_since_unsubscribing",
            Text("Time since unsubscribing from our mails"),
            Text("Days since the customer last said no to our mails."),
            "days",
            "relationship",
            {"since": last_time(named("Unsubscribed"))},
            in_days("since"),
            examples=_EXAMPLE(ann=None, bob=59, cid=None),
        ),
        Feature(
            "days_since_our_word",
            Text("Time since one of us wrote"),
            Text("Days since someone of us last wrote to the customer in person."),
            "days",
            "relationship",
            {"since": last_time(named("Message Sent"))},
            in_days("since"),
            examples=_EXAMPLE(ann=27, bob=None, cid=None),
        ),
        Feature(
            "invitations_364",
            Text("Invitations sent in the last year"),
            Text("How often the customer invited someone in 52 weeks."),
            "count",
            "relationship",
            {"invitations": count(named("Invite Sent"), YEAR)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
    ),
    watch=("Email Delivered", "Email Opened", "Unsubscribed", "Message Sent", "Invite Sent"),
)
