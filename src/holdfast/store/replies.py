"""Answers that our people wrote in conversations: touches that are not messages of them yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way, or one that did not go: ``state`` is one of :data:`holdfast.domain.touch.STATES`.

    It goes at ``due_us`` at the earliest; ``reason`` says why it is where it is.
    """

    touch_id: int
    state: str
    author: str
    text: str
    asked_us: int
    due_us: int
    code: str
    reason: Text | None


def open_replies(settings: Settings, conversation_id: int, limit: int) -> list[Reply]:
    """The newest answers of a conversation that are no messages of it: the oldest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT t.id, t.state, c.sender_name, c.text, t.asked_us, t.due_us, t.code, t.reason FROM touch t "
        "JOIN touch_content c ON c.touch_id = t.id WHERE t.conversation_id = %s "
        f"AND t.state NOT IN ('sent', 'cancelled') ORDER BY t.id DESC LIMIT {int(limit)}",
        (conversation_id,),
    )
    return [_reply(row) for row in reversed(rows)]


def called_off(settings: Settings, conversation_id: int, touch_id: int) -> str:
    """The words of an answer of this conversation that was called off; "" for any other."""
    store.connect(settings)
    row = sql.one(
        "SELECT c.text FROM touch t JOIN touch_content c ON c.touch_id = t.id "
        "WHERE t.id = %s AND t.conversation_id = %s AND t.state = 'cancelled'",
        (touch_id, conversation_id),
    )
    return "" if row is None else str(row[0])


def belongs(settings: Settings, conversation_id: int, touch_id: int) -> bool:
    """Whether a touch is an answer of this conversation."""
    store.connect(settings)
    found = sql.one("SELECT 1 FROM touch WHERE id = %s AND conversation_id = %s", (touch_id, conversation_id))
    return found is not None


def mails_of(settings: Settings, conversation_id: int, limit: int) -> list[str]:
    """How the newest mails of a conversation are called (Message-IDs without brackets), the oldest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT reference FROM inbox_message WHERE conversation_id = %s AND reference <> '' "
        f"ORDER BY at_us DESC, id DESC LIMIT {int(limit)}",
        (conversation_id,),
    )
    return [str(reference) for (reference,) in reversed(rows)]


def last_incoming(settings: Settings, conversation_id: int) -> str:
    """What the customer's newest message is called in its conversation; "" without one."""
    store.connect(settings)
    row = sql.one(
        "SELECT message_key FROM inbox_message WHERE conversation_id = %s AND incoming "
        "ORDER BY at_us DESC, id DESC LIMIT 1",
        (conversation_id,),
    )
    return "" if row is None else str(row[0])


def has_mail(settings: Settings, source_id: int, conversation_key: str, reference: str) -> bool:
    """Whether a mail stands in a conversation already, since we sent it ourselves."""
    store.connect(settings)
    found = sql.one(
        "SELECT 1 FROM inbox_message m JOIN inbox_conversation c ON c.id = m.conversation_id "
        "WHERE c.source_id = %s AND c.key = %s AND m.reference = %s AND NOT m.incoming LIMIT 1",
        (source_id, conversation_key, reference),
    )
    return found is not None


def _reply(row: Any) -> Reply:
    from holdfast.store.written import from_json

    touch_id, state, author, text, asked_us, due_us, code, kept = row
    said = None if kept is None else from_json(json.loads(kept) if isinstance(kept, str) else kept)
    reason = said if isinstance(said, Text) else None
    return Reply(touch_id, state, author, text, asked_us, due_us, code, reason)
