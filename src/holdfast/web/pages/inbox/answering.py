"""Answering in a conversation, in the reader's words: the box, and the answers that are on their way."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast.domain.texts import Text
from holdfast.domain.touch import STATES
from holdfast.language import Reader
from holdfast.services.collect.inbox import answering as service
from holdfast.store import replies
from holdfast.store.inbox import Conversation
from holdfast.store.replies import Reply
from holdfast.web.access import WRITERS, may
from holdfast.web.reading import Request

SHOWN = 20
"""Answers on their way that a conversation shows."""

_MOVING = ("waiting", "claimed")


@dataclass(frozen=True, slots=True)
class ShownReply:
    """An answer on its way; ``wrong`` says that it did not go by itself."""

    touch_id: int
    author: str
    text: str
    state: str
    wrong: bool
    may_undo: bool
    may_retry: bool


def box(request: Request, talk: Conversation, *, draft: str = "") -> dict[str, Any]:
    """What the templates of answering need: where it goes, what was begun, what is on its way."""
    workspace, reader = request.workspace, request.reader
    way = service.way(workspace, talk) if may(request.user, WRITERS) else None
    called_off = request.GET.get("again", "")
    if not draft and called_off.isascii() and called_off.isdigit() and len(called_off) < 19:
        draft = replies.called_off(workspace, talk.id, int(called_off))
    return {
        "answer_way": way,
        "most": service.LONGEST[way] if way else 0,
        "draft": draft,
        "answer_key": secrets.token_urlsafe(9),
        "undo_seconds": service.UNDO_SECONDS,
    } | shown(request, talk.id, reader)


def shown(request: Request, conversation_id: int, reader: Reader) -> dict[str, Any]:
    """The answers of a conversation that are on their way, and whether to ask again."""
    found = replies.open_replies(request.workspace, conversation_id, SHOWN)
    return {
        "replies": _shown(found, reader, may_write=may(request.user, WRITERS)),
        "moving": any(each.state in _MOVING for each in found),
        "replies_of": conversation_id,
    }


def _shown(found: Sequence[Reply], reader: Reader, *, may_write: bool) -> list[ShownReply]:
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    return [
        ShownReply(
            each.touch_id,
            each.author,
            each.text,
            _state(each, now_us, reader),
            each.state not in _MOVING,
            may_write and each.state in ("waiting", "held"),
            may_write and each.state in ("failed", "refused", "unknown"),
        )
        for each in found
    ]


def _state(reply: Reply, now_us: int, reader: Reader) -> str:
    if reply.state == "waiting" and reply.due_us > now_us and not reply.code:
        left = -(-(reply.due_us - now_us) // 1_000_000)
        return reader.say(Text("goes in {n} second", "goes in {n} seconds", n=left))
    said = reader.say(STATES[reply.state])  # type: ignore[index]
    return f"{said}: {reader.say(reply.reason)}" if reply.reason is not None else said
