"""``/team/practice``: the week's practice, questions about our products, results, who learns beside whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.period import date_of, day_number
from holdfast.domain.refusals import Refusal
from holdfast.services.act.team import practice as service
from holdfast.store import practice as stored
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import Typed, colleagues, email, person_id, refused, typed_number
from holdfast.web.workspace import present


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note or a question; ``known`` says how the reader answered it last, ``None``: not yet."""

    note: stored.Note
    day: date
    is_now: bool
    known: bool | None


@only(READERS)
@require_safe
def practice(request: Request) -> HttpResponse:
    """What is practised, and the questions."""
    return _page(request)


@only(DECIDERS)
@require_POST
def practice_add(request: Request) -> HttpResponse:
    """Keep a note or a question."""
    given = request.POST
    lines = [each for each in given.get("choices", "").splitlines() if each.strip()]
    right = given.get("right", "")
    try:
        service.add(
            request.workspace,
            given.get("title", ""),
            given.get("text", ""),
            _day(request, given.get("from", "")),
            tuple(lines[:50]),
            int(right) - 1 if is_number(right) else None,
            by=email(request),
            now_us=actual_us(),
        )
    except Refusal as refusal:
        return _page(request, given.dict(), refused(refusal, request.reader), status=422)
    return say_next(HttpResponseRedirect(reverse("practice")), request.reader.gettext("It is kept."))


@only(READERS)
@require_POST
def practice_answer(request: Request, note_id: int) -> HttpResponse:
    """Answer a question; the page says at once whether it was right."""
    chosen = typed_number(request.POST, "chosen")
    try:
        right = service.answer(
            request.workspace,
            note_id,
            person_id(request),
            -1 if chosen is None else chosen,
            now_us=actual_us(),
        )
    except Refusal as refusal:
        return _page(request, {}, refused(refusal, request.reader), status=422)
    reader = request.reader
    said = (
        reader.gettext("That is right.") if right else reader.gettext("Not quite: look it up and try again.")
    )
    return say_next(HttpResponseRedirect(f"{reverse('practice')}#practice-{note_id}"), said)


@only(DECIDERS)
@require_POST
def practice_remove(request: Request, note_id: int) -> HttpResponse:
    """Forget a note or a question."""
    if not service.remove(request.workspace, note_id):
        raise Http404(str(note_id))
    return say_next(HttpResponseRedirect(reverse("practice")), request.reader.gettext("It is taken away."))


@only(DECIDERS)
@require_POST
def practice_pair(request: Request) -> HttpResponse:
    """Say who learns beside whom, or beside nobody any more."""
    novice, beside = typed_number(request.POST, "person"), typed_number(request.POST, "beside")
    try:
        service.pair(request.workspace, novice or 0, beside, by=email(request), now_us=actual_us())
    except Refusal as refusal:
        return _page(request, {}, refused(refusal, request.reader), status=422)
    return say_next(HttpResponseRedirect(reverse("practice")), request.reader.gettext("It is noted."))


def _day(request: Request, typed: str) -> date:
    try:
        return date.fromisoformat(typed) if typed else _today(request)
    except ValueError as error:
        raise BadRequest("a day is written as 2026-11-30") from error


def _today(request: Request) -> date:
    return present(request.workspace).astimezone(request.workspace.zone).date()


def _page(
    request: Request, typed: Mapping[str, str] | None = None, wrong: str = "", *, status: int = 200
) -> HttpResponse:
    workspace, today, given = request.workspace, _today(request), Typed(typed or {})
    may_decide = may(request.user, DECIDERS)
    known, number = stored.answered(workspace, person_id(request)), day_number(today)
    shown = [
        ShownNote(
            each,
            date_of(each.from_day),
            each.from_day <= number < each.from_day + service.DAYS,
            known.get(each.id),
        )
        for each in stored.notes(workspace)
        if may_decide or each.from_day <= number
    ]
    return show(
        request,
        "team/practice.html",
        status=status,
        place="tasks",
        tab="practice",
        notes=[each for each in shown if not each.note.choices],
        questions=[each for each in shown if each.note.choices],
        results=stored.results(workspace) if may_decide else [],
        pairs=stored.pairs(workspace),
        people=colleagues(workspace) if may_decide else [],
        today=today,
        typed=given,
        may_decide=may_decide,
        wrong=wrong,
    )
