"""Cases: complaints and requests until they are put right.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import History, Money


class Case(TypedDict):
    """A complaint or request until it is put right; ``due_at`` is what was promised."""

    id: int
    title: str
    kind: str
    text: str
    priority: int
    state: str
    customer_id: int
    conversation_id: int | None
    owner_id: int | None
    owner: str
    due_at: str | None
    made_at: str
    made_by: str
    moved_at: str
    solved_at: str | None
    closed_at: str | None
    outcome: str
    reason: str


class Wish(TypedDict):
    """A feature that ``customers`` want, who bring ``yearly`` together; ``waiting`` cases are under way.

    ``promised_at`` is the first moment that was promised to one of these. ``outcome`` and ``reason`` are
    the newest answer, "" before there was one.
    """

    title: str
    customers: int
    yearly: Money
    waiting: int
    promised_at: str | None
    outcome: str
    reason: str


class Wishes(TypedDict):
    """Every wish: those that wait first, then by the money of who wants it."""

    items: list[Wish]


class CasesArea:
    """Cases: complaints and requests until they are put right."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_cases(
        self,
        *,
        limit: int | None = None,
        state: Literal["", "closed", "open", "solved", "under_way", "waiting"] | None = None,
        owner_id: int | None = None,
        customer_id: int | None = None,
        kind: Literal["complaint", "fault", "question", "request", "wish"] | None = None,
        due_before: str | None = None,
        search: str | None = None,
    ) -> Iterator[Case]:
        """List cases: those under way as they are promised, others what moved last first."""
        return self._connection.pages(
            "/cases",
            {
                "limit": limit,
                "state": state,
                "owner_id": owner_id,
                "customer_id": customer_id,
                "kind": kind,
                "due_before": due_before,
                "search": search,
            },
        )

    def create_case(
        self,
        *,
        customer_id: int,
        title: str,
        kind: Literal["complaint", "fault", "question", "request", "wish"] | LeftOut = LEFT_OUT,
        text: str | LeftOut = LEFT_OUT,
        priority: int | LeftOut = LEFT_OUT,
        owner_id: int | LeftOut | None = LEFT_OUT,
        due_at: str | LeftOut | None = LEFT_OUT,
        conversation_id: int | LeftOut | None = LEFT_OUT,
        key: str | LeftOut | None = LEFT_OUT,
    ) -> Case:
        """Open a case."""
        return cast(
            "Case",
            self._connection.ask(
                "POST",
                "/cases",
                body={
                    "customer_id": customer_id,
                    "title": title,
                    "kind": kind,
                    "text": text,
                    "priority": priority,
                    "owner_id": owner_id,
                    "due_at": due_at,
                    "conversation_id": conversation_id,
                    "key": key,
                },
            ),
        )

    def get_case(self, case_id: int) -> Case:
        """Get one case."""
        return cast("Case", self._connection.ask("GET", f"/cases/{case_id}"))

    def update_case(
        self,
        case_id: int,
        *,
        title: str | LeftOut = LEFT_OUT,
        text: str | LeftOut = LEFT_OUT,
        priority: int | LeftOut = LEFT_OUT,
        owner_id: int | LeftOut | None = LEFT_OUT,
        due_at: str | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Case:
        """Give a case another title, text, priority, owner or promise."""
        return cast(
            "Case",
            self._connection.ask(
                "PATCH",
                f"/cases/{case_id}",
                body={
                    "title": title,
                    "text": text,
                    "priority": priority,
                    "owner_id": owner_id,
                    "due_at": due_at,
                },
                if_match=if_match,
            ),
        )

    def comment_case(self, case_id: int, *, text: str) -> History:
        """Write something below a case."""
        return cast(
            "History", self._connection.ask("POST", f"/cases/{case_id}/comments", body={"text": text})
        )

    def list_case_history(self, case_id: int) -> History:
        """List what happened with a case."""
        return cast("History", self._connection.ask("GET", f"/cases/{case_id}/history"))

    def step_case(
        self,
        case_id: int,
        *,
        step: Literal["close", "reopen", "solve", "wait"],
        outcome: Literal[
            "", "built", "explained", "made_good", "no_answer", "not_possible", "put_right", "way_round"
        ]
        | LeftOut = LEFT_OUT,
        reason: str | LeftOut = LEFT_OUT,
    ) -> Case:
        """Let a case wait for the customer, be solved, be closed, or be opened again."""
        return cast(
            "Case",
            self._connection.ask(
                "POST", f"/cases/{case_id}/steps", body={"step": step, "outcome": outcome, "reason": reason}
            ),
        )

    def list_wishes(self) -> Wishes:
        """List wishes for features, cases of the kind "wish" by their title, with the money behind each."""
        return cast("Wishes", self._connection.ask("GET", "/wishes"))
