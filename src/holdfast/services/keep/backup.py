"""Copy a whole workspace while it is in use: database, event log, files and secret, of one moment."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import holdfast
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.lake.disk import sync_file, sync_folder
from holdfast.lake.log import EventLog
from holdfast.services.full_disk import refused_when_full
from holdfast.services.progress import Progress, Silent
from holdfast.services.turn import own_turn
from holdfast.settings import VERSION, Settings, write_settings
from holdfast.store.audit_anchor import FILE

FORMAT = 1
"""The layout of a backup that this release writes and understands."""

MANIFEST, DATABASE, SECRET, LOCKED = "manifest.json", "database.sqlite", "secret", "secret.locked"

_FRESH = ".fresh"

KEEP_DAYS = 35
"""A backup is kept so long, if nobody says otherwise."""

LEFT_OUT = frozenset(
    {"lake", "backups", "spill", "measured", "logs", "moving", "uploads", "exports"}
    | {SECRET, "holdfast.toml", FILE}
)
"""What is copied in a way of its own, can be made again, or belongs to the processes of now."""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A finished backup: where it lies, how large, what is in it and until when it is kept."""

    place: Path
    size: int
    files: int
    events: int
    made_at: datetime
    expires_at: datetime
    secret: str
    deleted: tuple[Path, ...]

    def as_json(self) -> dict[str, Any]:
        """The keys that ``holdfast backup --json`` documents."""
        return {
            "backup": str(self.place),
            "bytes": self.size,
            "files": self.files,
            "events": self.events,
            "made_at": self.made_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "secret": self.secret,
            "deleted": [str(path) for path in self.deleted],
        }


