"""Keep the event log quick to read: small files into their buckets, undone rows out, old files away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, EventFile
from holdfast.domain.texts import Text
from holdfast.engines.compacting import (
    drop_late_repeats,
    files_with,
    gather_waiting,
    merge_bucket,
    to_merge,
)
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.refilling import Maps, files_to_refill
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.log import EventLog, LakeFiles, file_prefix
from holdfast.services.full_disk import refused_when_full
from holdfast.services.progress import Progress, Silent
from holdfast.services.turn import own_turn
from holdfast.services.visible import not_hidden
from holdfast.settings import Settings

WORTH_FILES = 4
WORTH_ROWS = 50_000
"""Level 0 is left alone until it has so many files, or so many rows."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What compaction did: files it replaced, files it wrote, rows of undone imports it dropped."""

    files_out: int
    files_in: int
    rows_dropped: int


def compact(settings: Settings, *, progress: Progress | None = None) -> Compacted:
    """Compact the event log in one commit that no reader notices, and delete what nobody reads any more.

    Takes the writers' turn: refuses with "busy" after a while, and a full disk with "disk_full".
    Memory is bounded by the largest bucket that is written anew; buckets without news are not
    touched. Rows of undone and failed imports go for good; files stay on disk for a day, for
    readers that started before.
    """
    with refused_when_full(settings), own_turn(settings, progress=progress):
        log = EventLog(settings.lake, settings.buckets)
        if not log.exists:
            return Compacted(0, 0, 0)
        log.settle()
        try:
            done = _compact(settings, log, progress or Silent())
        finally:
            log.settle()
        log.remove_unused()
        return done


def _compact(settings: Settings, log: EventLog, progress: Progress) -> Compacted:
    from holdfast.store import property_map

    gone = _gone(settings)
    files = log.files()
    dead = tuple(file for file in files.files if _all_of(file, gone))
    alive = tuple(file for file in files.files if file not in dead)
    with EmbeddedEngine(temp=settings.lake.parent / "spill") as engine:
        maps = property_map.pending(settings)
        unclean = _unclean(engine, files, alive, gone) | _to_refill(engine, files, alive, maps)
        waiting = tuple(file for file in alive if file.bucket == LEVEL_0)
        if not _worth_it(waiting, unclean):
            waiting = ()
        ready = gather_waiting(engine, _table(files, waiting, gone)).rows
        plan = _plan([file for file in alive if file.bucket != LEVEL_0], ready, unclean)
        prefix = f"compacted-{uuid4().hex}-"
        log.announce(prefix)
        written: list[EventFile] = []
        for number, (bucket, merged) in enumerate(plan.items()):
            progress.step(Text("Sorting new events to their customers"), number, len(plan))
            if ready.get(bucket):
                own = [file for file in alive if file.bucket == bucket]
                drop_late_repeats(engine, bucket, _table(files, own, gone))
            written += merge_bucket(engine, bucket, _table(files, merged, gone), log.root, prefix, maps)
    out = (*dead, *waiting, *(file for merged in plan.values() for file in merged))
    if out:
        log.replace(out, written)
    property_map.note_refilled(settings, maps)
    return Compacted(
        len(out), len(written), sum(file.rows for file in out) - sum(file.rows for file in written)
    )


def _gone(settings: Settings) -> frozenset[int]:
    """Imports whose rows will never count again; not those that run or wait to be recovered."""
    from holdfast.store import imports

    return imports.not_done(settings) - {record.id for record in imports.unfinished(settings)}


def _all_of(file: EventFile, imports: frozenset[int]) -> bool:
    """Whether all rows of the file are of ``imports``, as its name says."""
    return any(file.name.startswith(file_prefix(import_id)) for import_id in imports)


def _unclean(
    engine: EmbeddedEngine, files: LakeFiles, alive: Sequence[EventFile], gone: frozenset[int]
) -> frozenset[str]:
    """Files that mix rows of several imports, some of them gone."""
    mixed = files.only(file for file in alive if not file.name.startswith("import-"))
    found = files_with(engine, mixed.paths, gone)
    return frozenset(file.path for file, path in zip(mixed.files, mixed.paths, strict=True) if path in found)


def _to_refill(
    engine: EmbeddedEngine, files: LakeFiles, alive: Sequence[EventFile], maps: Maps
) -> frozenset[str]:
    """Files with rows that a map of the workspace fills from their details."""
    chosen = files.only(alive)
    found = files_to_refill(engine, chosen.paths, maps)
    return frozenset(
        file.path for file, path in zip(chosen.files, chosen.paths, strict=True) if path in found
    )


def _worth_it(waiting: Sequence[EventFile], unclean: frozenset[str]) -> bool:
    return len(waiting) >= WORTH_FILES or sum(file.rows for file in waiting) >= WORTH_ROWS or bool(unclean)


def _plan(
    files: Sequence[EventFile], waiting: Mapping[int, int], unclean: frozenset[str]
) -> dict[int, tuple[EventFile, ...]]:
    """For each bucket that is touched, the files that are written anew."""
    by_bucket: defaultdict[int, list[EventFile]] = defaultdict(list)
    for file in files:
        by_bucket[file.bucket].append(file)
    plan = {}
    for bucket in sorted({*by_bucket, *waiting}):
        merged = to_merge(by_bucket[bucket], waiting.get(bucket, 0), unclean)
        if merged or waiting.get(bucket):
            plan[bucket] = merged
    return plan


def _table(files: LakeFiles, chosen: Sequence[EventFile], gone: frozenset[int]) -> ParquetFiles:
    return ParquetFiles(files.only(chosen).paths, where=not_hidden(gone), types=LAKE_COLUMNS)
