"""Step ``branch``: one way for some, another for others, by a rule or by what happened since they entered."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.plays import Path, PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Go, Moment, Step, View


@dataclass(frozen=True, slots=True)
class Options:
    """None: the paths say it all."""


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    for number, path in enumerate(step.paths):
        if _is_theirs(view, path, at):
            others = path.when is None and not path.happened
            return Go(number, Text("No other way is theirs.") if others else Text("This way is theirs."))
    return Go()


def _is_theirs(view: View, path: Path, at: Moment) -> bool:
    if path.when is not None:
        return view.holds(path.when)
    return not path.happened or view.happened(path.happened, at.entered_us) is not None


STEP = Step(
    name="branch",
    title=Text("Part ways"),
    meaning=Text("The first way whose rule holds, or whose event was heard since the customer was enrolled."),
    options=Options,
    decide=_decide,
)
