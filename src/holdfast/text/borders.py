"""Where two causes meet: which of them a phrase counts for when both claim the same words."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.text.phrases import Match

BORDERS: tuple[tuple[str, str, str], ...] = (
    ("surprise_renewal", "no_information", "Renewed without a notice: the renewal, not the notice."),
    ("surprise_renewal", "price_too_high", "Renewed at a higher price unasked: the renewal."),
    ("surprise_renewal", "payment_problem", "Charged for a renewal nobody ordered: the renewal."),
    ("competitor_better_offer", "personal_circumstances", "Moving to a competitor is no move of house."),
    ("inconsistent_followup", "overpromised", "A promised call that did not come: the follow-up."),
    ("inconsistent_followup", "slow_response", "They said they would answer and did not: the follow-up."),
    ("inconsistent_followup", "neglected_relationship", "Nobody called back: the follow-up."),
    ("forgot_about_us", "neglected_relationship", "The customer forgot us, not we the customer."),
    ("overpromised", "missing_feature", "A function that was promised and is not there: the promise."),
    ("unclear_pricing_hidden_fees", "no_information", "Fees nobody told of: the fees."),
    ("late_delivery", "overpromised", "Promised for Monday, came on Friday: the delivery."),
    ("unresolved_complaint", "no_information", "Rejected without a word: the complaint."),
    ("inconsistent_followup", "no_information", "The promised call did not come: the follow-up."),
    ("inconsistent_followup", "late_delivery", "A call that did not come is no parcel."),
    ("too_many_messages", "wrong_channel", "Calls nobody asked for: too many, whatever the way."),
    ("unclear_pricing_hidden_fees", "payment_problem", "Not knowing what for: the price, not the payment."),
    ("weak_onboarding", "poor_support", "Left alone at the start: the start."),
    ("inconsistent_followup", "competitor_better_offer", "Sent from one to another is no rival."),
    ("payment_problem", "bugs_outages", "A payment that fails by an error: the payment."),
    ("personal_circumstances", "wrong_fit", "Life changed; it did fit before."),
    ("wrong_fit", "overpromised", "They took it for something else; nobody had promised it."),
    ("trust_privacy", "wrong_channel", "Strangers have the number: the leak, not the telephone."),
    ("trust_privacy", "neglected_relationship", "Data in other hands: the leak."),
    ("no_value_realised", "overpromised", "The promised results did not come: the results."),
)
"""(the cause that stays, the cause that gives way, why) where their phrases overlap."""


def settled(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches of the causes that remain once every border is drawn."""
    left = list(matches)
    said = {one.meaning for one in left}
    for stays, gives_way, _ in BORDERS:
        if (
            stays in said
            and gives_way in said
            and any(
                one.meaning == stays
                and two.meaning == gives_way
                and one.start < two.end
                and two.start < one.end
                for one in left
                for two in left
            )
        ):
            left = [m for m in left if m.meaning != gives_way]
    return tuple(left)
