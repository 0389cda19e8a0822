"""Which ids are the same customer: probable duplicates, merges and what undoes them.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast

from holdfast.client.connection import Connection


class CustomerName(TypedDict):
    """A customer by number and name."""

    id: int
    name: str


class Duplicate(TypedDict):
    """Two customers who may be one: how probable, and what speaks for it."""

    left: CustomerName
    right: CustomerName
    score: float
    reasons: list[str]
    found_at: str


class Identities(TypedDict):
    """Every id of a customer."""

    items: list[Identity]


class Identity(TypedDict):
    """An id under which a customer arrived."""

    id: int
    namespace: str
    key: str


class Merge(TypedDict):
    """What one of us said: that customers are one, or are not."""

    id: int
    kind: str
    customer_ids: list[int]
    at: str
    by: str
    reasons: list[str]
    score: float | None
    undone_at: str | None
    undone_by: str


class TakenOut(TypedDict):
    """The customers that there are now."""

    customer_ids: list[int]


class Undone(TypedDict):
    """What became of an undo: ``still_one`` where something else holds the customers together."""

    still_one: bool


class IdentityArea:
    """Which ids are the same customer: probable duplicates, merges and what undoes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_ids(self, customer_id: int) -> Identities:
        """List the ids under which a customer arrived."""
        return cast("Identities", self._connection.ask("GET", f"/customers/{customer_id}/ids"))

    def take_out_ids(self, customer_id: int, *, ids: list[int]) -> TakenOut:
        """Make a customer of its own of some of the ids."""
        return cast(
            "TakenOut",
            self._connection.ask("POST", f"/customers/{customer_id}/ids/take-out", body={"ids": ids}),
        )

    def list_duplicates(self, *, limit: int | None = None) -> Iterator[Duplicate]:
        """List probable duplicates, the most probable first."""
        return self._connection.pages("/duplicates", {"limit": limit})

    def say_different(self, *, left_id: int, right_id: int) -> None:
        """Remember that two customers are not the same."""
        self._connection.ask("POST", "/duplicates/different", body={"left_id": left_id, "right_id": right_id})

    def list_merges(self, *, limit: int | None = None) -> Iterator[Merge]:
        """List what people merged and took apart, the newest first."""
        return self._connection.pages("/merges", {"limit": limit})

    def merge_customers(self, *, customer_ids: list[int]) -> Merge:
        """Say that customers are one."""
        return cast("Merge", self._connection.ask("POST", "/merges", body={"customer_ids": customer_ids}))

    def get_merge(self, merge_id: int) -> Merge:
        """Get one merge."""
        return cast("Merge", self._connection.ask("GET", f"/merges/{merge_id}"))

    def undo_merge(self, merge_id: int) -> Undone:
        """Undo a merge."""
        return cast("Undone", self._connection.ask("POST", f"/merges/{merge_id}/undo"))
