"""Everything of a workspace that is neither its database nor its event log: rows and lines go, not files."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.erasing import cut
from holdfast.lake.disk import sync_file, sync_folder
from holdfast.services.keep.erase.wanted import Wanted
from holdfast.settings import Settings

LEAVES = frozenset({"lake", "backups", "spill", "demo"})
"""Folders that are not gone through here: the event log is cut by itself, copies are not changed, the
demo company's own memory is nobody's; what somebody is computing with goes when that ends."""

_SPILLED = ("spill-", "run-", "until-", "history-", "export-", "keys-", "api-", "segment-")
_AT_WORK = (*_SPILLED, "looking-", "stage", ".making-")
"""How folders begin that belong to a process at work, and go with it (or a day later: clear_spill)."""

_SPILL_SECONDS = 24 * 3600

_IDS = re.compile(r"[^\s,;|\t\"']+")


def clean_files(settings: Settings, subjects: Sequence[int], wanted: Wanted) -> dict[str, int]:
    """Take the erased out of every file: what was done, by kind, where anything was.

    Parquet files of ours lose the rows, rejected rows and logs the lines that name them, documents go.
    May be repeated.
    """
    for beside in list(settings.folder.rglob(".*.cut")):
        beside.unlink(missing_ok=True)  # of a run that was killed: it is made again
    # Traits of everybody as arrays, and their words: made again when a segment asks for them.
    shutil.rmtree(settings.measured / "segments", ignore_errors=True)
    # Lists that colleagues asked for, to be fetched within days: whoever needs one asks again.
    shutil.rmtree(settings.folder / "exports", ignore_errors=True)
    done = {
        "parquet_rows": _parquet_rows(settings, subjects),
        "brought_files": sum(_brought(path, wanted) for path in (settings.folder / "uploads").glob("*")),
        "rejected_rows": sum(_rejected(path, wanted) for path in settings.imports.glob("*/*.gz")),
        "log_lines": sum(_log_lines(path, wanted) for path in (settings.folder / "logs").glob("*.log*")),
        "documents": sum(_documents(settings, wanted)),
    }
    return {name: count for name, count in done.items() if count}


def clear_spill(settings: Settings) -> int:
    """Delete what processes left that were killed more than a day ago; how many folders."""
    gone = 0
    yesterday = time.time() - _SPILL_SECONDS
    for folder in (settings.folder / "spill", settings.lake.parent / "spill", settings.measured):
        for path in folder.glob("*-*") if folder.is_dir() else ():
            if path.is_dir() and path.name.startswith(_SPILLED) and path.stat().st_mtime < yesterday:
                shutil.rmtree(path, ignore_errors=True)
                gone += 1
    return gone


def everything_beside(settings: Settings) -> Iterator[Path]:
    """Every file of the workspace outside of :data:`LEAVES`, in the order of their names."""
    for folder, inside, names in os.walk(settings.folder):
        left = LEAVES if Path(folder) == settings.folder else frozenset[str]()
        inside[:] = sorted(name for name in inside if name not in left and not name.startswith(_AT_WORK))
        yield from (Path(folder) / name for name in sorted(names))


def _parquet_rows(settings: Settings, subjects: Sequence[int]) -> int:
    gone = 0
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=300) as engine:
        for path in everything_beside(settings):
            if path.suffix == ".parquet":
                beside = path.with_name(f".{path.name}.cut")
                number = cut(engine, path, beside, subjects)
                if number:
                    _take_its_place(beside, path)
                gone += number
    return gone


def _rejected(path: Path, wanted: Wanted) -> int:
    """Rows that an import could not take: those that name the erased."""
    gone = 0
    kept = io.StringIO(newline="")
    written = csv.writer(kept, lineterminator="\n")
    names = naming(wanted)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for number, row in enumerate(csv.reader(text)):
            if number and names(" ".join(row[3:])):
                gone += 1
            else:
                written.writerow(row)
    if gone:
        beside = path.with_name(f".{path.name}.cut")
        with beside.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            packed.write(kept.getvalue().encode())
        _take_its_place(beside, path)
    return gone


def _brought(folder: Path, wanted: Wanted) -> int:
    """A file that waits to be imported: it goes as a whole, unless its lines show that it names nobody.

    What is packed is not searched. Whoever brought it is asked to bring it again; rows about the
    erased are then left out.
    """
    if all(_names_nobody(path, wanted) for path in folder.rglob("*") if path.is_file()):
        return 0
    shutil.rmtree(folder, ignore_errors=True)
    return 1


def _names_nobody(path: Path, wanted: Wanted) -> bool:
    names = naming(wanted)
    with path.open("rb") as file:
        if b"\0" in file.read(4096):
            return False
        file.seek(0)
        return not any(names(line.decode("utf-8", errors="replace")) for line in file)


def _log_lines(path: Path, wanted: Wanted) -> int:
    names = naming(wanted)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not names(line)]
    if len(kept) < len(lines):
        beside = path.with_name(f".{path.name}.cut")
        beside.write_text("".join(kept), encoding="utf-8")
        _take_its_place(beside, path)
    return len(lines) - len(kept)


def naming(wanted: Wanted) -> Callable[[str], bool]:
    """Whether a line names the erased: one of their words anywhere, or an id as a cell of its own."""
    ids = {key.strip().lower() for _, key in wanted.keys}

    def names(line: str) -> bool:
        folded = line.lower()
        return any(word in folded for word in wanted.words) or not ids.isdisjoint(_IDS.findall(folded))

    return names


def _documents(settings: Settings, wanted: Wanted) -> Iterator[int]:
    for stored in wanted.documents:
        for path in (settings.folder / "documents").rglob(stored):
            path.unlink()
            sync_folder(path.parent)
            yield 1


def _take_its_place(beside: Path, path: Path) -> None:
    sync_file(beside)
    beside.replace(path)
    sync_folder(path.parent)
