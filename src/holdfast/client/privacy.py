"""What is known of a person, handed over or erased; for how long events are kept.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class AllKept(TypedDict):
    """Every rule; what none names is kept."""

    items: list[Kept]


class Erasure(TypedDict):
    """An erasure and how far it is; ``left`` are traces that the scan still found (null: not scanned)."""

    id: int
    kind: str
    state: str
    words: str
    asked_at: str
    asked_by: str
    rows: dict[str, int]
    events: int
    scanned_at: str | None
    left: int | None
    lifted_at: str | None
    remarks: list[str]


class Erasures(TypedDict):
    """Every erasure, the newest first."""

    items: list[Erasure]


class Kept(TypedDict):
    """Events of a sort are kept for so many days; ``older`` are so many now."""

    what: str
    words: str
    days: int
    older: int
    changed_at: str
    changed_by: str


class Planned(TypedDict):
    """What there is to hand over or to erase; ``name`` is typed to erase."""

    name: str
    kind: str
    rows: dict[str, int]
    contacts: int


class PrivacyArea:
    """What is known of a person, handed over or erased; for how long events are kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan_erasure(self, customer_id: int, *, contacts: bool | None = None) -> Planned:
        """See what is kept about a customer."""
        return cast(
            "Planned",
            self._connection.ask("GET", f"/customers/{customer_id}/data", query={"contacts": contacts}),
        )

    def export_customer(self, customer_id: int, *, contacts: bool | None = None) -> bytes:
        """Fetch everything that is known about a customer as a ZIP file."""
        return cast(
            bytes,
            self._connection.ask(
                "GET", f"/customers/{customer_id}/data/everything.zip", query={"contacts": contacts}
            ),
        )

    def erase_customer(self, customer_id: int, *, name: str, contacts: bool | LeftOut = LEFT_OUT) -> Erasure:
        """Erase a customer: everywhere, and proven by a scan afterwards.

        This cannot be undone. The name is a check that the right one is meant.
        """
        return cast(
            "Erasure",
            self._connection.ask(
                "POST", f"/customers/{customer_id}/erase", body={"name": name, "contacts": contacts}
            ),
        )

    def list_erasures(self) -> Erasures:
        """List the erasures."""
        return cast("Erasures", self._connection.ask("GET", "/erasures"))

    def get_erasure(self, number: int) -> Erasure:
        """Get one erasure."""
        return cast("Erasure", self._connection.ask("GET", f"/erasures/{number}"))

    def lift_erasure(self, number: int) -> Erasure:
        """Let in again what arrives under the ids of an erasure."""
        return cast("Erasure", self._connection.ask("POST", f"/erasures/{number}/lift"))

    def list_retention(self) -> AllKept:
        """List for how long events are kept."""
        return cast("AllKept", self._connection.ask("GET", "/retention"))

    def set_retention(self, what: str, *, days: int) -> None:
        """Decide for how long events of a name, or of a group (`group:browsing`), are kept."""
        self._connection.ask("PUT", f"/retention/{quote(what, safe='')}", body={"days": days})

    def remove_retention(self, what: str) -> None:
        """Keep events of a sort for ever again."""
        self._connection.ask("DELETE", f"/retention/{quote(what, safe='')}")
