"""Folders for what is only looked at: held while they are used, cleared when their process died."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from holdfast.settings import Settings

_PREFIX = "looking-"
_YOUNG_SECONDS = 3600.0


@contextmanager
def scratch_folder(settings: Settings) -> Iterator[Path]:
    """A folder of one's own inside the workspace, gone after the block."""
    settings.imports.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=settings.imports, prefix=_PREFIX))
    try:
        with (folder / ".held").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_scratch(settings: Settings) -> None:
    """Delete scratch folders that no living process holds."""
    for folder in settings.imports.glob(f"{_PREFIX}*"):
        if not _is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    try:
        with (folder / ".held").open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:  # made this very moment, or left in that moment long ago
        return folder.exists() and time.time() - folder.stat().st_mtime < _YOUNG_SECONDS
