"""Step ``needs_assessment``: somebody of ours finds out what the customer needs, and writes it down."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.effects import MakeTask
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import WHOM, Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked, by whom and until when."""

    title: str = field_of(Text("Title"), None, "")
    questions: str = field_of(Text("What to ask"), Text("One question in a line."), kind="lines")
    due_days: int = field_of(Text("Due in days"), None, 5, kind="number", most=365)
    whom: str = field_of(Text("For whom"), WHOM, "owner")


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    return Do((MakeTask("check", options.title, options.questions, 2, options.due_days, options.whom),))


STEP = Step(
    name="needs_assessment",
    title=Text("Find out what they need"),
    meaning=Text("A task to ask the customer what they need; the answers go into the needs on their page."),
    options=Options,
    decide=_decide,
    touches=True,
    check=lambda options: {} if options.title else {"title": Text("{key} is missing", key="title")},
)
