"""Step ``end``: the play is over for the customer, wherever they are."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, End, Moment, Step, View


@dataclass(frozen=True, slots=True)
class Options:
    """None."""


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    return End()


STEP = Step(
    name="end",
    title=Text("End"),
    meaning=Text("The play is over for this customer."),
    options=Options,
    decide=_decide,
)
