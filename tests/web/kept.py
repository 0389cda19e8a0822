"""What many tests begin with is built once a process and then copied: an import takes ten times as long."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from holdfast import store
from holdfast.settings import Settings

_MOST = 12
"""Workspaces that are kept in memory, some megabytes each: tests that share one follow each other."""


@dataclass(frozen=True)
class _Kept:
    database: sqlite3.Connection
    files: dict[Path, bytes]


_kept: OrderedDict[str, _Kept] = OrderedDict()


def once(settings: Settings, what: str, build: Callable[[], None]) -> None:
    """Build, or put there what this building left in a workspace that was just as untouched as this one."""
    key = _untouched(settings)
    if key is None:
        build()
        return
    known = _kept.get(key + what)
    if known is not None:
        _put(settings, known)
        return
    build()
    _kept[key + what] = _Kept(_copy(settings), _files(settings.folder))
    if len(_kept) > _MOST:
        _kept.popitem(last=False)[1].database.close()


def forget() -> None:
    """Close what is kept; the end of a test process says so."""
    while _kept:
        _kept.popitem()[1].database.close()


def _untouched(settings: Settings) -> str | None:
    """The content of a new workspace in short; ``None`` where somebody has written already, or elsewhere."""
    folder = settings.folder
    if settings.database_url or settings.lake_url or any(path.is_dir() for path in folder.iterdir()):
        return None
    journal = folder / "holdfast.db-wal"
    if journal.exists() and journal.stat().st_size:
        return None
    decided = repr(replace(settings, folder=Path())).encode()
    return hashlib.sha256(settings.database.read_bytes() + settings.toml.read_bytes() + decided).hexdigest()


def _files(folder: Path) -> dict[Path, bytes]:
    """All but the database, which is copied by itself, and the secret, which is of one workspace."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("holdfast.db", "secret"))
    }


def _copy(settings: Settings) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:")
    _connection(settings).backup(copy)
    return copy


def _put(settings: Settings, kept: _Kept) -> None:
    for name, content in kept.files.items():
        path = settings.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    kept.database.backup(_connection(settings))


def _connection(settings: Settings) -> sqlite3.Connection:
    from django.db import connection

    store.connect(settings)
    connection.ensure_connection()
    opened: sqlite3.Connection = connection.connection
    return opened
