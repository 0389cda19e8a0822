"""What people do with tasks: make, finish, drop, put off, give away, change, several at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act import outcomes
from holdfast.services.act import tasks as acts
from holdfast.services.act.scripts import kept
from holdfast.services.act.team import load
from holdfast.services.act.work_edits import Edit
from holdfast.store import tasks
from holdfast.store.tasks import NewTask
from holdfast.web.access import WRITERS, check_sees, only
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.tasks.view import asked_of, begun, list_page, new_page, task_page
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
    whose,
)
from holdfast.web.workspace import present


@only(WRITERS)
@require_POST
def make_task(request: Request) -> HttpResponse:
    """Make a task."""
    given = request.POST
    started = begun(request, given.dict())
    try:
        task_id = acts.make(
            request.workspace,
            NewTask(
                given.get("title", ""),
                kind=given.get("kind", "other"),
                text=given.get("text", ""),
                priority=typed_priority(request),
                owner_id=typed_number(request.POST, "owner"),
                due_us=typed_due(request),
                subject_id=started.customer,
                conversation_id=started.conversation,
                case_id=started.case,
                script=kept.one(request.workspace, given["script"]).key if given.get("script") else "",
                origin="alert" if started.alert else "conversation" if started.conversation else "",
                origin_key=started.alert,
            ),
            by=email(request),
            now=present(request.workspace),
        )
    except Refusal as refusal:
        return new_page(request, started, refused(refusal, request.reader), status=422)
    changed(request, "task.made", f"task:{task_id}")
    leads = leads_to(request, "task", task_id)
    return say_next(HttpResponseRedirect(leads), request.reader.gettext("The task is made."))


@only(WRITERS)
@require_POST
def do_task(request: Request, task_id: int, do: str) -> HttpResponse:
    """Do one thing with one task."""
    act = _ACTS.get(do)
    if act is None or tasks.one(request.workspace, task_id) is None:
        raise Http404(f"{do} {task_id}")
    try:
        act(request, task_id, present(request.workspace))
    except Refusal as refusal:
        said = refused(refusal, request.reader)
        return task_page(request, task_id, said, request.POST.dict(), status=422)
    changed(request, f"task.{do}", f"task:{task_id}")
    leads = leads_to(request, "task", task_id)
    undo = reverse("task_do", args=[task_id, "reopen"]) if do in ("finish", "drop") else ""
    return say_next(HttpResponseRedirect(leads), request.reader.say(_DONE[do]), undo_url=undo)


def _came(request: Request, task_id: int, now: datetime) -> None:
    given = request.POST
    days = typed_number(given, "days")
    said = outcomes.CameOf(
        given.get("came", ""), given.get("reason", ""), days, typed_number(given, "minutes")
    )
    outcomes.came(request.workspace, task_id, said, by=email(request), now=now)


def _finish(request: Request, task_id: int, now: datetime) -> None:
    given = request.POST
    outcome, reason = given.get("outcome", "done"), given.get("reason", "")
    acts.finish(request.workspace, task_id, outcome, reason, by=email(request), now=now)


def _drop(request: Request, task_id: int, now: datetime) -> None:
    given = request.POST
    outcome, reason = given.get("outcome", ""), given.get("reason", "")
    acts.drop(request.workspace, task_id, outcome, reason, by=email(request), now=now)


def _snooze(request: Request, task_id: int, now: datetime) -> None:
    acts.snooze(request.workspace, task_id, request.POST.get("until", ""), by=email(request), now=now)


def _assign(request: Request, task_id: int, now: datetime) -> None:
    person = typed_number(request.POST, "owner")
    acts.edit(request.workspace, task_id, Edit(owner_id=person), by=email(request), now=now)


def _hand_over(request: Request, task_id: int, now: datetime) -> None:
    person, note = typed_number(request.POST, "to"), request.POST.get("note", "")
    load.hand_task_over(request.workspace, task_id, person or 0, note, by=email(request), now=now)


def _change(request: Request, task_id: int, now: datetime) -> None:
    acts.edit(request.workspace, task_id, typed_edit(request), by=email(request), now=now)


def _reopen(request: Request, task_id: int, now: datetime) -> None:
    acts.reopen(request.workspace, task_id, by=email(request), now=now)


def _comment(request: Request, task_id: int, now: datetime) -> None:
    acts.comment(request.workspace, task_id, request.POST.get("text", ""), by=email(request), now=now)


_ACTS: dict[str, Callable[[Request, int, datetime], None]] = {
    "came": _came,
    "finish": _finish,
    "drop": _drop,
    "snooze": _snooze,
    "assign": _assign,
    "hand_over": _hand_over,
    "change": _change,
    "reopen": _reopen,
    "comment": _comment,
}
_DONE: dict[str, Text] = {
    "came": Text("It is written down what came of it."),
    "finish": Text("The task is done."),
    "drop": Text("The task is dropped."),
    "snooze": Text("It is noted when the task comes back."),
    "assign": Text("It is noted whose task it is."),
    "hand_over": Text("It is handed over, with your word."),
    "change": Text("The task is changed."),
    "reopen": Text("The task is open again."),
    "comment": Text("It is written down."),
}


@only(WRITERS)
@require_POST
def many_tasks(request: Request) -> HttpResponse:
    """Do one thing with each of the chosen tasks, or with the one whose button was pressed."""
    given = request.POST
    ended = given.get("ended", "").partition(":")
    one = given.get("finish", "") or ended[0]
    chosen = [one] if one else given.getlist("task")
    if not all(is_number(each) for each in chosen):
        raise BadRequest("task")
    ids = [int(each) for each in chosen]
    _check_theirs(request, ids)
    asked = asked_of(dict(parse_qsl(urlsplit(given.get("back", "")).query)))
    if not ids:
        return list_page(request, asked, request.reader.gettext("Choose tasks first."), status=422)
    do = "came" if ended[0] else "finish" if one else given.get("do", "")
    if do not in ("came", "finish", "assign", "snooze"):
        raise BadRequest(f"do={do}")
    act, now = partial(_ended, ended[2]) if ended[0] else _ACTS[do], present(request.workspace)
    try:
        did = acts.each_of(ids, lambda each: act(request, each, now))
    except Refusal as refusal:
        return list_page(request, asked, refused(refusal, request.reader), status=422)
    changed(request, f"task.{do}", "tasks", tasks=did.changed)
    if did.refused:
        return list_page(request, asked, _left_over(request, did), status=422)
    undo = reverse("task_do", args=[ids[0], "reopen"]) if do == "finish" and one else ""
    leads = reverse("tasks") + asked.query()
    said = request.reader.say(Text("{n} task is changed.", "{n} tasks are changed.", n=did.changed))
    return say_next(HttpResponseRedirect(leads), said, undo_url=undo)


def _ended(outcome: str, request: Request, task_id: int, now: datetime) -> None:
    """The outcome of a call, by the button of a row: no words with it."""
    outcomes.came(request.workspace, task_id, outcomes.CameOf(outcome), by=email(request), now=now)


def _left_over(request: Request, did: acts.Changed) -> str:
    """Why some of the chosen tasks stay as they are."""
    reader = request.reader
    reasons = list(dict.fromkeys(reader.say(refusal.found) for _, refusal in did.refused))
    stay = Text("{n} task stays as it is.", "{n} tasks stay as they are.", n=len(did.refused))
    return " ".join([reader.say(stay), *reasons[:3]])


def _check_theirs(request: Request, ids: list[int]) -> None:
    """What is not theirs to see is not there."""
    mine = whose(request)
    if mine is None:
        return
    others = [each for each in tasks.many(request.workspace, ids) if each.owner_id != mine.person_id]
    check_sees(request.user, {each.subject_id or 0 for each in others})
