"""Events that an import skipped because another one owned them, when that owner is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, EventFile, slot_sql
from holdfast.engines.bucket_files import write_by_bucket
from holdfast.engines.embedded import EmbeddedEngine, literal
from holdfast.engines.placing import FEW_SUBJECTS, Reach
from holdfast.engines.tables import ParquetFiles


@dataclass(frozen=True, slots=True)
class Handed:
    """Events that one import takes over: how many, and the moments that bound them (inclusive)."""

    heir: int
    events: int
    first_at_us: int
    last_at_us: int


def collect_skipped(
    engine: EmbeddedEngine, skipped: Mapping[int, Path], owners: frozenset[int], buckets: int
) -> Reach | None:
    """Gather what the imports ``skipped`` (id to its file) left out because of one of ``owners``.

    Of several that skipped the same event, the earliest is the heir. Fills the temporary table
    ``handed``; answers where in the log these events could be owned by somebody else as well, or
    ``None`` where nothing was skipped.
    """
    if not skipped or not owners:
        return None
    parts = [
        f"SELECT * EXCLUDE (owner), {heir} AS heir FROM read_parquet({literal(str(path))}) "
        f"WHERE owner IN ({', '.join(map(str, sorted(owners)))})"
        for heir, path in sorted(skipped.items())
    ]
    engine.run(
        # The filter has to stand outside: beside the union it would belong to its last part alone.
        f"CREATE OR REPLACE TEMP TABLE handed AS SELECT * FROM ({' UNION ALL '.join(parts)}) "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY subject_id, event_key ORDER BY heir) = 1",
        {},
    )
    slot = slot_sql("subject_id", buckets)
    events, slots, own_ids, subjects = engine.rows(
        f"SELECT COUNT(*), LIST(DISTINCT {slot}), COUNT(message_id), COUNT(DISTINCT subject_id) FROM handed",
        {},
    )[0]
    if not events:
        return None
    first_subject, last_subject, first_at_us, last_at_us = engine.rows(
        "SELECT MIN(subject_id), MAX(subject_id), MIN(at_us), MAX(at_us) FROM handed", {}
    )[0]
    few = engine.rows("SELECT DISTINCT subject_id FROM handed", {}) if subjects <= FEW_SUBJECTS else []
    return Reach(
        events=events,
        slots=frozenset(slots),
        first_subject=first_subject,
        last_subject=last_subject,
        first_at_us=first_at_us,
        last_at_us=last_at_us,
        own_ids=own_ids > 0,
        subjects=tuple(row[0] for row in few),
    )


def leave_to_owners(engine: EmbeddedEngine, base: ParquetFiles) -> list[Handed]:
    """Drop from ``handed`` what ``base`` (the log without what is undone) still has; who gets the rest."""
    if base.paths:
        engine.run(
            "DELETE FROM handed USING base WHERE base.event_key = handed.event_key "
            "AND base.subject_id = handed.subject_id",
            {"base": base},
        )
    found = engine.rows(
        "SELECT heir, COUNT(*), MIN(at_us), MAX(at_us) FROM handed GROUP BY heir ORDER BY heir", {}
    )
    return [Handed(*row) for row in found]


def write_handed(
    engine: EmbeddedEngine, heir: int, *, root: Path, prefix: str, import_id: int, buckets: int, direct: bool
) -> tuple[EventFile, ...]:
    """Write the events of ``heir`` as files of the log that belong to ``import_id``, sorted."""
    bucket = slot_sql("subject_id", buckets) if direct else str(LEVEL_0)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE inherited AS SELECT *, {bucket} AS bucket FROM handed "
        f"WHERE heir = {heir} ORDER BY bucket, subject_id, at_us",
        {},
    )
    row = {name: name for name in LAKE_COLUMNS if name != "bucket"}
    row["import_id"] = f"CAST({import_id} AS BIGINT)"
    return write_by_bucket(engine, "inherited", row, root, prefix)
