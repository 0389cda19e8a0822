"""Step ``message``: write to the customer, through the best channel that reaches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from holdfast.domain.consent import CHANNEL_WORDS, CHANNELS, TOPIC_WORDS
from holdfast.domain.effects import AskTouch
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Do, Moment, Skip, Step, View, field_of


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
    channel: Literal["best", "email", "telegram", "chat", "sms", "whatsapp", "in_app"] = field_of(
        Text("Channel"),
        Text("The best one is the first of those that reach the customer."),
        "best",
        kind="choice",
        names={"best": Text("the best one"), **{str(name): words for name, words in CHANNEL_WORDS.items()}},
    )
    topic: Literal["", "offers", "news", "surveys", "greetings"] = field_of(
        Text("Topic"),
        Text("What the customer must have agreed to; empty: that of the play."),
        "",
        kind="choice",
        names={"": Text("that of the play"), **{str(name): words for name, words in TOPIC_WORDS.items()}},
    )


def _check(options: Options) -> Mapping[str, Text]:
    if bool(options.content) == bool(options.template):
        return {"": Text("it says either {one} or {other}", one="content", other="template")}
    return {}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    wanted = CHANNELS if options.channel == "best" else (options.channel,)
    reached = tuple(channel for channel in wanted if view.reaches(channel))
    if not reached:
        return Skip("no_address", Text("There is no address to which it could go."))
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
