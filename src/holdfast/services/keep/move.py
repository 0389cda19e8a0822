"""Take events from the ingest log to the lake, and forget them in the log only when they are safe there."""

from __future__ import annotations

from uuid import uuid4

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.moving import write_level_0
from holdfast.lake.log import MOVED_PREFIX, EventLog
from holdfast.services.turn import own_turn
from holdfast.services.visible import fresh_rows
from holdfast.settings import Settings

MOVE_ROWS = 50_000
"""As soon as so many rows wait they are moved: one file, one commit."""

MOVE_AFTER_SECONDS = 600.0
"""The oldest row waits no longer."""


def move_when_due(settings: Settings, *, now_us: int) -> int:
    """:func:`move`, if enough rows wait or the oldest waited long enough; how many were moved."""
    from holdfast.store import ingest_log

    count, oldest_us = ingest_log.size(settings)
    waited = 0 if oldest_us is None else (now_us - oldest_us) / 1_000_000
    return move(settings) if count >= MOVE_ROWS or waited >= MOVE_AFTER_SECONDS else 0


def move(settings: Settings) -> int:
    """Move all that is in the ingest log now; how many rows.

    A file is written, then a Delta commit names it together with the number of its last row, then the
    log is trimmed. Killed before the commit, the file is nobody's and is cleared by the next move;
    killed after it, readers drop the rows that the lake has, and the next move trims them.
    Waits for its turn; refuses with "busy" where an import goes on for longer.
    """
    with own_turn(settings, patience_seconds=5.0):
        return move_in_turn(settings)


def move_in_turn(settings: Settings) -> int:
    """:func:`move` for whoever has the turn already."""
    log = EventLog(settings.lake, settings.buckets)
    log.create()
    trim(settings, log.moved_seq())
    log.settle()
    moved = 0
    (settings.folder / "spill").mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=300) as engine:
        while (found := fresh_rows(settings, most=MOVE_ROWS)) is not None:
            rows, count, last_seq = found
            name = f"{MOVED_PREFIX}{uuid4().hex}.parquet"
            log.announce(name)
            file = write_level_0(engine, rows, log.root, name)
            log.commit_moved([file], last_seq)
            trim(settings, last_seq)
            moved += count
            if count < MOVE_ROWS:
                break
    return moved


def trim(settings: Settings, last_seq: int) -> None:
    """Forget rows that are in the lake; none that a running play has not looked at yet."""
    from holdfast.store import ingest_log, plays_triggers

    read = plays_triggers.read_until(settings)
    ingest_log.trim(settings, last_seq if read is None else min(last_seq, read))
