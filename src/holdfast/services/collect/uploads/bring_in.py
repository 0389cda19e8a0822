"""Import a brought file, in whichever process does it: once, however often that process is killed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from holdfast.domain.imports import ColumnMap
from holdfast.domain.maps import check_map
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.import_file import import_file, import_kind
from holdfast.services.collect.recover import recover
from holdfast.services.collect.uploads import files
from holdfast.services.collect.uploads.look import gone, map_in, said
from holdfast.services.progress import Progress
from holdfast.settings import Settings
from holdfast.store import asked, imports, sql, uploads
from holdfast.store.uploads import UploadRecord


def ask_import(settings: Settings, number: int, *, by_id: int | None, now_us: int) -> int | None:
    """Ask for the import of a file; the number of the work.

    ``None`` when it was asked for before, and for a file that was not looked at yet or cannot be read.
    Refuses a map that lacks what its kind requires, and a file that is not here any more.
    """
    record = uploads.get(settings, number)
    if not files.path_of(settings, record).is_file():
        raise gone(record)
    if not record.layout:
        return None
    check_map(map_in(record), import_kind(record.kind), tuple(record.layout["columns"]))
    with sql.short_write():  # a file on its way whose work is not written down would never arrive
        if not uploads.ask_once(settings, number, now_us):
            return None
        return asked.ask(settings, "import", number, by_id=by_id, now_us=now_us)


def import_upload(settings: Settings, number: int, *, progress: Progress, now: datetime) -> dict[str, Any]:
    """Import the file; what became of it in numbers. May be repeated: it happens once.

    A process that was killed has left an import that either happened, which is then made visible, or
    did not, which is then cleared away. What is refused is kept as the file's trouble, and raised.
    """
    record = uploads.get(settings, number)
    if (finished := _finished_before(settings, record)) is not None:
        return finished
    path = files.path_of(settings, record)
    try:
        if not path.is_file():
            raise gone(record)
        report = import_file(
            settings,
            [path],
            record.kind,
            column_map=map_in(record),
            begun=lambda import_id: uploads.change(settings, number, now_us=actual_us(), import_id=import_id),
            choose=_nobody,
            progress=progress,
            now=settings.now(now),
        )
    except Refusal as refusal:
        if refusal.code != "busy":
            uploads.change(
                settings, number, now_us=actual_us(), state="refused", trouble=said(refusal), import_id=None
            )
        raise
    return _done(settings, number, report.import_id)


def _finished_before(settings: Settings, record: UploadRecord) -> dict[str, Any] | None:
    """What became of an import that was begun before, where it has happened."""
    if record.import_id is None:
        return None
    if imports.get(settings, record.import_id).state in ("staging", "committing") and not recover(settings):
        raise Refusal(
            "busy",
            found=Text("Another import or compaction is at work in this workspace."),
            expected=Text("They change the event log one after the other."),
            remedy=Text("Try again when it has ended; nothing was changed."),
        )
    if imports.get(settings, record.import_id).state in ("done", "undone"):
        return _done(settings, record.id, record.import_id)
    return None


def _done(settings: Settings, number: int, import_id: int) -> dict[str, Any]:
    """The file is in the log: it is not needed any more."""
    uploads.change(settings, number, now_us=actual_us(), state="done", import_id=import_id)
    files.drop(settings, number)
    return {"import_id": import_id}


def _nobody(guess: object) -> ColumnMap | None:
    """A map has to be chosen on the page."""
    return None
