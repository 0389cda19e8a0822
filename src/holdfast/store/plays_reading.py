"""Plays as pages and programs read them: who is in which, how it went, one customer's way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed
from holdfast.store.plays_walking import words_of


@dataclass(frozen=True, slots=True)
class Counts:
    """How many customers a play has or had, by what became of them."""

    under_way: int = 0
    done: int = 0
    left: int = 0
    held_out: int = 0
    goals: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One enrolment as it is listed; ``name`` is the customer's in the list, "" where there is none."""

    id: int
    play_id: int
    play_key: str
    play_title: str
    version: int
    unit_id: int
    name: str
    round: int
    arm: str
    state: str
    entered_us: int
    reason: Mapping[str, Any]
    step: str
    due_us: int
    ended_us: int | None
    ended_why: str
    goal_us: int | None


@dataclass(frozen=True, slots=True)
class WayStep:
    """What happened at one step of an enrolment."""

    step_id: str
    at_us: int
    what: str
    code: str
    because: Text | None


_ENROLMENT = (
    "SELECT e.id, e.play_id, p.key, p.title, v.number, e.unit_id, COALESCE(s.name, ''), e.round, e.arm, "
    "CASE WHEN e.ended_us IS NULL AND e.arm = 'treated' THEN 'under_way' ELSE e.state END, e.entered_us, "
    "e.reason, e.step, e.due_us, e.ended_us, e.ended_why, e.goal_us FROM enrolment e "
    "JOIN play p ON p.id = e.play_id JOIN play_version v ON v.id = e.version_id "
    "LEFT JOIN standing s ON s.unit_id = e.unit_id"
)


def counts(settings: Settings) -> dict[int, Counts]:
    """Play to how many customers it has or had."""
    store.connect(settings)
    found: dict[int, dict[str, int]] = {}
    for play_id, state, number, goals in sql.read(
        "SELECT play_id, state, COUNT(*), COUNT(goal_us) FROM enrolment GROUP BY play_id, state"
    ):
        one = found.setdefault(int(play_id), {"goals": 0})
        one[str(state)] = int(number)
        one["goals"] += int(goals) if state != "held_out" else 0
    return {play_id: Counts(**each) for play_id, each in found.items()}


def enrolments(
    settings: Settings,
    play_id: int,
    *,
    state: str = "",
    after: int | None = None,
    limit: int = 50,
    only: frozenset[int] | None = None,
) -> tuple[list[Enrolment], bool]:
    """Who is or was in a play, the latest first, and whether more follow; ``only`` whom a reader may see."""
    store.connect(settings)
    conditions, values = ["e.play_id = %s"], [play_id]
    if state == "under_way":
        conditions.append("e.ended_us IS NULL AND e.arm = 'treated'")
    elif state:
        conditions.append("e.state = %s")
        values.append(state)  # type: ignore[arg-type]
    if after is not None:
        conditions.append("e.id < %s")
        values.append(after)
    conditions += narrowed("e.unit_id", only)
    rows = sql.read(
        f"{_ENROLMENT} WHERE {' AND '.join(conditions)} ORDER BY e.id DESC LIMIT {int(limit) + 1}", values
    )
    return [_enrolment(row) for row in rows[:limit]], len(rows) > limit


def of_customer(settings: Settings, subjects: Sequence[int], limit: int = 50) -> list[Enrolment]:
    """The plays of one customer (all its ids), the latest first."""
    store.connect(settings)
    listed = ", ".join(str(int(each)) for each in subjects) or "NULL"
    rows = sql.read(f"{_ENROLMENT} WHERE e.unit_id IN ({listed}) ORDER BY e.id DESC LIMIT {int(limit)}")
    return [_enrolment(row) for row in rows]


def under_way_of(settings: Settings, subjects: Sequence[int]) -> list[tuple[int, str]]:
    """(enrolment, title of the play) of what a customer (all its ids) goes through now, the latest first."""
    store.connect(settings)
    listed = ", ".join(str(int(each)) for each in subjects) or "NULL"
    rows = sql.read(
        "SELECT e.id, p.title FROM enrolment e JOIN play p ON p.id = e.play_id "
        f"WHERE e.unit_id IN ({listed}) AND e.ended_us IS NULL AND e.arm = 'treated' "
        "ORDER BY e.id DESC LIMIT 5"
    )
    return [(int(number), str(title)) for number, title in rows]


def one(settings: Settings, enrolment_id: int) -> Enrolment | None:
    """One enrolment; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"{_ENROLMENT} WHERE e.id = %s", (enrolment_id,))
    return None if row is None else _enrolment(row)


def way(settings: Settings, enrolment_id: int) -> list[WayStep]:
    """What happened at each step of an enrolment, in its order."""
    store.connect(settings)
    rows = sql.read(
        "SELECT step_id, at_us, what, code, because FROM enrolment_step WHERE enrolment_id = %s ORDER BY id",
        (enrolment_id,),
    )
    return [WayStep(step, int(at), what, code, words_of(said)) for step, at, what, code, said in rows]


def _enrolment(row: sql.Row) -> Enrolment:
    values = list(row)
    values[11] = json.loads(values[11])
    return Enrolment(*values)
