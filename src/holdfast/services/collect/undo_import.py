"""Take an import back: its rows vanish at once, and what others said as well stays."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.handing_on import Handed, collect_skipped, leave_to_owners, write_handed
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.log import EventLog, file_prefix
from holdfast.services.collect.recover import HANDED_ON, recover_in_turn, stage_folder
from holdfast.services.collect.take_in import DIRECT_FROM, DUPLICATES
from holdfast.services.full_disk import refused_when_full
from holdfast.services.turn import own_turn
from holdfast.services.visible import consistent_files, not_hidden
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.imports import ImportRecord


def undo_import(settings: Settings, import_id: int) -> None:
    """Undo a done import, as a whole or not at all; one that is undone already stays so.

    Events that later imports skipped because this one had them become theirs, in the same moment
    in which its own vanish: what is left is what the other imports alone would have made. Refuses
    an import that is not there or not done, a full disk, and a workspace where another one is
    going on ("busy").
    """
    from holdfast.store import imports
    from holdfast.store.live_sources import LIVE

    with refused_when_full(settings), own_turn(settings):
        recover_in_turn(settings)
        record = imports.get(settings, import_id)
        if record.kind == HANDED_ON:
            raise _belongs_to(record)
        if record.kind == LIVE:
            raise _goes_on(record)
        if record.state == "done":
            _undo(settings, record, imports.list_imports(settings))
        else:
            imports.undo(settings, import_id, actual_us())  # refuses what is not done, keeps what is undone


def _undo(settings: Settings, record: ImportRecord, others: list[ImportRecord]) -> None:
    from holdfast.store import due_work, imports

    named = due_work.named_by(settings, record.id)
    with_it = [
        other.id
        for other in others
        if other.kind == HANDED_ON and other.state == "done" and other.report["handed_to"] == record.id
    ]
    gone = frozenset((record.id, *with_it))
    undone = frozenset(other.id for other in others if other.state == "undone")
    skipped = {
        other.id: path
        for other in others
        if other.state == "done"
        and other.id not in gone
        and (path := _duplicates(settings, other.id)).exists()
    }
    try:
        heirs = _hand_on(settings, record.id, skipped, gone, gone | undone)
        imports.undo(settings, record.id, actual_us(), with_it=with_it, heirs=heirs)
    except Exception:
        with suppress(Exception):  # what is in the way now is cleared by the next start
            recover_in_turn(settings)
        if imports.get(settings, record.id).state != "undone":
            raise
        # It has happened; only clearing away what nobody sees any more was cut short.
    due_work.touch_many(settings, named, actual_us())
    _duplicates(settings, record.id).unlink(missing_ok=True)
    shutil.rmtree(stage_folder(settings, record.id), ignore_errors=True)


def _hand_on(
    settings: Settings,
    import_id: int,
    skipped: Mapping[int, Path],
    gone: frozenset[int],
    owners: frozenset[int],
) -> dict[int, dict[str, object]]:
    """Write the events that others take over into the log, invisible yet; the imports that carry them."""
    temp = stage_folder(settings, import_id)
    with EmbeddedEngine(temp=temp) as engine:
        part = collect_skipped(engine, skipped, owners, settings.buckets)
        if part is None:
            return {}
        files, hidden = consistent_files(settings, buckets=part.slots)
        touched = files.only(file for file in files.files if part.touches(file))
        base = ParquetFiles(touched.paths, hive=True, where=not_hidden(hidden | gone))
        return dict(_carry(settings, engine, import_id, handed) for handed in leave_to_owners(engine, base))


def _carry(
    settings: Settings, engine: EmbeddedEngine, undone: int, handed: Handed
) -> tuple[int, dict[str, object]]:
    """Put one heir's events into the log under an import of their own that is not done yet."""
    from holdfast.store import imports

    carrier = imports.begin(settings, HANDED_ON, "", (), actual_us())
    imports.commit(settings, carrier, first_us=handed.first_at_us, last_us=handed.last_at_us)
    files = write_handed(
        engine,
        handed.heir,
        root=settings.lake,
        prefix=file_prefix(carrier),
        import_id=carrier,
        buckets=settings.buckets,
        direct=handed.events >= DIRECT_FROM,
    )
    EventLog(settings.lake, settings.buckets).commit_import(carrier, files)
    return carrier, {
        "import_id": carrier,
        "kind": HANDED_ON,
        "state": "done",
        "handed_from": undone,
        "handed_to": handed.heir,
        "events": handed.events,
    }


def _duplicates(settings: Settings, import_id: int) -> Path:
    return settings.imports / str(import_id) / DUPLICATES


def _belongs_to(record: ImportRecord) -> Refusal:
    heir = str(record.report.get("handed_to", ""))
    return Refusal(
        "handed_on",
        found=Text("Import {id} carries events that import {heir} took over.", id=str(record.id), heir=heir),
        expected=Text("An import that was started by someone."),
        remedy=Text("Undo import {heir} instead: this one goes with it.", heir=heir),
    )


def _goes_on(record: ImportRecord) -> Refusal:
    return Refusal(
        "still_arriving",
        found=Text(
            "Import {id} holds what arrives live from {source}.", id=str(record.id), source=record.source
        ),
        expected=Text("An import that was started by someone."),
        remedy=Text("Switch the source off or revoke its keys; what it brought stays."),
    )
