"""Step ``newsletter``: send the issue that the contact calendar has for the day."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.effects import AskTouch
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import (
    NO_ADDRESS,
    ByChannel,
    Decision,
    Do,
    Moment,
    Step,
    View,
    channel_field,
    reached_by,
)


@dataclass(frozen=True, slots=True)
class Options:
    """By which channel; what is said is decided for each issue."""

    channel: ByChannel = channel_field("email")  # noqa: RUF009


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    reached = reached_by(view, options.channel)
    if not reached:
        return NO_ADDRESS
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
