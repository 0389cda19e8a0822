"""C19: the contact person changed, on the customer's side or on ours."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, last_time, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import FEWEST, coded, more_lately, numbers_of, rising
from holdfast.analytics.spec import Some
from holdfast.domain.texts import Text

_number = numbers_of("contact_changed", "relationship")

_CHANGED = named("Contact Changed")
_GONE = coded(named("Automatic Reply Received"), "no_longer_there", "left_company")
_EITHER = Some((_CHANGED, _GONE))
_MET = named("Message Sent", "Call Made", "Visit Made", "Visit Received")

SIGNAL = Signal(
    name="contact_changed",
    code="C19",
    title=Text("The contact person changed"),
    meaning=Text(
        "The person we dealt with has left, or the one of us who looked after the customer has. The new one "
        "has no reason yet to stay with us: get to know each other soon."
    ),
    cause="relationship",
    numbers=(
        _number("lately", Text("Changes of the contact in the last 14 days"), count(_EITHER, 14), days=14),
        _number("in_84", Text("Changes of the contact in the last 12 weeks"), count(_EITHER, 84), days=84),
        _number(
            "ours",
            Text("Of these on our side, in the last 12 weeks"),
            count(coded(_CHANGED, "our_side"), 84),
            days=84,
        ),
        _number(
            "met_since",
            Text("We were in touch since the contact changed"),
            {"met": last_time(_MET), "changed": last_time(_EITHER)},
            more_lately("met", "changed"),
        ),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: both(
        number("contact_changed_lately", "at_least", of["fewest"]),
        number("contact_changed_met_since", "below", 1),
    ),
    ends_when=lambda _: either(
        number("contact_changed_met_since", "at_least", 1), number("contact_changed_in_84", "below", 1)
    ),
    strength=rising("contact_changed_in_84", 2, least=0.5),
    evidence=(
        Shown("contact_changed_lately"),
        Shown("contact_changed_in_84"),
        Shown("contact_changed_ours"),
    ),
    examples=(
        Example(
            "ann's contact changed, bob's too and we called, cid's long ago, dan's is no longer there",
            """
            ann  2024-06-25  Contact_Changed code=customer_side
            bob  2024-06-25  Contact_Changed code=our_side
            bob  2024-06-27  Call_Made code=reached
            cid  2024-01-25  Contact_Changed code=customer_side
            dan  2024-06-25  Automatic_Reply_Received code=no_longer_there
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": False, "dan": True},
        ),
    ),
    watch=("Contact Changed", "Automatic Reply Received"),
)
