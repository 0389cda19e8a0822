"""The task inbox, one task with its history, and the form of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.texts import Text
from holdfast.domain.work import DROP_REASONS, TASK_KINDS, TASK_OUTCOMES, end_of
from holdfast.store import cases, inbox, tasks, work
from holdfast.store.tasks import Task
from holdfast.web.access import READERS, WRITERS, check_sees, may, only
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.tasks import words
from holdfast.web.pages.tasks.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.views.words import list_views
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import (
    Typed,
    choices,
    colleagues,
    customers,
    field_day,
    history,
    person_id,
    priorities,
    whose,
)
from holdfast.web.workspace import present

ON_A_PAGE = 50


@only(READERS)
@require_safe
def task_list(request: Request) -> HttpResponse:
    """The tasks that wait: one's own first, by when they are due."""
    return list_page(request, _asked(request))


def list_page(request: Request, asked: Asked, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The list; ``wrong`` says what could not be done."""
    workspace, reader = request.workspace, request.reader
    now, mine = present(workspace), whose(request)
    wanted = asked.wanted(person_id(request), now, workspace, mine)
    rows = tasks.listed(workspace, wanted, ON_A_PAGE + 1, now_us=_us(now))
    counts = tasks.counts(
        workspace,
        person_id(request),
        today_ends_us=end_of(now.astimezone(workspace.zone).date(), workspace.zone) + 1,
        now_us=_us(now),
        seen_by=mine,
    )
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    people = colleagues(workspace)
    after = "-".join(str(each) for each in tasks.place(last, wanted)) if last else ""
    return show(
        request,
        "tasks/list.html" if request.htmx.target == "list" else "tasks/tasks.html",
        status=status,
        place="tasks",
        asked=asked,
        sentence=words.sentence(counts, reader),
        tabs=words.tabs(asked, counts, reader),
        filters=words.filters(asked, people, reader),
        views=list_views(request, "tasks", asked.with_().query()),
        tasks=words.shown(
            rows[:ON_A_PAGE],
            customers(request, {row.subject_id for row in rows}),
            now,
            workspace.zone,
            reader,
        ),
        people=people,
        snoozes=words.snoozes(reader),
        next_url=words.address(asked.with_(after=after)) if after else "",
        first_url=words.address(asked.with_()) if asked.after else "",
        back=words.address(asked),
        may_write=may(request.user, WRITERS),
        any_task=bool(counts.all or rows),
        wrong=wrong,
    )


@only(READERS)
@require_safe
def task(request: Request, task_id: int) -> HttpResponse:
    """One task."""
    return task_page(request, task_id)


def task_page(
    request: Request,
    task_id: int,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """One task with what happened; ``wrong`` says what could not be done with what was ``typed``."""
    workspace, reader = request.workspace, request.reader
    found = tasks.one(workspace, task_id)
    if found is None:
        raise Http404(str(task_id))
    now = present(workspace)
    shown = words.shown_task(found, customers(request, {found.subject_id}), now, workspace.zone, reader)
    day, hour = field_day(found.due_us, workspace.zone)
    return show(
        request,
        "tasks/task.html",
        status=status,
        place="tasks",
        task=found,
        shown=shown,
        day=day,
        hour=hour,
        history=history(work.history(workspace, "task", task_id), workspace.zone, reader),
        talk=_talk(request, found.conversation_id),
        case=cases.one(workspace, found.case_id) if found.case_id is not None else None,
        outcomes=choices(TASK_OUTCOMES, reader),
        reasons=choices(DROP_REASONS, reader),
        priorities=priorities(reader),
        people=colleagues(workspace),
        snoozes=words.snoozes(reader),
        may_write=may(request.user, WRITERS),
        wrong=wrong,
        typed=Typed(typed or {}),
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """A task that is being made: what it is about, and what was typed so far."""

    customer: int | None = None
    conversation: int | None = None
    case: int | None = None
    alert: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form carries along."""
        given = {
            "customer": self.customer,
            "conversation": self.conversation,
            "case": self.case,
            "alert": self.alert,
        }
        return [(name, str(value)) for name, value in given.items() if value]


@only(WRITERS)
@require_safe
def new_task(request: Request) -> HttpResponse:
    """The form of a new task, about a customer, a conversation, a case or an alert where one is named."""
    return new_page(request, begun(request, request.GET))


def begun(request: Request, given: Mapping[str, str]) -> Begun:
    """What a new task is about: what is named is there, and this person's to see."""
    numbers = {name: _number(given, name) for name in ("customer", "conversation", "case")}
    talk = _talk(request, numbers["conversation"])
    case = cases.one(request.workspace, numbers["case"]) if numbers["case"] else None
    about = [each.subject_id for each in (talk, case) if each is not None]
    customer = numbers["customer"] or (about[0] if about else None)
    check_sees(request.user, {each for each in (customer, *about) if each})
    return Begun(
        customer,
        talk.id if talk else None,
        case.id if case else None,
        given.get("alert", "")[:100].replace("\0", ""),
        {name: str(value) for name, value in given.items()},
    )


def new_page(request: Request, started: Begun, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The form, with what was typed into it."""
    workspace, reader = request.workspace, request.reader
    about = customers(request, {started.customer}).get(started.customer or 0)
    return show(
        request,
        "tasks/new.html",
        status=status,
        place="tasks",
        hidden=started.hidden,
        customer=about,
        typed=Typed(started.typed),
        kinds=choices(TASK_KINDS, reader),
        priorities=priorities(reader),
        people=colleagues(workspace),
        me=person_id(request),
        alert_words=reader.say(ALERTS[started.alert]) if started.alert in ALERTS else "",
        back=about.url if about else reverse("tasks"),
        wrong=wrong,
    )


ALERTS: dict[str, Text] = {"churn_rising": Text("Find out why more and more customers leave")}
"""What is to be done about an alert, as the title that is offered."""


def _number(given: Mapping[str, str], name: str) -> int | None:
    written = given.get(name, "")
    if written and not is_number(written):
        raise BadRequest(f"{name}={written}")
    return int(written) if written else None


def _talk(request: Request, conversation_id: int | None) -> inbox.Conversation | None:
    return None if conversation_id is None else inbox.conversation(request.workspace, conversation_id)


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error


def about_task(request: Request, task_id: int) -> Task:
    """The task that is named, or a page that is not there."""
    found = tasks.one(request.workspace, task_id)
    if found is None:
        raise Http404(str(task_id))
    return found


def _us(now: datetime) -> int:
    return int(now.timestamp() * 1_000_000)
