"""Make the facts in the event log say what readings say now: after a correction, or a newer reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.domain.readings import TEXT_READ
from holdfast.services.keep.cut import cut_events
from holdfast.services.turn import own_turn
from holdfast.services.understand.reader import reader_of

if TYPE_CHECKING:
    from holdfast.domain.events import EventFile
    from holdfast.settings import Settings
    from holdfast.store.readings_written import Changed

SETTLED_AT_ONCE = 2_000
"""Readings whose facts are written anew together: files of the lake are written once for all of them."""

READ_AGAIN = 50_000
"""Texts that one night reads again with a newer reader, the newest texts first."""


def settle_facts(settings: Settings, *, now_us: int, most: int | None = None) -> int:
    """Write the facts of changed readings anew, and have their customers looked at again; how many.

    The old ones leave the lake, then in one transaction the ingest log, where the new ones stand at once.
    Killed in between, the reading is due still. Takes the writers' turn where there is something to do.
    """
    from holdfast.store import readings_written

    done = 0
    while most is None or done < most:
        if not readings_written.changed(settings, 1):
            break
        with own_turn(settings, patience_seconds=5.0):
            rows = readings_written.changed(settings, SETTLED_AT_ONCE)
            _leave_the_lake(settings, rows)
            readings_written.put_facts(settings, rows, now_us=now_us)
        done += len(rows)
    return done


def read_again(settings: Settings, *, now_us: int, most: int = READ_AGAIN) -> int:
    """Read again what an older reader read (other phrases, competitors, corrections); how many it changed.

    What a person corrected stays as it is. The facts follow by :func:`settle_facts`.
    """
    from holdfast.store import readings_again

    reader = reader_of(settings)
    changed = done = 0
    while done < most:
        some = readings_again.older(settings, reader.version, readings_again.AT_ONCE)
        if not some:
            break
        found = reader.read([each.text for each in some])
        changed += readings_again.replace(
            settings, list(zip(some, found, strict=True)), version=reader.version, now_us=now_us
        )
        done += len(some)
    return changed


def _leave_the_lake(settings: Settings, rows: Sequence[Changed]) -> None:
    keys = [key for row in rows for key in row.old_keys]
    if not keys:
        return
    subjects = sorted({row.subject_id for row in rows})
    listed = ", ".join(f"'{key.hex().upper()}'" for key in keys)
    among = ", ".join(map(str, subjects))

    def near(file: EventFile) -> bool:
        return any(file.first_subject <= subject <= file.last_subject for subject in subjects)

    cut_events(
        settings,
        f"(name = '{TEXT_READ}' AND subject_id IN ({among}) AND HEX(event_key) IN ({listed}))",
        near=near,
    )
