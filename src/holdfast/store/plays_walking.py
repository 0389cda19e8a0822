"""Customers on their way through plays: who is due, what became of them, all written in one transaction.

Who is due is found by an index a play: a tick costs what is due, however many are under way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.arms import Arm
from holdfast.domain.plays import EnrolmentState
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.written import as_json

_IN_ONE = 500


@dataclass(frozen=True, slots=True)
class Walker:
    """An enrolment under way, as it was read; see :class:`holdfast.store.models.Enrolment`."""

    id: int
    play_id: int
    version_id: int
    unit_id: int
    subject_id: int
    arm: Arm
    entered_us: int
    step: str
    reached_us: int
    due_us: int
    waits_for: str
    goal_us: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened at a step; see :class:`holdfast.store.models.EnrolmentStep`."""

    step_id: str
    what: str
    code: str = ""
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    """Where an enrolment is after a tick: its next step, or how it ended (``state``, ``why``)."""

    walker: Walker
    step: str
    reached_us: int
    due_us: int
    waits_for: str = ""
    state: EnrolmentState | None = None
    why: str = ""
    goal_us: int | None = None
    happened: tuple[Happened, ...] = ()


_WALKER = (
    "e.id, e.play_id, e.version_id, e.unit_id, e.subject_id, e.arm, e.entered_us, e.step, e.reached_us, "
    "e.due_us, e.waits_for, e.goal_us"
)


def due(settings: Settings, play_id: int, now_us: int, most: int) -> list[Walker]:
    """At most ``most`` of a play who are due, the longest due first."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_WALKER} FROM enrolment e WHERE e.play_id = %s AND e.ended_us IS NULL AND e.due_us <= %s "
        f"ORDER BY e.due_us, e.id LIMIT {int(most)}",
        (play_id, now_us),
    )
    return [Walker(*row) for row in rows]


def still(settings: Settings, walkers: Sequence[Walker]) -> set[int]:
    """Those enrolments that are as they were read; on PostgreSQL they are locked until the caller's
    transaction ends. Asked first in that transaction: whoever else walked them meanwhile has the say.
    """
    store.connect(settings)
    lock = "" if sql.is_sqlite() else " FOR UPDATE"
    listed = ", ".join(str(each.id) for each in walkers) or "NULL"
    rows = sql.read(
        f"SELECT id, step, due_us FROM enrolment WHERE id IN ({listed}) AND ended_us IS NULL{lock}"
    )
    now = {int(number): (step, due_us) for number, step, due_us in rows}
    return {each.id for each in walkers if now.get(each.id) == (each.step, each.due_us)}


def keep(settings: Settings, walked: Sequence[Walked], *, now_us: int) -> None:
    """Write where they are now and what happened, in the caller's transaction."""
    store.connect(settings)
    _many(
        "UPDATE enrolment SET step = %s, reached_us = %s, due_us = %s, waits_for = %s, goal_us = %s "
        "WHERE id = %s",
        [
            (each.step, each.reached_us, each.due_us, each.waits_for, each.goal_us, each.walker.id)
            for each in walked
            if each.state is None
        ],
    )
    _many(
        "UPDATE enrolment SET step = %s, state = CASE WHEN arm = 'held_out' THEN 'held_out' ELSE %s END, "
        "ended_us = %s, ended_why = %s, goal_us = %s, waits_for = '' WHERE id = %s",
        [
            (each.step, each.state, now_us, each.why, each.goal_us, each.walker.id)
            for each in walked
            if each.state is not None
        ],
    )
    _many(
        "INSERT INTO enrolment_step (enrolment_id, step_id, at_us, what, code, because) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [
            (each.walker.id, it.step_id, now_us, it.what, it.code, _said(it.because))
            for each in walked
            for it in each.happened
        ],
    )


def wake(settings: Settings, play_id: int, units: Collection[int], *, now_us: int) -> int:
    """Let these customers of a play be due now: something was heard that may concern them; how many."""
    store.connect(settings)
    woken = 0
    ordered = sorted(units)
    for start in range(0, len(ordered), _IN_ONE):
        some = ", ".join(str(int(unit)) for unit in ordered[start : start + _IN_ONE])
        woken += sql.write(
            f"UPDATE enrolment SET due_us = %s WHERE unit_id IN ({some}) AND play_id = %s "
            "AND ended_us IS NULL AND due_us > %s",
            (now_us, play_id, now_us),
        )
    return woken


