"""The inbox: conversations with customers and what was said in them.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Attachment(TypedDict):
    """A file that came along; its bytes are not kept here."""

    name: str
    media_type: str
    bytes: int | None


class Conversation(TypedDict):
    """A conversation; ``waiting`` says that the customer has the last word."""

    id: int
    channel: str
    title: str
    author: str
    address: str
    customer_id: int
    customer: str | None
    state: str
    snoozed_until: str | None
    owner_id: int | None
    owner: str
    unread: int
    messages: int
    waiting: bool
    first_at: str
    last_at: str
    preview: str


class Message(TypedDict):
    """What was said."""

    id: int
    at: str
    incoming: bool
    author: str
    text: str
    edited_at: str | None
    attachments: list[Attachment]


class InboxArea:
    """The inbox: conversations with customers and what was said in them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_conversations(
        self,
        *,
        limit: int | None = None,
        state: Literal["", "closed", "open", "snoozed"] | None = None,
        channel: str | None = None,
        owner_id: int | None = None,
        customer_id: int | None = None,
        search: str | None = None,
    ) -> Iterator[Conversation]:
        """List conversations, the newest first."""
        return self._connection.pages(
            "/conversations",
            {
                "limit": limit,
                "state": state,
                "channel": channel,
                "owner_id": owner_id,
                "customer_id": customer_id,
                "search": search,
            },
        )

    def get_conversation(self, conversation_id: int) -> Conversation:
        """Get one conversation."""
        return cast("Conversation", self._connection.ask("GET", f"/conversations/{conversation_id}"))

    def update_conversation(
        self,
        conversation_id: int,
        *,
        state: Literal["closed", "open", "three_days", "tomorrow", "week"] | LeftOut | None = LEFT_OUT,
        owner_id: int | LeftOut | None = LEFT_OUT,
        read_up_to: int | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Conversation:
        """Close a conversation, open it, put it off, give it to somebody, say up to where it was read."""
        return cast(
            "Conversation",
            self._connection.ask(
                "PATCH",
                f"/conversations/{conversation_id}",
                body={"state": state, "owner_id": owner_id, "read_up_to": read_up_to},
                if_match=if_match,
            ),
        )

    def link_conversation(self, conversation_id: int, *, customer_id: int) -> Conversation:
        """Say that who writes is a customer we know; it can be undone with the merges."""
        return cast(
            "Conversation",
            self._connection.ask(
                "POST", f"/conversations/{conversation_id}/customer", body={"customer_id": customer_id}
            ),
        )

    def list_messages(self, conversation_id: int, *, limit: int | None = None) -> Iterator[Message]:
        """List what was said, the newest first."""
        return self._connection.pages(f"/conversations/{conversation_id}/messages", {"limit": limit})
