"""Step ``webhook``: tell other systems that the customer came here, through the webhooks that are set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.domain.effects import CallWebhook
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of the customer."""

    say: str = field_of(Text("What it says"), Text("A word that the other system knows, such as pause_ads."))


def _check(options: Options) -> Mapping[str, Text]:
    return {} if options.say else {"say": Text("{key} is missing", key="say")}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    return Do((CallWebhook(options.say),))


STEP = Step(
    name="webhook",
    title=Text("Tell another system"),
    meaning=Text("The webhooks that listen to plays are told of the customer, by number, and of this step."),
    options=Options,
    decide=_decide,
    check=_check,
)
