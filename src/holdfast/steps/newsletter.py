"""Step ``newsletter``: send the issue that the contact calendar has for the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast.domain.consent import CHANNEL_WORDS, CHANNELS
from holdfast.domain.effects import AskTouch
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Do, Moment, Skip, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """By which channel; what is said is decided for each issue."""

    channel: Literal["best", "email", "telegram", "chat", "sms", "whatsapp", "in_app"] = field_of(
        Text("Channel"),
        Text("The best one is the first of those that reach the customer."),
        "email",
        kind="choice",
        names={"best": Text("the best one"), **{str(name): words for name, words in CHANNEL_WORDS.items()}},
    )


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    wanted = CHANNELS if options.channel == "best" else (options.channel,)
    reached = tuple(channel for channel in wanted if view.reaches(channel))
    if not reached:
        return Skip("no_address", Text("There is no address to which it could go."))
    return Do((AskTouch(reached, issue=True),))


STEP = Step(
    name="newsletter",
    title=Text("Send the issue of the day"),
    meaning=Text("What the contact calendar has for the day; without an issue nothing goes."),
    options=Options,
    decide=_decide,
    touches=True,
)
"""What every issue says is a template: planned, looked at and published before its day."""
