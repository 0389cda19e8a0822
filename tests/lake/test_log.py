"""The event log: atomic commits that can be asked for, compaction that no reader notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfast.domain.events import LAKE_COLUMNS, EventFile
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.log import EventLog, file_prefix


def write_file(engine: EmbeddedEngine, log: EventLog, name: str, bucket: int, subjects: range) -> EventFile:
    """One row per subject, at moment 1000 * subject."""
    given = {"subject_id": "i", "at_us": "i * 1000", "slot": str(bucket), "name": "'Signed Up'"}
    chosen = ", ".join(
        f"CAST({given.get(column, 'NULL')} AS {kind}) AS {column}"
        for column, kind in LAKE_COLUMNS.items()
        if column != "bucket"
    )
    path = f"bucket={bucket}/{name}.parquet"
    rows = engine.write(
        f"SELECT {chosen} FROM range({subjects.start}, {subjects.stop}) t(i)", {}, log.root / path
    )
    first, last = subjects.start, subjects.stop - 1
    size = (log.root / path).stat().st_size
    return EventFile(path, bucket, size, rows, first, last, first * 1000, last * 1000)


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "lake" / "events", 4)


@pytest.fixture
def engine(tmp_path: Path):
    with EmbeddedEngine(temp=tmp_path / "spill") as opened:
        yield opened


def subjects_in(engine: EmbeddedEngine, log: EventLog) -> list[int]:
    table = ParquetFiles(log.files().paths, hive=True, types=LAKE_COLUMNS)
    return [row[0] for row in engine.rows("SELECT subject_id FROM e ORDER BY 1", {"e": table})]


def test_a_log_that_was_never_created_is_empty(log: EventLog) -> None:
    assert log.files().paths == ()
    assert log.files().version == -1
    assert not log.import_committed(1)
    assert log.remove_unused() == 0
    assert log.clear_uncommitted(1) == 0


def test_creating_twice_changes_nothing(log: EventLog) -> None:
    log.create()
    log.create()
    assert log.files().version == 0


def test_files_belong_to_the_log_only_after_the_commit(log: EventLog, engine: EmbeddedEngine) -> None:
    log.create()
    file = write_file(engine, log, file_prefix(7) + "0", 2, range(10, 20))
    assert subjects_in(engine, log) == []
    assert not log.import_committed(7)
    version = log.commit_import(7, [file])
    assert version == log.files().version == 1
    assert log.import_committed(7)
    assert log.files().files == (file,)
    assert subjects_in(engine, log) == list(range(10, 20))


def test_the_partition_is_read_from_the_folder(log: EventLog, engine: EmbeddedEngine) -> None:
    log.commit_import(
        1, [write_file(engine, log, "a", -1, range(3)), write_file(engine, log, "b", 3, range(3))]
    )
    table = ParquetFiles(log.files().paths, hive=True)
    found = engine.rows("SELECT DISTINCT bucket, typeof(bucket) FROM e ORDER BY 1", {"e": table})
    assert found == [(-1, "INTEGER"), (3, "INTEGER")]


def test_an_import_without_events_is_committed_too(log: EventLog) -> None:
    log.commit_import(5, [])
    assert log.import_committed(5)
    assert log.files().files == ()


def test_clearing_removes_what_an_import_wrote_and_nothing_else(
    log: EventLog, engine: EmbeddedEngine
) -> None:
    log.commit_import(1, [write_file(engine, log, file_prefix(1) + "0", 0, range(5))])
    write_file(engine, log, file_prefix(11) + "0", 0, range(5, 9))
    write_file(engine, log, file_prefix(11) + "1", 1, range(5, 9))
    assert log.clear_uncommitted(11) == 2
    assert subjects_in(engine, log) == list(range(5))


def test_buckets_narrow_the_files_and_level_0_is_always_among_them(
    log: EventLog, engine: EmbeddedEngine
) -> None:
    log.commit_import(
        1, [write_file(engine, log, f"f{bucket}", bucket, range(2)) for bucket in (-1, 0, 1, 2)]
    )
    assert [file.bucket for file in log.files(buckets=[1]).files] == [-1, 1]


def test_compaction_exchanges_files_in_one_commit(log: EventLog, engine: EmbeddedEngine) -> None:
    log.commit_import(1, [write_file(engine, log, "a", -1, range(5))])
    log.commit_import(2, [write_file(engine, log, "b", -1, range(5, 9))])
    before = log.files()
    whole = write_file(engine, log, "compacted", 0, range(9))
    log.replace(before.files, [whole])
    after = log.files()
    assert after.version == before.version + 1
    assert after.files == (whole,)
    assert all((log.root / file.path).is_file() for file in before.files), "readers may still hold them"
    assert log.remove_unused() == 0
    assert log.remove_unused(grace_hours=0) == 2
    assert not any((log.root / file.path).is_file() for file in before.files)
    assert log.import_committed(1), "what was imported once stays known"
    assert log.import_committed(2)


@pytest.mark.long
def test_commits_are_remembered_over_checkpoints(log: EventLog) -> None:
    for import_id in range(1, 130):
        log.commit_import(import_id, [])
    assert (log.root / "_delta_log" / "_last_checkpoint").is_file()
    assert all(log.import_committed(import_id) for import_id in range(1, 130))
    assert not log.import_committed(130)


def test_statistics_are_on_subject_and_moment_only(log: EventLog, engine: EmbeddedEngine) -> None:
    log.commit_import(1, [write_file(engine, log, "a", 0, range(5))])
    entry = (log.root / "_delta_log" / f"{1:020}.json").read_text(encoding="utf-8")
    added = next(json.loads(line)["add"] for line in entry.splitlines() if '"add"' in line)
    statistics = json.loads(added["stats"])
    assert set(statistics["minValues"]) == {"subject_id", "at_us"}
    assert "deletionVector" not in entry
