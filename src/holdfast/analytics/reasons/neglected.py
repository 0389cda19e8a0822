"""Nobody of ours asks after the customer; loyal ones feel forgotten."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import PURCHASE
from holdfast.analytics.feature_parts import YEAR, count
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, at_least, in_texts
from holdfast.analytics.signal_parts import BY_HAND, floats
from holdfast.domain.texts import Text

_CAUSES = ("neglected_relationship",)
_LOYAL = 6
"""Purchases in a year that make a customer loyal in this measure."""

_BOUGHT = count(PURCHASE, YEAR)

REASON = Reason(
    name="neglected",
    title=Text("Neglected relationship"),
    meaning=Text("Old customers are treated worse than new ones: nobody of ours is ever in touch."),
    origin="ours",
    sources=(
        Quoted("bg", "Пренебрегване на акаунта", 4),
        Quoted("fa", "فاقد ارتباط با کسب و کار شما", 6),
        Quoted("zh", "忠诚的客户…变得不重要"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "no_contact",
            Text("Loyal, and not contacted in person for 12 weeks"),
            Text(
                "Customers to whom nobody of ours wrote, spoke or went ÷ customers with 6 purchases and more "
                "in a year"
            ),
            answer({"bought": _BOUGHT}, at_least("bought", _LOYAL)),
            answer(
                {"bought": _BOUGHT, "contacts": count(BY_HAND, WINDOW_DAYS)},
                lambda needed: (floats(needed, "bought") >= _LOYAL) & (floats(needed, "contacts") <= 0),
            ),
            weak_from=0.50,
            bad_from=0.80,
            watch=("Message Sent", "Call Made", "Visit Made", "Ticket Answered"),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Give each loyal customer an owner, begin with those who bring most, and let the owner ask once a "
        "quarter how it goes, without anything to sell."
    ),
    examples=(
        Example(
            "ann buys and nobody calls, bob was called, cid buys seldom",
            """
            ann  2024-02-01  order 20
            ann  2024-03-01  order 20
            ann  2024-04-01  order 20
            ann  2024-05-01  order 20
            ann  2024-06-01  order 20
            ann  2024-06-15  order 20
            bob  2024-02-01  order 20
            bob  2024-03-01  order 20
            bob  2024-04-01  order 20
            bob  2024-05-01  order 20
            bob  2024-06-01  order 20
            bob  2024-06-15  order 20
            bob  2024-06-20  Call_Made code=reached
            cid  2024-06-15  order 20
            cid  2024-06-15  Text_Read code=neglected_relationship
            """,
            date(2024, 7, 1),
            {"ann/no_contact": True, "bob/no_contact": False, "cid/no_contact": None, "cid/texts": True},
        ),
    ),
    signals=("nobody_in_touch",),
)
