"""What outgoing webhooks are told: written in the transaction of what happened, if anybody wants it.

Of customers a message says the number here and the id under which another system knows them, never names
or addresses: who receives it asks for the rest, with a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from holdfast.domain import announcements, bands
from holdfast.domain.period import date_of
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.at_risk import ids_of
from holdfast.store.risk import criteria
from holdfast.store.webhooks_out import announce, is_wanted


def bands_changed(settings: Settings, first: int, last: int, *, read_us: int, now_us: int) -> int:
    """Tell whose risk is in another band by the staged scores ``first`` to ``last``; how many.

    Asked before they are written: who had no risk until now has changed nothing.
    """
    if last < first or not is_wanted(settings, announcements.RISK_CHANGED_BAND):
        return 0
    decided = criteria(settings)
    act_from, watch_from = decided[:2] if decided else bands.USUAL
    begins = bands.cuts(act_from, watch_from)
    level = " + ".join(f"CASE WHEN {{0}} >= {cut!r} THEN 1 ELSE 0 END" for cut in begins)
    rows = sql.read(
        "SELECT n.unit_id, s.risk, n.risk, n.value_at_risk_minor FROM staged_risk n "
        "JOIN risk_score s ON s.unit_id = n.unit_id LEFT JOIN standing c ON c.unit_id = n.unit_id "
        "WHERE n.n BETWEEN %s AND %s AND COALESCE(c.read_us, 0) <= %s "
        f"AND ({level.format('s.risk')}) <> ({level.format('n.risk')}) ORDER BY n.unit_id",
        (first, last, read_us),
    )
    for begin in range(0, len(rows), announcements.MOST_IN_ONE):
        part = rows[begin : begin + announcements.MOST_IN_ONE]
        names = ids_of(settings, [row[0] for row in part])
        changes = [
            {
                "customer_id": unit,
                "id": names.get(unit),
                "band": bands.band_of(now, act_from, watch_from),
                "former_band": bands.band_of(before, act_from, watch_from),
                "risk": round(now, 6),
                "former_risk": round(before, 6),
                "value_at_risk": {"amount_minor": at_risk, "currency": settings.currency},
            }
            for unit, before, now, at_risk in part
        ]
        units = [row[0] for row in part]
        announce(settings, announcements.RISK_CHANGED_BAND, {"changes": changes}, units=units, now_us=now_us)
    return len(rows)


def segment_moved(
    settings: Settings, segment_id: int, *, entered: Sequence[int] = (), left: Sequence[int] = (), now_us: int
) -> None:
    """Tell who entered or left a segment."""
    if not (entered or left) or not is_wanted(settings, announcements.SEGMENT_CHANGED):
        return
    row = sql.one("SELECT key, title FROM segment WHERE id = %s", (segment_id,))
    if row is None:
        return
    names = ids_of(settings, [*entered, *left])
    told = {"segment": {"key": row[0], "title": row[1]}} | {
        way: [{"customer_id": unit, "id": names.get(unit)} for unit in units]
        for way, units in (("entered", entered), ("left", left))
    }
    announce(settings, announcements.SEGMENT_CHANGED, told, units=[*entered, *left], now_us=now_us)


def work_changed(settings: Settings, kind: str, table: str, number: int, *, by: str, now_us: int) -> None:
    """Tell that a task or case was made or is over."""
    if not is_wanted(settings, kind):
        return
    row = sql.one(
        "SELECT title, kind, priority, state, subject_id, owner_id, due_us, outcome "
        f"FROM {'task' if table == 'task' else 'customer_case'} WHERE id = %s",
        (number,),
    )
    if row is None:
        return
    title, sort, priority, state, subject_id, owner_id, due_us, outcome = row
    told = {
        f"{table}_id": number,
        "title": title,
        "kind": sort,
        "priority": priority,
        "state": state,
        "outcome": outcome,
        "customer_id": subject_id,
        "owner_id": owner_id,
        "due_at": moment(due_us),
        "by": by,
    }
    announce(settings, kind, told, units=[] if subject_id is None else [subject_id], now_us=now_us)


def scores_written(settings: Settings, told: Mapping[str, Any], *, now_us: int) -> None:
    """Tell that all risks were computed anew."""
    announce(settings, announcements.SCORES_WRITTEN, told, now_us=now_us)


def alerts_raised(settings: Settings, alerts: Sequence[Mapping[str, Any]], *, now_us: int) -> None:
    """Tell of unusual figures; nothing of customers is in them."""
    for each in alerts:
        announce(settings, announcements.ALERT_RAISED, each, now_us=now_us)


def signals_raised(
    settings: Settings, key: str, raised: Sequence[tuple[int, int, float]], *, day: int, now_us: int
) -> None:
    """Tell of whom a signal warns: ``raised`` are (episode, customer, strength)."""
    if not raised or not is_wanted(settings, announcements.SIGNAL_RAISED):
        return
    for begin in range(0, len(raised), announcements.MOST_IN_ONE):
        part = raised[begin : begin + announcements.MOST_IN_ONE]
        units = [unit for _, unit, _ in part]
        names = ids_of(settings, units)
        told = {
            "signal": key,
            "day": date_of(day).isoformat(),
            "episodes": [
                {
                    "episode_id": number,
                    "customer_id": unit,
                    "id": names.get(unit),
                    "strength": round(strength, 6),
                }
                for number, unit, strength in part
            ],
        }
        announce(settings, announcements.SIGNAL_RAISED, told, units=units, now_us=now_us)


def storm_raised(
    settings: Settings, key: str, storm_id: int, *, day: int, customers: int, usual: float, now_us: int
) -> None:
    """Tell that a signal was raised for very many customers on one day: once, not for each."""
    told = {
        "signal": key,
        "day": date_of(day).isoformat(),
        "storm": {"storm_id": storm_id, "customers": customers, "usual": round(usual, 2)},
    }
    announce(settings, announcements.SIGNAL_RAISED, told, now_us=now_us)


def moment(at_us: int | None) -> str | None:
    """A moment as messages write it."""
    if at_us is None:
        return None
    return datetime.fromtimestamp(at_us / 1_000_000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def export_ready(settings: Settings, export_id: int, *, rows: int, size: int, now_us: int) -> None:
    """Tell that a file can be fetched; where, its owner's page says."""
    row = sql.one("SELECT kind, file_format, person_id FROM export_file WHERE id = %s", (export_id,))
    if row is not None:
        told = {"export_id": export_id, "kind": row[0], "format": row[1], "person_id": row[2]}
        announce(settings, announcements.EXPORT_READY, told | {"rows": rows, "bytes": size}, now_us=now_us)


def customers_erased(settings: Settings, numbers: Sequence[int], *, now_us: int) -> None:
    """Tell who was erased, by number: whoever keeps copies deletes them too (GDPR, article 19)."""
    announce(settings, announcements.CUSTOMER_ERASED, {"customer_ids": list(numbers)}, now_us=now_us)
