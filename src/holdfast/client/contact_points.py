"""Addresses and telephone numbers of customers, and how good they are.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import Connection
from holdfast.client.shapes import Money


class ContactPoint(TypedDict):
    """An address or number; ``state`` is what was seen of it ("" before the first look)."""

    kind: str
    value: str
    source: str
    state: str
    used_at: str | None
    last_life_at: str | None
    bounced_at: str | None
    refused_at: str | None
    checked_at: str | None
    ended_at: str | None


class ContactPoints(TypedDict):
    """Every contact point of a customer, ended ones too."""

    items: list[ContactPoint]


class ListedPoint(TypedDict):
    """A contact point with whose it is and what they can still bring."""

    customer_id: int
    name: str
    standing: str
    country: str
    kind: str
    value: str
    state: str
    used_at: str | None
    bounced_at: str | None
    worth: Money


class ContactPointsArea:
    """Addresses and telephone numbers of customers, and how good they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_contact_points(
        self,
        *,
        limit: int | None = None,
        state: str | None = None,
        standing: str | None = None,
        country: str | None = None,
        owner_id: int | None = None,
    ) -> Iterator[ListedPoint]:
        """List contact points of all customers, those of the most valuable ones first."""
        return self._connection.pages(
            "/contact-points",
            {"limit": limit, "state": state, "standing": standing, "country": country, "owner_id": owner_id},
        )

    def list_points_of_customer(self, customer_id: int) -> ContactPoints:
        """List the contact points of a customer."""
        return cast("ContactPoints", self._connection.ask("GET", f"/customers/{customer_id}/contact-points"))

    def add_contact_point(
        self, customer_id: int, *, kind: Literal["email", "phone"], value: str
    ) -> ContactPoints:
        """Give a customer another address or number."""
        return cast(
            "ContactPoints",
            self._connection.ask(
                "POST", f"/customers/{customer_id}/contact-points", body={"kind": kind, "value": value}
            ),
        )

    def check_contact_point(
        self, customer_id: int, *, kind: Literal["email", "phone"], value: str
    ) -> ContactPoints:
        """Say that an address or number is right."""
        return cast(
            "ContactPoints",
            self._connection.ask(
                "POST", f"/customers/{customer_id}/contact-points/check", body={"kind": kind, "value": value}
            ),
        )

    def end_contact_point(
        self, customer_id: int, *, kind: Literal["email", "phone"], value: str
    ) -> ContactPoints:
        """Say that an address or number does not hold any more."""
        return cast(
            "ContactPoints",
            self._connection.ask(
                "POST", f"/customers/{customer_id}/contact-points/end", body={"kind": kind, "value": value}
            ),
        )

    def replace_contact_point(
        self, customer_id: int, *, kind: Literal["email", "phone"], value: str, instead: str
    ) -> ContactPoints:
        """Put another address or number in place of one, which stays known as ended."""
        return cast(
            "ContactPoints",
            self._connection.ask(
                "POST",
                f"/customers/{customer_id}/contact-points/replace",
                body={"kind": kind, "value": value, "instead": instead},
            ),
        )

    def restore_contact_point(
        self, customer_id: int, *, kind: Literal["email", "phone"], value: str
    ) -> ContactPoints:
        """Bring an ended address or number back."""
        return cast(
            "ContactPoints",
            self._connection.ask(
                "POST",
                f"/customers/{customer_id}/contact-points/restore",
                body={"kind": kind, "value": value},
            ),
        )
