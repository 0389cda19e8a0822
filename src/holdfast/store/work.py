"""What tasks and cases have in common: their history, and how a change of one is written with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import portfolio, sql
from holdfast.store.narrowing import narrowed

About = Literal["task", "case"]

TABLES: dict[About, str] = {"task": "task", "case": "customer_case"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a history: who did what when, the value before and after, and what was written with it.

    ``what`` is "made", "assigned", "due", "priority", "named", "snoozed", "finished", "dropped",
    "reopened", "waiting", "solved", "closed" or "commented".
    """

    id: int
    at_us: int
    made_by: str
    what: str
    was: str
    became: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a change does: its code, the values for its history, and what is written with it."""

    what: str
    was: str = ""
    became: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Somebody who sees only what was given to them, and what is about customers with these ``subjects``."""

    person_id: int
    subjects: frozenset[int]

    def condition(self, alias: str) -> str:
        """The condition on a task, case or conversation of ``alias``."""
        (theirs,) = narrowed(f"{alias}.subject_id", self.subjects)
        return f"({alias}.owner_id = {int(self.person_id)} OR {theirs})"


def seen_by(settings: Settings, person_id: int, units: Collection[int] | None) -> SeenBy | None:
    """Who sees only these customers; ``None`` for who sees everybody."""
    if units is None:
        return None
    return SeenBy(person_id, portfolio.subjects(settings, units))


def change(
    about: About, id_: int, values: Mapping[str, object], done: Done, *, by: str, now_us: int, state: str = ""
) -> bool:
    """Set columns and note it, in the caller's transaction; whether it was (still) in ``state``, "" for any.

    Nothing is written where it was not, or where there is no such row.
    """
    listed = ", ".join(f"{name} = %s" for name in values)
    condition, given = ("AND state = %s", [state]) if state else ("", [])
    changed = sql.write(
        f"UPDATE {TABLES[about]} SET {listed} WHERE id = %s {condition}", [*values.values(), id_, *given]
    )
    if changed:
        note(about, id_, done, by=by, now_us=now_us)
    return changed == 1


def note(about: About, id_: int, done: Done, *, by: str, now_us: int) -> None:
    """Add a line to a history, in the caller's transaction."""
    sql.write(
        f"INSERT INTO work_change ({about}_id, at_us, made_by, what, was, became, text) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (id_, now_us, by, done.what, done.was, done.became, done.text),
    )


def history(settings: Settings, about: About, id_: int, *, limit: int = 500) -> list[Change]:
    """What happened with a task or case, the oldest first; the last ``limit`` lines."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, at_us, made_by, what, was, became, text FROM work_change "
        f"WHERE {about}_id = %s ORDER BY id DESC LIMIT {int(limit)}",
        (id_,),
    )
    return [Change(*row) for row in reversed(rows)]