def put_off(settings: Settings, enrolment_id: int, until_us: int) -> bool:
    """Let an enrolment rest until then: what it waits for begins anew; whether it was under way."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE enrolment SET reached_us = %s, due_us = %s WHERE id = %s AND ended_us IS NULL "
            "AND due_us < %s",
            (until_us, until_us, enrolment_id, until_us),
        )
        or sql.write(
            "UPDATE enrolment SET reached_us = %s WHERE id = %s AND ended_us IS NULL AND reached_us < %s",
            (until_us, enrolment_id, until_us),
        )
    )


def go_on(settings: Settings, enrolment_id: int, *, since_us: int, now_us: int) -> bool:
    """Let an enrolment that rests be looked at now: what happened since then counts; whether it does."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE enrolment SET reached_us = %s, due_us = %s WHERE id = %s AND ended_us IS NULL "
            "AND reached_us > %s",
            (since_us, now_us, enrolment_id, now_us),
        )
    )


def end_all(settings: Settings, play_id: int, why: str, *, now_us: int) -> int:
    """End everybody who is under way in a play, in short transactions; how many."""
    store.connect(settings)
    ended = 0
    while True:
        some = sql.write(
            "UPDATE enrolment SET state = CASE WHEN arm = 'held_out' THEN 'held_out' ELSE 'left' END, "
            "ended_us = %s, ended_why = %s, waits_for = '' WHERE id IN (SELECT id FROM enrolment "
            f"WHERE play_id = %s AND ended_us IS NULL LIMIT {sql.RANGE})",
            (now_us, why, play_id),
        )
        ended += some
        if some < sql.RANGE:
            return ended


def spent(settings: Settings, play_id: int, month: int) -> tuple[int, int]:
    """(touches, minor units) that a play spent in a month; 0: in all."""
    store.connect(settings)
    row = sql.one(
        "SELECT touches, amount_minor FROM play_spent WHERE play_id = %s AND month = %s", (play_id, month)
    )
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def spend(settings: Settings, play_id: int, month: int, touches: int, amount_minor: int) -> None:
    """Add to what a play spent, in the month and in all."""
    store.connect(settings)
    for of in (month, 0):
        sql.write(
            "INSERT INTO play_spent (play_id, month, touches, amount_minor) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (play_id, month) DO UPDATE SET touches = play_spent.touches + excluded.touches, "
            "amount_minor = play_spent.amount_minor + excluded.amount_minor",
            (play_id, of, touches, amount_minor),
        )


def spent_on(settings: Settings, touch_ids: Collection[int]) -> list[tuple[int, int]]:
    """(play, when it was asked for) of each of these touches that a step of a play asked for."""
    store.connect(settings)
    marks = ", ".join(str(int(each)) for each in touch_ids) or "0"
    steps = {
        (int(enrolment), step)
        for (key,) in sql.read(f"SELECT key FROM touch WHERE id IN ({marks}) AND key LIKE %s", ("play:%",))
        for _, enrolment, step in (str(key).split(":", 2),)
    }
    marks = ", ".join(str(enrolment) for enrolment, _ in steps) or "0"
    rows = sql.read(
        "SELECT e.id, s.step_id, e.play_id, MAX(s.at_us) FROM enrolment e JOIN enrolment_step s "
        f"ON s.enrolment_id = e.id AND s.what = 'did' WHERE e.id IN ({marks}) "
        "GROUP BY e.id, s.step_id, e.play_id"
    )
    return [
        (int(play_id), int(at_us)) for number, step, play_id, at_us in rows if (int(number), step) in steps
    ]


def _said(because: Text | None) -> str:
    return "" if because is None else json.dumps(as_json(because), ensure_ascii=False)


def _many(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    from django.db import connection

    listed = list(rows)
    if listed:
        with connection.cursor() as cursor:
            cursor.executemany(statement, listed)


def words_of(written: str) -> Text | None:
    """The sentence that was kept with a step; ``None`` where there is none."""
    from holdfast.store.written import from_json

    found = from_json(json.loads(written)) if written else None
    return found if isinstance(found, Text) else None
