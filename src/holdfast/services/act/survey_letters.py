"""The message that asks a question: its words, and each answer as a link to our own page.

A link only opens the page with that answer chosen; nothing is kept before a person presses the button there,
for mail scanners open every link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from holdfast.domain import surveys
from holdfast.domain.merge_fields import Values, render, written
from holdfast.domain.refusals import Refusal
from holdfast.domain.surveys import Question
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.language.languages import written_in
from holdfast.services.act.messages.html import page
from holdfast.services.act.messages.look import Look
from holdfast.services.act.ways_out import language_of
from holdfast.settings import Settings

SURVEY_PATH = "/s/"
"""Where the answer page is; a token follows."""

PLACE = "question"
"""The field in a message in whose place question and answers stand; without it they come last."""

SCALE: Mapping[str, Text] = {
    "ten": Text("0 is the lowest mark, 10 the highest."),
    "five": Text("1 is the lowest mark, 5 the highest."),
}
_ANSWER = Text("Answer with one click:")
_ANSWER_HERE = Text("Answer here")
_MARK = "\u0001question\u0001"
_PLACED = re.compile(r"\{\{\s*question\s*\}\}")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that asks one customer; ``question`` and ``choices`` are as they read them."""

    subject: str
    text: str
    html: str
    question: str
    choices: tuple[str, ...]


def letter(
    settings: Settings, asked: Question, said: Mapping[str, str], values: Values, language: str, link: str
) -> Letter:
    """The message for one customer; ``said`` is what its step says in their language.

    Refuses a field that is not known of them ("missing_field").
    """
    question = " ".join(render(said.get("question", ""), values).split())
    subject = " ".join(render(said.get("subject", ""), values).split()) or question
    told = render(said["text"], {**values, PLACE: _MARK}).replace("\x00", "")
    before, _, after = told.partition(_MARK)
    choices = surveys.choices_in(said.get("choices", "")) if asked.kind == "choice" else ()
    reader = Reader(language_of(language), settings.zone)
    text = "\n\n".join(
        part for part in (before.strip(), _plain(question, link, reader), after.strip()) if part
    )
    inside = "".join(
        (
            *_paragraphs(before),
            f'<p class="hf-ink" style="{_STYLE};font-weight:600">{escape(question)}</p>',
            _answers(asked, choices, link, reader),
            *_paragraphs(after),
        )
    )
    html = written(page((inside,), (subject,), (), Look(written_in(language))), {})
    return Letter(subject, f"{text}\n", html, question, choices)


def words_of(content: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What a step that asks says per language, as the subject and the text of any message."""
    return {
        language: {
            "subject": said.get("subject", ""),
            "text": with_question(said["text"], said.get("question", "")),
        }
        for language, said in content.items()
    }


def with_question(text: str, question: str) -> str:
    """The words of a message with the question in its place, else at their end."""
    return _PLACED.sub(lambda _: question, text) if _PLACED.search(text) else f"{text}\n\n{question}"


def labels(kind: str, choices: tuple[str, ...], reader: Reader) -> list[tuple[int, str]]:
    """Every answer that can be chosen, with what stands on it."""
    if kind == "yes_no":
        return [(score, reader.say(words)) for score, words in surveys.YES_NO]
    if kind == "choice":
        return list(enumerate(choices, start=1))
    return [(score, reader.number(score)) for score in surveys.scores_of(kind)]


def nowhere_to_answer() -> Refusal:
    """The refusal of a question before it is known where Holdfast is reached."""
    return Refusal(
        "no_public_url",
        found=Text("Nobody has said at which address Holdfast is reached from the internet."),
        expected=Text("An address that customers can open: the question is answered there."),
        remedy=Text("Say it under Sending in the settings, then launch the play."),
    )


def _plain(question: str, link: str, reader: Reader) -> str:
    return f"{question}\n{reader.say(_ANSWER)} {link}"


_STYLE = "margin:0 0 14px;font-size:16px;line-height:1.55;color:#1c2421"
_HINT = '<p class="hf-soft" style="margin:0 0 14px;font-size:13px;color:#5a655f">'
_BUTTON = (
    "display:inline-block;min-width:26px;margin:0 0 8px;padding:9px 8px;border:1px solid #1d5c4c;"
    "border-radius:8px;color:#1d5c4c;text-decoration:none;text-align:center;font-size:16px;font-weight:600"
)


def _paragraphs(words: str) -> list[str]:
    return [
        f'<p class="hf-ink" style="{_STYLE}">{escape(part.strip()).replace(chr(10), "<br>")}</p>'
        for part in _EMPTY_LINE.split(words)
        if part.strip()
    ]


def _answers(asked: Question, choices: tuple[str, ...], link: str, reader: Reader) -> str:
    addressed = [(f"{link}?a={score}", words) for score, words in labels(asked.kind, choices, reader)] or [
        (link, reader.say(_ANSWER_HERE))
    ]
    between = "<br>" if asked.kind == "choice" else " "
    buttons = between.join(
        f'<a href="{escape(address)}" style="{_BUTTON}">{escape(words)}</a>' for address, words in addressed
    )
    hint = SCALE.get(asked.kind)
    told = "" if hint is None else f"{_HINT}{escape(reader.say(hint))}</p>"
    return f'<p style="margin:0 0 6px">{buttons}</p>{told}'
