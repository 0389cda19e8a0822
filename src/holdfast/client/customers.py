"""Customers: the list, one of them, what happened, who looks after them.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import Connection
from holdfast.client.shapes import CustomerRow, Money


class Customer(TypedDict):
    """Everything that is known of one customer, in short; the rest lies below its address."""

    id: int
    name: str
    ids: list[str]
    emails: list[str]
    phones: list[str]
    traits: dict[str, str]
    listed: CustomerRow | None
    first_at: str | None
    last_at: str | None
    orders: int
    revenue: list[Money]
    owner: Owner | None
    segments: list[Membership]
    silences: list[Quiet]


class Facets(TypedDict):
    """For each column how many customers each of its most frequent values would leave."""

    state: dict[str, int]
    country: dict[str, int]
    source: dict[str, int]
    kind: dict[str, int]


class Found(TypedDict):
    """The numbers of customers who are named so; several where it fits several."""

    ids: list[int]


class Happened(TypedDict):
    """One event. ``amount`` is signed as it counts; ``text`` what was written with it."""

    key: str
    at: str
    name: str
    source: str | None
    object_kind: str | None
    object_id: str | None
    amount: Money | None
    quantity: str | None
    product_id: str | None
    code: str | None
    score: float | None
    promised_at: str | None
    text: str | None
    details: str | None


class Membership(TypedDict):
    """A segment that a customer is in."""

    key: str
    title: str
    since: str


class Owner(TypedDict):
    """Who looks after a customer, and through which account where it is not said of the customer itself."""

    person: Person | None
    since: str
    set_by: str
    account_id: int | None


class Person(TypedDict):
    """One of our own people."""

    id: int
    email: str
    name: str


class Quiet(TypedDict):
    """A silence that is longer than this customer's habit."""

    start_on: str
    end_on: str
    days: int
    usual_days: float
    goes_on: bool


class CustomersArea:
    """Customers: the list, one of them, what happened, who looks after them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_all_customers(
        self,
        *,
        limit: int | None = None,
        search: str | None = None,
        state: str | None = None,
        country: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        segment: str | None = None,
        sort: Literal["amount", "last", "name", "orders"] | None = None,
        order: Literal["ascending", "descending"] | None = None,
    ) -> Iterator[CustomerRow]:
        """List customers.

        Narrowed by what is known of them, by a search, by a segment; sorted by one column and then by
        number. A search that fits very many is answered in the order of their numbers.
        """
        return self._connection.pages(
            "/customers",
            {
                "limit": limit,
                "search": search,
                "state": state,
                "country": country,
                "source": source,
                "kind": kind,
                "segment": segment,
                "sort": sort,
                "order": order,
            },
        )

    def count_customers(
        self,
        *,
        search: str | None = None,
        state: str | None = None,
        country: str | None = None,
        source: str | None = None,
        kind: str | None = None,
    ) -> Facets:
        """Count customers by state, country, source and kind.

        Each column is counted under the filters of the other ones.
        """
        return cast(
            "Facets",
            self._connection.ask(
                "GET",
                "/customers/counts",
                query={"search": search, "state": state, "country": country, "source": source, "kind": kind},
            ),
        )

    def find_customers(self, *, wanted: str) -> Found:
        """Find the numbers of customers by an id, an address or a name."""
        return cast("Found", self._connection.ask("GET", "/customers/find", query={"wanted": wanted}))

    def get_customer(self, customer_id: int) -> Customer:
        """Get one customer."""
        return cast("Customer", self._connection.ask("GET", f"/customers/{customer_id}"))

    def list_events(
        self,
        customer_id: int,
        *,
        limit: int | None = None,
        kind: Literal["messages", "orders", "ours", "payments", "surveys", "tickets", "visits"] | None = None,
    ) -> Iterator[Happened]:
        """List what happened with a customer, the newest first.

        A stretch ends between two moments: it may hold somewhat more or fewer than were asked for.
        """
        return self._connection.pages(f"/customers/{customer_id}/events", {"limit": limit, "kind": kind})

    def set_owner(self, customer_id: int, *, person_id: int | None) -> None:
        """Say who looks after a customer."""
        self._connection.ask("PUT", f"/customers/{customer_id}/owner", body={"person_id": person_id})
