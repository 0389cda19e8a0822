"""When silence will tell: absence has no event, so whoever was looked at says when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.terms import OPEN
from holdfast.services.measure.live import turning_days

if TYPE_CHECKING:
    from holdfast.services.measure.measure import Ready
    from holdfast.settings import Settings
    from holdfast.store.risk import Score

WATCHED = 0.1
"""Whose risk is lower cannot pass a limit that anybody acts by through one day of silence."""

PLANNED_DAYS = 8
"""A run plans so many days ahead: the next one plans anew, and a week without one harms nobody."""


def check_again(
    settings: Settings, tables: Ready, today: int, scores: Sequence[Score] | None
) -> dict[int, int]:
    """The moment at which each of a few customers is to be looked at again though nothing happens.

    The day on which silence may change the state; for whoever's risk is worth watching the next day at
    whose beginning it is asked anew. Whoever is not named need not be looked at before something happens.
    A workspace with a clock of its own, whose days do not pass, names nobody.
    """
    if settings.clock is not None:
        return {}
    unit, turns = turning_days(tables)
    days = {each: day for each, day in zip(unit.tolist(), turns.tolist(), strict=True) if day < OPEN}
    for score in scores or ():
        if score.risk >= WATCHED:
            asked = today if score.as_of_day is None else score.as_of_day
            days[score.unit_id] = min(asked + 1, days.get(score.unit_id, OPEN))
    return {each: day_start_us(day, settings.zone) for each, day in days.items()}


def planned(settings: Settings, tables: Ready) -> list[tuple[int, int]]:
    """(unit, moment) of all whose state may change in the next days though nothing happens."""
    if settings.clock is not None or tables.until.end == tables.until.over:
        return []  # of a past day, or of data that have ended: no time passes there
    unit, turns = turning_days(tables)
    last = tables.plan.end_day + PLANNED_DAYS
    near = turns < last
    moments = {day: day_start_us(day, settings.zone) for day in set(turns[near].tolist())}
    return [(each, moments[day]) for each, day in zip(unit[near].tolist(), turns[near].tolist(), strict=True)]
