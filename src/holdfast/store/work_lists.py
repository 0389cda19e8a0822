"""Lists of tasks and of cases: what both can be narrowed to, their order, and where they go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from holdfast.store import sql
from holdfast.store.narrowing import narrowed
from holdfast.store.work import SeenBy

NOBODY = 0
"""As an owner: what nobody is to do, or looks after, yet."""

Condition = tuple[str, list[object]]
"""A condition, and the values in it."""

_NEVER = 2**59  # of 18 digits: an address holds no longer number


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a list is narrowed to: "" and ``None`` leave all.

    ``due_before_us`` leaves out what is due later or never; ``subjects`` narrow to customers, ``search`` to
    words of the title, ``seen_by`` to what somebody may see. ``after`` is the place of the last one seen.
    """

    owner_id: int | None = None
    kind: str = ""
    due_before_us: int | None = None
    subjects: Sequence[int] | None = None
    search: str = ""
    seen_by: SeenBy | None = None
    after: tuple[int, int, int] | None = None


class Listed(Protocol):
    """A task or a case."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def due_us(self) -> int | None:
        """When it is due."""

    @property
    def priority(self) -> int:
        """How pressing it is."""


def read(
    select: str, alias: str, wanted: Narrowing, own: Sequence[Condition], latest: str, limit: int
) -> list[sql.Row]:
    """The rows of a list, one statement: the latest by the column ``latest`` first, "": what is due first.

    What is due at the same moment comes by priority. ``own`` is what only one of the two is narrowed to.
    """
    found = [*own, *_conditions(alias, wanted, latest)]
    where = f"WHERE {' AND '.join(condition for condition, _ in found)}" if found else ""
    order = f"{alias}.{latest} DESC, {alias}.id DESC" if latest else ", ".join(_place(alias))
    return sql.read(
        f"{select} {where} ORDER BY {order} LIMIT {int(limit)}",
        [value for _, values in found for value in values],
    )


def place(row: Listed, latest: str) -> tuple[int, int, int]:
    """Where a list in the order of ``latest`` goes on after this row."""
    if latest:
        return getattr(row, latest) or 0, 0, row.id
    return _NEVER if row.due_us is None else row.due_us, row.priority, row.id


def _place(alias: str) -> tuple[str, str, str]:
    return f"COALESCE({alias}.due_us, {_NEVER})", f"{alias}.priority", f"{alias}.id"


def _conditions(alias: str, wanted: Narrowing, latest: str) -> list[Condition]:
    found: list[Condition] = [(each, []) for each in narrowed(f"{alias}.subject_id", wanted.subjects)]
    if wanted.owner_id == NOBODY:
        found.append((f"{alias}.owner_id IS NULL", []))
    elif wanted.owner_id is not None:
        found.append((f"{alias}.owner_id = %s", [wanted.owner_id]))
    if wanted.kind:
        found.append((f"{alias}.kind = %s", [wanted.kind]))
    if wanted.due_before_us is not None:
        found.append((f"{alias}.due_us < %s", [wanted.due_before_us]))
    if wanted.seen_by is not None:
        found.append((wanted.seen_by.condition(alias), []))
    if wanted.search:
        found.append(_holds(f"{alias}.title", wanted.search))
    if wanted.after is not None:
        found.append(_after(alias, latest, wanted.after))
    return found


def _holds(column: str, words: str) -> Condition:
    """That a text holds these words, in whichever case.

    Each letter is asked for in both: SQLite, and PostgreSQL with some locales, know the cases of ASCII only.
    """
    return f"{column} {'REGEXP' if sql.is_sqlite() else '~'} %s", ["".join(map(_either, words))]


def _either(sign: str) -> str:
    cases = dict.fromkeys((sign, sign.lower(), sign.upper()))
    return f"[{''.join(cases)}]" if sign.isalpha() and set(map(len, cases)) == {1} else re.escape(sign)


def _after(alias: str, latest: str, after: tuple[int, int, int]) -> Condition:
    at, priority, id_ = after
    if latest:
        return f"({alias}.{latest}, {alias}.id) < (%s, %s)", [at, id_]
    return f"({', '.join(_place(alias))}) > (%s, %s, %s)", [at, priority, id_]
