"""Write rows of the ingest log as one file of level 0, sorted by subject."""

from __future__ import annotations

from pathlib import Path

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, EventFile
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows


def write_level_0(engine: EmbeddedEngine, rows: Rows, root: Path, name: str) -> EventFile:
    """Write ``rows`` (the columns of the event log, at least one row) as ``bucket=-1/name``."""
    chosen = ", ".join(column for column in LAKE_COLUMNS if column != "bucket")
    path = f"bucket={LEVEL_0}/{name}"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE moved AS SELECT {chosen} FROM fresh ORDER BY subject_id, at_us, seq",
        {"fresh": rows},
    )
    (bounds,) = engine.rows("SELECT MIN(subject_id), MAX(subject_id), MIN(at_us), MAX(at_us) FROM moved", {})
    count = engine.write(f"SELECT {chosen} FROM moved", {}, root / path)
    return EventFile(path, LEVEL_0, (root / path).stat().st_size, count, *bounds)
