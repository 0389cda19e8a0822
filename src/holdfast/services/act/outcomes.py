"""A call or a visit is over: its outcome becomes an event, and what follows from it is done at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.domain.consent import ANY, CALLS, Statement
from holdfast.domain.moments import microseconds
from holdfast.domain.outcomes import (
    AGAIN_DAYS,
    CALL_OUTCOMES,
    CONTACTS,
    MOST_DAYS,
    MOST_MINUTES,
    MOST_TRIES,
    again_key,
    enrolment_of,
)
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import end_of
from holdfast.services.act import work_typed
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.tasks import Task
    from holdfast.store.work import Done

_NOT_TO_BE_CALLED = "not_to_be_called"
_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class CameOf:
    """What came of it: the outcome, in one's own words, how long it took.

    ``days`` until somebody tries again, ``None``: as is usual for the outcome, 0: nobody does.
    """

    outcome: str
    note: str = ""
    days: int | None = None
    minutes: int | None = None


def came(settings: Settings, task_id: int, said: CameOf, *, by: str, now: datetime) -> int | None:
    """Close a call or a visit with its outcome; the number of the task that tries again, if one does.

    The customer's timeline gets an event whose code is the outcome. A bad day pauses offers and holds the
    play that asked for the call; "asked not to be called" is kept as consent. Refuses a task that is no call
    and no visit, an outcome, a number of days or minutes that is none ("bad_kind", "bad_outcome",
    "bad_days", "bad_minutes"), and one that somebody closed already ("moved_on").
    """
    from holdfast.store import sql

    task = _open(settings, task_id)
    work_typed.one_of(said.outcome, CALL_OUTCOMES, "bad_outcome")
    work_typed.one_of(task.kind, CONTACTS, "bad_kind")
    _number(said.days, MOST_DAYS, "bad_days")
    _number(said.minutes, MOST_MINUTES, "bad_minutes")
    note = work_typed.text(said.note)
    # The event first: who is killed behind it does it again, and the event's key lets it in once.
    _event(settings, task, said.outcome, note, by, now)
    with sql.short_write():
        _close(settings, task, said, note, by, now)
        again = _again(settings, task, said, by, now)
        _follow(settings, task, said, by, now, rests=again is not None)
    return again


def _open(settings: Settings, task_id: int) -> Task:
    from holdfast.services.act.tasks import open_task

    return open_task(settings, task_id)


def _number(given: int | None, most: int, code: str) -> None:
    if given is None or 0 <= given <= most:
        return
    raise Refusal(
        code,
        found=Text("{found} was given.", found=given),
        expected=Text("A whole number from 0 to {most}.", most=most),
        remedy=Text("Mend the number; nothing was changed."),
    )


def _event(settings: Settings, task: Task, outcome: str, note: str, by: str, now: datetime) -> None:
    from holdfast.services.collect.care.contacts import Written, log_contact
    from holdfast.services.collect.care.who import who
    from holdfast.store import identity_live, work

    if task.subject_id is None:
        return
    unit = identity_live.units_of(settings, {task.subject_id})[task.subject_id]
    lines = work.history(settings, "task", task.id, limit=1)
    key = f"task-{task.id}-{lines[-1].id if lines else 0}"
    actual = microseconds(datetime.now(UTC))
    written = Written(CONTACTS[task.kind], outcome, note[:5_000], _event_us(now), key)
    log_contact(settings, who(settings, unit), written, by=by, now_us=actual)


def _event_us(now: datetime) -> int:
    """When the call was: on the clock of the workspace, which in a demo runs behind, and never ahead."""
    return min(microseconds(now), microseconds(datetime.now(UTC)))


def _close(settings: Settings, task: Task, said: CameOf, note: str, by: str, now: datetime) -> None:
    from holdfast.store import tasks
    from holdfast.store.work import Done

    now_us = microseconds(now)
    values = {
        "state": "done",
        "closed_us": now_us,
        "closed_by": by,
        "outcome": said.outcome,
        "reason": note,
        "minutes": said.minutes,
        "snoozed_until_us": None,
    }
    done = Done("finished", "", said.outcome, note)
    if not tasks.change(settings, task.id, values, done, by=by, now_us=now_us, state="open"):
        _open(settings, task.id)


def _again(settings: Settings, task: Task, said: CameOf, by: str, now: datetime) -> int | None:
    """The task of another try. Who did not answer so often is left alone unless somebody says a day."""
    from holdfast.store import tasks
    from holdfast.store.tasks import NewTask

    key, number = again_key(task.key or "", task.id)
    days = said.days
    if days is None:
        days = AGAIN_DAYS.get(said.outcome, 0) if number <= MOST_TRIES else 0
    if not days or said.outcome not in AGAIN_DAYS:
        return None
    new = NewTask(
        *(task.title, task.kind, task.text, task.priority, task.owner_id),
        due_us=end_of(_day(settings, now, days), settings.zone),
        subject_id=task.subject_id,
        conversation_id=task.conversation_id,
        case_id=task.case_id,
        origin=task.origin,
        origin_key=task.origin_key,
        key=key,
        script=task.script,
    )
    made, _ = tasks.add(settings, new, by=by, now_us=microseconds(now))
    until = int(datetime.combine(_day(settings, now, days), datetime.min.time(), settings.zone).timestamp())
    tasks.change(
        settings,
        made,
        {"snoozed_until_us": until * 1_000_000},
        _put_off(until * 1_000_000),
        by=by,
        now_us=microseconds(now),
    )
    return made


def _put_off(until_us: int) -> Done:
    from holdfast.store.work import Done as Line

    return Line("snoozed", "", str(until_us))


def _day(settings: Settings, now: datetime, days: int) -> date:
    return now.astimezone(settings.zone).date() + timedelta(days=days)


def _follow(settings: Settings, task: Task, said: CameOf, by: str, now: datetime, *, rests: bool) -> None:
    """What holds of the customer and of the play from now on."""
    from holdfast.store import plays_walking

    now_us, enrolment = microseconds(now), enrolment_of(task.key or "")
    if rests:
        days = said.days or AGAIN_DAYS[said.outcome]
        if enrolment is not None:
            plays_walking.put_off(settings, enrolment, now_us + days * 86_400_000_000)
        if said.outcome == "bad_day":
            _pause(settings, task, days, by, now)
    elif enrolment is not None:
        since_us = _event_us(now) - _MINUTE_US
        plays_walking.go_on(settings, enrolment, since_us=since_us, now_us=now_us)
    if said.outcome == _NOT_TO_BE_CALLED and task.subject_id is not None:
        _no_calls(settings, task.id, task.subject_id, by)


def _pause(settings: Settings, task: Task, days: int, by: str, now: datetime) -> None:
    """No offers on a bad day; a longer pause stays."""
    from holdfast.services.act import pausing
    from holdfast.store import pauses

    if task.subject_id is None:
        return
    actual = datetime.now(UTC)
    until = _day(settings, actual, days)
    until_us = int(datetime.combine(until, datetime.min.time(), settings.zone).timestamp()) * 1_000_000
    subjects = pauses.ids_of(settings, task.subject_id)
    holding = pauses.holding(settings, subjects, now_us=microseconds(actual))
    if holding is None or holding.until_us < until_us:
        pausing.pause(
            settings, subjects, until, asked=False, why=task.title, by=by, now_us=microseconds(actual)
        )


def _no_calls(settings: Settings, task_id: int, subject_id: int, by: str) -> None:
    from holdfast.store import consent

    actual = microseconds(datetime.now(UTC))
    statement = Statement(ANY, CALLS, False, actual, "phone", "", by, f"task {task_id}")
    consent.say(settings, [consent.Said(subject_id, statement)], now_us=actual)