def backup(
    settings: Settings,
    to: Path | None = None,
    *,
    now: datetime,
    keep_days: int = KEEP_DAYS,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> BackupMade:
    """Copy the workspace to ``to`` (its ending .tar makes one file, else a folder), whole or not at all.

    Without ``to``, a new .tar in the workspace's own folder ``backups``: that guards against a slip of
    the hand, not against a broken disk. Events go on arriving meanwhile; imports wait for a moment. With
    a ``passphrase`` the secret in it is encrypted, else it lies there as it is: whoever has the backup
    has everything. Backups whose time is over are deleted. Refuses a place that is taken ("place_taken").
    """
    from holdfast.store import backups, blank

    told = progress or Silent()
    place = to or settings.folder / "backups" / now.strftime("holdfast-%Y%m%d-%H%M%S.tar")
    _check_place(place, named=to is not None)
    expires = now + timedelta(days=keep_days)
    with refused_when_full(settings), _staged(settings) as stage:
        if settings.database_url:
            blank.make_blank(stage / _FRESH)  # takes seconds: nobody is to wait for that
        with own_turn(settings, progress=told):
            told.step(Text("Copying the database"), 0, None)
            events = _gather(settings, stage, passphrase)
        files = _write_manifest(settings, stage, now, expires, told)
        told.step(Text("Writing the backup"), 0, None)
        size = _into_tar(stage, place) if place.suffix == ".tar" else _into_folder(stage, place)
    now_us = int(now.timestamp() * 1_000_000)
    expires_us = int(expires.timestamp() * 1_000_000)
    backups.note(settings, made_us=now_us, place=str(place.absolute()), size=size, expires_us=expires_us)
    secret = "encrypted" if passphrase else "included"
    gone = tuple(delete_expired(settings, now_us))
    return BackupMade(place, size, files, events, now, expires, secret, gone)


def delete_expired(settings: Settings, now_us: int) -> Iterator[Path]:
    """Delete the backups whose time is over, where they can be reached."""
    from holdfast.store import backups

    for record in backups.listed(settings):
        place = Path(record.place)
        if record.gone_us is not None or record.expires_us > now_us or not place.parent.is_dir():
            continue
        if place.is_dir() and (place / MANIFEST).is_file():
            shutil.rmtree(place)
        else:
            for path in place.parent.glob(f"{place.name}*"):
                path.unlink()
        backups.note_gone(settings, record.id, now_us)
        yield place


def _check_place(place: Path, *, named: bool) -> None:
    if place.exists():
        raise Refusal(
            "place_taken",
            found=Text("{file} is there already.", file=str(place)),
            expected=Text("A name that is free: a backup replaces nothing."),
            remedy=Text("Name another file or folder."),
        )
    if named and not place.parent.is_dir():
        raise Refusal(
            "no_folder",
            found=Text("{file} cannot be written.", file=str(place)),
            expected=Text("A file in a folder that is there."),
            remedy=Text("Make the folder, or name another file."),
        )
    place.parent.mkdir(exist_ok=True)


@contextmanager
def _staged(settings: Settings) -> Iterator[Path]:
    """A folder of the workspace in which the copy is put together, gone afterwards."""
    folder = settings.folder / "backups"
    folder.mkdir(exist_ok=True)
    for left in folder.glob(".making-*"):
        if not (Path("/proc") / left.name.removeprefix(".making-")).exists():
            shutil.rmtree(left, ignore_errors=True)
    stage = folder / f".making-{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _gather(settings: Settings, stage: Path, passphrase: str | None) -> int:
    """Everything, of one moment: nobody else changes the event log meanwhile. How many events there are.

    The database comes first and the event log after it: what the mover took to the lake in between
    would be in both, and counts once.
    """
    # Before the database: where the audit trail ended then is in it, which a later end may not be.
    if (settings.folder / FILE).exists():
        _copy_tree(settings.folder / FILE, stage / FILE)
    _copy_database(settings, stage)
    events = _copy_log(settings, stage)
    for path in sorted(settings.folder.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith((".", "holdfast.db")):
            continue
        _copy_tree(path, stage / path.name)
    write_settings(replace(settings, folder=stage, database_url=""))  # it may hold a password
    _copy_secret(settings, stage, passphrase)
    return events


def _copy_database(settings: Settings, stage: Path) -> None:
    path = stage / DATABASE
    if settings.database_url:
        _from_postgresql(settings, path)
        return
    with closing(sqlite3.connect(settings.database)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    path.chmod(0o600)


def _from_postgresql(settings: Settings, path: Path) -> None:
    """All tables, of one moment, as a SQLite file: it can be put back on either database."""
    from holdfast import store
    from holdfast.store import bases, copying

    store.connect(settings)
    fresh = path.parent / _FRESH
    source, target = bases.open_postgresql(settings.database_url), bases.open_sqlite(fresh / "holdfast.db")
    try:
        copying.copy(source, target, copying.all_tables(), lambda *_: None)
        target.keep()
    finally:
        source.let_go()
        target.let_go()
    (fresh / "holdfast.db").replace(path)
    shutil.rmtree(fresh)


def _copy_log(settings: Settings, stage: Path) -> int:
    log = EventLog(settings.lake, settings.buckets)
    if not log.exists:
        return 0
    log.settle()
    files = log.files()
    for file in files.files:
        _copy_tree(files.base / file.path, stage / "lake" / "events" / file.path)
    for path in (settings.lake / "_delta_log").iterdir():
        _copy_tree(path, stage / "lake" / "events" / "_delta_log" / path.name)
    return files.rows


def _copy_tree(path: Path, to: Path) -> None:
    """A copy; of Parquet files, which are never changed in place, a second name, where the disk allows it."""
    if path.is_dir():
        for each in sorted(path.iterdir()):
            if not each.name.startswith("."):
                _copy_tree(each, to / each.name)
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        try:
            os.link(path, to)
            return
        except OSError:
            pass
    shutil.copyfile(path, to)


def _copy_secret(settings: Settings, stage: Path, passphrase: str | None) -> None:
    from holdfast.store.connection import workspace_secret

    secret = workspace_secret(settings.folder)
    if passphrase is None:
        _write_private(stage / SECRET, secret.encode())
        return
    _write_private(stage / LOCKED, lock(secret.encode(), passphrase))


def lock(secret: bytes, passphrase: str) -> bytes:
    """``secret`` so that only :func:`unlock` with the same passphrase can read it (scrypt, Fernet)."""
    from cryptography.fernet import Fernet

    salt = os.urandom(16)
    return salt.hex().encode() + b"\n" + Fernet(_key(salt, passphrase)).encrypt(secret)


def unlock(locked: bytes, passphrase: str) -> bytes:
    """What :func:`lock` was given; refuses another passphrase ("wrong_passphrase")."""
    from cryptography.fernet import Fernet, InvalidToken

    salt, _, token = locked.partition(b"\n")
    try:
        return Fernet(_key(bytes.fromhex(salt.decode()), passphrase)).decrypt(token)
    except (InvalidToken, ValueError) as error:
        raise Refusal(
            "wrong_passphrase",
            found=Text("The secret in the backup cannot be read with this passphrase."),
            expected=Text("The passphrase with which the backup was made."),
            remedy=Text("Name the file that holds it; nothing was changed."),
        ) from error


def _key(salt: bytes, passphrase: str) -> bytes:
    from base64 import urlsafe_b64encode

    made = hashlib.scrypt(passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
    return urlsafe_b64encode(made)


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _write_manifest(
    settings: Settings, stage: Path, now: datetime, expires: datetime, progress: Progress
) -> int:
    """Say what belongs to the backup, each file with its checksum; how many files."""
    from holdfast.store.connection import known_migrations

    paths = sorted(path for path in stage.rglob("*") if path.is_file())
    files = []
    for number, path in enumerate(paths):
        progress.step(Text("Adding up checksums"), number, len(paths))
        files.append(
            {
                "path": str(path.relative_to(stage)),
                "bytes": path.stat().st_size,
                "sha256": checksum(path),
            }
        )
    manifest = {
        "format": FORMAT,
        "layout": VERSION,
        "holdfast": holdfast.__version__,
        "migrations": sorted(known_migrations()),
        "made_at": now.astimezone(UTC).isoformat(),
        "expires_at": expires.astimezone(UTC).isoformat(),
        "database": "postgresql" if settings.database_url else "sqlite",
        "name": settings.name,
        "files": files,
    }
    (stage / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return len(files)


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _into_tar(stage: Path, place: Path) -> int:
    """One file, readable by its owner only; the manifest comes first."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as packed:
            packed.add(stage / MANIFEST, MANIFEST)
            for path in sorted(path for path in stage.rglob("*") if path.is_file()):
                if path.name != MANIFEST or path.parent != stage:
                    packed.add(path, str(path.relative_to(stage)))
        sync_file(beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(place.parent)
    return place.stat().st_size


def _into_folder(stage: Path, place: Path) -> int:
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        shutil.copytree(stage, beside, copy_function=_linked_or_copied)
        beside.chmod(0o700)
        for path in beside.rglob("*"):
            if path.is_file():
                sync_file(path)
        beside.replace(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    sync_folder(place.parent)
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def _linked_or_copied(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
