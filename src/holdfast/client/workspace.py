"""The workspace itself: how it is set, who is here, what was done.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypedDict, cast

from holdfast.client.connection import Connection


class Caller(TypedDict):
    """Who calls: the key, what it opens, and whom it acts for."""

    key: str
    scope: str
    role: str
    person_id: int | None
    email: str
    only_own_customers: bool
    expires_at: str | None


class Colleague(TypedDict):
    """One of our own people."""

    id: int
    name: str
    email: str
    role: str
    active: bool


class Colleagues(TypedDict):
    """Everybody, who may sign in first."""

    items: list[Colleague]


class Noted(TypedDict):
    """A note of the audit trail: who saw or changed what. Each note's hash covers the one before.

    ``details`` are null where the customer was erased.
    """

    position: int
    at: str
    person_id: int | None
    person: str
    via: str
    did: str
    sort: str
    about: str
    details: dict[str, Any] | None
    hash: str


class Workspace(TypedDict):
    """How this workspace is set, and when its figures were last computed."""

    name: str
    version: str
    api_version: str
    currency: str
    timezone: str
    calendar: str
    unit: str
    lost_rule: str
    horizon_days: int
    now: str
    measured_until: str | None
    measured_at: str | None


class WorkspaceArea:
    """The workspace itself: how it is set, who is here, what was done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_audit(
        self,
        *,
        limit: int | None = None,
        person_id: int | None = None,
        customer_id: int | None = None,
        sort: Literal["", "changed", "saw", "signed"] | None = None,
        start: str | None = None,
        end: str | None = None,
    ) -> Iterator[Noted]:
        """List the audit trail, the newest note first."""
        return self._connection.pages(
            "/audit",
            {
                "limit": limit,
                "person_id": person_id,
                "customer_id": customer_id,
                "sort": sort,
                "start": start,
                "end": end,
            },
        )

    def get_caller(self) -> Caller:
        """See what this key opens."""
        return cast("Caller", self._connection.ask("GET", "/me"))

    def list_people(self) -> Colleagues:
        """List our own people."""
        return cast("Colleagues", self._connection.ask("GET", "/people"))

    def get_workspace(self) -> Workspace:
        """Get how this workspace is set."""
        return cast("Workspace", self._connection.ask("GET", "/workspace"))
