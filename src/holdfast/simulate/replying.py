"""What people answer to a question of ours that a play put to them: by their mood, and most of them not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.simulate.arrays import Ints
from holdfast.simulate.asking import answer_chance, mark_of, themes_of
from holdfast.simulate.draws import Purpose
from holdfast.simulate.people import Stage, person_of
from holdfast.simulate.speaking import write_words
from holdfast.simulate.today import Today
from holdfast.simulate.world import World

CONTENT_FROM = 7
"""From this mark of 0 to 10 on somebody says that all is well."""

_PART = 6
_WRITES = 0.4


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to one customer: an id of the files ("C000123"), how it is answered (a mark of "ten" or
    "five", "yes_no", one of several answers "choice", or in "words"), and how many answers there are to
    choose from.
    """

    customer: str
    kind: str
    choices: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: the mark (of several answers the number of the chosen one), and words, or ""."""

    score: int | None
    words: str


def replies(world: World, asked: Sequence[Asked]) -> list[Reply | None]:
    """What each is answered on the coming morning; ``None``: nothing.

    The same person answers the same question of a day alike, however often it is put. Raises
    ``LookupError`` for a customer who is not there.
    """
    if not asked:
        return []
    today = world.morning()
    rows = today.people.rows_of(np.array([person_of(each.customer) for each in asked], np.int64))
    answers = today.uniform(rows, Purpose.REPLY) < answer_chance(today, rows)
    marks = mark_of(today, rows, Purpose.REPLY_SCORE)
    words, chance = _words(today, rows, marks), today.uniform(rows, Purpose.REPLY, 1).tolist()
    writes = (today.uniform(rows, Purpose.REPLY, 2) < _WRITES).tolist()
    return [
        _reply(each, mark, said, drawn, writes=wants) if given else None
        for each, mark, said, drawn, wants, given in zip(
            asked, marks.tolist(), words, chance, writes, answers.tolist(), strict=True
        )
    ]


def _words(today: Today, rows: Ints, marks: Ints) -> list[str]:
    leaving = (today.people.stage[rows] == Stage.WAVERING) & (marks <= 4)
    themes = themes_of(today, rows, marks, Purpose.REPLY_SCORE)
    found: list[str] = write_words(today, rows, themes, _PART, leaving).tolist()
    return found


def _reply(asked: Asked, mark: int, words: str, drawn: float, *, writes: bool) -> Reply:
    if asked.kind == "words":
        return Reply(None, words)
    scores = {
        "ten": mark,
        "five": min(max((mark + 1) // 2, 1), 5),
        "yes_no": int(mark >= CONTENT_FROM),
    }
    return Reply(scores.get(asked.kind, 1 + int(drawn * max(asked.choices, 1))), words if writes else "")
