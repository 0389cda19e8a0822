"""Making sure that what was written is on the disk: neither Delta nor Parquet writers call fsync."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def sync_file(path: Path) -> None:
    """Return when the content of ``path`` would survive a power cut."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Return when the names in the folder ``path`` (files made, moved, removed) would survive one."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def sync_files(paths: Iterable[Path]) -> None:
    """Sync files and then each folder that holds one of them, and that folder's parent."""
    folders: set[Path] = set()
    for path in paths:
        sync_file(path)
        folders |= {path.parent, path.parent.parent}
    for folder in sorted(folders):
        sync_folder(folder)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
