"""Codes that files, shops and payment services write, in words: why something ended or failed, and sources.

What is no known code is shown as it was written, with blanks for underscores.
"""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.domain.texts import Text

_EXPIRED = Text("the card had expired")
_DECLINED = Text("the card was declined")
_TOO_DEAR = Text("too expensive")
_OTHER = Text("something else")

REASON_WORDS: Mapping[str, Text] = {
    "other": _OTHER,
    "trial_not_continued": Text("did not go on after the trial"),
    # Payments that were declined, as card services say it.
    "card_expired": _EXPIRED,
    "expired_card": _EXPIRED,
    "card_declined": _DECLINED,
    "generic_decline": _DECLINED,
    "do_not_honor": _DECLINED,
    "insufficient_funds": Text("not enough money in the account"),
    "incorrect_cvc": Text("a wrong security code"),
    "lost_card": Text("the card is reported lost"),
    "stolen_card": Text("the card is reported stolen"),
    "processing_error": Text("the payment service failed"),
    "authentication_required": Text("the bank wants to be asked once more"),
    "fraudulent": Text("the bank suspects fraud"),
    # Subscriptions that were cancelled, and orders, as shops and payment services say it.
    "too_expensive": _TOO_DEAR,
    "missing_features": Text("something is missing"),
    "switched_service": Text("went to another provider"),
    "unused": Text("does not use it enough"),
    "customer_service": Text("not happy with the service"),
    "too_complex": Text("too complicated"),
    "low_quality": Text("not good enough"),
    "cancellation_requested": Text("the customer asked for it"),
    "payment_disputed": Text("a payment was taken back"),
    "payment_failed": Text("a payment failed"),
    "customer": Text("the customer changed their mind"),
    "changed_mind": Text("the customer changed their mind"),
    "inventory": Text("not in stock"),
    "out_of_stock": Text("not in stock"),
    "declined": Text("the payment was declined"),
    "fraud": Text("suspicion of fraud"),
    "staff": Text("a mistake of our staff"),
    "ordered_twice": Text("ordered twice by mistake"),
    "too_late": Text("would have come too late"),
}
"""Why a subscription or an order ended, or a payment failed."""

SOURCE_WORDS: Mapping[str, Text] = {
    "search": Text("search engine"),
    "social": Text("social media"),
    "paid_search": Text("paid search"),
    "ads": Text("advertisements"),
    "referral": Text("recommendation"),
    "deal_site": Text("deal site"),
    "trade_fair": Text("trade fair"),
    "direct": Text("direct visit"),
    "newsletter": Text("newsletter"),
}
"""Where customers come from."""

TOPIC_WORDS: Mapping[str, Text] = {
    "question": Text("a question"),
    "where_is_it": Text("where the parcel is"),
    "quality": Text("quality"),
    "payment": Text("a payment"),
    "app": Text("the app"),
    "billing": Text("a bill"),
    "complaint": Text("a complaint"),
    "discount": Text("a discount"),
}
"""What somebody asks for help about."""


def code_words(code: str, known: Mapping[str, Text]) -> Text | str:
    """A code in words where it is a ``known`` one, else with blanks for underscores."""
    return known.get(code) or code.replace("_", " ")
