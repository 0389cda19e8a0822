"""Answers from the inbox: one is asked for as a touch, on the channel on which the customer wrote.

It waits some seconds, in which it can be called back; then the dispatcher sends it, and in the same moment
it stands in the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.connectors.mails.calls import is_answer
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchChannel, TouchRequest
from holdfast.language import languages
from holdfast.services.collect.inbox.bots import KIND as BOT
from holdfast.services.collect.inbox.mailboxes import KIND as MAILBOX
from holdfast.services.collect.inbox.setting_up import CHAT
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.inbox import Conversation
    from holdfast.store.live_sources import LiveSource

UNDO_SECONDS = 8
"""So long an answer waits and can be called back."""

LONGEST: dict[TouchChannel, int] = {
    "email": 100_000,
    "telegram": 4_000,
    "chat": 4_000,
    "sms": 1_600,
    "whatsapp": 4_000,
}
"""Characters of an answer on each channel."""

_CHANNELS: dict[str, TouchChannel] = {
    MAILBOX: "email",
    BOT: "telegram",
    CHAT: "chat",
    "sms": "sms",
    "whatsapp": "whatsapp",
}
_ANSWERED_BY_NAME = ("telegram", "whatsapp")
"""Messengers in which an answer stands below the message that it answers."""

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was written; ``key`` is made by the form, so that sending it twice sends it once."""

    text: str
    key: str
    author: str
    person_id: int
    by: str
    language: str


def way(settings: Settings, conversation: Conversation) -> TouchChannel | None:
    """By which channel a conversation is answered; ``None`` where it is answered elsewhere."""
    source = _source(settings, conversation)
    channel = _CHANNELS.get(source.kind) if source is not None and source.enabled else None
    return channel if channel is not None and _address(channel, conversation) else None


def answer(settings: Settings, conversation: Conversation, written: Answer, *, now_us: int) -> int | None:
    """Ask for an answer to be sent; the number of its touch, ``None`` where it was asked for already.

    Whoever answers looks after the conversation from then on, unless somebody does. Refuses ("no_way",
    "no_text", "too_long").
    """
    from holdfast.store import inbox, outbox, sql

    source, channel = _source(settings, conversation), way(settings, conversation)
    if source is None or channel is None:
        raise _no_way()
    text = written.text.replace("\r\n", "\n").strip()
    _check(text, LONGEST[channel])
    request = TouchRequest(
        key=f"answer {conversation.id} {written.key}"[:190],
        purpose="service",
        channel=channel,
        to=Recipient(_address(channel, conversation), subject_id=conversation.subject_id),
        subject=_subject(conversation) if channel == "email" else "",
        text=text,
        language=_language(settings, conversation, written.language),
        not_before_us=now_us + UNDO_SECONDS * 1_000_000,
        reply_to_message=_answered(settings, conversation, channel),
        via="" if channel == "email" else source.name,
        conversation_id=conversation.id,
        asked_by=written.by,
        sender_name=written.author,
    )
    with sql.short_write():
        touch_id = outbox.ask(settings, request, now_us=now_us)
        if touch_id is not None and conversation.owner_id is None:
            inbox.assign(settings, conversation.id, written.person_id)
    return touch_id


def call_back(settings: Settings, conversation_id: int, touch_id: int, *, by: str, now_us: int) -> bool:
    """Call an answer back that has not gone; whether it could be."""
    from holdfast.store import outbox_reading, replies

    return replies.belongs(settings, conversation_id, touch_id) and outbox_reading.cancel(
        settings, touch_id, by=by, now_us=now_us
    )


def send_again(settings: Settings, conversation_id: int, touch_id: int, *, by: str, now_us: int) -> bool:
    """Try an answer again that failed; whether it could be."""
    from holdfast.store import outbox_reading, replies

    return replies.belongs(settings, conversation_id, touch_id) and outbox_reading.send_again(
        settings, touch_id, by=by, now_us=now_us
    )


def _source(settings: Settings, conversation: Conversation) -> LiveSource | None:
    from holdfast.store import live_sources

    found = (each for each in live_sources.listed(settings) if each.id == conversation.source_id)
    return next(found, None)


def _address(channel: TouchChannel, conversation: Conversation) -> str:
    """Where the customer is reached; a messenger's conversation is called as its customer is reached."""
    return conversation.address.lower() if channel == "email" else conversation.key


def _subject(conversation: Conversation) -> str:
    title = " ".join(conversation.title.split())
    return title if is_answer(title) else f"Re: {title}".strip()


def _answered(settings: Settings, conversation: Conversation, channel: TouchChannel) -> str:
    """What it answers: all mails of the conversation that are known, or the newest message of a messenger."""
    from holdfast.store import replies

    if channel == "email":
        named = replies.mails_of(settings, conversation.id, _MOST_NAMED)
        return " ".join(f"<{name}>" for name in named)
    return replies.last_incoming(settings, conversation.id) if channel in _ANSWERED_BY_NAME else ""


def _language(settings: Settings, conversation: Conversation, otherwise: str) -> str:
    """The customer's language where we know it and speak it."""
    from holdfast.store.profile import profile

    known = profile(settings, conversation.subject_id)
    code = known.traits.get("language", "").partition("-")[0].lower() if known is not None else ""
    return code if code in languages() else otherwise


def _check(text: str, most: int) -> None:
    if not text:
        raise Refusal(
            "no_text",
            found=Text("The answer has no words."),
            expected=Text("What the customer is to read."),
            remedy=Text("Write it and send it again."),
        )
    if len(text) > most:
        raise Refusal(
            "too_long",
            found=Text("The answer has {n} character.", "The answer has {n} characters.", n=len(text)),
            expected=Text("At most {most} characters on this channel.", most=most),
            remedy=Text("Shorten it, or send it in two parts."),
        )


def _no_way() -> Refusal:
    return Refusal(
        "no_way",
        found=Text("This conversation cannot be answered from here."),
        expected=Text("One from a connected mailbox, bot, number or chat that is switched on."),
        remedy=Text("Answer it where it was written."),
    )
