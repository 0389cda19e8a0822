"""Which events carry words of the customer, and where these stand: a ticket, a message, a survey ..."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """What the event log says of the event of a text; moments in microseconds."""

    name: str
    object_kind: str | None
    object_id: str | None
    at_us: int
    known_us: int


OURS = frozenset(
    {
        *("Message Sent", "Touch Sent", "Touch Failed", "Ticket Answered", "Ticket Closed", "Survey Sent"),
        *("Email Delivered", "Email Opened", "Email Link Clicked", "Email Bounced", "Change Announced"),
        *("Promise Made", "Promise Kept", "Text Read", "Signal Raised", "Invoice Issued"),
        *("Automatic Reply Received", "Button Pressed"),
        *("Message Delivered", "Message Undelivered", "Message Read"),
    }
)
"""What stands in these is our own word, or a machine's: not read."""

_KINDS = {
    "Message": "message",
    "Ticket": "ticket",
    "Survey": "survey",
    "Product": "review",
    "Call": "call",
    "Visit": "visit",
    "Cancellation": "reason",
    "Subscription": "reason",
    "Account": "reason",
    "Deal": "reason",
}
KINDS = ("ticket", "message", "survey", "review", "call", "visit", "reason", "event")
"""Where a text can stand; ``reason`` is one given with a cancellation, ``event`` anything else."""


def kind_of(event_name: str) -> str:
    """Where the text of such an event stands."""
    return _KINDS.get(event_name.partition(" ")[0], "event")
