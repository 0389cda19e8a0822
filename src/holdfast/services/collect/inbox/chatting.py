"""The chat on a website: take what a visitor says, and tell what was said so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from holdfast.connectors.chat import Said, calls_of
from holdfast.domain.moments import microseconds
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.inbox.setting_up import CHAT
from holdfast.services.full_disk import refused_when_full
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.inbox import Message
    from holdfast.store.live_sources import LiveSource

SHOWN = 50
"""Messages that one answer tells."""


def chat_called(settings: Settings, name: str) -> LiveSource | None:
    """The chat of that name, if there is one and it is switched on."""
    from holdfast.store import live_sources

    source = live_sources.by_name(settings, name)
    return source if source is not None and source.kind == CHAT and source.enabled else None


def take(settings: Settings, source: LiveSource, said: Said, *, now: datetime) -> None:
    """Keep what a visitor says. When this returns it is on disk. Refuses ("disk_full") a full one.

    It counts as said by a public key: it may make somebody known, and joins no two known people.
    """
    calls = calls_of(said, now)
    body = msgspec.json.encode({"batch": calls})
    with refused_when_full(settings):
        accept(settings, source.id, body, events=len(calls), received_us=microseconds(now), browser=True)


def told(settings: Settings, source: LiveSource, visitor: str, after_id: int) -> Sequence[Message]:
    """What was said in a visitor's conversation after a message, or lately (0); nothing before the first."""
    from holdfast.store import inbox

    found = inbox.by_key(settings, source.id, visitor)
    if found is None:
        return ()
    if after_id:
        return inbox.messages_since(settings, found.id, after_id, SHOWN)
    return inbox.messages(settings, found.id, SHOWN)
