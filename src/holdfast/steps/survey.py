"""Step ``survey``: ask the customer one question, answered on a page of our own by one click and a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from holdfast.domain import surveys
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
    """What is asked, how it is answered, and by which channel."""

    content: dict[str, Any] = field_of(  # noqa: RUF009
        Text("Message"),
        Text("In each language in which you write. Whose language is not there gets the first one."),
        {},
        kind="content",
        parts={"question": Text("Question"), "choices": Text("Answers to choose from, one a line")},
    )
    answer: Literal["ten", "five", "yes_no", "choice", "words"] = field_of(
        Text("How it is answered"),
        Text("A mark of 0 to 10 counts as the recommendation, one of 1 to 5 as satisfaction."),
        "five",
        kind="choice",
        names={str(name): words for name, words in surveys.KINDS.items()},
    )
    about: Literal["", "ease", "exit"] = field_of(
        Text("What it is about"),
        Text("What is said about leaving speaks for the cause of the loss."),
        "",
        kind="choice",
        names={str(name): words for name, words in surveys.ABOUT.items()},
    )
    channel: ByChannel = channel_field()  # noqa: RUF009
    topic: OfTopic = topic_field("surveys")  # noqa: RUF009


def _check(options: Options) -> Mapping[str, Text]:
    if not options.content:
        return {"content": Text("{key} is missing", key="content")}
    if options.about == "ease" and options.answer != "five":
        return {"about": Text("how easy something was is answered by a mark of 1 to 5")}
    if options.about == "exit" and options.answer not in ("choice", "words"):
        return {"about": Text("why somebody leaves is answered in words or by one of several answers")}
    for language, said in options.content.items():
        if wrong := _wrong(options.answer, said):
            return {f"content.{language}": wrong}
    counts = {len(surveys.choices_in(said["choices"])) for said in options.content.values()}
    if len(counts) > 1:
        return {"content": Text("each language has as many answers to choose from as the others")}
    return {}


def _wrong(answer: str, said: Mapping[str, str]) -> Text | None:
    if not said["question"].strip():
        return Text("{key} is missing", key="question")
    if len(said["question"]) > surveys.LONGEST_QUESTION:
        return Text("a question has at most {n} letters", n=surveys.LONGEST_QUESTION)
    choices = len(surveys.choices_in(said["choices"]))
    if answer == "choice" and not 2 <= choices <= surveys.MOST_CHOICES:
        return Text("there are 2 to {n} answers to choose from, here {found}",
                    n=surveys.MOST_CHOICES, found=choices)  # fmt: skip
    if answer != "choice" and choices:
        return Text("there is nothing to choose from where the answer is a mark or words")
    return None


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    reached = reached_by(view, options.channel)
    if not reached:
        return NO_ADDRESS
    question = surveys.Question(options.answer, options.about)
    return Do((AskTouch(reached, options.content, "", options.topic, question),))


STEP = Step(
    name="survey",
    title=Text("Ask a question"),
    meaning=Text("One question, answered on a page of ours; the answer stands on the timeline and is read."),
    options=Options,
    decide=_decide,
    touches=True,
    check=_check,
)
