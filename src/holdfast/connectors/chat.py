"""What a visitor of a website writes into our chat, as calls.

Anybody may type any name and address into it: they are told of the visitor, and prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from holdfast.connectors.webhooks import Call, filled, track

CHANNEL = "chat"
MOST_TEXT = 4_000
"""Characters of one message."""
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the ``visitor``: ``id`` is the browser's own, so that sending twice is saying once.

    ``anonymous`` is the id under which the website's own script knows the same browser, "" without one.
    """

    visitor: str
    id: str
    text: str
    name: str = ""
    email: str = ""
    page: str = ""
    anonymous: str = ""


def calls_of(said: Said, at: datetime) -> list[Call]:
    """Who says something (where that is told), and what."""
    key = f"chat:{said.visitor}:{said.id}"
    calls: list[Call] = []
    traits = filled({"name": said.name, "email": said.email})
    if traits or said.anonymous:
        who: Call = {
            "type": "identify",
            "userId": said.visitor,
            "traits": traits,
            "timestamp": at.isoformat(),
            "messageId": f"{key}:who",
        }
        calls.append(who | ({"anonymousId": said.anonymous} if said.anonymous else {}))
    properties = {
        "conversation_id": said.visitor,
        "object_kind": "conversation",
        "object_id": said.visitor,
        "code": CHANNEL,
        "channel": CHANNEL,
        "message_id": said.id,
        "text": said.text,
        "author": said.name,
        "address": said.email,
        "page": _page(said.page),
    }
    calls.append(track(said.visitor, "Message Received", at, key, properties))
    return calls


def _page(address: str) -> str:
    """The page on which it was written, without what may be secret in its address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:500]
