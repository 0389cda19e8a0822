"""What would have begun a play in the past, as it was kept: moves of segments, risks day by day."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def segment_moves(
    settings: Settings, key: str, entered: bool, from_us: int, to_us: int
) -> list[tuple[int, int]]:
    """(customer, moment) of who entered or left a segment in a stretch of time."""
    store.connect(settings)
    rows = sql.read(
        "SELECT m.unit_id, m.at_us FROM segment_move m JOIN segment s ON s.id = m.segment_id "
        "WHERE s.key = %s AND m.entered = %s AND m.at_us >= %s AND m.at_us < %s ORDER BY m.at_us",
        (key, entered, from_us, to_us),
    )
    return [(int(unit), int(at_us)) for unit, at_us in rows]


def crossings(settings: Settings, risk: float, from_day: int, to_day: int) -> list[tuple[int, int]]:
    """(customer, day) of who came to a risk from below, by the days on which a risk was kept."""
    store.connect(settings)
    rows = sql.read(
        "SELECT unit_id, day FROM (SELECT unit_id, day, risk, LAG(risk) OVER "
        "(PARTITION BY unit_id ORDER BY day) AS before FROM risk_history WHERE day < %s) h "
        "WHERE day >= %s AND risk >= %s AND before < %s ORDER BY day, unit_id",
        (to_day, from_day, risk, risk),
    )
    return [(int(unit), int(day)) for unit, day in rows]
