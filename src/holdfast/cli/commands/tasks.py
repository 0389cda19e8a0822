"""``holdfast tasks``: what our own people have to do, made and worked off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.outcomes import CALL_OUTCOMES, MOST_DAYS, MOST_MINUTES
from holdfast.domain.texts import Text
from holdfast.domain.work import (
    DROP_REASONS,
    PRIORITY_NAMES,
    SNOOZES,
    TASK_KINDS,
    TASK_OUTCOMES,
    TASK_STATES,
    end_of,
)

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.tasks import Task

ORDER = 47
BY = "command line"
NOBODY = "nobody"
MOST = 1_000
_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@dataclass(frozen=True, slots=True)
class _Given:
    """What was typed behind the action."""

    customer: str | None
    owner: str | None
    due: datetime | None
    kind: str | None
    priority: str | None
    outcome: str | None
    reason: str
    state: str
    by: str
    limit: int
    days: int | None
    minutes: int | None
    by_value: bool


def _run(session: Session, action: str, words: tuple[str, ...], **given: Any) -> None:
    settings, typed = session.settings(), _Given(**given)
    if action == "list":
        if words:
            raise click.UsageError("holdfast tasks list")
        _list(session, settings, typed)
        return
    if action == "make":
        number = _make(session, settings, _one_word(action, words, "TITLE"), typed)
    else:
        number = _number(action, words)
        if action == "show":
            _show(session, settings, number)
            return
        _ACTS[action](session, settings, number, words[1:], typed)
    _tell(session, settings, number)


def _make(session: Session, settings: Settings, title: str, typed: _Given) -> int:
    from holdfast.services.act.tasks import make
    from holdfast.services.collect.look_up import unit_named
    from holdfast.store.tasks import NewTask

    new = NewTask(
        title,
        kind=typed.kind or "other",
        text=typed.reason,
        priority=_priority(typed.priority or "normal"),
        owner_id=_owner(settings, typed.owner),
        due_us=_due(settings, typed.due),
        subject_id=unit_named(settings, typed.customer) if typed.customer else None,
    )
    return make(settings, new, by=typed.by, now=settings.now(session.now()))


def _finish(session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given) -> None:
    from holdfast.services.act.tasks import finish

    now = settings.now(session.now())
    finish(settings, number, typed.outcome or "done", typed.reason, by=typed.by, now=now)


def _came(session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given) -> None:
    from holdfast.services.act.outcomes import CameOf, came

    said = CameOf(words[0] if words else "", typed.reason, typed.days, typed.minutes)
    came(settings, number, said, by=typed.by, now=settings.now(session.now()))


def _hand_over(
    session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given
) -> None:
    from holdfast.services.act.team.load import hand_task_over

    owner = _owner(settings, typed.owner)
    if owner is None:
        raise click.UsageError("holdfast tasks hand-over NUMBER --owner EMAIL")
    hand_task_over(settings, number, owner, typed.reason, by=typed.by, now=settings.now(session.now()))


def _drop(session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given) -> None:
    from holdfast.services.act.tasks import drop

    now = settings.now(session.now())
    drop(settings, number, typed.outcome or "not_needed", typed.reason, by=typed.by, now=now)


def _change(session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given) -> None:
    from holdfast.services.act.tasks import edit
    from holdfast.services.act.work_edits import Edit

    wanted = Edit(
        priority=_priority(typed.priority) if typed.priority else None,
        owner_id=_owner(settings, typed.owner) if typed.owner else "same",
        due_us=_due(settings, typed.due) if typed.due else "same",
    )
    edit(settings, number, wanted, by=typed.by, now=settings.now(session.now()))


def _snooze(session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given) -> None:
    from holdfast.services.act.tasks import snooze

    until = words[0] if words else "tomorrow"
    snooze(settings, number, until, by=typed.by, now=settings.now(session.now()))


def _comment(
    session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given
) -> None:
    from holdfast.services.act.tasks import comment

    comment(settings, number, " ".join(words), by=typed.by, now=settings.now(session.now()))


def _reopen(session: Session, settings: Settings, number: int, words: tuple[str, ...], typed: _Given) -> None:
    from holdfast.services.act.tasks import reopen

    reopen(settings, number, by=typed.by, now=settings.now(session.now()))


_Act = Callable[..., None]
_ACTS: Mapping[str, _Act] = {
    "finish": _finish,
    "came": _came,
    "hand-over": _hand_over,
    "drop": _drop,
    "change": _change,
    "snooze": _snooze,
    "comment": _comment,
    "reopen": _reopen,
}


_MORE: Mapping[str, str] = {
    "came": f" [{'|'.join(CALL_OUTCOMES)}]",
    "snooze": f" [{'|'.join(SNOOZES)}]",
    "comment": " WORDS...",
}
"""What stands behind the number."""


def _list(session: Session, settings: Settings, typed: _Given) -> None:
    from holdfast.services.act.task_list import by_value
    from holdfast.services.collect.look_up import unit_named
    from holdfast.store import tasks
    from holdfast.store.profile import subjects_of
    from holdfast.store.work_lists import NOBODY as OF_NOBODY

    about = unit_named(settings, typed.customer) if typed.customer else None
    wanted = tasks.Wanted(
        state=typed.state,  # type: ignore[arg-type]
        owner_id=OF_NOBODY if typed.owner == NOBODY else _owner(settings, typed.owner),
        kind=typed.kind or "",
        priority=_priority(typed.priority) if typed.priority else None,
        due_before_us=None if typed.due is None else (_due(settings, typed.due) or 0) + 1,
        subjects=subjects_of(settings, about) if about is not None else None,
    )
    now_us = int(settings.now(session.now()).timestamp() * 1_000_000)
    if typed.by_value:
        found = by_value(settings, wanted, typed.limit, now=settings.now(session.now()))
    else:
        found = tasks.listed(settings, wanted, typed.limit, now_us=now_us)
    reader = session.reader(settings)
    lines = [
        (str(each.id), each.title, each.owner or reader.gettext("nobody"), _day(settings, each.due_us))
        for each in found
    ]
    session.finish(
        {"tasks": [_told(each, settings) for each in found]},
        lambda: session.write(columns(lines)) if lines else session.tell(Text("There are no such tasks.")),
    )


def _show(session: Session, settings: Settings, number: int) -> None:
    from holdfast.services.collect.look_up import moment
    from holdfast.store import work

    task = _task(session, settings, number)
    lines = work.history(settings, "task", number)
    answer = _told(task, settings) | {
        "text": task.text,
        "history": [
            {
                "at": moment(each.at_us),
                "by": each.made_by,
                "what": each.what,
                "was": each.was,
                "became": each.became,
                "text": each.text,
            }
            for each in lines
        ],
    }
    shown = [(str(moment(each.at_us)), each.made_by, each.what, each.became, each.text) for each in lines]
    session.finish(answer, lambda: session.write(f"{task.title}\n{columns(shown)}"))


def _tell(session: Session, settings: Settings, number: int) -> None:
    task = _task(session, settings, number)
    state = TASK_STATES[task.state]
    said = Text("Task {id}, {title}: {state}.", id=str(number), title=task.title, state=state)
    session.finish(_told(task, settings), lambda: session.tell(said))


def _task(session: Session, settings: Settings, number: int) -> Task:
    from holdfast.store import tasks

    found = tasks.one(settings, number)
    if found is None:
        raise click.UsageError(session.say(Text("There is no task {id}.", id=str(number))))
    return found


def _told(task: Task, settings: Settings) -> dict[str, Any]:
    from holdfast.services.collect.look_up import moment

    return {
        "id": task.id,
        "title": task.title,
        "kind": task.kind,
        "priority": PRIORITY_NAMES[task.priority].msgid,
        "state": task.state,
        "owner": task.owner or None,
        "customer_id": task.subject_id,
        "due": None if task.due_us is None else moment(task.due_us),
        "outcome": task.outcome or None,
        "reason": task.reason or None,
        "script": task.script or None,
        "minutes": task.minutes,
    }


def _day(settings: Settings, at_us: int | None) -> str:
    if at_us is None:
        return ""
    return datetime.fromtimestamp(at_us / 1_000_000, settings.zone).date().isoformat()


def _owner(settings: Settings, email: str | None) -> int | None:
    from holdfast.services.collect.care.owners import person_named

    return None if email in (None, NOBODY) else person_named(settings, str(email))


def _due(settings: Settings, day: datetime | None) -> int | None:
    if day is None:
        return None
    if (day.hour, day.minute) == (0, 0):
        return end_of(day.date(), settings.zone)
    return int(day.replace(tzinfo=settings.zone).timestamp()) * 1_000_000


def _priority(word: str) -> int:
    return [each.msgid for each in PRIORITY_NAMES].index(word)


def _one_word(action: str, words: tuple[str, ...], name: str) -> str:
    if len(words) != 1:
        raise click.UsageError(f"holdfast tasks {action} {name}")
    return words[0]


def _number(action: str, words: tuple[str, ...]) -> int:
    """The number of the task; more words than the action takes are not passed over."""
    most = {"comment": len(words), "snooze": 2, "came": 2}.get(action, 1)
    if not words or not words[0].isdecimal() or len(words[0]) > 18 or len(words) > most:
        raise click.UsageError(f"holdfast tasks {action} NUMBER{_MORE.get(action, '')}")
    return int(words[0])


COMMAND = Command(
    "tasks",
    Text(
        "List tasks, show or make one, finish, drop, change, put off (snooze), comment or reopen it, hand it "
        "over, or say what came of a call."
    ),
    _run,
    [
        click.Argument(
            ["action"], type=click.Choice(["list", "show", "make", *_ACTS]), default="list", required=False
        ),
        click.Argument(["words"], metavar="[TITLE | NUMBER [WORDS]]...", nargs=-1),
        Option(
            "--customer", words=Text("About this customer: an id, an e-mail, a name."), metavar="CUSTOMER"
        ),
        Option("--owner", words=Text("Who does it: an e-mail address, or nobody."), metavar="EMAIL"),
        Option("--due", words=Text("Due on this day; lists what is due until then."), type=_DAY),
        Option("--kind", words=Text("What sort of work."), type=click.Choice([*TASK_KINDS])),
        Option(
            "--priority",
            words=Text("How pressing."),
            type=click.Choice([each.msgid for each in PRIORITY_NAMES]),
        ),
        Option(
            "--outcome",
            words=Text("How it ended."),
            type=click.Choice([*TASK_OUTCOMES, *DROP_REASONS]),
        ),
        Option("--reason", words=Text("More about it, in your words."), default="", metavar="TEXT"),
        Option(
            "--state",
            words=Text("List tasks of this state."),
            type=click.Choice([*TASK_STATES]),
            default="open",
            show_default=True,
        ),
        Option(
            "--by",
            words=Text("Who writes: an e-mail address."),
            default=BY,
            show_default=True,
            metavar="EMAIL",
        ),
        Option(
            "--days",
            words=Text("After no answer or a bad day: try again in so many days, 0 for never."),
            type=click.IntRange(0, MOST_DAYS),
        ),
        Option("--minutes", words=Text("How many minutes it took."), type=click.IntRange(0, MOST_MINUTES)),
        Option("--by-value", words=Text("List what has most value at risk first."), is_flag=True),
        Option(
            "--limit",
            words=Text("How many to list."),
            type=click.IntRange(1, MOST),
            default=20,
            show_default=True,
        ),
    ],
)
