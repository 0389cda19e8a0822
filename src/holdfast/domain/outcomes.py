"""What comes of a call or a visit, and what follows from it: another try, a pause, no calls any more."""

from __future__ import annotations

from typing import Literal

from holdfast.domain.texts import Text

CallOutcome = Literal[
    "helped", "reached", "not_reached", "bad_day", "wants_to_leave", "not_to_be_called", "other"
]

CALL_OUTCOMES: dict[CallOutcome, Text] = {
    "helped": Text("reached, and it helped"),
    "reached": Text("reached"),
    "not_reached": Text("no answer"),
    "bad_day": Text("a bad day, try again"),
    "wants_to_leave": Text("wants to leave"),
    "not_to_be_called": Text("asked not to be called"),
    "other": Text("something else"),
}
"""How a call or a visit ended, in the order in which they are offered; also the code of its event."""

CONTACTS: dict[str, str] = {"call": "call_made", "visit": "visit_made"}
"""Kinds of tasks that end with such an outcome, and what is written down about the customer."""

AGAIN_DAYS: dict[str, int] = {"not_reached": 1, "bad_day": 3}
"""After which outcome somebody tries again, and in how many days unless somebody says another number."""

MOST_DAYS = 90
MOST_TRIES = 3
"""Who did not answer so often is not called again by itself."""

MOST_MINUTES = 600

_AGAIN = " again "


def again_key(key: str, task_id: int) -> tuple[str, int]:
    """The key of the task that tries again after the one of ``key`` (``task_id``), and which try it is."""
    first, number = first_try(key or f"task:{task_id}")
    return f"{first}{_AGAIN}{number + 1}", number + 1


def first_try(key: str) -> tuple[str, int]:
    """The key of the first task that tried, and which try this one is."""
    first, mark, number = key.rpartition(_AGAIN)
    return (first, int(number)) if mark and number.isdigit() else (key, 1)


def enrolment_of(key: str) -> int | None:
    """The enrolment whose step made the task of ``key``, or the first one that it tries again."""
    parts = first_try(key)[0].split(":")
    return int(parts[1]) if len(parts) == 3 and parts[0] == "play" and parts[1].isdigit() else None
