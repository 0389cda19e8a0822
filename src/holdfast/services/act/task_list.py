"""The list of tasks by what is at stake: the most value at risk first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.tasks import Task, Wanted

MOST = 5_000
"""Tasks among which the order is looked for: of more, those that are due first."""

_FAR = 2**59  # numbers of 18 digits: an address holds no longer ones


def by_value(settings: Settings, wanted: Wanted, limit: int, *, now: datetime) -> list[Task]:
    """The wanted tasks whose customers have most at risk; of the same value, what is due first.

    ``wanted.after`` is a :func:`place` here. A few statements for each five hundred customers.
    """
    from holdfast.store import tasks

    found = tasks.listed(settings, replace(wanted, after=None), MOST, now_us=microseconds(now))
    at_risk = values(settings, found)
    ordered = sorted(found, key=lambda task: place(task, at_risk))
    if wanted.after is not None:
        after = wanted.after
        ordered = [each for each in ordered if place(each, at_risk) > after]
    return ordered[:limit]


def place(task: Task, at_risk: dict[int, int]) -> tuple[int, int, int]:
    """Where a task stands in the list."""
    due = _FAR if task.due_us is None else task.due_us
    return _FAR - at_risk.get(task.subject_id or 0, 0), due, task.id


def values(settings: Settings, found: Sequence[Task]) -> dict[int, int]:
    """The value at risk by the subject that a task is about."""
    from holdfast.store import identity_live, tasks

    subjects = {each.subject_id for each in found if each.subject_id is not None}
    if not subjects:
        return {}
    unit_of = identity_live.units_of(settings, subjects)
    at_risk = tasks.values_at_risk(settings, list(unit_of.values()))
    return {subject: at_risk[unit] for subject, unit in unit_of.items() if unit in at_risk}
