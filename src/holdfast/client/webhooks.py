"""Outgoing webhooks: which other systems are told what, and how it went.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Delivery(TypedDict):
    """A message on its way: waiting, delivered, failed (given up) or dropped (switched off)."""

    id: int
    message: str
    kind: str
    state: str
    tries: int
    status: int | None
    trouble: str
    made_at: str
    last_at: str | None


class Secret(TypedDict):
    """The secret with which messages are signed (Standard Webhooks), this once."""

    secret: str
    webhook: Webhook


class Sent(TypedDict):
    """The delivery that is on its way now."""

    delivery_id: int


class Webhook(TypedDict):
    """An address that is told. ``failing_since``: it has not worked since then."""

    id: int
    name: str
    url: str
    kinds: list[str]
    enabled: bool
    made_at: str
    made_by: str
    changed_at: str
    secret_changed_at: str | None
    worked_at: str | None
    failing_since: str | None
    switched_off_at: str | None


class Webhooks(TypedDict):
    """Every webhook, by name."""

    items: list[Webhook]


class WebhooksArea:
    """Outgoing webhooks: which other systems are told what, and how it went."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_webhooks(self) -> Webhooks:
        """List the webhooks."""
        return cast("Webhooks", self._connection.ask("GET", "/webhooks"))

    def create_webhook(self, *, name: str, url: str, kinds: list[str]) -> Secret:
        """Tell another system what happens; the secret is answered this once."""
        return cast(
            "Secret",
            self._connection.ask("POST", "/webhooks", body={"name": name, "url": url, "kinds": kinds}),
        )

    def get_webhook(self, webhook_id: int) -> Webhook:
        """Get one webhook."""
        return cast("Webhook", self._connection.ask("GET", f"/webhooks/{webhook_id}"))

    def update_webhook(
        self,
        webhook_id: int,
        *,
        name: str | LeftOut | None = LEFT_OUT,
        url: str | LeftOut | None = LEFT_OUT,
        kinds: list[str] | LeftOut | None = LEFT_OUT,
        enabled: bool | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Webhook:
        """Change a webhook, switch it on or off."""
        return cast(
            "Webhook",
            self._connection.ask(
                "PATCH",
                f"/webhooks/{webhook_id}",
                body={"name": name, "url": url, "kinds": kinds, "enabled": enabled},
                if_match=if_match,
            ),
        )

    def delete_webhook(self, webhook_id: int, *, if_match: str | None = None) -> None:
        """Tell a system nothing any more, and forget its deliveries."""
        self._connection.ask("DELETE", f"/webhooks/{webhook_id}", if_match=if_match)

    def list_deliveries(
        self,
        webhook_id: int,
        *,
        limit: int | None = None,
        state: Literal["", "delivered", "dropped", "failed", "waiting"] | None = None,
    ) -> Iterator[Delivery]:
        """List what a webhook was told in the last 30 days, the newest first."""
        return self._connection.pages(f"/webhooks/{webhook_id}/deliveries", {"limit": limit, "state": state})

    def resend_delivery(self, webhook_id: int, delivery_id: int) -> Sent:
        """Send a message once more, under the same number."""
        return cast(
            "Sent", self._connection.ask("POST", f"/webhooks/{webhook_id}/deliveries/{delivery_id}/resend")
        )

    def rotate_secret(self, webhook_id: int) -> Secret:
        """Make a new secret; for a day messages are signed with both."""
        return cast("Secret", self._connection.ask("POST", f"/webhooks/{webhook_id}/secret"))

    def try_webhook(self, webhook_id: int) -> Sent:
        """Send a message that says nothing but that it works."""
        return cast("Sent", self._connection.ask("POST", f"/webhooks/{webhook_id}/try"))
