"""Tasks of our own people.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import History


class Task(TypedDict):
    """Work for one of our people; ``outcome`` and ``reason`` say how it ended.

    ``script`` is the key of what to say, ``minutes`` how long it took, where somebody said so.
    """

    id: int
    title: str
    kind: str
    text: str
    priority: int
    state: str
    customer_id: int | None
    conversation_id: int | None
    case_id: int | None
    origin: str
    owner_id: int | None
    owner: str
    due_at: str | None
    snoozed_until: str | None
    made_at: str
    made_by: str
    closed_at: str | None
    closed_by: str
    outcome: str
    reason: str
    script: str
    minutes: int | None


class TaskEnded(TypedDict):
    """The task that is over, and the number of the one that tries again, if one does."""

    task: Task
    again_id: int | None


class TasksArea:
    """Tasks of our own people."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_tasks(
        self,
        *,
        limit: int | None = None,
        state: Literal["", "done", "dropped", "open", "snoozed"] | None = None,
        owner_id: int | None = None,
        customer_id: int | None = None,
        kind: Literal["call", "check", "message", "note", "offer", "other", "visit"] | None = None,
        due_before: str | None = None,
        search: str | None = None,
        sort: Literal["due", "value_at_risk"] | None = None,
    ) -> Iterator[Task]:
        """List tasks: open ones as they are due or by value at risk, others the last closed first."""
        return self._connection.pages(
            "/tasks",
            {
                "limit": limit,
                "state": state,
                "owner_id": owner_id,
                "customer_id": customer_id,
                "kind": kind,
                "due_before": due_before,
                "search": search,
                "sort": sort,
            },
        )

    def create_task(
        self,
        *,
        title: str,
        kind: Literal["call", "check", "message", "note", "offer", "other", "visit"] | LeftOut = LEFT_OUT,
        text: str | LeftOut = LEFT_OUT,
        priority: int | LeftOut = LEFT_OUT,
        owner_id: int | LeftOut | None = LEFT_OUT,
        due_at: str | LeftOut | None = LEFT_OUT,
        customer_id: int | LeftOut | None = LEFT_OUT,
        conversation_id: int | LeftOut | None = LEFT_OUT,
        case_id: int | LeftOut | None = LEFT_OUT,
        script: str | LeftOut = LEFT_OUT,
        key: str | LeftOut | None = LEFT_OUT,
    ) -> Task:
        """Make a task."""
        return cast(
            "Task",
            self._connection.ask(
                "POST",
                "/tasks",
                body={
                    "title": title,
                    "kind": kind,
                    "text": text,
                    "priority": priority,
                    "owner_id": owner_id,
                    "due_at": due_at,
                    "customer_id": customer_id,
                    "conversation_id": conversation_id,
                    "case_id": case_id,
                    "script": script,
                    "key": key,
                },
            ),
        )

    def get_task(self, task_id: int) -> Task:
        """Get one task."""
        return cast("Task", self._connection.ask("GET", f"/tasks/{task_id}"))

    def update_task(
        self,
        task_id: int,
        *,
        title: str | LeftOut = LEFT_OUT,
        text: str | LeftOut = LEFT_OUT,
        priority: int | LeftOut = LEFT_OUT,
        owner_id: int | LeftOut | None = LEFT_OUT,
        due_at: str | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Task:
        """Give a task another title, text, priority, owner or moment."""
        return cast(
            "Task",
            self._connection.ask(
                "PATCH",
                f"/tasks/{task_id}",
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

    def end_call(
        self,
        task_id: int,
        *,
        outcome: Literal[
            "bad_day", "helped", "not_reached", "not_to_be_called", "other", "reached", "wants_to_leave"
        ],
        note: str | LeftOut = LEFT_OUT,
        try_again_days: int | LeftOut | None = LEFT_OUT,
        minutes: int | LeftOut | None = LEFT_OUT,
    ) -> TaskEnded:
        """Say what came of a call or a visit: it is an event of the customer, and what follows is done."""
        return cast(
            "TaskEnded",
            self._connection.ask(
                "POST",
                f"/tasks/{task_id}/came",
                body={"outcome": outcome, "note": note, "try_again_days": try_again_days, "minutes": minutes},
            ),
        )

    def comment_task(self, task_id: int, *, text: str) -> History:
        """Write something below a task."""
        return cast(
            "History", self._connection.ask("POST", f"/tasks/{task_id}/comments", body={"text": text})
        )

    def drop_task(
        self,
        task_id: int,
        *,
        outcome: Literal["duplicate", "impossible", "not_needed"],
        reason: str | LeftOut = LEFT_OUT,
    ) -> Task:
        """Say that a task will not be done, and why."""
        return cast(
            "Task",
            self._connection.ask(
                "POST", f"/tasks/{task_id}/drop", body={"outcome": outcome, "reason": reason}
            ),
        )

    def finish_task(
        self,
        task_id: int,
        *,
        outcome: Literal["done", "helped", "no_effect", "not_reached"] | LeftOut = LEFT_OUT,
        reason: str | LeftOut = LEFT_OUT,
    ) -> Task:
        """Say that a task is done, and what came of it."""
        return cast(
            "Task",
            self._connection.ask(
                "POST", f"/tasks/{task_id}/finish", body={"outcome": outcome, "reason": reason}
            ),
        )

    def hand_task_over(self, task_id: int, *, owner_id: int, note: str | LeftOut = LEFT_OUT) -> Task:
        """Give a task to a colleague with a word; they hear of it by mail."""
        return cast(
            "Task",
            self._connection.ask(
                "POST", f"/tasks/{task_id}/hand-over", body={"owner_id": owner_id, "note": note}
            ),
        )

    def list_task_history(self, task_id: int) -> History:
        """List what happened with a task."""
        return cast("History", self._connection.ask("GET", f"/tasks/{task_id}/history"))

    def reopen_task(self, task_id: int) -> Task:
        """Open a task again."""
        return cast("Task", self._connection.ask("POST", f"/tasks/{task_id}/reopen"))

    def snooze_task(self, task_id: int, *, until: Literal["", "three_days", "tomorrow", "week"]) -> Task:
        """Put a task off."""
        return cast("Task", self._connection.ask("POST", f"/tasks/{task_id}/snooze", body={"until": until}))
