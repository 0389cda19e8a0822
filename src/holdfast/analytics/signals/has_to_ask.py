"""C20: the customer has to ask how things stand."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, number
from holdfast.analytics.signal_parts import FEWEST, coded, most, numbers_of, read, rising
from holdfast.domain.readings import ASKS_FOR_STATUS
from holdfast.domain.texts import Text

_number = numbers_of("has_to_ask", "service")

_TEXTS = read(ASKS_FOR_STATUS, "no_information")
_TICKETS = coded(
    named("Ticket Opened", "Call Received"),
    *(ASKS_FOR_STATUS, "where_is_it", "order_status", "delivery_status", "status", "no_information", "wismo"),
)

SIGNAL = Signal(
    name="has_to_ask",
    code="C20",
    title=Text("Has to ask how things stand"),
    meaning=Text(
        "The customer asks where a delivery is, what became of a request, when something happens. Whoever "
        "has to ask was not told in time."
    ),
    cause="service",
    numbers=(
        _number(
            "asked",
            Text("Asked how things stand in the last 14 days"),
            {"texts": count(_TEXTS, 14), "tickets": count(_TICKETS, 14)},
            most("texts", "tickets"),
            days=14,
        ),
        _number(
            "in_42",
            Text("Asked how things stand in the last 42 days"),
            {"texts": count(_TEXTS, 42), "tickets": count(_TICKETS, 42)},
            most("texts", "tickets"),
            days=42,
        ),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: number("has_to_ask_asked", "at_least", of["fewest"]),
    ends_when=lambda _: number("has_to_ask_in_42", "below", 1),
    strength=rising("has_to_ask_in_42", 4, least=0.4),
    evidence=(Shown("has_to_ask_asked"), Shown("has_to_ask_in_42")),
    examples=(
        Example(
            "ann asks where her parcel is, bob writes for news, cid asks something else, dan asked long ago",
            """
            ann  2024-06-25  Ticket_Opened id=T1 code=where_is_it
            bob  2024-06-25  Text_Read id=M1 code=asks_for_status score=0
            cid  2024-06-25  Ticket_Opened id=T2 code=question
            dan  2024-04-25  Ticket_Opened id=T3 code=where_is_it
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": True, "cid": False, "dan": False},
        ),
    ),
    watch=("Text Read", "Ticket Opened", "Call Received"),
)
