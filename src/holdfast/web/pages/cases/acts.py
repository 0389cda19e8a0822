"""What people do with cases: open, solve, close, give away, promise, write below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import get_args

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import CaseStep
from holdfast.services.act import cases as acts
from holdfast.services.act.work_edits import Edit
from holdfast.store import cases
from holdfast.store.cases import NewCase
from holdfast.web.access import WRITERS, only
from holdfast.web.pages.cases.view import about, case_page, new_page
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import (
    email,
    leads_to,
    refused,
    typed_due,
    typed_edit,
    typed_number,
    typed_priority,
)
from holdfast.web.workspace import present


@only(WRITERS)
@require_POST
def make_case(request: Request) -> HttpResponse:
    """Open a case."""
    given = request.POST
    subject_id, conversation_id = about(request, given.dict())
    try:
        case_id = acts.open_case(
            request.workspace,
            NewCase(
                subject_id,
                given.get("title", ""),
                kind=given.get("kind", "complaint"),
                text=given.get("text", ""),
                priority=typed_priority(request),
                owner_id=typed_number(request.POST, "owner"),
                due_us=typed_due(request),
                conversation_id=conversation_id,
            ),
            by=email(request),
            now=present(request.workspace),
        )
    except Refusal as refusal:
        return new_page(request, given.dict(), refused(refusal, request.reader), status=422)
    changed(request, "case.opened", f"case:{case_id}")
    leads = HttpResponseRedirect(leads_to(request, "case", case_id))
    return say_next(leads, request.reader.gettext("The case is open."))


@only(WRITERS)
@require_POST
def do_case(request: Request, case_id: int, do: str) -> HttpResponse:
    """Do one thing with one case."""
    act = _step if do in get_args(CaseStep) else _ACTS.get(do)
    if act is None or cases.one(request.workspace, case_id) is None:
        raise Http404(f"{do} {case_id}")
    try:
        act(request, case_id, present(request.workspace), do)
    except Refusal as refusal:
        said = refused(refusal, request.reader)
        return case_page(request, case_id, said, request.POST.dict(), status=422)
    changed(request, f"case.{do}", f"case:{case_id}")
    leads = HttpResponseRedirect(leads_to(request, "case", case_id))
    undo = reverse("case_do", args=[case_id, "reopen"]) if do in ("solve", "close", "wait") else ""
    return say_next(leads, request.reader.say(_DONE[do]), undo_url=undo)


def _step(request: Request, case_id: int, now: datetime, do: str) -> None:
    step = next(each for each in get_args(CaseStep) if each == do)
    given = request.POST
    outcome, reason = given.get("outcome", ""), given.get("reason", "")
    acts.step(request.workspace, case_id, step, outcome, reason, by=email(request), now=now)


def _assign(request: Request, case_id: int, now: datetime, do: str) -> None:
    person = typed_number(request.POST, "owner")
    acts.edit(request.workspace, case_id, Edit(owner_id=person), by=email(request), now=now)


def _comment(request: Request, case_id: int, now: datetime, do: str) -> None:
    acts.comment(request.workspace, case_id, request.POST.get("text", ""), by=email(request), now=now)


def _change(request: Request, case_id: int, now: datetime, do: str) -> None:
    acts.edit(request.workspace, case_id, typed_edit(request), by=email(request), now=now)


_ACTS: dict[str, Callable[[Request, int, datetime, str], None]] = {
    "assign": _assign,
    "comment": _comment,
    "change": _change,
}
_DONE: dict[str, Text] = {
    "wait": Text("The case waits for the customer."),
    "solve": Text("The case is solved."),
    "close": Text("The case is closed."),
    "reopen": Text("The case is open again."),
    "assign": Text("It is noted who looks after the case."),
    "comment": Text("It is written down."),
    "change": Text("The case is changed."),
}
