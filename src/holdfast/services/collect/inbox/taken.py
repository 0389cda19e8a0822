"""Messages that are taken in, on their way to the inbox.

The take-in asks :func:`message_note` of each good ``track`` call and hands what it answers to
:func:`note_messages`, in the transaction in which it writes the events themselves: a message is in
the log and in the inbox, or in neither.

A message is a ``track`` call named as in :data:`MESSAGE_EVENTS` whose properties carry
``conversation_id``. Of its properties the inbox also reads ``text``, ``subject``, ``channel``
("mail", "telegram", "chat", ...; without one the kind of its source), ``author`` (a name to show),
``address`` (where its author is reached on that channel), ``message_id`` (within the conversation;
an edit has that of the message it replaces), ``folded_from`` (from which character on the text
repeats what others wrote or is a signature), ``reference`` (the Message-ID of a mail) and ``attachments``
(``[{name, type, size}]``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from holdfast.settings import Settings
from holdfast.store import inbox_writing
from holdfast.store.inbox_writing import NewMessage

_SHORT, _LONG = 20, 200
_MOST_ATTACHMENTS = 50
_LONGEST_NAME = 900

RECEIVED = "Message Received"
SENT = "Message Sent"
EDITED = "Message Edited"

MESSAGE_EVENTS = frozenset({RECEIVED, SENT, EDITED})
"""Events that are shown in the inbox, where they say of which conversation they are."""


@dataclass(frozen=True, slots=True)
class MessageNote:
    """One message on its way to the inbox.

    ``conversation_key`` names the conversation within its source; ``subject_id`` is the customer's
    (also of what we sent), ``at_us`` the moment it was written, ``author`` a name to show ("" when
    unknown), ``text`` all of it and ``subject_line`` what stands above it. ``properties`` are those of
    the call, for what else the inbox shows; see the module.
    """

    conversation_key: str
    channel: str
    source_id: int
    subject_id: int
    at_us: int
    incoming: bool
    author: str
    text: str
    subject_line: str
    event_key: bytes
    event_name: str
    properties: Mapping[str, Any] = field(default_factory=dict)


def message_note(
    name: str,
    properties: Mapping[str, Any],
    *,
    source_id: int,
    source_kind: str,
    subject_id: int,
    at_us: int,
    event_key: bytes,
) -> MessageNote | None:
    """The note of a ``track`` call called ``name``; ``None`` when it is no message of a conversation."""
    key = properties.get("conversation_id")
    if name not in MESSAGE_EVENTS or not isinstance(key, str | int) or isinstance(key, bool) or key == "":
        return None
    return MessageNote(
        conversation_key=str(key),
        channel=_words(properties, "channel") or source_kind,
        source_id=source_id,
        subject_id=subject_id,
        at_us=at_us,
        incoming=name != SENT,
        author=_words(properties, "author"),
        text=_words(properties, "text"),
        subject_line=_words(properties, "subject"),
        event_key=event_key,
        event_name=name,
        properties=properties,
    )


def note_messages(settings: Settings, rows: Sequence[MessageNote], now_us: int) -> int:
    """Put messages into the inbox; how many were new. Joins the transaction of the caller.

    A message whose ``event_key`` is there already changes nothing. An incoming one opens its
    conversation again and makes it unread; one that is old by now (by the workspace's clock) does not.
    """
    present = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    present_us = min(now_us, int(present.timestamp() * 1_000_000))
    return inbox_writing.put(settings, map(_new_message, rows), present_us)


def _new_message(note: MessageNote) -> NewMessage:
    said = note.properties
    folded = said.get("folded_from")
    return NewMessage(
        source_id=note.source_id,
        conversation_key=_storable(note.conversation_key),
        channel=_storable(note.channel)[:_SHORT],
        subject_id=note.subject_id,
        event_key=note.event_key,
        message_key=_key(said.get("message_id")),
        at_us=note.at_us,
        incoming=note.incoming,
        author=_storable(note.author),
        address=_words(said, "address"),
        title=_storable(note.subject_line),
        text=_storable(note.text),
        folded_from=folded if isinstance(folded, int) and 0 < folded < len(note.text) else None,
        attachments=_attachments(said.get("attachments")),
        replaces=note.event_name == EDITED,
        reference=_words(said, "reference")[:_LONGEST_NAME],
    )


def _attachments(given: object) -> list[dict[str, Any]]:
    """Name, type and size of each, whatever else was said about it."""
    if not isinstance(given, list | tuple):
        return []
    return [
        {
            "name": _words(each, "name")[:_LONG],
            "type": _words(each, "type")[:_LONG],
            "size": size if isinstance(size := each.get("size"), int) and size >= 0 else None,
        }
        for each in given[:_MOST_ATTACHMENTS]
        if isinstance(each, Mapping)
    ]


def _key(given: object) -> str:
    return _storable(str(given)) if isinstance(given, str | int) else ""


def _words(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name)
    return _storable(value) if isinstance(value, str) else ""


def _storable(words: str) -> str:
    """What every database takes: no NUL, no half of a surrogate pair. As long as it was."""
    if "\0" in words:
        words = words.replace("\0", "\ufffd")
    return words if words.isascii() else words.encode("utf-8", "replace").decode("utf-8")
