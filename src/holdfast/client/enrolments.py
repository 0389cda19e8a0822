"""Who is in plays, how each went, and what customers were granted.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection


class EnrolAnswer(TypedDict):
    """How many entered, by arm."""

    treated: int
    held_out: int


class Enrolment(TypedDict):
    """One customer's way through a play."""

    id: int
    play: str
    version: int
    customer_id: int
    name: str
    round: int
    arm: str
    state: str
    entered_at: str
    reason: dict[str, Any]
    step: str
    ended_at: str | None
    ended_why: str
    goal_at: str | None


class EnrolmentWay(TypedDict):
    """An enrolment, and what happened at each step."""

    enrolment: Enrolment
    steps: list[WayStep]


class Enrolments(TypedDict):
    """The plays of a customer, the latest first."""

    items: list[Enrolment]


class Grant(TypedDict):
    """Something granted to a customer; ``amount`` in ``unit``: money in minor units of ``currency``."""

    id: int
    kind: str
    amount: int
    unit: str
    currency: str
    reason: str
    made_at: str
    made_by: str
    until_at: str | None
    task_id: int | None
    state: str


class Grants(TypedDict):
    """What a customer was granted, the latest first."""

    items: list[Grant]


class WayStep(TypedDict):
    """What happened at one step."""

    step: str
    at: str
    what: str
    code: str
    because: str


class EnrolmentsArea:
    """Who is in plays, how each went, and what customers were granted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_customer_enrolments(self, customer_id: int) -> Enrolments:
        """List the plays of a customer, the latest first."""
        return cast("Enrolments", self._connection.ask("GET", f"/customers/{customer_id}/enrolments"))

    def list_customer_grants(self, customer_id: int) -> Grants:
        """List what a customer was granted, the latest first."""
        return cast("Grants", self._connection.ask("GET", f"/customers/{customer_id}/grants"))

    def settle_grant(self, customer_id: int, grant_id: int, *, state: str) -> Grants:
        """Say that a grant was booked, or that it is withdrawn."""
        return cast(
            "Grants",
            self._connection.ask(
                "POST", f"/customers/{customer_id}/grants/{grant_id}", body={"state": state}
            ),
        )

    def get_enrolment(self, enrolment_id: int) -> EnrolmentWay:
        """Get one customer's way through a play, with what happened at each step and why."""
        return cast("EnrolmentWay", self._connection.ask("GET", f"/enrolments/{enrolment_id}"))

    def list_enrolments(
        self, key: str, *, limit: int | None = None, state: str | None = None
    ) -> Iterator[Enrolment]:
        """List who is or was in a play, the latest first."""
        return self._connection.pages(
            f"/plays/{quote(key, safe='')}/enrolments", {"limit": limit, "state": state}
        )

    def enrol_customers(self, key: str, *, customer_ids: list[int]) -> EnrolAnswer:
        """Enrol customers into a running play by hand."""
        return cast(
            "EnrolAnswer",
            self._connection.ask(
                "POST", f"/plays/{quote(key, safe='')}/enrolments", body={"customer_ids": customer_ids}
            ),
        )
