"""After a crash: bring every import that was cut short to its end, or back to its beginning.

What tells the two apart is the event log: its commit is the moment at which an import has
happened. Before it, all that was written (stage, files, rows) is invisible and is cleared; after
it, all that is missing is to say so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.lake.disk import sync_file, sync_folder
from holdfast.lake.log import EventLog
from holdfast.services.collect.scratch import clear_scratch
from holdfast.services.turn import own_turn
from holdfast.settings import Settings, change_settings, read_settings

if TYPE_CHECKING:
    from holdfast.store.imports import ImportRecord

HANDED_ON = "handed on"
"""The kind of an import that carries events which a later import said too, after the first was undone."""


def recover(settings: Settings) -> bool:
    """End what a killed process left half done; whether it was ours to look.

    Called when a process starts. Where another process is at work the answer is no: what is
    unfinished then is its own.
    """
    try:
        with own_turn(settings, patience_seconds=0):
            recover_in_turn(settings)
    except Refusal as refusal:
        if refusal.code != "busy":
            raise
        return False
    return True


def recover_in_turn(settings: Settings) -> None:
    """:func:`recover` for whoever has the turn already."""
    from holdfast.store import imports

    log = EventLog(settings.lake, settings.buckets)
    log.settle()
    for record in imports.unfinished(settings):
        if record.kind != HANDED_ON and log.import_committed(record.id):
            finish_committed(settings, record.id)
        else:
            clear(settings, record)
    imports.sweep(settings)
    _remove_stages(settings)
    clear_scratch(settings)


def keep_report(settings: Settings, import_id: int, kept: Mapping[str, object], currency: str) -> None:
    """Write down what :func:`finish_committed` needs, so that it outlives a crash.

    ``currency`` is the one that the import gives a workspace which has none, else "".
    """
    path = _report(settings, import_id)
    with path.open("w", encoding="utf-8") as file:
        json.dump({"report": kept, "currency": currency}, file)
    sync_file(path)
    sync_folder(path.parent)


def finish_committed(settings: Settings, import_id: int) -> None:
    """Make an import visible whose events are in the log. May be repeated."""
    from holdfast.store import due_work, imports

    kept: dict[str, Any] = json.loads(_report(settings, import_id).read_text(encoding="utf-8"))
    if kept["currency"] and not read_settings(settings.folder).currency:
        change_settings(settings.folder, currency=kept["currency"])
    imports.finish(settings, import_id, kept["report"], actual_us())
    due_work.touch_many(settings, due_work.named_by(settings, import_id), actual_us())
    shutil.rmtree(stage_folder(settings, import_id), ignore_errors=True)


def with_currency_of_now(settings: Settings) -> Settings:
    """The settings with the currency that an import, waited for or recovered, may have given."""
    return (
        settings if settings.currency else replace(settings, currency=read_settings(settings.folder).currency)
    )


def clear(settings: Settings, record: ImportRecord) -> None:
    """Take back everything that an import wrote which never happened. May be repeated."""
    from holdfast.store import imports

    log = EventLog(settings.lake, settings.buckets)
    if not log.import_committed(record.id):
        log.clear_uncommitted(record.id)
    shutil.rmtree(settings.imports / str(record.id), ignore_errors=True)
    imports.fail(settings, record.id, {}, actual_us())


def stage_folder(settings: Settings, import_id: int) -> Path:
    """Where the rows of a running import wait."""
    return settings.imports / str(import_id) / "stage"


def _remove_stages(settings: Settings) -> None:
    """Stages whose import ended, but whose process was killed before it tidied up."""
    for stage in settings.imports.glob("*/stage"):
        shutil.rmtree(stage, ignore_errors=True)


def _report(settings: Settings, import_id: int) -> Path:
    return settings.imports / str(import_id) / "report.json"
