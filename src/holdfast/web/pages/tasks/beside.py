"""Beside a task: what to say, and what one has to know of the customer before saying it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from holdfast.domain.consent import may_be_called
from holdfast.domain.moments import microseconds
from holdfast.domain.outcomes import AGAIN_DAYS, CALL_OUTCOMES, CONTACTS
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language.languages import written_in
from holdfast.services.act.messages.values import language_from, masked_values
from holdfast.services.act.scripts import kept
from holdfast.services.collect.look_up import CustomerView, customer_of_unit
from holdfast.services.warn import reading
from holdfast.store import cases, consent, identity_live, pauses, readings
from holdfast.web.access import may_see_named
from holdfast.web.cause_words import cause_names
from holdfast.web.masking import Masks, masks
from holdfast.web.pages.customer.moments import moments
from holdfast.web.reading import Request
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from holdfast.store.tasks import Task

TOUCHES = 6
CAUSES = 3
OTHERS = 5
DAYS = (1, 2, 3, 5, 7, 14, 30)
"""In how many days one can try again."""


@dataclass(frozen=True, slots=True)
class ShownScript:
    """What to say: the script's title, its words, from which side they are written."""

    key: str
    title: str
    text: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of the customer: pairs of words are (what, when or how much), or (address, title)."""

    script: ShownScript | None
    phones: tuple[str, ...]
    warning: str
    touches: tuple[tuple[str, str], ...]
    signals: tuple[str, ...]
    causes: tuple[str, ...]
    cases: tuple[tuple[str, str], ...]


def outcomes(task: Task, request: Request) -> list[tuple[str, str, bool]]:
    """How a call or a visit can end: code, words, and whether somebody may try again; none of other work."""
    if task.kind not in CONTACTS or task.state != "open":
        return []
    return [(code, request.reader.say(words), code in AGAIN_DAYS) for code, words in CALL_OUTCOMES.items()]


def again_days(request: Request) -> list[tuple[int, str]]:
    """In how many days, in words; 0 for never."""
    reader = request.reader
    return [(each, reader.say(Text("in {n} day", "in {n} days", n=each))) for each in DAYS]


def beside(request: Request, task: Task) -> Beside | None:
    """What stands beside a task about a customer; ``None`` where it is about none or needs nobody's ear."""
    if task.subject_id is None or task.state != "open":
        return None
    workspace, reader, mask = request.workspace, request.reader, masks(request)
    unit = identity_live.units_of(workspace, {task.subject_id})[task.subject_id]
    if not may_see_named(request.user, {"unit_id": unit}):
        return None
    view = customer_of_unit(workspace, unit, now=datetime.now(UTC), limit=TOUCHES)
    cause_name = cause_names(workspace, reader)
    happened = moments(view.timeline.events, {}, cause_name)
    said = Counter(
        cause for each in readings.of_subjects(workspace, view.subjects) for cause in each.causes
    ).most_common(CAUSES)
    raised = [each for each in reading.episodes_of(workspace, unit, now=datetime.now(UTC)) if _is_open(each)]
    opened = cases.listed(workspace, cases.Wanted("under_way", subjects=list(view.subjects)), OTHERS)
    return Beside(
        _script(request, task, view, mask),
        mask.all_shown("phone", view.profile.phones[:2]),
        _warning(request, task.subject_id),
        tuple(
            (
                each.title if isinstance(each.title, str) else reader.say(each.title),
                reader.day(datetime.fromtimestamp(each.at_us / 1e6, workspace.zone).date(), short=True),
            )
            for each in happened[:TOUCHES]
        ),
        tuple(reader.say(each.title) for each in raised[:OTHERS]),
        tuple(cause_name(cause) for cause, _ in said),
        tuple((reverse("case", args=[each.id]), each.title) for each in opened),
    )


def _is_open(raised: reading.Raised) -> bool:
    return raised.state == "open"


def _script(request: Request, task: Task, view: CustomerView, mask: Masks) -> ShownScript | None:
    if not task.script:
        return None
    workspace, reader = request.workspace, request.reader
    try:
        script = kept.one(workspace, task.script)
    except Refusal:  # It was taken away after the task was made.
        return None
    traits = {name: str(value) for name, value in view.profile.traits.items()}
    language, said = script.said((language_from(traits, reader.code), reader.code))
    name = getattr(request.user, "name", "") or getattr(request.user, "email", "")
    values = masked_values(kept.values_of(workspace, view.unit_id), mask.shown, str)
    direction = written_in(language).direction if written_in(language).code == language else "auto"
    words = kept.filled(workspace, said.text, values, name)
    return ShownScript(script.key, said.title, words, language, direction)


def _warning(request: Request, subject_id: int) -> str:
    """That they may not be called, or that offers pause."""
    workspace, reader = request.workspace, request.reader
    said = consent.of_people(workspace, [(subject_id, b"")])[subject_id, b""]
    if not may_be_called(said):
        return reader.say(Text("They asked not to be called."))
    now_us = microseconds(present(workspace))
    pause = pauses.holding(workspace, pauses.ids_of(workspace, subject_id), now_us=now_us)
    if pause is None:
        return ""
    until = datetime.fromtimestamp(pause.until_us / 1e6, workspace.zone).date()
    return reader.say(Text("Offers and news pause until {day}.", day=until))
