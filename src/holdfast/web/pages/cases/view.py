"""The list of cases, one case with all that happened, and the form of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.work import CASE_KINDS, CASE_OUTCOMES, CASE_STEPS
from holdfast.services.act import feature_wishes
from holdfast.store import cases, inbox, tasks
from holdfast.web.access import READERS, WRITERS, check_sees_named, may, only
from holdfast.web.pages.cases import words
from holdfast.web.pages.cases.asked import Asked, read_asked
from holdfast.web.pages.tasks.asked import NotUnderstood
from holdfast.web.pages.tasks.words import shown as shown_tasks
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
TASKS = 50


@only(READERS)
@require_safe
def case_list(request: Request) -> HttpResponse:
    """The cases under way, what is promised first."""
    workspace, reader = request.workspace, request.reader
    asked = _asked(request)
    now, mine = present(workspace), whose(request)
    wanted = asked.wanted(person_id(request), now, mine)
    rows = cases.listed(workspace, wanted, ON_A_PAGE + 1)
    counts = cases.counts(workspace, mine)
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    after = "-".join(str(each) for each in cases.place(last, wanted)) if last else ""
    about = customers(request, {row.subject_id for row in rows})
    return show(
        request,
        "cases/list.html" if request.htmx.target == "list" else "cases/cases.html",
        place="cases",
        asked=asked,
        sentence=words.sentence(counts, reader),
        tabs=words.tabs(asked, counts, reader),
        filters=words.filters(asked, colleagues(workspace), reader),
        views=list_views(request, "cases", asked.with_().query()),
        wishes=_wishes(request, asked, now) if asked.kind == feature_wishes.KIND else [],
        cases=words.shown(rows[:ON_A_PAGE], about, now, workspace.zone, reader),
        next_url=words.address(asked.with_(after=after)) if after else "",
        first_url=words.address(asked.with_()) if asked.after else "",
        any_case=any(counts.values()),
        may_write=may(request.user, WRITERS),
    )


def _wishes(request: Request, asked: Asked, now: datetime) -> list[words.ShownWish]:
    workspace = request.workspace
    found = feature_wishes.register(workspace, whose(request))
    currency = workspace.currency or NO_CURRENCY
    return words.wishes(found, asked, currency, now, workspace.zone, request.reader)


@only(READERS)
@require_safe
def case(request: Request, case_id: int) -> HttpResponse:
    """One case."""
    return case_page(request, case_id)


def case_page(
    request: Request,
    case_id: int,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """One case with its history and its tasks; ``wrong`` says what could not be done with what was typed."""
    workspace, reader = request.workspace, request.reader
    found = cases.one(workspace, case_id)
    if found is None:
        raise Http404(str(case_id))
    now, zone = present(workspace), workspace.zone
    people = customers(request, {found.subject_id})
    wanted = tasks.Wanted(case_id=case_id, seen_by=whose(request))
    theirs = tasks.listed(workspace, wanted, TASKS, now_us=int(now.timestamp() * 1_000_000))
    return show(
        request,
        "cases/case.html",
        status=status,
        place="cases",
        case=found,
        shown=words.shown_case(found, people, now, zone, reader),
        steps={do for do, (before, _) in CASE_STEPS.items() if found.state in before},
        tasks=shown_tasks(theirs, {}, now, zone, reader),
        outcomes=choices(CASE_OUTCOMES, reader),
        **shown_on_both(request, "case", found, wrong, typed),
    )


@only(WRITERS)
@require_safe
def new_case(request: Request) -> HttpResponse:
    """The form of a new case about a customer, or out of a conversation."""
    return new_page(request, request.GET.dict())


def about(request: Request, given: Mapping[str, str]) -> tuple[int, int | None]:
    """(the customer, the conversation) that a new case is about; there, and this person's to see."""
    customer, conversation = (typed_number(given, name) or None for name in ("customer", "conversation"))
    named = {"unit_id": customer, "conversation_id": conversation}
    check_sees_named(request.user, {name: number for name, number in named.items() if number})
    talk = inbox.conversation(request.workspace, conversation) if conversation else None
    subject_id = customer or (talk.subject_id if talk else None)
    if subject_id is None:
        raise Http404("a case is about a customer")
    return subject_id, talk.id if talk else None


def new_page(
    request: Request, typed: Mapping[str, str], wrong: str = "", *, status: int = 200
) -> HttpResponse:
    """The form, with what was typed into it."""
    workspace, reader = request.workspace, request.reader
    subject_id, conversation_id = about(request, typed)
    person = customers(request, {subject_id})[subject_id]
    back = reverse("conversation", args=[conversation_id]) if conversation_id else person.url
    return show(
        request,
        "cases/new.html",
        status=status,
        place="cases",
        hidden=[("customer", typed.get("customer", "")), ("conversation", conversation_id or "")],
        customer=person,
        typed=Typed(typed),
        kinds=choices(CASE_KINDS, reader),
        priorities=priorities(reader),
        people=colleagues(workspace),
        me=person_id(request),
        back=back,
        wrong=wrong,
    )


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error
