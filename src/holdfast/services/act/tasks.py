"""Tasks of our own people: made, given to somebody, put off, finished with what came of it, opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import (
    DROP_REASONS,
    SNOOZES,
    TASK_KINDS,
    TASK_OUTCOMES,
    TASK_STATES,
    morning_after,
)
from holdfast.services.act import work_edits, work_typed
from holdfast.services.act.work_edits import Edit
from holdfast.services.act.work_mail import tell_owner
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.tasks import NewTask, State, Task
    from holdfast.store.work import Done

MOST_AT_ONCE = 200
"""Tasks that one act changes."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act over many tasks did: how many changed, and why others did not."""

    changed: int
    refused: tuple[tuple[int, Refusal], ...]


def make(settings: Settings, new: NewTask, *, by: str, now: datetime) -> int:
    """Make a task; its number, and that of the one there is where ``key`` was made already.

    The owner hears of it by mail where they want to. Refuses a title, kind, priority, day, customer, case
    or person that is none ("bad_title", "bad_text", "bad_kind", "bad_priority", "bad_moment",
    "no_such_customer", "no_such_conversation", "no_such_case", "no_such_person").
    """
    from holdfast.store import sql, tasks

    about = replace(new, subject_id=_subject_of(settings, new))
    checked = work_typed.checked(settings, about, TASK_KINDS)
    with sql.short_write():
        task_id, is_new = tasks.add(settings, checked, by=by, now_us=microseconds(now))
        if is_new:
            tell_owner(settings, _one(settings, task_id), by=by)
    return task_id


def edit(settings: Settings, task_id: int, wanted: Edit, *, by: str, now: datetime) -> None:
    """Give a task other words, another priority, owner or moment: all that is ``wanted``, or nothing.

    A new owner hears of it by mail. Refuses what :func:`make` refuses, and anything but other words for
    a task that is not open ("moved_on").
    """
    from holdfast.store import sql

    state = "" if wanted.words_only else "open"
    with sql.short_write():
        task = open_task(settings, task_id) if state else _one(settings, task_id)
        for values, done in work_edits.changes(settings, task, wanted):
            _change(settings, task, values, done, by, now, state=state)
            if done.what == "assigned":
                tell_owner(settings, _one(settings, task_id), by=by)


def snooze(settings: Settings, task_id: int, until: str, *, by: str, now: datetime) -> None:
    """Put an open task off: out of the list until then (a key of :data:`~holdfast.domain.work.SNOOZES`).

    "" brings it back at once.
    """
    from holdfast.store.work import Done

    task, until_us = open_task(settings, task_id), None
    if until:
        days, _ = SNOOZES[work_typed.one_of(until, SNOOZES, "bad_snooze")]  # type: ignore[index]
        until_us = morning_after(now, days, settings.zone)
    done = Done("snoozed", _number(task.snoozed_until_us), _number(until_us))
    _change(settings, task, {"snoozed_until_us": until_us}, done, by, now)


def finish(
    settings: Settings, task_id: int, outcome: str = "done", reason: str = "", *, by: str, now: datetime
) -> None:
    """Say that a task is done, and what came of it (:data:`~holdfast.domain.work.TASK_OUTCOMES`)."""
    work_typed.one_of(outcome, TASK_OUTCOMES, "bad_outcome")
    _close(settings, task_id, "done", "finished", outcome, reason, by, now)


def drop(settings: Settings, task_id: int, outcome: str, reason: str = "", *, by: str, now: datetime) -> None:
    """Say that a task will not be done, and why (:data:`~holdfast.domain.work.DROP_REASONS`)."""
    work_typed.one_of(outcome, DROP_REASONS, "bad_outcome")
    _close(settings, task_id, "dropped", "dropped", outcome, reason, by, now)


def reopen(settings: Settings, task_id: int, *, by: str, now: datetime) -> None:
    """Open a task again that was done or dropped; what came of it then stays in the history."""
    from holdfast.store.work import Done

    task = _one(settings, task_id)
    if task.state == "open":
        raise work_typed.moved_on(_state(task))
    values = {"state": "open", "closed_us": None, "closed_by": "", "outcome": "", "reason": ""}
    _change(settings, task, values, Done("reopened", task.state, "open"), by, now, state=task.state)


def comment(settings: Settings, task_id: int, text: str, *, by: str, now: datetime) -> None:
    """Write something below a task. Refuses nothing and too much ("bad_text")."""
    from holdfast.store import work

    _one(settings, task_id)
    written = work_typed.said(text)
    work.note("task", task_id, work.Done("commented", text=written), by=by, now_us=microseconds(now))


def each_of(task_ids: Iterable[int], act: Callable[[int], None]) -> Changed:
    """Do ``act`` with each task, the others too where one is refused."""
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Refusal(
            "too_many_at_once",
            found=Text("{n} task was chosen.", "{n} tasks were chosen.", n=len(wanted)),
            expected=Text("At most {most} at once.", most=MOST_AT_ONCE),
            remedy=Text("Choose fewer; nothing was changed."),
        )
    refused: list[tuple[int, Refusal]] = []
    for task_id in wanted:
        try:
            act(task_id)
        except Refusal as refusal:
            refused.append((task_id, refusal))
    return Changed(len(wanted) - len(refused), tuple(refused))


def _subject_of(settings: Settings, new: NewTask) -> int | None:
    """Whom a task is about: the customer it names, else that of its case, else of its conversation."""
    from holdfast.store import cases, inbox

    case = cases.one(settings, new.case_id) if new.case_id is not None else None
    if new.case_id is not None and case is None:
        raise work_typed.no_such_case(new.case_id)
    if new.subject_id is not None:
        return new.subject_id
    if case is not None:
        return case.subject_id
    talk = inbox.conversation(settings, new.conversation_id) if new.conversation_id is not None else None
    return None if talk is None else talk.subject_id


def _close(
    settings: Settings,
    task_id: int,
    state: State,
    what: str,
    outcome: str,
    reason: str,
    by: str,
    now: datetime,
) -> None:
    from holdfast.store.work import Done

    task, written = open_task(settings, task_id), work_typed.text(reason)
    values = {
        "state": state,
        "closed_us": microseconds(now),
        "closed_by": by,
        "outcome": outcome,
        "reason": written,
        "snoozed_until_us": None,
    }
    _change(settings, task, values, Done(what, "", outcome, written), by, now)


def _change(
    settings: Settings,
    task: Task,
    values: Mapping[str, object],
    done: Done,
    by: str,
    now: datetime,
    *,
    state: State | str = "open",
) -> None:
    from holdfast.store import tasks

    if not tasks.change(
        settings,
        task.id,
        values,
        done,
        by=by,
        now_us=microseconds(now),
        state=state,  # type: ignore[arg-type]
    ):
        raise work_typed.moved_on(_state(_one(settings, task.id)))


def _one(settings: Settings, task_id: int) -> Task:
    from holdfast.store import tasks

    found = tasks.one(settings, task_id)
    if found is None:
        raise Refusal(
            "no_such_task",
            found=Text("There is no task {id}.", id=str(task_id)),
            expected=Text("The number of a task, as the list of tasks shows it."),
            remedy=Text("Look for it in the list; nothing was changed."),
        )
    return found


def open_task(settings: Settings, task_id: int) -> Task:
    """A task that somebody is still to do. Refuses another ("no_such_task", "moved_on")."""
    task = _one(settings, task_id)
    if task.state != "open":
        raise work_typed.moved_on(_state(task))
    return task


def _state(task: Task) -> Text:
    return TASK_STATES[task.state]


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
