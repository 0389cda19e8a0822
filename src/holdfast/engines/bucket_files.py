"""Write sorted rows as files of the event log, one per bucket."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from holdfast.domain.events import EventFile
from holdfast.engines.embedded import EmbeddedEngine, literal

ALONE_UP_TO = 200_000
"""Rows in a bucket up to which a second core has nothing to do while it is written."""


def write_by_bucket(
    engine: EmbeddedEngine, table: str, row: Mapping[str, str], root: Path, prefix: str
) -> tuple[EventFile, ...]:
    """Write one file per bucket from a temporary table, in its order (bucket, subject, moment).

    ``row`` gives each column of the log as an expression over the table. Names begin with ``prefix``.
    """
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in row.items())
    counts = engine.rows(f"SELECT bucket, COUNT(*) FROM {table} GROUP BY bucket ORDER BY bucket", {})
    small = all(rows <= ALONE_UP_TO for _, rows in counts)
    paths = {f"bucket={bucket}/{prefix}{number}.parquet": bucket for number, (bucket, _) in enumerate(counts)}
    with engine.one_thread() if small else nullcontext():
        for path, bucket in paths.items():
            engine.write(f"SELECT {chosen} FROM {table} WHERE bucket = {bucket}", {}, root / path)
    return described(engine, root, paths)


def described(engine: EmbeddedEngine, root: Path, paths: Mapping[str, int]) -> tuple[EventFile, ...]:
    """The files (with their buckets) and their bounds, from their own footers."""
    if not paths:
        return ()
    listed = ", ".join(literal(str(root / path)) for path in paths)
    told = engine.rows(
        "SELECT file_name, path_in_schema, SUM(num_values), MIN(CAST(stats_min_value AS BIGINT)), "
        f"MAX(CAST(stats_max_value AS BIGINT)) FROM parquet_metadata([{listed}]) "
        "WHERE path_in_schema IN ('subject_id', 'at_us') GROUP BY file_name, path_in_schema",
        {},
    )
    bounds = {(name, column): (int(rows), least, most) for name, column, rows, least, most in told}
    return tuple(
        EventFile(path, bucket, (root / path).stat().st_size, rows, *subjects, *moments)
        for path, bucket in paths.items()
        for rows, *subjects in [bounds[str(root / path), "subject_id"]]
        for _, *moments in [bounds[str(root / path), "at_us"]]
    )
