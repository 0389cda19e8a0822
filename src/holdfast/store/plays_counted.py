"""Plays counted: who is at which step, went through, was left out and why; the lines of their proof."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast import store
from holdfast.domain.arms import Arm
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.plays_walking import words_of

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many customers did not get something: ``code`` is stable, ``because`` says why in words."""

    code: str
    because: Text | None
    customers: int


@dataclass(frozen=True, slots=True)
class Entered:
    """Who entered a play on one day in one arm: how many had left before, how many of the others left after,
    what was credited to them all.

    ``probability`` is the chance of being treated.
    """

    arm: Arm
    probability: float
    day: int
    customers: int
    left_before: int
    left: int
    cost_minor: int


def here(settings: Settings, play_id: int) -> dict[str, int]:
    """Step to how many of those who are treated come to it next; "": those behind the last step."""
    store.connect(settings)
    rows = sql.read(
        "SELECT step, COUNT(*) FROM enrolment WHERE play_id = %s AND ended_us IS NULL AND arm = 'treated' "
        "GROUP BY step",
        (play_id,),
    )
    return {str(step): int(number) for step, number in rows}


def through(settings: Settings, play_id: int) -> dict[str, int]:
    """Step to how many of those who are treated went through it."""
    store.connect(settings)
    rows = sql.read(
        "SELECT w.step_id, COUNT(DISTINCT w.enrolment_id) FROM enrolment_step w "
        "JOIN enrolment e ON e.id = w.enrolment_id "
        "WHERE e.play_id = %s AND e.arm = 'treated' AND w.what <> 'held' GROUP BY w.step_id",
        (play_id,),
    )
    return {str(step): int(number) for step, number in rows}


def steps_taken(settings: Settings) -> int:
    """About how many steps there are of all plays together: the number of the last."""
    store.connect(settings)
    row = sql.one("SELECT MAX(id) FROM enrolment_step")
    return int(row[0] or 0) if row else 0


def left_out(settings: Settings, play_id: int) -> list[LeftOut]:
    """Who was skipped or held, by why, most customers first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT w.code, MAX(w.because), COUNT(DISTINCT w.enrolment_id) FROM enrolment_step w "
        "JOIN enrolment e ON e.id = w.enrolment_id "
        "WHERE e.play_id = %s AND e.arm = 'treated' AND w.what IN ('held', 'skipped') "
        "GROUP BY w.code ORDER BY 3 DESC, 1",
        (play_id,),
    )
    return [LeftOut(str(code), words_of(said), int(number)) for code, said, number in rows]


def entered_by_day(
    settings: Settings, play_id: int, *, horizon_days: int, zone_us: int, currency: str
) -> list[Entered]:
    """Everybody's first entry, by day and arm, with who left within ``horizon_days`` after that day.

    Who had ever left by that day is counted apart: whoever is gone cannot leave, and whoever is brought back
    can. ``zone_us`` is how far the clock of the workspace is ahead of UTC. What was credited is counted in
    ``currency`` alone.
    """
    store.connect(settings)
    rows = sql.read(
        "SELECT arm, probability, day, COUNT(*), SUM(CASE WHEN gone <= day THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN gone > day AND gone <= day + %s THEN 1 ELSE 0 END), COALESCE(SUM(amount), 0) "
        f"FROM (SELECT e.arm, e.probability, (e.entered_us + {int(zone_us)}) / {DAY_US} AS day, g.amount, "
        "(SELECT MIN(l.left_day) FROM loss l WHERE l.unit_id = e.unit_id) AS gone "
        "FROM enrolment e LEFT JOIN (SELECT enrolment_id, SUM(amount) AS amount "
        "FROM granted WHERE unit = 'money' AND currency = %s AND state <> 'withdrawn' "
        "GROUP BY enrolment_id) g ON g.enrolment_id = e.id "
        "WHERE e.play_id = %s AND e.round = 1) AS entry GROUP BY 1, 2, 3 ORDER BY 3, 1",
        (horizon_days, currency, play_id),
    )
    return [
        Entered(arm, float(chance), int(on), int(number), int(before), int(left), int(cost))
        for arm, chance, on, number, before, left, cost in rows
    ]


def share_lost(settings: Settings, start_day: int, end_day: int) -> float | None:
    """The share of those who were customers on a day that was lost by another; ``None`` of nobody."""
    store.connect(settings)
    row = sql.one(
        "SELECT COUNT(*), SUM(CASE WHEN EXISTS (SELECT 1 FROM loss l WHERE l.unit_id = s.unit_id "
        "AND l.left_day >= %s AND l.left_day < %s) THEN 1 ELSE 0 END) FROM standing s "
        "WHERE s.first_day < %s AND (s.left_day IS NULL OR s.left_day >= %s)",
        (start_day, end_day, start_day, start_day),
    )
    return int(row[1] or 0) / int(row[0]) if row and row[0] else None
