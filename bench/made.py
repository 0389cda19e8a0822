"""Workspaces of any size, made quickly: rows that look like a shop's, straight into the event log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from holdfast.domain.events import LAKE_COLUMNS, EventFile, slot_sql
from holdfast.engines.embedded import EmbeddedEngine, literal
from holdfast.lake.log import EventLog, file_prefix
from holdfast.services.keep.create import create_workspace
from holdfast.settings import Settings

FIRST_US = 1_640_995_200_000_000
"""2022-01-01, UTC."""
TWO_YEARS_US = 730 * 86_400_000_000

_ROW = {
    "event_key": "unhex(md5(s.id || ':' || k.n))",
    "subject_id": "s.id",
    "at_us": f"{FIRST_US} + CAST(hash(s.id * 1000 + k.n) % {TWO_YEARS_US} AS BIGINT)",
    "name": "CASE WHEN hash(s.id + k.n * 7) % 4 = 0 THEN 'Product Viewed' ELSE 'Order Completed' END",
    "source": "'bench'",
    "import_id": "1",
    "object_kind": "'order'",
    "object_id": "'O' || s.id || '-' || k.n",
    "amount_minor": "CAST(100 + hash(s.id * 3 + k.n) % 9900 AS BIGINT)",
    "currency": "'EUR'",
    "quantity": "CAST(1 AS DECIMAL(18,4))",
    "product_id": "'P' || (hash(k.n * 11 + s.id) % 500)",
}


def workspace(
    folder: Path, *, customers: int, events_each: int, row: Mapping[str, str] | None = None
) -> Settings:
    """A workspace with ``customers`` times ``events_each`` events of two years, compacted.

    ``row`` makes some columns otherwise: SQL over ``s.id`` (the customer) and ``k.n`` (the event).
    """
    from holdfast.store import connect, imports

    settings = create_workspace(folder, currency="EUR")
    connect(settings)
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    import_id = imports.begin(settings, "events", "bench", ["bench"], now_us)
    imports.commit(settings, import_id, first_us=FIRST_US, last_us=FIRST_US + TWO_YEARS_US)
    log = EventLog(settings.lake, settings.buckets)
    with EmbeddedEngine(temp=folder / "spill") as engine:
        files = [
            _bucket(engine, settings, bucket, customers, events_each, row or {})
            for bucket in range(settings.buckets)
        ]
    log.commit_import(import_id, files)
    imports.finish(settings, import_id, {}, now_us)
    return settings


def _bucket(
    engine: EmbeddedEngine,
    settings: Settings,
    bucket: int,
    customers: int,
    each: int,
    changed: Mapping[str, str],
) -> EventFile:
    path = f"bucket={bucket}/{file_prefix(1)}{bucket}.parquet"
    target = settings.lake / path
    target.parent.mkdir(parents=True, exist_ok=True)
    made = {**_ROW, **changed}
    row = {**made, "slot": str(bucket), "known_us": made["at_us"]}
    columns = ", ".join(
        f"CAST({row.get(name, 'NULL')} AS {kind}) AS {name}"
        for name, kind in LAKE_COLUMNS.items()
        if name != "bucket"
    )
    engine.run(
        f"COPY (SELECT {columns} FROM (SELECT i AS id FROM range(1, {customers + 1}) t(i) "
        f"WHERE {slot_sql('i', settings.buckets)} = {bucket}) s, range({each}) k(n) "
        f"ORDER BY subject_id, at_us) TO {literal(str(target))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 30720)",
        {},
    )
    bounds = engine.rows(
        "SELECT COUNT(*), MIN(subject_id), MAX(subject_id), MIN(at_us), MAX(at_us) "
        f"FROM read_parquet({literal(str(target))})",
        {},
    )[0]
    return EventFile(path, bucket, target.stat().st_size, *bounds)
