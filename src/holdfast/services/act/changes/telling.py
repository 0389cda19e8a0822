"""Who was told of a change by now: noted in its list, and in the event log for warnings and causes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time

from holdfast.domain.changes import KINDS
from holdfast.domain.moments import microseconds
from holdfast.settings import Settings
from holdfast.store import changes, changes_counted, ingest_log, plays, sql
from holdfast.store.changes import KeptChange
from holdfast.store.ingest_log import LogEvent

ANNOUNCED = "Change Announced"
EVERY_US = 60_000_000
"""So often it is looked who was reached."""

_LOOKED = "change_told"


def note_told(settings: Settings, now: datetime) -> int:
    """Note whom the plays of changes have reached since the last look; how many."""
    now_us, noted = microseconds(settings.now(now)), 0
    told_by_plays = [each for each in changes.listed(settings) if each.play_key]
    if not told_by_plays:
        return 0
    last = plays.cursor(settings, 0, _LOOKED)
    if last is not None and last <= now_us < last + EVERY_US:
        return 0
    plays.put_cursor(settings, 0, _LOOKED, now_us)
    for kept in told_by_plays:
        units = changes_counted.reached(settings, kept.key, kept.play_key)
        if not units:
            continue
        with sql.short_write():
            changes.tell(settings, kept.key, units, now_us=now_us)
            if KINDS[kept.kind].code:
                ingest_log.append(settings, [_event(settings, kept, unit, now_us) for unit in units])
        noted += len(units)
    return noted


def _event(settings: Settings, kept: KeptChange, unit: int, now_us: int) -> LogEvent:
    key = hashlib.blake2b(f"change {kept.key} {unit}".encode(), digest_size=16).digest()
    promised = None
    if kept.effect_on is not None:
        promised = microseconds(datetime.combine(kept.effect_on, time(), settings.zone).astimezone(UTC))
    return LogEvent(
        event_key=key,
        message_id=None,
        subject_id=unit,
        at_us=now_us,
        known_us=now_us,
        name=ANNOUNCED,
        source="holdfast",
        object_kind="change",
        object_id=kept.key,
        code=KINDS[kept.kind].code,
        promised_us=promised,
    )
