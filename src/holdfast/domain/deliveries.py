"""What a provider tells afterwards of a message that it took from us: it arrived, came back, was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.domain.touch import TouchChannel

What = Literal[
    "delivered",
    "undelivered",
    "read",
    "bounced",
    "complained",
    "opened",
    "clicked",
    "unsubscribed",
]

EVENT_OF: dict[What, str] = {
    "delivered": "Message Delivered",
    "undelivered": "Message Undelivered",
    "read": "Message Read",
    "bounced": "Email Bounced",
    "complained": "Email Marked as Spam",
    "opened": "Email Opened",
    "clicked": "Email Link Clicked",
    "unsubscribed": "Unsubscribed",
}
"""The fact in the event log; a mail that was delivered has a name of its own (:func:`event_of`)."""

REPEATED: tuple[What, ...] = ("opened", "clicked")
"""What happens to one message again and again; all else happens once."""


@dataclass(frozen=True, slots=True)
class Report:
    """One such message of a provider.

    ``names`` are how the provider, or we, call the message, the surest first; ``address`` whom it went to,
    where that is told. ``code`` and ``reason`` are the provider's, for the history. ``for_good`` says that
    nobody is reached at the address; ``opted_out`` that its owner told the provider to send no more.
    """

    channel: TouchChannel
    names: tuple[str, ...]
    what: What
    at: datetime
    address: str = ""
    code: str = ""
    reason: str = ""
    for_good: bool = False
    opted_out: bool = False


def event_of(report: Report) -> str:
    """The name of the fact in the event log."""
    if report.channel == "email" and report.what == "delivered":
        return "Email Delivered"
    return EVENT_OF[report.what]
