"""Where brought files lie, and how large they may be."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from holdfast.domain.documents import clean_name
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.full_disk import refused_when_full
from holdfast.settings import Settings
from holdfast.store.uploads import NewUpload, UploadRecord

MOST_BYTES = 1_000_000_000
"""Size of a brought file at most: some ten million rows packed, two or three million as plain text."""

MOST_FILES = 50
"""Files brought at once at most."""

ROOM = 3
"""A file needs so many times its size on disk until it is in the log."""

KEPT_DAYS = 7
"""A file that nobody imports is deleted after so long."""

_ARRIVING = "arriving-"
_FIRST = "first.json"


def root(settings: Settings) -> Path:
    """The folder of all brought files."""
    return settings.folder / "uploads"


def arriving(settings: Settings) -> Path:
    """A new path for a file that is being received; who dies leaves it to :func:`sweep`."""
    folder = root(settings)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{_ARRIVING}{time.time_ns()}"


@contextmanager
def receiving(settings: Settings) -> Iterator[Path]:
    """A new path for a file that is received meanwhile; of one that is cut off nothing stays.

    Refuses ("disk_full") where the disk fills up.
    """
    path = arriving(settings)
    try:
        with refused_when_full(settings):
            yield path
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def path_of(settings: Settings, record: UploadRecord) -> Path:
    """The file itself, under its own name so that it can say it."""
    return root(settings) / str(record.id) / "file" / record.name


def check_room(settings: Settings, size: int) -> None:
    """Refuse ("too_large", "disk_full") what is larger than is taken, or than there is room for."""
    if size > MOST_BYTES:
        raise too_large(size)
    if size > most_now(settings):
        free = shutil.disk_usage(settings.folder).free
        raise Refusal(
            "disk_full",
            found=Text(
                "{size} MB are to come, and {free} MB are free on the disk.", size=_mb(size), free=_mb(free)
            ),
            expected=Text("An import needs about {n} times the size of its file.", n=ROOM),
            remedy=Text("Make room, or bring a smaller file; nothing was kept."),
        )


def no_room(settings: Settings) -> Refusal:
    """The refusal for a file under which the disk became full."""
    free = shutil.disk_usage(settings.folder).free
    return Refusal(
        "disk_full",
        found=Text("The disk became full while the file arrived; {free} MB are free now.", free=_mb(free)),
        expected=Text("An import needs about {n} times the size of its file.", n=ROOM),
        remedy=Text("Make room, or bring a smaller file; nothing was kept."),
    )


def most_now(settings: Settings) -> int:
    """The size of the largest file that is taken and for which there is room now."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    return min(MOST_BYTES, shutil.disk_usage(settings.folder).free // ROOM)


def too_large(size: int) -> Refusal:
    """The refusal for a file that is larger than is taken."""
    return Refusal(
        "too_large",
        found=Text("The file has {size} MB.", size=_mb(size)),
        expected=Text("Up to {most} MB are taken at once.", most=_mb(MOST_BYTES)),
        remedy=Text("Pack it (gzip), bring it in parts, or use `holdfast import` where Holdfast runs."),
    )


def receive(settings: Settings, arrived: Path, new: NewUpload, *, by_id: int | None, now_us: int) -> int:
    """Keep a file that has arrived at ``arrived``; its number. An empty file is refused."""
    from dataclasses import replace

    from holdfast.store import uploads

    name = clean_name(new.name) or "file"
    if not new.size_bytes:
        arrived.unlink(missing_ok=True)
        raise Refusal(
            "empty_file",
            found=Text("{file} is empty.", file=name),
            expected=Text("A table with a header and rows."),
            remedy=Text("Export it again; nothing was imported."),
        )
    number = 0
    try:
        with refused_when_full(settings):
            number = uploads.begin(settings, replace(new, name=name), by_id=by_id, now_us=now_us)
            target = path_of(settings, uploads.get(settings, number))
            target.parent.mkdir(parents=True)
            arrived.replace(target)
    except BaseException:
        arrived.unlink(missing_ok=True)
        if number:  # else the page would list a file that is not there
            forget(settings, number)
        raise
    return number


def write_first(settings: Settings, number: int, rows: Sequence[Sequence[str | None]]) -> None:
    """Keep the first rows of a file for its page."""
    (root(settings) / str(number) / _FIRST).write_text(json.dumps(rows), encoding="utf-8")


def first_rows(settings: Settings, number: int) -> list[list[str | None]]:
    """The first rows as they were kept; none where the file is gone."""
    try:
        rows: list[list[str | None]] = json.loads(
            (root(settings) / str(number) / _FIRST).read_text(encoding="utf-8")
        )
    except FileNotFoundError:
        return []
    return rows


def drop(settings: Settings, number: int) -> None:
    """Delete the file and all that was written about it on disk."""
    shutil.rmtree(root(settings) / str(number), ignore_errors=True)


def sweep(settings: Settings, now_us: int) -> int:
    """Delete files that nobody imported for :data:`KEPT_DAYS`, and what was cut off; how many."""
    from holdfast.store import uploads

    old = [
        record
        for record in uploads.listed(settings, ("new", "looked", "refused", "gone"))
        if record.changed_us < now_us - KEPT_DAYS * 86_400_000_000
    ]
    for record in old:
        drop(settings, record.id)
        uploads.forget(settings, record.id)
    for path in root(settings).glob(f"{_ARRIVING}*"):
        if path.stat().st_mtime < now_us / 1_000_000 - 86_400:
            path.unlink(missing_ok=True)
    return len(old)


def forget(settings: Settings, number: int) -> bool:
    """Take a file away that is not being imported; whether there was one."""
    from holdfast.store import uploads

    forgotten = uploads.forget(settings, number)
    if forgotten:
        drop(settings, number)
    return forgotten


def _mb(size: int) -> int:
    return -(-size // 1_000_000)
