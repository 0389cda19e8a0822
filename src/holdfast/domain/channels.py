"""Through which channels a customer and we reach each other, and what each event says about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast.domain.texts import Text

Channel = Literal["email", "sms", "messenger", "phone", "in_app"]

CHANNELS: dict[Channel, Text] = {
    "email": Text("e-mail"),
    "sms": Text("text message"),
    "messenger": Text("messenger"),
    "phone": Text("telephone"),
    "in_app": Text("chat on the website or in the app"),
}
"""Every channel, with its name."""

PREFERRED_TRAIT = "preferred_channel"
"""The trait in which a customer, or one of us, says which channel suits."""

_WORDS: dict[Channel, str] = {
    "email": "email e-mail mail mailbox newsletter imap",
    "sms": "sms text text_message",
    "messenger": "messenger telegram whatsapp viber signal wechat line instagram facebook bale rubika eitaa",
    "phone": "phone telephone call calls voice mobile tel",
    "in_app": "in_app in-app app chat web_chat webchat web widget site livechat live_chat push",
}

CHANNEL_OF: dict[str, Channel] = {
    word: channel for channel, words in _WORDS.items() for word in words.split()
}
"""What files and sources call a channel, in small letters, to the channel."""


def channel_of(written: str) -> Channel | None:
    """The channel that a word stands for; ``None`` for one that we do not know."""
    return CHANNEL_OF.get(written.strip().lower().replace(" ", "_"))


@dataclass(frozen=True, slots=True)
class Sign:
    """What an event says about the channel it came through.

    ``asked``: we turned to them; ``answered``: they turned to us; ``works``: the address exists;
    ``life``: somebody is there; ``bounced``: nobody can be reached there; ``refused``: they do not
    want more.
    """

    asked: bool = False
    answered: bool = False
    works: bool = False
    life: bool = False
    bounced: bool = False
    refused: bool = False


REACHED, WRONG_NUMBER = "reached", "wrong_number"
"""Outcomes of a call that say something about the number."""

SPOKEN = (REACHED, "helped", "bad_day", "wants_to_leave", "not_to_be_called")
"""Outcomes of a call of ours that somebody answered."""

SIGNS: dict[str, Sign] = {
    "Email Delivered": Sign(asked=True, works=True),
    "Email Opened": Sign(works=True, life=True),
    "Email Link Clicked": Sign(answered=True, works=True, life=True),
    "Email Bounced": Sign(bounced=True),
    "Email Marked as Spam": Sign(works=True, life=True, refused=True),
    "Unsubscribed": Sign(works=True, life=True, refused=True),
    "Message Received": Sign(answered=True, works=True, life=True),
    "Message Sent": Sign(asked=True),
    "Message Delivered": Sign(asked=True, works=True),
    "Message Undelivered": Sign(bounced=True),
    "Message Read": Sign(works=True, life=True),
    "Call Made": Sign(asked=True),
    "Call Received": Sign(answered=True, works=True, life=True),
}
"""Event names to what they say. A call that was answered counts as such by its code."""

BY_MAIL = ("Email Delivered", "Email Opened", "Email Link Clicked", "Email Bounced", "Email Marked as Spam",
           "Unsubscribed")  # fmt: skip
BY_PHONE = ("Call Made", "Call Received")
"""Events whose name says their channel; messages say it by their code or their source."""
