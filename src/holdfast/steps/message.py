"""Step ``message``: write to the customer, through the best channel that reaches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.domain.effects import AskTouch
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import (
    NO_ADDRESS,
    ByChannel,
    Decision,
    Do,
    Moment,
    OfTopic,
    Step,
    View,
    channel_field,
    field_of,
    reached_by,
    topic_field,
)


@dataclass(frozen=True, slots=True)
class Options:
    """What is written, and by which channel."""

    content: dict[str, Any] = field_of(  # noqa: RUF009
        Text("Message"),
        Text("In each language in which you write. Whose language is not there gets the first one."),
        {},
        kind="content",
    )
    template: str = field_of(
        Text("Template"), Text("The key of a template of yours, instead of a text here."), kind="template"
    )
    channel: ByChannel = channel_field()  # noqa: RUF009
    topic: OfTopic = topic_field()  # noqa: RUF009


def _check(options: Options) -> Mapping[str, Text]:
    if bool(options.content) == bool(options.template):
        return {"": Text("it says either {one} or {other}", one="content", other="template")}
    return {}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    reached = reached_by(view, options.channel)
    if not reached:
        return NO_ADDRESS
    return Do((AskTouch(reached, options.content, options.template, options.topic),))


STEP = Step(
    name="message",
    title=Text("Write a message"),
    meaning=Text("A message to the customer, if they agreed to such messages and it is not too much."),
    options=Options,
    decide=_decide,
    touches=True,
    check=_check,
)
