"""C3: the customer asks for a discount or for other terms, above all before a renewal."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, in_days, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import (
    DAYS_TO_RENEWAL,
    FEWEST,
    coded,
    falling,
    most,
    numbers_of,
    read,
)
from holdfast.domain.readings import ASKS_FOR_DISCOUNT, WANTS_OTHER_TERMS
from holdfast.domain.texts import Text

_number = numbers_of("asks_for_discount", "money")

_TEXTS = read(ASKS_FOR_DISCOUNT, WANTS_OTHER_TERMS)
_TICKETS = coded(
    named("Ticket Opened"),
    "discount",
    "price",
    "contract_change",
    "terms",
    ASKS_FOR_DISCOUNT,
    WANTS_OTHER_TERMS,
)

SIGNAL = Signal(
    name="asks_for_discount",
    code="C3",
    title=Text("Asks for a discount or other terms"),
    meaning=Text(
        "The customer asks for a lower price or another contract. Shortly before a renewal this is often "
        "the last question before the end."
    ),
    cause="money",
    numbers=(
        _number(
            "asked",
            Text("Asked for a discount or other terms in the last 14 days"),
            {"texts": count(_TEXTS, 14), "tickets": count(_TICKETS, 14)},
            most("texts", "tickets"),
            days=14,
        ),
        _number(
            "in_42",
            Text("Asked for a discount or other terms in the last 42 days"),
            {"texts": count(_TEXTS, 42), "tickets": count(_TICKETS, 42)},
            most("texts", "tickets"),
            days=42,
        ),
        _number("renewal", Text("Time until the renewal"), DAYS_TO_RENEWAL, in_days("renewal"), unit="days"),
    ),
    settings=(
        Setting("fewest", FEWEST, "count", 1, 1, 10),
        Setting("renewal_days", Text("Days before a renewal, where there is one"), "days", 366, 7, 1000),
    ),
    when=lambda of: both(
        number("asks_for_discount_asked", "at_least", of["fewest"]),
        either(
            number("asks_for_discount_renewal", "missing"),
            number("asks_for_discount_renewal", "at_most", of["renewal_days"]),
        ),
    ),
    ends_when=lambda _: number("asks_for_discount_in_42", "below", 1),
    strength=falling("asks_for_discount_renewal", 90, unknown=0.6),
    evidence=(Shown("asks_for_discount_asked"), Shown("asks_for_discount_renewal")),
    examples=(
        Example(
            "ann asks before her renewal, bob without one, cid asks something else",
            """
            ann  2023-07-15  Subscription_Started id=S1 amount=10 due=2024-07-15
            ann  2024-06-28  Text_Read id=M1 code=neutral score=0
            ann  2024-06-28  Text_Read id=M1 code=asks_for_discount score=0
            bob  2024-06-25  Ticket_Opened id=T1 code=discount
            cid  2024-06-25  Ticket_Opened id=T2 code=question
            dan  2024-03-01  Text_Read id=M2 code=wants_other_terms score=0
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": True, "cid": False, "dan": False},
        ),
    ),
    watch=("Text Read", "Ticket Opened"),
)
