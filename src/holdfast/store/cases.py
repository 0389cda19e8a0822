"""Cases: complaints and requests until they are put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from holdfast import store
from holdfast.domain.announcements import CASE_CLOSED, CASE_OPENED
from holdfast.settings import Settings
from holdfast.store import sql, told_out, work, work_lists
from holdfast.store.work import Done, SeenBy
from holdfast.store.work_lists import Condition, Narrowing

State = Literal["open", "waiting", "solved", "closed"]
STATES: tuple[State, ...] = get_args(State)
UNDER_WAY: tuple[State, ...] = ("open", "waiting")
"""States of what is not put right yet."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; see :class:`holdfast.store.models.Case`. ``owner`` is a name or ""."""

    id: int
    subject_id: int
    conversation_id: int | None
    kind: str
    title: str
    text: str
    priority: int
    state: State
    owner_id: int | None
    owner: str
    due_us: int | None
    made_us: int
    made_by: str
    moved_us: int
    solved_us: int | None
    closed_us: int | None
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be opened. With a ``key`` it is opened once only, however often it is asked for."""

    subject_id: int
    title: str
    kind: str = "complaint"
    text: str = ""
    priority: int = 2
    owner_id: int | None = None
    due_us: int | None = None
    conversation_id: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted(Narrowing):
    """Which cases. ``state`` "under_way" asks for open and waiting ones."""

    state: State | Literal["", "under_way"] = ""


def add(settings: Settings, new: NewCase, *, by: str, now_us: int) -> tuple[int, bool]:
    """Open a case, in the caller's transaction where there is one; its id, and whether it is new."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO customer_case (key, subject_id, conversation_id, kind, title, text, priority, "
            "state, owner_id, due_us, made_us, made_by, moved_us, heard, outcome, reason) "
            f"VALUES (%s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, %s, {_heard('%s')}, '', '') "
            "ON CONFLICT (key) DO NOTHING RETURNING id",
            (
                new.key,
                new.subject_id,
                new.conversation_id,
                new.kind,
                new.title,
                new.text,
                new.priority,
                new.owner_id,
                new.due_us,
                now_us,
                by,
                now_us,
                new.conversation_id,
            ),
        )
        if row is not None:
            work.note("case", int(row[0]), Done("made"), by=by, now_us=now_us)
            told_out.work_changed(settings, CASE_OPENED, "case", int(row[0]), by=by, now_us=now_us)
            return int(row[0]), True
        row = sql.one("SELECT id FROM customer_case WHERE key = %s", (new.key,))
        if row is None:
            raise RuntimeError("a case that could not be added is not there")
        return int(row[0]), False


def one(settings: Settings, case_id: int) -> Case | None:
    """One case; ``None`` when there is none."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE c.id = %s", (case_id,))
    return None if row is None else Case(*row)


def listed(settings: Settings, wanted: Wanted, limit: int) -> list[Case]:
    """The cases that are wanted, at most ``limit``; one statement.

    Those under way what is promised first, others what moved last first.
    """
    store.connect(settings)
    rows = work_lists.read(_SELECT, "c", wanted, _own(wanted), _latest(wanted), limit)
    return [Case(*row) for row in rows]


def place(case: Case, wanted: Wanted) -> tuple[int, int, int]:
    """Where a list goes on after this case."""
    return work_lists.place(case, _latest(wanted))


def counts(settings: Settings, seen_by: SeenBy | None = None) -> dict[str, int]:
    """How many cases there are by state; those of nobody that are under way as "nobodys"."""
    store.connect(settings)
    theirs = seen_by.condition("c") if seen_by is not None else "TRUE"
    found: dict[str, int] = dict.fromkeys((*STATES, "nobodys"), 0)
    for state, count, unowned in sql.read(
        "SELECT c.state, COUNT(*), COUNT(CASE WHEN c.owner_id IS NULL THEN 1 END) "
        f"FROM customer_case c WHERE {theirs} GROUP BY c.state"
    ):
        found[state] = int(count)
        found["nobodys"] += int(unowned) if state in UNDER_WAY else 0
    return found


def change(
    settings: Settings,
    case_id: int,
    values: Mapping[str, object],
    done: Done,
    *,
    by: str,
    now_us: int,
    state: State | Literal[""] = "",
) -> bool:
    """Set columns of a case and note it; whether it was (still) in ``state``, "" for any."""
    store.connect(settings)
    with sql.short_write():
        moved = {**values, "moved_us": now_us}
        changed = work.change("case", case_id, moved, done, by=by, now_us=now_us, state=state)
        if changed and "state" in values:
            sql.write(
                f"UPDATE customer_case SET heard = {_heard('customer_case.conversation_id')} WHERE id = %s",
                (case_id,),
            )
        if changed and values.get("state") == "closed":
            told_out.work_changed(settings, CASE_CLOSED, "case", case_id, by=by, now_us=now_us)
        return changed


def answered(settings: Settings) -> list[int]:
    """Cases that wait or are solved, in whose conversation the customer has written since."""
    store.connect(settings)
    rows = sql.read(
        "SELECT c.id FROM customer_case c WHERE c.state IN ('waiting', 'solved') "
        "AND c.conversation_id IS NOT NULL AND EXISTS (SELECT 1 FROM inbox_message m "
        "WHERE m.conversation_id = c.conversation_id AND m.incoming AND m.id > c.heard) ORDER BY c.id"
    )
    return [int(id_) for (id_,) in rows]


def long_solved(settings: Settings, before_us: int) -> list[int]:
    """Cases that were solved before a moment, and in which nothing has happened since."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id FROM customer_case WHERE state = 'solved' AND moved_us < %s ORDER BY id", (before_us,)
    )
    return [int(id_) for (id_,) in rows]


def _heard(conversation: str) -> str:
    """The newest message of the customer in a conversation, as SQL."""
    return (
        "(SELECT COALESCE(MAX(m.id), 0) FROM inbox_message m "
        f"WHERE m.conversation_id = {conversation} AND m.incoming)"
    )


_SELECT = (
    "SELECT c.id, c.subject_id, c.conversation_id, c.kind, c.title, c.text, c.priority, c.state, c.owner_id, "
    "COALESCE(NULLIF(p.name, ''), p.email, ''), c.due_us, c.made_us, c.made_by, c.moved_us, c.solved_us, "
    "c.closed_us, c.outcome, c.reason FROM customer_case c LEFT JOIN person p ON p.id = c.owner_id"
)


def _latest(wanted: Wanted) -> str:
    """The column by which the latest come first; "" where what is promised does."""
    return "" if wanted.state in ("open", "under_way", "waiting") else "moved_us"


def _own(wanted: Wanted) -> list[Condition]:
    if wanted.state == "under_way":
        return [("c.state IN ('open', 'waiting')", [])]
    return [("c.state = %s", [wanted.state])] if wanted.state else []
