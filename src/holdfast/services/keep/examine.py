"""Look a workspace and its machine over, and say what to do about what is wrong."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings, read_settings

FREE_BYTES = 2_000_000_000
"""Less room than this on the disk is worth a warning: an import writes beside what is there."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``found`` says what was seen, ``remedy`` what to do, if anything."""

    name: str
    found: Text
    remedy: Text | None = None

    @property
    def ok(self) -> bool:
        """Whether there is nothing to do."""
        return self.remedy is None


def examine(folder: Path) -> list[Check]:
    """Every check, in the order in which their causes build on each other.

    Nothing is changed, and nothing raises for what it finds: a folder that is no workspace is one
    of the answers, and what needs a workspace is then left out.
    """
    checks = [_python(), _search(), _time_zones(), _disk(folder)]
    try:
        settings = read_settings(folder)
    except Refusal as refusal:
        return [*checks, Check("workspace", refusal.found, refusal.remedy)]
    checks += [_workspace(settings), _writable(settings)]
    for look in (_database, _log, _imports, _erasures):
        checks.append(_without_raising(look, settings))
        if not checks[-1].ok and look is _database:
            break  # what follows asks the database
    return checks


def _without_raising(look: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return look(settings)
    except Refusal as refusal:
        return Check(look.__name__.lstrip("_"), refusal.found, refusal.remedy)


def _python() -> Check:
    return Check("python", Text("Python {version}", version=platform.python_version()))


def _search() -> Check:
    """The customer list searches with SQLite's full-text search."""
    found = Text("SQLite {version}", version=sqlite3.sqlite_version)
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        except sqlite3.OperationalError:
            return Check("sqlite", found, Text("Install a Python whose SQLite has full-text search (FTS5)."))
    return Check("sqlite", found)


def _time_zones() -> Check:
    from zoneinfo import available_timezones

    count = len(available_timezones())
    found = Text("{n} time zones", n=count)
    return Check("time_zones", found, None if count else Text("Install the package tzdata."))


def _disk(folder: Path) -> Check:
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    found = Text("{gigabytes} GB free", gigabytes=round(free / 1e9, 1))
    return Check(
        "disk", found, None if free >= FREE_BYTES else Text("Make room: at least 2 GB should be free.")
    )


def _workspace(settings: Settings) -> Check:
    return Check(
        "workspace", Text("{name} in {folder}", name=settings.name, folder=str(settings.folder.absolute()))
    )


def _writable(settings: Settings) -> Check:
    probe = settings.folder / ".probe"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        found = Text("The folder cannot be written to: {reason}.", reason=error.strerror or str(error))
        return Check("writable", found, Text("Give this user the right to write there."))
    return Check("writable", Text("The folder can be written to."))


def _database(settings: Settings) -> Check:
    from holdfast import store
    from holdfast.store import health

    store.connect(settings)
    damage = health.damage(settings)
    if damage:
        return Check("database", Text("The database is damaged: {first}.", first=damage[0]), _RESTORE)
    return Check("database", Text("The database is sound."))


def _log(settings: Settings) -> Check:
    from holdfast.lake.log import EventLog

    files = EventLog(settings.lake, settings.buckets).files()
    lost = [file.path for file in files.files if not _whole(files.base / file.path, file.size)]
    if lost:
        found = Text(
            "Files of the event log are missing or cut: {n}, first {path}.", n=len(lost), path=lost[0]
        )
        return Check("event_log", found, _RESTORE)
    return Check("event_log", Text("{n} event is in the log.", "{n} events are in the log.", n=files.rows))


def _whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _imports(settings: Settings) -> Check:
    from holdfast.store import imports

    waiting = [str(found.id) for found in imports.unfinished(settings)]
    if waiting:
        found = Text("Imports are running or were interrupted: {ids}.", ids=", ".join(waiting))
        return Check("imports", found, Text("If none is running, the next import or run clears them up."))
    return Check("imports", Text("No import is unfinished."))


def _erasures(settings: Settings) -> Check:
    from holdfast.store import erasure

    found = erasure.listed(settings)
    if left := [str(each.id) for each in found if each.state == "remains"]:
        words = Text("Of somebody who was erased something is left: erasure {ids}.", ids=", ".join(left))
        return Check("erasures", words, Text("`holdfast erase --certificate N` says where it was found."))
    return Check("erasures", Text("{n} erasure, nothing left.", "{n} erasures, nothing left.", n=len(found)))


_RESTORE = Text("Stop what runs on this workspace, and put back a copy of the folder from before.")
