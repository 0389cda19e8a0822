"""Put a backup back: into an empty folder, and into SQLite or an empty database on PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.lake.disk import sync_files
from holdfast.services.keep.backup import DATABASE, FORMAT, LOCKED, MANIFEST, SECRET, unlock
from holdfast.services.progress import Progress, Silent
from holdfast.settings import VERSION, Settings, read_settings, write_settings

if TYPE_CHECKING:
    from holdfast.store.erasure import ErasureRecord

_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the workspace's settings, files, the moment it is of, erasures done again."""

    settings: Settings
    files: int
    made_at: str
    erased_again: int


def restore(
    source: Path,
    folder: Path,
    *,
    database_url: str = "",
    passphrase: str | None = None,
    erased: Path | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Put the backup ``source`` (a .tar, or a folder) into ``folder``, whole or not at all.

    Every file is checked against its checksum first. With ``database_url`` the tables go to that
    PostgreSQL database, else into the folder, wherever they came from. ``erased`` is the list of erasures
    of the workspace that was lost (its ``erasures.json``): whoever was erased after the backup was made
    is erased again. Refuses what is no backup, a damaged one, one of a newer release, a wrong or missing
    passphrase, and a folder or database that holds anything.
    """
    told = progress or Silent()
    _check_free(folder)
    beside = folder.absolute().parent / f".restoring-{folder.absolute().name}-{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with _opened(source) as files:
            manifest = _manifest(files, source)
            _unpack(files, manifest, beside, source, told)
        _unlock(beside, passphrase)
        settings = _settle(beside, database_url, told)
        _into_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    settings = replace(settings, folder=folder)
    again = _begin(settings, erased, told)
    return Restored(settings, len(manifest["files"]), manifest["made_at"], again)


def _check_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            "folder_in_use",
            found=Text("{folder} holds other things.", folder=str(folder)),
            expected=Text("An empty folder, or one that does not exist yet."),
            remedy=Text("Name another folder with --workspace; nothing was changed."),
        )
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)


Files = Iterator[tuple[str, IO[bytes]]]
"""The files of a backup in their order, each open for reading until the next is asked for."""


@contextmanager
def _opened(source: Path) -> Iterator[Files]:
    """The files of a backup, the manifest first."""
    if source.is_dir():
        yield _of_folder(source)
        return
    try:
        with tarfile.open(source, "r:") as packed:
            yield _of_tar(packed, source)
    except (tarfile.TarError, FileNotFoundError, EOFError) as error:
        raise _no_backup(source) from error


def _of_folder(source: Path) -> Files:
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda path: path != source / MANIFEST):
        with path.open("rb") as file:
            yield str(path.relative_to(source)), file


def _of_tar(packed: tarfile.TarFile, source: Path) -> Files:
    for member in packed:
        file = packed.extractfile(member) if member.isreg() else None
        if file is None:
            raise _damaged(source, member.name)
        yield member.name, file


def _manifest(files: Files, source: Path) -> dict[str, Any]:
    name, file = next(files, ("", None))
    if name != MANIFEST or file is None:
        raise _no_backup(source)
    try:
        manifest: dict[str, Any] = json.loads(file.read())
        newest = max(manifest["migrations"])
    except (ValueError, KeyError, TypeError) as error:
        raise _no_backup(source) from error
    from holdfast.store.connection import known_migrations

    known = known_migrations()
    if (
        manifest["format"] > FORMAT
        or manifest["layout"] > VERSION
        or not set(manifest["migrations"]) <= known
    ):
        raise Refusal(
            "newer_backup",
            found=Text(
                "The backup was made by a newer Holdfast ({version}, {name}).",
                version=str(manifest.get("holdfast")),
                name=newest,
            ),
            expected=Text("This release knows migrations up to {name}.", name=max(known)),
            remedy=Text("Install the newer release; nothing was changed."),
        )
    return manifest


def _unpack(
    files: Files, manifest: Mapping[str, Any], beside: Path, source: Path, progress: Progress
) -> None:
    """Copy the files out, each checked while it is copied; refuses any that is cut, changed or missing."""
    wanted = {each["path"]: (each["bytes"], each["sha256"]) for each in manifest["files"]}
    total = len(wanted)
    beside.mkdir(mode=0o700)
    for name, file in files:
        if name not in wanted or not _is_inside(name):
            raise _damaged(source, name)
        progress.step(Text("Checking and copying files"), total - len(wanted), total)
        if _copied(file, beside / name) != wanted.pop(name):
            raise _damaged(source, name)
    if wanted:
        raise _damaged(source, min(wanted))
    progress.step(Text("Checking and copying files"), total, total)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _copied(file: IO[bytes], to: Path) -> tuple[int, str]:
    to.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        while chunk := file.read(_AT_ONCE):
            digest.update(chunk)
            size += len(chunk)
            written.write(chunk)
    return size, digest.hexdigest()


def _unlock(beside: Path, passphrase: str | None) -> None:
    locked = beside / LOCKED
    if not locked.is_file():
        return
    if passphrase is None:
        raise Refusal(
            "passphrase_needed",
            found=Text("The secret in the backup is encrypted."),
            expected=Text("The passphrase with which the backup was made."),
            remedy=Text("Name the file that holds it with --passphrase; nothing was changed."),
        )
    (beside / SECRET).write_bytes(unlock(locked.read_bytes(), passphrase))
    (beside / SECRET).chmod(0o600)
    locked.unlink()


def _settle(beside: Path, database_url: str, progress: Progress) -> Settings:
    """Let the files be a workspace: its database where it belongs, its settings say so."""
    (beside / DATABASE).replace(beside / "holdfast.db")
    settings = replace(read_settings(beside), database_url="")
    if not database_url:
        return settings
    progress.step(Text("Copying the database"), 0, None)
    _into_postgresql(settings, replace(settings, database_url=database_url))
    for path in beside.glob("holdfast.db*"):
        path.unlink()
    settings = replace(settings, database_url=database_url)
    write_settings(settings)
    return settings


def _into_postgresql(settings: Settings, target: Settings) -> None:
    from holdfast import store
    from holdfast.store import bases, copying

    store.connect(settings)  # brings the backup's own tables to this release
    store.connect(target)
    tables = copying.all_tables()
    source, there = bases.open_sqlite(settings.database), bases.open_postgresql(target.database_url)
    try:
        if there.has_rows(tables):
            raise Refusal(
                "database_in_use",
                found=Text("The database holds rows already."),
                expected=Text("An empty database, in which the tables are made."),
                remedy=Text("Make a new one (createdb), and name it; nothing was changed."),
            )
        copying.copy(source, there, tables, lambda *_: None)
        there.keep()
    finally:
        source.let_go()
        there.let_go()


def _into_place(beside: Path, folder: Path) -> None:
    sync_files(path for path in beside.rglob("*") if path.is_file())
    if folder.exists():
        folder.rmdir()
    beside.replace(folder)


def _begin(settings: Settings, erased: Path | None, progress: Progress) -> int:
    """Bring the database to this release, forget who was at work, and erase again who was erased since."""
    from holdfast import store
    from holdfast.store import audit, cleaning, leases, outbox_reading

    store.connect(settings)
    leases.forget_all(settings)
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    outbox_reading.hold_all(settings, now_us)
    via = audit.by_command()
    audit.note(settings, who=None, did="workspace.restored", about="workspace", now_us=now_us, via=via)
    cleaning.merge_text_indexes(settings)
    return 0 if erased is None else _erase_again(settings, erased, progress)


def _erase_again(settings: Settings, erased: Path, progress: Progress) -> int:
    from holdfast.services.keep.erase.again import erase_again, read_list

    done: list[ErasureRecord] = erase_again(settings, read_list(erased), progress=progress)
    return len(done)


def _no_backup(source: Path) -> Refusal:
    return Refusal(
        "no_backup",
        found=Text("{file} is no backup of Holdfast.", file=str(source)),
        expected=Text("A .tar or a folder that `holdfast backup` made."),
        remedy=Text("Name the backup; nothing was changed."),
    )


def _damaged(source: Path, name: str) -> Refusal:
    return Refusal(
        "damaged_backup",
        found=Text(
            "In {file}, {name} is not what it was when the backup was made.", file=str(source), name=name
        ),
        expected=Text("The files that the backup lists, unchanged."),
        remedy=Text("Take another copy of this backup, or an older one; nothing was changed."),
    )
