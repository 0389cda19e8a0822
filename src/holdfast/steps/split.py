"""Step ``split``: ways by chance, in the shares that are asked for; a customer always goes the same way."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Go, Moment, Step, View


@dataclass(frozen=True, slots=True)
class Options:
    """None: the shares of the paths say it all."""


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    place, end = view.place(step.id) * 100, 0
    for number, path in enumerate(step.paths):
        end += path.share
        if place < end:
            return Go(number, Text("By chance."))
    return Go(len(step.paths) - 1, Text("By chance."))


STEP = Step(
    name="split",
    title=Text("Split by chance"),
    meaning=Text("To compare two ways: each customer goes one of them, by chance and for good."),
    options=Options,
    decide=_decide,
)
