"""Put rows that arrived in small numbers where their customers' other rows lie, bucket by bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.domain.events import LAKE_COLUMNS, EventFile
from holdfast.engines.bucket_files import write_by_bucket
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.refilling import Maps, refilled
from holdfast.engines.tables import ParquetFiles

SEEN_DAYS = 30
"""A repeat of what arrived live is recognised by its key for so long; later here, where its bucket is."""

MOST_FILES = 8
"""More files than this in one bucket are made one: each costs every reader a look."""

_KEPT = tuple(name for name in LAKE_COLUMNS if name != "bucket")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows of level 0 wait for each bucket."""

    rows: dict[int, int]


def gather_waiting(engine: EmbeddedEngine, level_0: ParquetFiles) -> Waiting:
    """Read level 0 into the temporary table ``waiting``; which buckets its rows belong to."""
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE waiting AS SELECT {', '.join(_KEPT)} FROM level_0 ORDER BY slot",
        {"level_0": ParquetFiles(level_0.paths, level_0.hive, level_0.where, LAKE_COLUMNS)},
    )
    return Waiting(dict(engine.rows("SELECT slot, COUNT(*) FROM waiting GROUP BY slot ORDER BY slot", {})))


def files_with(engine: EmbeddedEngine, paths: Sequence[str], imports: frozenset[int]) -> frozenset[str]:
    """Which of the files hold rows of ``imports``."""
    if not imports or not paths:
        return frozenset()
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    found = engine.rows(
        f"SELECT DISTINCT filename FROM read_parquet([{listed}], filename = true, hive_partitioning = false) "
        f"WHERE import_id IN ({', '.join(map(str, sorted(imports)))})",
        {},
    )
    return frozenset(path for (path,) in found)


def to_merge(files: Sequence[EventFile], waiting: int, unclean: frozenset[str]) -> tuple[EventFile, ...]:
    """Which files of one bucket are written anew, together with the rows that wait for it.

    Those with rows to drop (``unclean``, by path), and those not much larger than what is written
    anyway, from the smallest on: each row is then rewritten a logarithmic number of times, however
    often little arrives (size-tiered merging: O'Neil et al. 1996, The Log-Structured Merge-Tree).
    All of them where they are more than :data:`MOST_FILES`.
    """
    chosen = [file for file in files if file.path in unclean]
    if len(files) > MOST_FILES:
        return tuple(files)
    total = waiting + sum(file.rows for file in chosen)
    for file in sorted((file for file in files if file.path not in unclean), key=lambda file: file.rows):
        if file.rows > 2 * total:
            break
        chosen.append(file)
        total += file.rows
    return tuple(chosen) if waiting or unclean & {file.path for file in files} else ()


def drop_late_repeats(engine: EmbeddedEngine, bucket: int, files: ParquetFiles) -> None:
    """Leave out of ``waiting`` what arrived live, tells of long ago, and is in ``files`` of its bucket.

    Younger repeats are recognised when they arrive (:data:`SEEN_DAYS`); the first stays.
    """
    late = f"slot = {bucket} AND seq IS NOT NULL AND at_us < known_us - {SEEN_DAYS} * 86400000000"
    if not files.paths or not engine.rows(f"SELECT 1 FROM waiting WHERE {late} LIMIT 1", {}):
        return
    engine.run(
        f"DELETE FROM waiting WHERE {late} AND event_key IN (SELECT e.event_key FROM bucket_files e "
        f"SEMI JOIN (SELECT subject_id FROM waiting WHERE {late}) w USING (subject_id))",
        {"bucket_files": files},
    )


def merge_bucket(
    engine: EmbeddedEngine,
    bucket: int,
    files: ParquetFiles,
    root: Path,
    prefix: str,
    maps: Maps | None = None,
) -> tuple[EventFile, ...]:
    """Write the rows of ``files`` and those that wait for ``bucket`` as one file, sorted; or none.

    ``maps`` fill columns from what rows have in ``details``.
    """
    chosen = ", ".join(_KEPT)
    merged = f"SELECT {chosen} FROM waiting WHERE slot = {bucket}"
    if files.paths:
        merged += f" UNION ALL SELECT {chosen} FROM merged"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE bucket_rows AS SELECT *, {bucket} AS bucket FROM ({merged}) "
        "ORDER BY subject_id, at_us",
        {"merged": files} if files.paths else {},
    )
    row = {name: refilled(name, maps or {}) for name in _KEPT}
    return write_by_bucket(engine, "bucket_rows", row, root, f"{prefix}{bucket}-")
