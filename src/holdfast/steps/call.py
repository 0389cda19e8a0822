"""Step ``call``: one of ours calls the customer, with what to say beside the number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast.domain.effects import MakeTask
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import WHOM, Decision, Do, Moment, Skip, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """What the call is about, and what is said."""

    title: str = field_of(Text("Title"), Text("What the call is about."))
    uses: str = field_of(
        Text("Script"),
        Text("One of your scripts: it stands beside the call, in the language of the customer."),
        kind="script",
    )
    script: str = field_of(
        Text("What to say"), Text("Opening, questions, what to answer to objections."), kind="lines"
    )
    priority: int = field_of(Text("Priority"), Text("0 is urgent, 3 is low."), 1, kind="number", most=3)
    due_days: int = field_of(Text("Due in days"), None, 2, kind="number", most=365)
    whom: str = field_of(Text("For whom"), WHOM, "owner")
    no_number: Literal["skip", "write"] = field_of(
        Text("Who has no number"),
        None,
        "skip",
        kind="choice",
        names={"skip": Text("is not called"), "write": Text("is written to by hand")},
    )


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    reached = view.reaches("phone")
    if view.no_calls and options.no_number == "skip":
        return Skip("no_calls", Text("They asked not to be called."))
    if not reached and options.no_number == "skip":
        return Skip("no_number", Text("There is no telephone number."))
    how = "call" if reached and not view.no_calls else "message"
    task = MakeTask(
        *(how, options.title, options.script, options.priority, options.due_days, options.whom),
        script=options.uses,
    )
    return Do((task,))


STEP = Step(
    name="call",
    title=Text("Have somebody call"),
    meaning=Text(
        "A task to call the customer, with what to say; who has no number is passed by or written to by hand."
    ),
    options=Options,
    decide=_decide,
    touches=True,
    check=lambda options: {} if options.title else {"title": Text("{key} is missing", key="title")},
)
