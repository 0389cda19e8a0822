"""When a warning was answered: the first thing one of us did for the customer after it was raised (C0)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.analytics.emit import emit
from holdfast.analytics.spec import Column, Compare, Every, Expression, Literal, OneOf, Query, columns
from holdfast.domain.moments import microseconds
from holdfast.store import episodes_judged
from holdfast.store.linking import units_of

if TYPE_CHECKING:
    from holdfast.engines.tables import Table
    from holdfast.services.measure.build import Engine
    from holdfast.settings import Settings

ACTS: Mapping[str, str] = {
    "Message Sent": "message",
    "Touch Sent": "touch",
    "Call Made": "call",
    "Visit Made": "visit",
    "Ticket Answered": "answer",
}
"""Events that answer a warning, and how that is called; a task that is done does too ("task")."""

ANSWERED_US = 91 * 86_400_000_000
"""A warning that nobody has answered for so long stays unanswered."""

_DAY_US = 86_400_000_000

Act = tuple[int, int, str]
"""Customer, moment, what."""


def note(settings: Settings, now: datetime) -> int:
    """Note what tasks that were done lately answered; how many warnings."""
    now_us = microseconds(settings.now(now))
    done = episodes_judged.tasks_done(settings, since_us=now_us - 2 * _DAY_US)
    unit_of = units_of(settings, {subject for subject, _ in done})
    return answer(settings, [(unit_of.get(subject, subject), at, "task") for subject, at in done], now_us)


def note_events(
    settings: Settings,
    engine: Engine,
    events: Table,
    unit_of: Mapping[int, int],
    now_us: int,
    *,
    known_since_us: int | None = None,
) -> int:
    """Note what events answered: of the subjects of a few customers, or only those known since a moment."""
    waiting = episodes_judged.unanswered(
        settings, sorted(set(unit_of.values())), since_us=now_us - ANSWERED_US
    )
    if not waiting:
        return 0
    where: list[Expression] = [
        OneOf(Column("name"), tuple(ACTS)),
        Compare(Column("at_us"), ">=", Literal(min(raised for _, _, raised in waiting))),
    ]
    if known_since_us is not None:
        where.append(Compare(Column("known_us"), ">=", Literal(known_since_us)))
    query = Query("events", columns("subject_id", "at_us", "name"), where=Every(tuple(where)))
    found = engine.columns(emit(query, engine.dialect), {"events": events})
    rows = zip(*(found[name].tolist() for name in ("subject_id", "at_us", "name")), strict=True)
    acts = [(unit_of[subject], at, ACTS[name]) for subject, at, name in rows if subject in unit_of]
    return answer(settings, acts, now_us)


def note_night(settings: Settings, engine: Engine, events: Table, since_us: int, now_us: int) -> int:
    """Note what events answered that came to be known since the last night, imported ones too."""
    from holdfast.store.members import members

    units = episodes_judged.units_unanswered(settings, since_us=now_us - ANSWERED_US)
    if not units:
        return 0
    unit_of = members(settings, units).unit_of
    return note_events(settings, engine, events, unit_of, now_us, known_since_us=since_us - _DAY_US)


def answer(settings: Settings, acts: Sequence[Act], now_us: int) -> int:
    """Note the first act after each warning that none answered yet; how many were."""
    units = sorted({unit for unit, _, _ in acts})
    waiting = episodes_judged.unanswered(settings, units, since_us=now_us - ANSWERED_US) if units else []
    by_unit: dict[int, list[tuple[int, str]]] = {}
    for unit, at_us, what in acts:
        by_unit.setdefault(unit, []).append((at_us, what))
    first = [(number, _first(by_unit[unit], raised)) for number, unit, raised in waiting]
    told = [(number, act[0], act[1]) for number, act in first if act is not None]
    episodes_judged.note_acted(settings, told)
    return len(told)


def _first(acts: Iterable[tuple[int, str]], raised_us: int) -> tuple[int, str] | None:
    return min((act for act in acts if act[0] >= raised_us), default=None)
