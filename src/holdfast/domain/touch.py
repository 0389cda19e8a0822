"""One thing done for somebody through one channel: what is asked for, what became of it.

A service asks for a touch by a row (:func:`holdfast.store.outbox.ask`); only ``services/act`` hands one to
a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from holdfast.domain.texts import Text

Purpose = Literal["marketing", "service", "legal", "staff"]

PURPOSES: dict[Purpose, Text] = {
    "marketing": Text("marketing"),
    "service": Text("service"),
    "legal": Text("legal"),
    "staff": Text("to our own people"),
}
"""Every purpose, with its name: marketing obeys consent, service and legal are never held out."""

TouchChannel = Literal["email", "telegram", "chat", "webhook", "sms", "whatsapp", "in_app"]

TOUCH_CHANNELS: dict[TouchChannel, Text] = {
    "email": Text("e-mail"),
    "telegram": Text("Telegram"),
    "chat": Text("chat on the website"),
    "webhook": Text("outgoing webhook"),
    "sms": Text("text message"),
    "whatsapp": Text("WhatsApp"),
    "in_app": Text("message in our app"),
}
"""Every channel that a touch can be asked for, with its name."""

TouchState = Literal["waiting", "claimed", "sent", "failed", "unknown", "held", "refused", "cancelled"]

STATES: dict[TouchState, Text] = {
    "waiting": Text("waiting"),
    "claimed": Text("being sent"),
    "sent": Text("sent"),
    "failed": Text("failed"),
    "unknown": Text("unknown"),
    "held": Text("held back"),
    "refused": Text("not allowed"),
    "cancelled": Text("cancelled"),
}
"""Every state, with its name.

*held* waits until somebody decides or a condition changes; *refused* may never be sent (no consent);
*unknown* was perhaps handed over when the sender died: nobody sends it again but a person.
"""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a touch goes to.

    ``address`` is what the channel understands: a mail address, a Telegram chat's number, a visitor of the
    chat, the number of a webhook, the id that an app has for whoever is signed in. ``unit_id`` is the
    customer, ``subject_id`` the one of its ids that is reached there, ``person_id`` one of our own people.
    """

    address: str
    unit_id: int | None = None
    subject_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; ``inline_id`` is the Content-ID under which the HTML shows it, "" otherwise."""

    name: str
    media_type: str
    content: bytes
    inline_id: str = ""


@dataclass(frozen=True, slots=True)
class TouchRequest:
    """A touch that is asked for.

    ``key`` names it for ever: whoever asks again with the same key asks for nothing ("invitation 7").
    ``text`` is always given, ``html`` besides where there is one, ``language`` the language of both.
    ``via`` names the source or mailbox it goes through, "" for the channel's own. ``reply_to_message`` is
    the name of the message it answers (a Message-ID, a Telegram message's number), ``conversation_id``
    the conversation of the inbox that it stands in once it is sent. ``headers`` are further headers of a
    mail or a webhook, ``sender_name`` the name of ours that it comes from. It is sent between
    ``not_before_us`` and ``not_after_us``; ``asked_by`` says for the history who wanted it. ``topic`` says
    of a marketing message what consent it needs ("news"). Of a ``secret`` one (a link to a new password)
    the words are forgotten once it is sent. Where there is room for one message only, that of the higher
    ``priority`` goes. ``asked_us`` is when it was asked for, 0 before it is.
    """

    key: str
    purpose: Purpose
    channel: TouchChannel
    to: Recipient
    subject: str
    text: str
    html: str = ""
    language: str = "en"
    not_before_us: int | None = None
    not_after_us: int | None = None
    reply_to_message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    via: str = ""
    conversation_id: int | None = None
    topic: str = ""
    sender_name: str = ""
    asked_by: str = ""
    secret: bool = False
    priority: int = 0
    asked_us: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """A touch as a channel gets it; ``touch_id`` is its row's number, ``at_us`` the moment of sending."""

    touch_id: int
    request: TouchRequest
    at_us: int


Outcome = Literal["sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of handing a touch over.

    *unknown*: the provider had all of it and did not answer. A failure with ``retry`` is tried again
    later. ``code`` is stable ("refused_address"), ``reason`` what the other side said (never secrets, never
    the recipient's address), ``provider_id`` the provider's name for the message.
    """

    outcome: Outcome
    retry: bool = False
    code: str = ""
    reason: Text | None = None
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a touch may be sent now: *send*, *hold* (again at ``again_us``, or until somebody decides
    where it is ``None``), *refuse* (never).
    """

    does: Literal["send", "hold", "refuse"]
    code: str = ""
    reason: Text | None = None
    again_us: int | None = None


SEND = Verdict("send")

RETRY_MINUTES = (1, 5, 30, 120, 360, 720)
"""How long after each failed try the next one is: all of them take most of a day."""


def next_try_us(tries: int, touch_id: int, now_us: int) -> int | None:
    """When a touch that failed for the ``tries``-th time is tried next; ``None`` when it has had its tries.

    Up to a tenth later, by its number: many that failed together are not tried together.
    """
    if tries > len(RETRY_MINUTES):
        return None
    wait_us = RETRY_MINUTES[tries - 1] * 60_000_000
    return now_us + wait_us + wait_us * (touch_id % 101) // 1_000
