"""Tasks: the list that somebody works through, one task, and its changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from holdfast import store
from holdfast.domain.announcements import TASK_DONE, TASK_MADE
from holdfast.settings import Settings
from holdfast.store import sql, told_out, work, work_lists
from holdfast.store.linked import among, stretches
from holdfast.store.work import Done, SeenBy
from holdfast.store.work_lists import Condition, Narrowing

State = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Task:
    """One task; see :class:`holdfast.store.models.Task`. ``owner`` is a name or ""."""

    id: int
    subject_id: int | None
    conversation_id: int | None
    case_id: int | None
    origin: str
    origin_key: str
    kind: str
    title: str
    text: str
    priority: int
    state: State
    owner_id: int | None
    owner: str
    due_us: int | None
    snoozed_until_us: int | None
    made_us: int
    made_by: str
    closed_us: int | None
    closed_by: str
    outcome: str
    reason: str
    key: str | None
    script: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be made. With a ``key`` it is made once only, however often it is asked for."""

    title: str
    kind: str = "other"
    text: str = ""
    priority: int = 2
    owner_id: int | None = None
    due_us: int | None = None
    subject_id: int | None = None
    conversation_id: int | None = None
    case_id: int | None = None
    origin: str = ""
    origin_key: str = ""
    key: str | None = None
    script: str = ""


@dataclass(frozen=True, slots=True)
class Wanted(Narrowing):
    """Which tasks. ``state`` "snoozed" asks for open ones that are put off, "open" for those that are not."""

    state: State | Literal["", "snoozed"] = ""
    priority: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Open tasks that are not put off: a person's, those due until today, those overdue; everybody's."""

    mine: int
    mine_today: int
    mine_overdue: int
    all: int
    nobodys: int


def add(settings: Settings, new: NewTask, *, by: str, now_us: int) -> tuple[int, bool]:
    """Make a task, in the caller's transaction where there is one; its id, and whether it is new."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO task (key, subject_id, conversation_id, case_id, origin, origin_key, kind, title, "
            "text, priority, state, owner_id, due_us, made_us, made_by, closed_by, outcome, reason, script) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, '', '', '', %s) "
            "ON CONFLICT (key) DO NOTHING RETURNING id",
            (
                new.key,
                new.subject_id,
                new.conversation_id,
                new.case_id,
                new.origin,
                new.origin_key,
                new.kind,
                new.title,
                new.text,
                new.priority,
                new.owner_id,
                new.due_us,
                now_us,
                by,
                new.script,
            ),
        )
        if row is not None:
            work.note("task", int(row[0]), Done("made"), by=by, now_us=now_us)
            told_out.work_changed(settings, TASK_MADE, "task", int(row[0]), by=by, now_us=now_us)
            return int(row[0]), True
        row = sql.one("SELECT id FROM task WHERE key = %s", (new.key,))
        if row is None:
            raise RuntimeError("a task that could not be added is not there")
        return int(row[0]), False


def one(settings: Settings, task_id: int) -> Task | None:
    """One task; ``None`` when there is none."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE t.id = %s", (task_id,))
    return None if row is None else Task(*row)


def many(settings: Settings, task_ids: Sequence[int]) -> list[Task]:
    """Those of these tasks that there are."""
    store.connect(settings)
    listed_ids = ", ".join(str(int(each)) for each in task_ids) or "0"
    return [Task(*row) for row in sql.read(f"{_SELECT} WHERE t.id IN ({listed_ids}) ORDER BY t.id")]


def listed(settings: Settings, wanted: Wanted, limit: int, *, now_us: int) -> list[Task]:
    """The tasks that are wanted, at most ``limit``: of open ones what is due first, else the latest.

    What is due at the same moment comes by priority. One statement.
    """
    store.connect(settings)
    own = _own(wanted, now_us)
    return [Task(*row) for row in work_lists.read(_SELECT, "t", wanted, own, _latest(wanted), limit)]


def place(task: Task, wanted: Wanted) -> tuple[int, int, int]:
    """Where a list goes on after this task."""
    return work_lists.place(task, _latest(wanted))


def values_at_risk(settings: Settings, units: Sequence[int]) -> dict[int, int]:
    """The value at risk of these customers, in minor units; who has no forecast is left out."""
    store.connect(settings)
    found: dict[int, int] = {}
    for some in stretches(sorted(set(units))):
        rows = sql.read(f"SELECT unit_id, value_at_risk_minor FROM risk_score WHERE unit_id IN {among(some)}")
        found.update({int(unit): int(value) for unit, value in rows})
    return found


def counts(
    settings: Settings, person_id: int, *, today_ends_us: int, now_us: int, seen_by: SeenBy | None = None
) -> Counts:
    """How many open tasks there are that are not put off; ``today_ends_us`` is the end of today."""
    store.connect(settings)
    theirs = f" AND {seen_by.condition('t')}" if seen_by is not None else ""
    row = sql.one(
        "SELECT COUNT(CASE WHEN owner_id = %s THEN 1 END), "
        "COUNT(CASE WHEN owner_id = %s AND due_us < %s THEN 1 END), "
        "COUNT(CASE WHEN owner_id = %s AND due_us < %s THEN 1 END), COUNT(*), "
        "COUNT(CASE WHEN owner_id IS NULL THEN 1 END) FROM task t "
        f"WHERE state = 'open' AND {_AWAKE}{theirs}",
        (person_id, person_id, today_ends_us, person_id, now_us, now_us),
    )
    return Counts(*(int(each) for each in row or (0,) * 5))


def change(
    settings: Settings,
    task_id: int,
    values: Mapping[str, object],
    done: Done,
    *,
    by: str,
    now_us: int,
    state: State | Literal[""] = "",
) -> bool:
    """Set columns of a task and note it; whether it was (still) in ``state``, "" for any."""
    store.connect(settings)
    with sql.short_write():
        changed = work.change("task", task_id, values, done, by=by, now_us=now_us, state=state)
        if changed and values.get("state") == "done":
            told_out.work_changed(settings, TASK_DONE, "task", task_id, by=by, now_us=now_us)
        return changed


_SELECT = (
    "SELECT t.id, t.subject_id, t.conversation_id, t.case_id, t.origin, t.origin_key, t.kind, t.title, "
    "t.text, t.priority, t.state, t.owner_id, COALESCE(NULLIF(p.name, ''), p.email, ''), t.due_us, "
    "t.snoozed_until_us, t.made_us, t.made_by, t.closed_us, t.closed_by, t.outcome, t.reason, t.key, "
    "t.script, t.minutes FROM task t LEFT JOIN person p ON p.id = t.owner_id"
)
_AWAKE = "(snoozed_until_us IS NULL OR snoozed_until_us <= %s)"


def _latest(wanted: Wanted) -> str:
    """The column by which the latest come first; "" where what is due does."""
    return "closed_us" if wanted.state in ("done", "dropped") else ""


def _own(wanted: Wanted, now_us: int) -> list[Condition]:
    found: list[Condition] = []
    if wanted.state:
        found.append(("t.state = %s", ["open" if wanted.state == "snoozed" else wanted.state]))
    if wanted.state in ("open", "snoozed"):
        found.append((_AWAKE if wanted.state == "open" else f"NOT {_AWAKE}", [now_us]))
    if wanted.priority is not None:
        found.append(("t.priority = %s", [wanted.priority]))
    if wanted.case_id is not None:
        found.append(("t.case_id = %s", [wanted.case_id]))
    return found
