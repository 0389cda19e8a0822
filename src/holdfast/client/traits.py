"""What is said of customers: traits with their history, needs, calls and visits.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import Money


class AllSaid(TypedDict):
    """Everything that was said, of each trait the newest first."""

    items: list[Said]


class Gap(TypedDict):
    """A customer of whom not all needs are known."""

    customer_id: int
    name: str
    state: str
    country: str
    known: int
    fields: int
    amount: Money


class Need(TypedDict):
    """A field of the needs profile with what is known, and the question that fills it."""

    key: str
    name: str
    question: str
    value: str | None
    said_at: str | None


class Needs(TypedDict):
    """The needs profile of a customer."""

    items: list[Need]


class Said(TypedDict):
    """What a trait was from a moment on; ``by`` is who of us said it, "" for a source."""

    trait: str
    value: str
    since: str
    source: str
    by: str


class TraitsArea:
    """What is said of customers: traits with their history, needs, calls and visits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def log_contact(
        self,
        customer_id: int,
        *,
        contact: Literal["call_made", "call_received", "visit_made", "visit_received"],
        outcome: str | LeftOut = LEFT_OUT,
        text: str | LeftOut = LEFT_OUT,
        at: str | LeftOut | None = LEFT_OUT,
    ) -> None:
        """Write down a call or a visit; it is an event of the customer within moments."""
        self._connection.ask(
            "POST",
            f"/customers/{customer_id}/contacts",
            body={"contact": contact, "outcome": outcome, "text": text, "at": at},
        )

    def list_needs(self, customer_id: int) -> Needs:
        """Get the needs profile of a customer."""
        return cast("Needs", self._connection.ask("GET", f"/customers/{customer_id}/needs"))

    def list_traits(self, customer_id: int) -> AllSaid:
        """List everything that was said of a customer."""
        return cast("AllSaid", self._connection.ask("GET", f"/customers/{customer_id}/traits"))

    def set_trait(self, customer_id: int, trait: str, *, value: str) -> None:
        """Say something about a customer from now on; what was said before is kept.

        Fields of the needs profile are traits that begin with `need.`.
        """
        self._connection.ask(
            "PUT", f"/customers/{customer_id}/traits/{quote(trait, safe='')}", body={"value": value}
        )

    def list_gaps(self, *, limit: int | None = None, owner_id: int | None = None) -> Iterator[Gap]:
        """List the customers of whom not all needs are known, who spent most first."""
        return self._connection.pages("/needs/gaps", {"limit": limit, "owner_id": owner_id})
