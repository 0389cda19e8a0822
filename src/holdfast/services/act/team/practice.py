"""Practice: what a week is about, what everybody should know of the products, who learns beside whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act import work_typed
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.practice import Note, Pair

DAYS = 7
"""So long a note stands on the page with which one begins the day."""

MOST_CHOICES = 6
LONGEST_CHOICE = 300


@dataclass(frozen=True, slots=True)
class Today:
    """What somebody should see at the beginning of a shift.

    ``notes`` are those of this week, ``question`` one they have not answered right yet; ``beside`` is whom
    they learn from, ``novices`` who learns from them.
    """

    notes: tuple[Note, ...] = ()
    question: Note | None = None
    open_questions: int = 0
    beside: str = ""
    novices: tuple[str, ...] = ()


def today(settings: Settings, person_id: int, day: date) -> Today:
    """What there is to practise for somebody on a day: three statements."""
    from holdfast.store import practice

    number = day_number(day)
    begun = [each for each in practice.notes(settings) if each.from_day <= number]
    known = practice.answered(settings, person_id) if any(each.choices for each in begun) else {}
    asked = [each for each in begun if each.choices and not known.get(each.id)]
    pairs: list[Pair] = practice.pairs(settings)
    return Today(
        tuple(each for each in begun if not each.choices and number < each.from_day + DAYS),
        asked[-1] if asked else None,
        len(asked),
        next((each.beside for each in pairs if each.person_id == person_id), ""),
        tuple(each.person for each in pairs if each.beside_id == person_id),
    )


def add(
    settings: Settings,
    title: str,
    text: str,
    from_day: date,
    choices: tuple[str, ...] = (),
    right: int | None = None,
    *,
    by: str,
    now_us: int,
) -> int:
    """Keep a note, or with ``choices`` a question whose answer ``right`` (from 0) is the right one.

    Refuses a title and text that are none, and choices that are no question ("bad_title", "bad_text",
    "bad_question").
    """
    from holdfast.store import practice

    kept = tuple(" ".join(work_typed.plain(each).split())[:LONGEST_CHOICE] for each in choices)
    kept = tuple(each for each in kept if each)
    wrong = len(kept) > MOST_CHOICES or len(kept) == 1 or len(set(kept)) < len(kept)
    if wrong or (kept and (right is None or not 0 <= right < len(kept))):
        raise Refusal(
            "bad_question",
            found=Text(
                "There is {n} answer to choose from.", "There are {n} answers to choose from.", n=len(kept)
            ),
            expected=Text("Two to {most} different answers, and which of them is right.", most=MOST_CHOICES),
            remedy=Text("Write one answer in a line and say which is right; leave all empty for a note."),
        )
    return practice.add(
        *(settings, work_typed.title(title), work_typed.text(text), kept, right if kept else None),
        day_number(from_day),
        by=by,
        now_us=now_us,
    )


def answer(settings: Settings, note_id: int, person_id: int, chosen: int, *, now_us: int) -> bool:
    """Answer a question; whether that was right. Refuses what is no question or no answer ("bad_answer")."""
    from holdfast.store import practice

    note = next((each for each in practice.notes(settings) if each.id == note_id and each.choices), None)
    if note is None or not 0 <= chosen < len(note.choices):
        raise Refusal(
            "bad_answer",
            found=Text("There is no such answer."),
            expected=Text("One of the answers below the question."),
            remedy=Text("Choose one of them; nothing was kept."),
        )
    practice.answer(settings, note_id, person_id, chosen, chosen == note.right, now_us=now_us)
    return chosen == note.right


def remove(settings: Settings, note_id: int) -> bool:
    """Forget a note or a question, with what was answered to it; whether there was one."""
    from holdfast.store import practice

    return practice.remove(settings, note_id)


def pair(settings: Settings, person_id: int, beside_id: int | None, *, by: str, now_us: int) -> None:
    """Let somebody learn beside a colleague, or (``None``) beside nobody any more.

    Refuses whom there is not, and oneself ("no_such_person").
    """
    from holdfast.store import practice

    novice, beside = work_typed.owner(settings, person_id), work_typed.owner(settings, beside_id)
    if beside is None:
        practice.part(settings, person_id, now_us=now_us)
        return
    if novice is None or novice.id == beside.id:
        raise Refusal(
            "no_such_person",
            found=Text("Nobody learns beside themselves."),
            expected=Text("Two of your people."),
            remedy=Text("Choose another colleague; nothing was changed."),
        )
    practice.pair(settings, novice.id, beside.id, by=by, now_us=now_us)
