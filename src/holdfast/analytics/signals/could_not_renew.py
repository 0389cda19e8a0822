"""C21: the customer tried to renew or to pay, and could not."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, last_time, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import FEWEST, coded, more_lately, numbers_of, read, rising
from holdfast.analytics.spec import Some
from holdfast.domain.texts import Text

_number = numbers_of("could_not_renew", "payment")

_TRIED = named("Checkout Failed", "Renewal Failed", "Coupon Denied")
_SAID = Some(
    (read("payment_problem"), coded(named("Ticket Opened"), "payment", "payment_problem", "checkout"))
)
_IN_VAIN = Some((_TRIED, _SAID))
_WENT_WELL = named(
    *("Order Completed", "Payment Completed", "Subscription Started", "Subscription Renewed"),
    "Subscription Resumed",
)

SIGNAL = Signal(
    name="could_not_renew",
    code="C21",
    title=Text("Wanted to pay and could not"),
    meaning=Text(
        "The customer tried to renew, to order or to pay, something of ours stood in the way, and it has not "
        "worked since. This customer wants to stay: do not let a form decide."
    ),
    cause="payment",
    numbers=(
        _number("tried", Text("Tried to pay in vain in the last 14 days"), count(_TRIED, 14), days=14),
        _number("said", Text("Spoke of trouble with paying in the last 14 days"), count(_SAID, 14), days=14),
        _number("both", Text("Trouble with paying in the last 14 days"), count(_IN_VAIN, 14), days=14),
        _number("in_42", Text("Trouble with paying in the last 42 days"), count(_IN_VAIN, 42), days=42),
        _number(
            "paid_since",
            Text("Paid or renewed since the last trouble"),
            {"paid": last_time(_WENT_WELL), "failed": last_time(_IN_VAIN)},
            more_lately("paid", "failed"),
        ),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: both(
        number("could_not_renew_both", "at_least", of["fewest"]),
        number("could_not_renew_paid_since", "below", 1),
    ),
    ends_when=lambda _: either(
        number("could_not_renew_paid_since", "at_least", 1), number("could_not_renew_in_42", "below", 1)
    ),
    strength=rising("could_not_renew_in_42", 3, least=0.6),
    evidence=(
        Shown("could_not_renew_tried"),
        Shown("could_not_renew_said"),
        Shown("could_not_renew_in_42"),
    ),
    examples=(
        Example(
            "ann could not renew, bob tried again and paid, cid writes about it, dan's trouble was long ago",
            """
            ann  2024-06-25  Renewal_Failed id=S1 kind=subscription code=card_refused
            bob  2024-06-25  Checkout_Failed code=site_down
            bob  2024-06-26  pay 10
            cid  2024-06-25  Ticket_Opened id=T1 code=payment
            dan  2024-04-25  Checkout_Failed code=site_down
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": True, "dan": False},
        ),
    ),
    watch=("Checkout Failed", "Renewal Failed", "Coupon Denied", "Ticket Opened", "Text Read"),
)
