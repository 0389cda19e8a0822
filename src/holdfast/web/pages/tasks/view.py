"""The task inbox, one task with its history, and the form of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.moments import microseconds
from holdfast.domain.outcomes import CALL_OUTCOMES
from holdfast.domain.texts import Text
from holdfast.domain.work import DROP_REASONS, TASK_KINDS, TASK_OUTCOMES, end_of
from holdfast.services.act import task_list as at_stake
from holdfast.services.act.scripts import kept
from holdfast.settings import Settings
from holdfast.store import cases, inbox, tasks
from holdfast.store.tasks import Task
from holdfast.web.access import READERS, WRITERS, check_sees_named, may, may_see_named, only
from holdfast.web.pages.tasks import beside, words
from holdfast.web.pages.tasks.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.views.words import list_views
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import (
    Typed,
    choices,
    colleagues,
    customers,
    person_id,
    priorities,
    shown_on_both,
    typed_number,
    whose,
)
from holdfast.web.workspace import present

ON_A_PAGE = 50


@only(READERS)
@require_safe
def task_list(request: Request) -> HttpResponse:
    """The tasks that wait: one's own first, by when they are due."""
    return list_page(request, asked_of(request.GET))


def list_page(request: Request, asked: Asked, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The list; ``wrong`` says what could not be done."""
    workspace, reader = request.workspace, request.reader
    now, mine = present(workspace), whose(request)
    wanted = asked.wanted(person_id(request), now, workspace, mine)
    rows, after = _rows(workspace, asked, wanted, now)
    counts = tasks.counts(
        workspace,
        person_id(request),
        today_ends_us=end_of(now.astimezone(workspace.zone).date(), workspace.zone) + 1,
        now_us=microseconds(now),
        seen_by=mine,
    )
    people = colleagues(workspace)
    return show(
        request,
        "tasks/list.html" if request.htmx.target == "list" else "tasks/tasks.html",
        status=status,
        place="tasks",
        asked=asked,
        sentence=words.sentence(counts, reader),
        tabs=words.tabs(asked, counts, reader),
        filters=words.filters(asked, people, reader),
        sorts=words.sorts(asked, reader),
        call_outcomes=choices(CALL_OUTCOMES, reader),
        views=list_views(request, "tasks", asked.with_().query()),
        tasks=words.shown(
            rows,
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


def _rows(workspace: Settings, asked: Asked, wanted: tasks.Wanted, now: datetime) -> tuple[list[Task], str]:
    """A page of tasks, and the place where the next one goes on, "" where there is none."""
    if asked.by_value:
        rows = at_stake.by_value(workspace, wanted, ON_A_PAGE + 1, now=now)
        at_risk = at_stake.values(workspace, rows[ON_A_PAGE - 1 : ON_A_PAGE])
        places = [at_stake.place(each, at_risk) for each in rows[ON_A_PAGE - 1 : ON_A_PAGE]]
    else:
        rows = tasks.listed(workspace, wanted, ON_A_PAGE + 1, now_us=microseconds(now))
        places = [tasks.place(each, wanted) for each in rows[ON_A_PAGE - 1 : ON_A_PAGE]]
    after = "-".join(map(str, places[0])) if len(rows) > ON_A_PAGE else ""
    return rows[:ON_A_PAGE], after


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
    case_id = found.case_id
    sees = case_id is not None and may_see_named(request.user, {"case_id": case_id})
    return show(
        request,
        "tasks/task.html",
        status=status,
        place="tasks",
        task=found,
        shown=shown,
        case=cases.one(workspace, case_id) if case_id is not None and sees else None,
        outcomes=choices(TASK_OUTCOMES, reader),
        reasons=choices(DROP_REASONS, reader),
        snoozes=words.snoozes(reader),
        call_outcomes=beside.outcomes(found, request),
        again_days=beside.again_days(request),
        beside=beside.beside(request, found),
        **shown_on_both(request, "task", found, wrong, typed),
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """A task that is being made: what was named, whom it is about, and what was typed so far."""

    customer: int | None = None
    about: int | None = None
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
    customer, conversation, case_id = (
        typed_number(given, name) or None for name in ("customer", "conversation", "case")
    )
    named = {"unit_id": customer, "conversation_id": conversation, "case_id": case_id}
    check_sees_named(request.user, {name: number for name, number in named.items() if number})
    talk = inbox.conversation(request.workspace, conversation) if conversation else None
    case = cases.one(request.workspace, case_id) if case_id else None
    about = [each.subject_id for each in (case, talk) if each is not None]
    return Begun(
        customer,
        customer or (about[0] if about else None),
        talk.id if talk else None,
        case.id if case else None,
        given.get("alert", "")[:100].replace("\0", ""),
        {name: str(value) for name, value in given.items()},
    )


def new_page(request: Request, started: Begun, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The form, with what was typed into it."""
    workspace, reader = request.workspace, request.reader
    about = customers(request, {started.about}).get(started.about or 0)
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
        scripts=[(each.key, each.said((reader.code,))[1].title) for each in kept.every(workspace)],
        me=person_id(request),
        alert_words=reader.say(ALERTS[started.alert]) if started.alert in ALERTS else "",
        back=about.url if about else reverse("tasks"),
        wrong=wrong,
    )


ALERTS: dict[str, Text] = {"churn_rising": Text("Find out why more and more customers leave")}
"""What is to be done about an alert, as the title that is offered."""


def asked_of(given: Mapping[str, str]) -> Asked:
    """What an address asks for. Raises ``BadRequest`` for what it cannot mean."""
    try:
        return read_asked(given)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error
