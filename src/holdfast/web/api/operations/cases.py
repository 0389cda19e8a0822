"""Cases: complaints and requests until they are put right."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.services.act import cases, feature_wishes
from holdfast.store import cases as stored
from holdfast.store import work
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Money,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.shapes import money
from holdfast.web.api.work_shapes import (
    Comment,
    History,
    More,
    Priority,
    Title,
    When,
    WorkChanged,
    check_named,
    edit_of,
    history_of,
    microseconds,
    subjects_of,
)

CaseKind = Literal["complaint", "request", "question", "fault", "wish"]


Outcome = Literal[
    "", "put_right", "explained", "way_round", "built", "made_good", "not_possible", "no_answer"
]


class Case(Answered, frozen=True):
    """A complaint or request until it is put right; ``due_at`` is what was promised."""

    id: int
    title: str
    kind: str
    text: str
    priority: int
    state: str
    customer_id: int
    conversation_id: int | None
    owner_id: int | None
    owner: str
    due_at: datetime | None
    made_at: datetime
    made_by: str
    moved_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None
    outcome: str
    reason: str


class CaseQuery(Paging, kw_only=True, frozen=True):
    """Which cases."""

    state: Literal["", "under_way", "open", "waiting", "solved", "closed"] = "under_way"
    owner_id: Id | None = None
    customer_id: Id | None = None
    kind: CaseKind | None = None
    due_before: When | None = None
    search: Annotated[str, Meta(max_length=200)] = ""


class NewCase(Asked, kw_only=True, frozen=True):
    """A case to be opened; one with a ``key`` is opened once, however often it is asked for."""

    customer_id: Id
    title: Title
    kind: CaseKind = "complaint"
    text: More = ""
    priority: Priority = 2
    owner_id: Id | None = None
    due_at: When | None = None
    conversation_id: Id | None = None
    key: Annotated[str, Meta(min_length=1, max_length=100)] | None = None


class Step(Asked, kw_only=True, frozen=True):
    """What becomes of a case; an outcome is asked for where it is solved."""

    step: Literal["wait", "solve", "close", "reopen"]
    outcome: Outcome = ""
    reason: More = ""


class Wish(Answered, frozen=True):
    """A feature that ``customers`` want, who bring ``yearly`` together; ``waiting`` cases are under way.

    ``promised_at`` is the first moment that was promised to one of these. ``outcome`` and ``reason`` are the
    newest answer, "" before there was one.
    """

    title: str
    customers: int
    yearly: Money
    waiting: int
    promised_at: datetime | None
    outcome: str
    reason: str


class Wishes(Answered, frozen=True):
    """Every wish: those that wait first, then by the money of who wants it."""

    items: list[Wish]


@operation("GET", "/wishes", scope=READ)
def list_wishes(call: Call) -> Wishes:
    """List wishes for features, cases of the kind "wish" by their title, with the money behind each."""
    seen_by = work.seen_by(call.settings, call.person.pk or 0, call.theirs)
    return Wishes(items=[_wish(call, each) for each in feature_wishes.register(call.settings, seen_by)])


def _wish(call: Call, each: feature_wishes.Wish) -> Wish:
    return Wish(
        title=each.title,
        customers=each.customers,
        yearly=money(call.settings, each.yearly_minor),
        waiting=each.waiting,
        promised_at=moment_or_none(each.promised_us),
        outcome=each.outcome,
        reason=each.reason,
    )


@operation("GET", "/cases", scope=READ)
def list_cases(call: Call, query: CaseQuery) -> Page[Case]:
    """List cases: those under way as they are promised, others what moved last first."""
    wanted = stored.Wanted(
        state=query.state,
        owner_id=query.owner_id,
        kind=query.kind or "",
        due_before_us=microseconds(query.due_before),
        subjects=subjects_of(call, query.customer_id),
        search=query.search,
        seen_by=work.seen_by(call.settings, call.person.pk or 0, call.theirs),
        after=cursors.where(call, query, tuple[int, int, int]),
    )
    rows = stored.listed(call.settings, wanted, query.limit + 1)
    return cursors.page(call, query, rows, place=lambda row: stored.place(row, wanted), show=_case)


@operation("POST", "/cases", scope=WRITE, roles=WRITERS, status=201)
def create_case(call: Call, body: NewCase) -> Case:
    """Open a case."""
    check_named(call, body.customer_id, body.conversation_id, None)
    new = stored.NewCase(
        subject_id=body.customer_id,
        title=body.title,
        kind=body.kind,
        text=body.text,
        priority=body.priority,
        owner_id=body.owner_id,
        due_us=microseconds(body.due_at),
        conversation_id=body.conversation_id,
        key=None if body.key is None else f"api {call.key.id} {body.key}",
    )
    return get_case(call, cases.open_case(call.settings, new, by=call.by, now=call.now))


@operation("GET", "/cases/{case_id}", scope=READ)
def get_case(call: Call, case_id: Id) -> Case:
    """Get one case."""
    found = stored.one(call.settings, case_id)
    if found is None:
        raise not_here("case", case_id)
    return _case(found)


@operation("PATCH", "/cases/{case_id}", scope=WRITE, roles=WRITERS)
def update_case(call: Call, case_id: Id, body: WorkChanged) -> Case:
    """Give a case another title, text, priority, owner or promise."""
    get_case(call, case_id)
    cases.edit(call.settings, case_id, edit_of(body), by=call.by, now=call.now)
    return get_case(call, case_id)


@operation("POST", "/cases/{case_id}/steps", scope=WRITE, roles=WRITERS)
def step_case(call: Call, case_id: Id, body: Step) -> Case:
    """Let a case wait for the customer, be solved, be closed, or be opened again."""
    cases.step(call.settings, case_id, body.step, body.outcome, body.reason, by=call.by, now=call.now)
    return get_case(call, case_id)


@operation("GET", "/cases/{case_id}/history", scope=READ)
def list_case_history(call: Call, case_id: Id) -> History:
    """List what happened with a case."""
    get_case(call, case_id)
    return history_of(call, "case", case_id)


@operation("POST", "/cases/{case_id}/comments", scope=WRITE, roles=WRITERS)
def comment_case(call: Call, case_id: Id, body: Comment) -> History:
    """Write something below a case."""
    cases.comment(call.settings, case_id, body.text, by=call.by, now=call.now)
    return history_of(call, "case", case_id)


def _case(case: stored.Case) -> Case:
    return Case(
        id=case.id,
        title=case.title,
        kind=case.kind,
        text=case.text,
        priority=case.priority,
        state=case.state,
        customer_id=case.subject_id,
        conversation_id=case.conversation_id,
        owner_id=case.owner_id,
        owner=case.owner,
        due_at=moment_or_none(case.due_us),
        made_at=moment(case.made_us),
        made_by=case.made_by,
        moved_at=moment(case.moved_us),
        solved_at=moment_or_none(case.solved_us),
        closed_at=moment_or_none(case.closed_us),
        outcome=case.outcome,
        reason=case.reason,
    )
