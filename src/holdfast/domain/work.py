"""Work of our own people in words: kinds and outcomes of tasks and cases, and which state follows which."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from holdfast.domain.texts import Text

TASK_KINDS: dict[str, Text] = {
    "call": Text("Call"),
    "message": Text("Write"),
    "visit": Text("Visit"),
    "check": Text("Look into"),
    "offer": Text("Make an offer"),
    "note": Text("Write by hand"),
    "other": Text("Other work"),
}
"""What a task asks somebody to do."""

TASK_OUTCOMES: dict[str, Text] = {
    "done": Text("done"),
    "helped": Text("it helped"),
    "no_effect": Text("it did not help"),
    "not_reached": Text("not reached"),
}
"""How a task ends that was done."""

DROP_REASONS: dict[str, Text] = {
    "not_needed": Text("not needed any more"),
    "duplicate": Text("another task does it"),
    "impossible": Text("it cannot be done"),
}
"""Why a task is dropped."""

CASE_KINDS: dict[str, Text] = {
    "complaint": Text("Complaint"),
    "request": Text("Request"),
    "question": Text("Question"),
    "fault": Text("Fault"),
    "wish": Text("Wish for a feature"),
}
"""What a case is about."""

CASE_OUTCOMES: dict[str, Text] = {
    "put_right": Text("put right"),
    "explained": Text("explained"),
    "way_round": Text("a way round was found"),
    "built": Text("built as wished"),
    "made_good": Text("made good with money or a gift"),
    "not_possible": Text("not possible"),
    "no_answer": Text("the customer did not answer"),
}
"""How a case is solved."""

PRIORITY_NAMES: tuple[Text, ...] = (Text("urgent"), Text("high"), Text("normal"), Text("low"))
"""By number, the most pressing first."""

NORMAL = 2

TASK_STATES: dict[str, Text] = {
    "open": Text("to do"),
    "snoozed": Text("put off"),
    "done": Text("done"),
    "dropped": Text("dropped"),
}
CASE_STATES: dict[str, Text] = {
    "open": Text("open"),
    "waiting": Text("waiting for the customer"),
    "solved": Text("solved"),
    "closed": Text("closed"),
}

CaseStep = Literal["wait", "solve", "close", "reopen"]

CASE_STEPS: dict[CaseStep, tuple[tuple[str, ...], str]] = {
    "wait": (("open",), "waiting"),
    "solve": (("open", "waiting"), "solved"),
    "close": (("open", "waiting", "solved"), "closed"),
    "reopen": (("waiting", "solved", "closed"), "open"),
}
"""Step to the states it is possible in, and the state after it."""

Snooze = Literal["tomorrow", "three_days", "week"]

SNOOZES: dict[Snooze, tuple[int, Text]] = {
    "tomorrow": (1, Text("until tomorrow morning")),
    "three_days": (3, Text("for three days")),
    "week": (7, Text("for a week")),
}
"""For how many days a task is put off."""

_MORNING = time(9, 0)


def end_of(day: date, zone: tzinfo) -> int:
    """The last microsecond of a day since 1970: what is due on a day is in time until then."""
    begin = datetime.combine(day + timedelta(days=1), time(0, 0), zone)
    return int(begin.timestamp()) * 1_000_000 - 1


def is_whole_day(at_us: int, zone: tzinfo) -> bool:
    """Whether a moment is the end of a day, and no time of day was meant."""
    return end_of(datetime.fromtimestamp(at_us // 1_000_000, zone).date(), zone) == at_us


def morning_after(now: datetime, days: int, zone: tzinfo) -> int:
    """Nine o'clock in the morning so many days later, in microseconds since 1970."""
    day = now.astimezone(zone).date() + timedelta(days=days)
    return int(datetime.combine(day, _MORNING, zone).timestamp()) * 1_000_000
