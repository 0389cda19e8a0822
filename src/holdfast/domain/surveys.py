"""One question to a customer: how it is answered, what the answer means to the rest of the product.

Each answer becomes an event like any other ("Survey Answered"): a mark of 0 to 10 counts as the
recommendation (``nps``), one of 1 to 5 as satisfaction (``csat``) or ease (``ces``), and words about why
somebody leaves (``exit``) speak for the cause of the loss.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from holdfast.domain.texts import Text

SurveyKind = Literal["ten", "five", "yes_no", "choice", "words"]
About = Literal["", "ease", "exit"]

KINDS: Mapping[SurveyKind, Text] = {
    "ten": Text("a mark of 0 to 10"),
    "five": Text("a mark of 1 to 5"),
    "yes_no": Text("yes or no"),
    "choice": Text("one of several answers"),
    "words": Text("their own words"),
}
"""How a question is answered, in words."""

ABOUT: Mapping[About, Text] = {
    "": Text("in general"),
    "ease": Text("how easy something was"),
    "exit": Text("why they leave"),
}
"""What a question is about, where that changes what its answer counts as."""

MARKS: Mapping[str, tuple[int, int]] = {"ten": (0, 10), "five": (1, 5)}
"""The lowest and the highest mark."""

CODE_WORDS: Mapping[str, Text] = {
    "yes_no": Text("a question of yes (1) or no (0)"),
    "choice": Text("a question with several answers (its number)"),
    "exit": Text("why they leave"),
}
"""What answers count as, where the code itself says nothing to people."""

YES_NO: tuple[tuple[int, Text], ...] = ((1, Text("Yes")), (0, Text("No")))

ANSWERED, SENT = "Survey Answered", "Survey Sent"

MOST_CHOICES = 10
LONGEST_CHOICE = 120
LONGEST_QUESTION = 300
LONGEST_WORDS = 4_000
VALID_DAYS = 120
"""A link to a question works for so long."""

ENOUGH = 10
"""With fewer answers no share is told."""

_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Question:
    """How a question is answered, and what it is about; its words stand per language in the message."""

    kind: SurveyKind
    about: About = ""

    @property
    def code(self) -> str:
        """What its answers count as: the code of the event."""
        if self.kind == "ten":
            return "nps"
        if self.kind == "five":
            return "ces" if self.about == "ease" else "csat"
        if self.about == "exit":
            return "exit"
        return "free" if self.kind == "words" else self.kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: a mark (yes is 1, no is 0, of several the number of the one chosen), and words."""

    score: int | None
    words: str = ""


def choices_in(written: str) -> tuple[str, ...]:
    """The answers of a question of several: one a line, each once."""
    lines = (" ".join(line.split())[:LONGEST_CHOICE] for line in written.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def scores_of(kind: str, choices: int = 0) -> tuple[int, ...]:
    """The marks that can be given; none where the answer is in words."""
    if kind in MARKS:
        low, high = MARKS[kind]
        return tuple(range(low, high + 1))
    if kind == "yes_no":
        return tuple(score for score, _ in YES_NO)
    return tuple(range(1, choices + 1)) if kind == "choice" else ()


def as_score(written: str, kind: str, choices: int = 0) -> int | None:
    """The mark that somebody gave; ``None`` for one that cannot be given."""
    if not (written.isascii() and written.isdecimal() and len(written) < 3):
        return None
    return int(written) if int(written) in scores_of(kind, choices) else None


def is_answer(kind: str, answer: Answer) -> bool:
    """Whether that answers a question: a mark, or of one in words some words."""
    return bool(answer.words) if kind == "words" else answer.score is not None


def token(key: str, secret: bytes) -> str:
    """What the link to a question ends with: nobody makes one up, and asking again makes the same."""
    made = hmac.new(secret, b"holdfast survey\0" + key.encode(), hashlib.sha256).digest()[:_TOKEN]
    return urlsafe_b64encode(made).decode("ascii").rstrip("=")
