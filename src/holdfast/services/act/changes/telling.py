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
from holdfast.store.linked import stretches

ANNOUNCED = "Change Announced"
EVERY_US = 60_000_000
"""So often it is looked who was reached."""

LATE_US = 600_000_000
"""What was sent so long before the last look may have come to be seen only after it."""

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
        units = changes_counted.reached(settings, kept.key, kept.play_key, _since(kept, last))
        for some in stretches(units):
            with sql.short_write():
                new = changes.tell(kept.key, some, now_us=now_us)
                if KINDS[kept.kind].code:
                    ingest_log.append(settings, [_event(settings, kept, unit, now_us) for unit in new])
            noted += len(new)
    return noted


def _since(kept: KeptChange, last: int | None) -> int:
    """From when on messages are looked at: from the start where its list was drawn since the last look."""
    if last is None or (kept.found_us or 0) >= last - LATE_US:
        return 0
    return last - LATE_US


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
