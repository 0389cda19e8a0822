"""Tasks of our own people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.domain.outcomes import MOST_DAYS, MOST_MINUTES, CallOutcome
from holdfast.services.act import outcomes, task_list, tasks
from holdfast.services.act.scripts import kept
from holdfast.services.act.team import load
from holdfast.store import tasks as stored
from holdfast.store import work
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
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

TaskKind = Literal["call", "message", "visit", "check", "offer", "note", "other"]


class Task(Answered, frozen=True):
    """Work for one of our people; ``outcome`` and ``reason`` say how it ended.

    ``script`` is the key of what to say, ``minutes`` how long it took, where somebody said so.
    """

    id: int
    title: str
    kind: str
    text: str
    priority: int
    state: str
    customer_id: int | None
    conversation_id: int | None
    case_id: int | None
    origin: str
    owner_id: int | None
    owner: str
    due_at: datetime | None
    snoozed_until: datetime | None
    made_at: datetime
    made_by: str
    closed_at: datetime | None
    closed_by: str
    outcome: str
    reason: str
    script: str
    minutes: int | None


class TaskQuery(Paging, kw_only=True, frozen=True):
    """Which tasks."""

    state: Literal["", "open", "snoozed", "done", "dropped"] = "open"
    owner_id: Id | None = None
    customer_id: Id | None = None
    kind: TaskKind | None = None
    due_before: When | None = None
    search: Annotated[str, Meta(max_length=200)] = ""
    sort: Literal["due", "value_at_risk"] = "due"


class NewTask(Asked, kw_only=True, frozen=True):
    """A task to be made; one with a ``key`` is made once, however often it is asked for."""

    title: Title
    kind: TaskKind = "other"
    text: More = ""
    priority: Priority = 2
    owner_id: Id | None = None
    due_at: When | None = None
    customer_id: Id | None = None
    conversation_id: Id | None = None
    case_id: Id | None = None
    script: Annotated[str, Meta(max_length=40)] = ""
    key: Annotated[str, Meta(min_length=1, max_length=100)] | None = None


class Snoozed(Asked, kw_only=True, frozen=True):
    """Until when it is put off; "" brings it back."""

    until: Literal["", "tomorrow", "three_days", "week"]


class Finished(Asked, kw_only=True, frozen=True):
    """What came of it."""

    outcome: Literal["done", "helped", "no_effect", "not_reached"] = "done"
    reason: More = ""


class CameOf(Asked, kw_only=True, frozen=True):
    """What came of a call or a visit.

    After no answer and after a bad day somebody tries again in ``try_again_days``; null is as usual, 0 never.
    """

    outcome: CallOutcome
    note: More = ""
    try_again_days: Annotated[int, Meta(ge=0, le=MOST_DAYS)] | None = None
    minutes: Annotated[int, Meta(ge=0, le=MOST_MINUTES)] | None = None


class TaskEnded(Answered, frozen=True):
    """The task that is over, and the number of the one that tries again, if one does."""

    task: Task
    again_id: int | None


class HandedOver(Asked, kw_only=True, frozen=True):
    """Who takes it over, and what they should know."""

    owner_id: Id
    note: More = ""


class Dropped(Asked, kw_only=True, frozen=True):
    """Why it is not done."""

    outcome: Literal["not_needed", "duplicate", "impossible"]
    reason: More = ""


@operation("GET", "/tasks", scope=READ)
def list_tasks(call: Call, query: TaskQuery) -> Page[Task]:
    """List tasks: open ones as they are due or by value at risk, others the last closed first."""
    wanted = stored.Wanted(
        state=query.state,
        owner_id=query.owner_id,
        due_before_us=microseconds(query.due_before),
        kind=query.kind or "",
        subjects=subjects_of(call, query.customer_id),
        search=query.search,
        seen_by=work.seen_by(call.settings, call.person.pk or 0, call.theirs),
        after=cursors.where(call, query, tuple[int, int, int]),
    )
    if query.sort == "value_at_risk" and query.state in ("open", "snoozed"):
        return _by_value(call, query, wanted)
    rows = stored.listed(call.settings, wanted, query.limit + 1, now_us=call.now_us)
    return cursors.page(call, query, rows, place=lambda row: stored.place(row, wanted), show=_task)


def _by_value(call: Call, query: TaskQuery, wanted: stored.Wanted) -> Page[Task]:
    rows = task_list.by_value(call.settings, wanted, query.limit + 1, now=call.now)
    at_risk = task_list.values(call.settings, rows)
    return cursors.page(call, query, rows, place=lambda row: task_list.place(row, at_risk), show=_task)


@operation("POST", "/tasks", scope=WRITE, roles=WRITERS, status=201)
def create_task(call: Call, body: NewTask) -> Task:
    """Make a task."""
    check_named(call, body.customer_id, body.conversation_id, body.case_id)
    new = stored.NewTask(
        title=body.title,
        kind=body.kind,
        text=body.text,
        priority=body.priority,
        owner_id=body.owner_id,
        due_us=microseconds(body.due_at),
        subject_id=body.customer_id,
        conversation_id=body.conversation_id,
        case_id=body.case_id,
        script=kept.one(call.settings, body.script).key if body.script else "",
        origin="api",
        origin_key=call.key.name[:100],
        key=None if body.key is None else f"api {call.key.id} {body.key}",
    )
    return get_task(call, tasks.make(call.settings, new, by=call.by, now=call.now))


@operation("GET", "/tasks/{task_id}", scope=READ)
def get_task(call: Call, task_id: Id) -> Task:
    """Get one task."""
    found = stored.one(call.settings, task_id)
    if found is None:
        raise not_here("task", task_id)
    return _task(found)


@operation("PATCH", "/tasks/{task_id}", scope=WRITE, roles=WRITERS)
def update_task(call: Call, task_id: Id, body: WorkChanged) -> Task:
    """Give a task another title, text, priority, owner or moment."""
    get_task(call, task_id)
    tasks.edit(call.settings, task_id, edit_of(body), by=call.by, now=call.now)
    return get_task(call, task_id)


@operation("POST", "/tasks/{task_id}/snooze", scope=WRITE, roles=WRITERS)
def snooze_task(call: Call, task_id: Id, body: Snoozed) -> Task:
    """Put a task off."""
    tasks.snooze(call.settings, task_id, body.until, by=call.by, now=call.now)
    return get_task(call, task_id)


@operation("POST", "/tasks/{task_id}/finish", scope=WRITE, roles=WRITERS)
def finish_task(call: Call, task_id: Id, body: Finished) -> Task:
    """Say that a task is done, and what came of it."""
    tasks.finish(call.settings, task_id, body.outcome, body.reason, by=call.by, now=call.now)
    return get_task(call, task_id)


@operation("POST", "/tasks/{task_id}/came", scope=WRITE, roles=WRITERS)
def end_call(call: Call, task_id: Id, body: CameOf) -> TaskEnded:
    """Say what came of a call or a visit: it is an event of the customer, and what follows is done."""
    get_task(call, task_id)
    said = outcomes.CameOf(body.outcome, body.note, body.try_again_days, body.minutes)
    again = outcomes.came(call.settings, task_id, said, by=call.by, now=call.now)
    return TaskEnded(task=get_task(call, task_id), again_id=again)


@operation("POST", "/tasks/{task_id}/hand-over", scope=WRITE, roles=WRITERS)
def hand_task_over(call: Call, task_id: Id, body: HandedOver) -> Task:
    """Give a task to a colleague with a word; they hear of it by mail."""
    get_task(call, task_id)
    load.hand_task_over(call.settings, task_id, body.owner_id, body.note, by=call.by, now=call.now)
    return get_task(call, task_id)


@operation("POST", "/tasks/{task_id}/drop", scope=WRITE, roles=WRITERS)
def drop_task(call: Call, task_id: Id, body: Dropped) -> Task:
    """Say that a task will not be done, and why."""
    tasks.drop(call.settings, task_id, body.outcome, body.reason, by=call.by, now=call.now)
    return get_task(call, task_id)


@operation("POST", "/tasks/{task_id}/reopen", scope=WRITE, roles=WRITERS)
def reopen_task(call: Call, task_id: Id) -> Task:
    """Open a task again."""
    tasks.reopen(call.settings, task_id, by=call.by, now=call.now)
    return get_task(call, task_id)


@operation("GET", "/tasks/{task_id}/history", scope=READ)
def list_task_history(call: Call, task_id: Id) -> History:
    """List what happened with a task."""
    get_task(call, task_id)
    return history_of(call, "task", task_id)


@operation("POST", "/tasks/{task_id}/comments", scope=WRITE, roles=WRITERS)
def comment_task(call: Call, task_id: Id, body: Comment) -> History:
    """Write something below a task."""
    tasks.comment(call.settings, task_id, body.text, by=call.by, now=call.now)
    return history_of(call, "task", task_id)


def _task(task: stored.Task) -> Task:
    return Task(
        id=task.id,
        title=task.title,
        kind=task.kind,
        text=task.text,
        priority=task.priority,
        state=task.state,
        customer_id=task.subject_id,
        conversation_id=task.conversation_id,
        case_id=task.case_id,
        origin=task.origin,
        owner_id=task.owner_id,
        owner=task.owner,
        due_at=moment_or_none(task.due_us),
        snoozed_until=moment_or_none(task.snoozed_until_us),
        made_at=moment(task.made_us),
        made_by=task.made_by,
        closed_at=moment_or_none(task.closed_us),
        closed_by=task.closed_by,
        outcome=task.outcome,
        reason=task.reason,
        script=task.script,
        minutes=task.minutes,
    )
