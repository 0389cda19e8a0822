"""Move a workspace's database from SQLite to PostgreSQL, or back, while the rest of it stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.lake.disk import sync_file, sync_folder
from holdfast.services.full_disk import refused_when_full
from holdfast.services.progress import Progress, Silent
from holdfast.services.turn import own_turn
from holdfast.settings import Settings, write_settings

if TYPE_CHECKING:
    from holdfast.store.copying import Base

SQLITE = "sqlite"
"""How the way back is called."""

OLD_DAYS = 7
"""The file that a workspace moved away from is kept so long."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the settings with the database of now, tables, rows, and where the old file lies."""

    settings: Settings
    tables: int
    rows: int
    old: Path | None


def move_database(settings: Settings, to: str, *, progress: Progress | None = None) -> Moved:
    """Copy everything to the database at ``to`` ("postgresql://..." or "sqlite"), check it, and use it.

    Nobody writes to the old database meanwhile (pages that would wait, arriving calls are answered 503
    and sent again), and nobody can afterwards. Rows keep their ids. Each table is read again from the
    new database and compared, by rows and by a hash of all values; only then ``holdfast.toml`` names it.
    Killed before that, nothing has happened, and the command can be run again.

    Refuses the database that is used already, one that holds rows, and one that cannot be opened.
    """
    from holdfast import store

    told = progress or Silent()
    target = replace(settings, database_url="" if to == SQLITE else to)
    _check_different(settings, target)
    store.connect(settings)
    with (
        refused_when_full(settings),
        own_turn(settings, progress=told),
        _new_database(settings, target) as path,
    ):
        tables, rows = _copy(settings, target, path, told)
    old = _put_aside(settings) if not settings.database_url else None
    store.connect(target)
    if old is not None:
        _note_old(target, old)
    return Moved(target, tables, rows, old)


def _check_different(settings: Settings, target: Settings) -> None:
    if settings.database_url == target.database_url:
        raise Refusal(
            "same_database",
            found=Text("The workspace uses this database already."),
            expected=Text("Another one: postgresql://user:password@host/name, or sqlite."),
            remedy=Text("Nothing was changed."),
        )


@contextmanager
def _new_database(settings: Settings, target: Settings) -> Iterator[Path]:
    """Bring the schema of the target to this release; a new SQLite file is made beside and moved in place."""
    from holdfast import store

    path = target.folder / "moving" / "holdfast.db"
    if target.database_url:
        store.connect(target)
        store.connect(settings)
        yield path
        return
    for left in (target.folder / "moving").glob("*"):
        left.unlink()
    store.connect(replace(target, folder=path.parent))
    store.connect(settings)  # whose closing lets all of the new file be in one place
    try:
        yield path
    finally:
        for left in (target.folder / "moving").glob("*"):
            left.unlink()
        path.parent.rmdir()


def _copy(settings: Settings, target: Settings, path: Path, progress: Progress) -> tuple[int, int]:
    """Copy, compare, close the old one down and name the new one; how many tables and rows."""
    from holdfast.store import copying

    tables = copying.all_tables()
    old, new = _opened(settings, settings.database), _opened(target, path)

    def tell(_: str, done: int, total: int) -> None:
        progress.step(Text("Copying the database"), done, total)

    try:
        old.hold(tables)
        _check_empty(new, settings, target)
        try:
            sums = copying.copy(old, new, tables, tell)
        except copying.Differs as differs:
            raise Refusal(
                "copy_differs",
                found=Text("The table {name} came out differently.", name=differs.table),
                expected=Text("The same rows with the same values in both databases."),
                remedy=Text("Nothing was changed; please report it."),
            ) from differs
        new.mark(str(settings.folder.absolute()))
        new.keep()
        if not target.database_url:
            new.let_go()
            _into_place(path, target)
        old.close_down(tables)
        write_settings(target)
        if target.database_url:
            new.mark(None)
            new.keep()
    finally:
        old.let_go()
        new.let_go()
    return len(sums), sum(each.rows for each in sums.values())


def _opened(settings: Settings, path: Path) -> Base:
    from holdfast.store import bases

    if settings.database_url:
        return bases.open_postgresql(settings.database_url)
    return bases.open_sqlite(path)


def _check_empty(new: Base, settings: Settings, target: Settings) -> None:
    """A database that holds somebody's rows is not ours to empty; what a killed move left of ours is."""
    from holdfast.store import copying

    ours = new.marked() == str(settings.folder.absolute())
    if target.database_url and not ours and new.has_rows(copying.all_tables()):
        raise Refusal(
            "database_in_use",
            found=Text("The database holds rows already."),
            expected=Text("An empty database, in which the tables are made."),
            remedy=Text("Make a new one (createdb), and name it; nothing was changed."),
        )


def _into_place(path: Path, target: Settings) -> None:
    sync_file(path)
    for left in target.folder.glob("holdfast.db*"):
        left.replace(_aside(target, left.name))
    path.replace(target.database)
    sync_folder(target.folder)


def _put_aside(settings: Settings) -> Path | None:
    """The SQLite file that is used no more: kept for some days, like any other copy."""
    kept = None
    for left in sorted(settings.folder.glob("holdfast.db*")):
        place = _aside(settings, left.name)
        left.replace(place)
        kept = kept or place
    sync_folder(settings.folder)
    return kept


def _aside(settings: Settings, name: str) -> Path:
    folder = settings.folder / "backups"
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return folder / f"before-the-move-{stamp}{name.removeprefix('holdfast')}"


def _note_old(target: Settings, old: Path) -> None:
    from holdfast.store import backups

    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    backups.note(
        target,
        made_us=now_us,
        place=str(old),
        size=old.stat().st_size,
        expires_us=now_us + OLD_DAYS * 86_400_000_000,
    )
