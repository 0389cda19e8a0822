"""Messages out: what was sent or waits, what customers agreed to, addresses to which nothing goes.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class ConsentStatement(TypedDict):
    """What a customer said about messages: given or withdrawn, with the proof. The last word counts."""

    topic: str
    channel: str
    given: bool
    at: str
    how: str
    wording: str
    by: str
    source: str


class ConsentStatements(TypedDict):
    """Everything that a customer said about messages, the oldest first."""

    items: list[ConsentStatement]


class Suppressed(TypedDict):
    """An address to which nothing goes, shown in part; only its keyed hash is kept."""

    id: int
    channel: str
    address: str
    reason: str
    note: str
    at: str
    by: str


class SuppressedNow(TypedDict):
    """Whether anything is another now."""

    changed: bool


class Touch(TypedDict):
    """One message: what became of it, and why."""

    id: int
    purpose: str
    channel: str
    state: str
    address: str
    customer_id: int | None
    title: str
    asked_at: str
    due_at: str
    tries: int
    code: str
    reason: str | None
    changed_at: str


class MessagesArea:
    """Messages out: what was sent or waits, what customers agreed to, addresses to which nothing goes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_consent(self, customer_id: int) -> ConsentStatements:
        """List what a customer said about messages."""
        return cast("ConsentStatements", self._connection.ask("GET", f"/customers/{customer_id}/consent"))

    def say_consent(
        self,
        customer_id: int,
        *,
        given: bool,
        topic: Literal["", "greetings", "news", "offers", "surveys"] | LeftOut = LEFT_OUT,
        channel: Literal["", "chat", "email", "in_app", "sms", "telegram", "whatsapp"] | LeftOut = LEFT_OUT,
        wording: str | LeftOut = LEFT_OUT,
        at: str | LeftOut | None = LEFT_OUT,
    ) -> ConsentStatements:
        """Write down what a customer said to your program: that they agree, or do not any more."""
        return cast(
            "ConsentStatements",
            self._connection.ask(
                "POST",
                f"/customers/{customer_id}/consent",
                body={"given": given, "topic": topic, "channel": channel, "wording": wording, "at": at},
            ),
        )

    def list_touches(
        self,
        *,
        limit: int | None = None,
        state: Literal["", "cancelled", "claimed", "failed", "held", "refused", "sent", "unknown", "waiting"]
        | None = None,
        channel: Literal["", "chat", "email", "in_app", "sms", "telegram", "webhook", "whatsapp"]
        | None = None,
        purpose: Literal["", "legal", "marketing", "service", "staff"] | None = None,
        customer_id: int | None = None,
    ) -> Iterator[Touch]:
        """List messages out, the newest first.

        Who works with customers asks for those of one customer; who decides sees all of them.
        """
        return self._connection.pages(
            "/messages",
            {
                "limit": limit,
                "state": state,
                "channel": channel,
                "purpose": purpose,
                "customer_id": customer_id,
            },
        )

    def list_suppressed(self, *, limit: int | None = None) -> Iterator[Suppressed]:
        """List the addresses to which nothing goes, the newest first."""
        return self._connection.pages("/suppressed", {"limit": limit})

    def suppress(self, *, address: str, note: str | LeftOut = LEFT_OUT) -> SuppressedNow:
        """Let nothing go to an address any more."""
        return cast(
            "SuppressedNow",
            self._connection.ask("POST", "/suppressed", body={"address": address, "note": note}),
        )

    def lift_suppression(self, number: int, *, note: str) -> None:
        """Take an address off the list, with the reason."""
        self._connection.ask("POST", f"/suppressed/{number}/lift", body={"note": note})
