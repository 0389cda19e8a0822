"""Whom a play would be about if it were launched now: read, nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches
from holdfast.store.plays_known import MANY


def warned(settings: Settings, key: str, strength: float) -> list[int]:
    """Whom a signal warns of now."""
    store.connect(settings)
    rows = sql.read(
        "SELECT unit_id FROM episode WHERE signal_key = %s AND strength >= %s AND ended_day IS NULL "
        "AND merged_into IS NULL",
        (key, strength),
    )
    return [int(unit) for (unit,) in rows]


def at_risk(settings: Settings, risk: float) -> list[int]:
    """Whose risk is that high now."""
    store.connect(settings)
    return [int(unit) for (unit,) in sql.read("SELECT unit_id FROM risk_score WHERE risk >= %s", (risk,))]


def in_segment(settings: Settings, key: str) -> list[int]:
    """Who is in a segment now."""
    store.connect(settings)
    rows = sql.read(
        "SELECT m.unit_id FROM segment_member m JOIN segment s ON s.id = m.segment_id WHERE s.key = %s",
        (key,),
    )
    return [int(unit) for (unit,) in rows]


def not_in(
    settings: Settings, play_id: int | None, again_after_days: int | None, units: Sequence[int]
) -> list[int]:
    """Those who are not in a play, and were not if nobody enters it twice."""
    if play_id is None:
        return list(units)
    store.connect(settings)
    ended = "" if again_after_days is None else " AND ended_us IS NULL"
    inside: set[int] = set()
    if len(units) > MANY:
        rows = sql.read(f"SELECT unit_id FROM enrolment WHERE play_id = %s{ended}", (play_id,))
        inside = {int(unit) for (unit,) in rows}
        return [unit for unit in units if unit not in inside]
    for some in stretches(units):
        rows = sql.read(
            f"SELECT unit_id FROM enrolment WHERE play_id = %s AND unit_id IN {among(some)}{ended}",
            (play_id,),
        )
        inside |= {int(unit) for (unit,) in rows}
    return [unit for unit in units if unit not in inside]
