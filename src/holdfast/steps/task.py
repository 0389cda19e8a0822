"""Step ``task``: work for one of our people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast.domain.effects import MakeTask
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.domain.work import TASK_KINDS
from holdfast.steps.contract import WHOM, Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be done, by whom and until when."""

    title: str = field_of(Text("Title"))
    text: str = field_of(Text("What is to be done"), kind="lines")
    sort: Literal["call", "message", "visit", "check", "offer", "note", "other"] = field_of(
        Text("Kind"), None, "other", kind="choice", names=TASK_KINDS
    )
    priority: int = field_of(Text("Priority"), Text("0 is urgent, 3 is low."), 2, kind="number", most=3)
    due_days: int = field_of(Text("Due in days"), None, 3, kind="number", most=365)
    whom: str = field_of(Text("For whom"), WHOM, "owner")


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    task = MakeTask(
        *(options.sort, options.title, options.text, options.priority, options.due_days, options.whom)
    )
    return Do((task,))


STEP = Step(
    name="task",
    title=Text("Make a task"),
    meaning=Text("Work for one of your people, in the list of tasks."),
    options=Options,
    decide=_decide,
    check=lambda options: {} if options.title else {"title": Text("{key} is missing", key="title")},
)
