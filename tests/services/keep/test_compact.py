"""Compaction: no reader notices it, what is undone is gone for good, and often is cheap."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast import store
from holdfast.domain.events import LEVEL_0, EventFile
from holdfast.engines.compacting import MOST_FILES, to_merge
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.lake.log import EventLog
from holdfast.services.collect import take_in as taking
from holdfast.services.collect.recover import recover
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.keep import compact as compacting
from holdfast.services.keep.compact import compact
from holdfast.settings import Settings, read_settings
from staged_lines import Line, import_lines, visible_keys
from workspace_state import left_over, state_of


def log_of(settings: Settings) -> EventLog:
    return EventLog(settings.lake, settings.buckets)


def import_days(settings: Settings, first: int, last: int) -> int:
    lines = [Line(f"c{n % 40}", n, amount=n) for n in range(first, last)]
    return int(import_lines(settings, lines).import_id)


def test_nothing_to_compact(workspace: Settings) -> None:
    assert compact(workspace) == compacting.Compacted(0, 0, 0)
    import_days(workspace, 0, 10)
    assert compact(workspace) == compacting.Compacted(0, 0, 0), "one small file is no work worth doing"


def test_level_0_goes_into_the_buckets_in_one_commit(workspace: Settings) -> None:
    for start in range(0, 200, 50):
        import_days(workspace, start, start + 50)
    before, version = state_of(workspace), log_of(workspace).files().version
    assert {file.bucket for file in log_of(workspace).files().files} == {LEVEL_0}
    done = compact(workspace)
    files = log_of(workspace).files()
    assert (done.files_out, done.rows_dropped) == (4, 0)
    assert files.version == version + 1
    assert LEVEL_0 not in {file.bucket for file in files.files}
    assert state_of(workspace) == before


def test_rows_stay_sorted_and_in_their_bucket(workspace: Settings) -> None:
    for start in range(0, 400, 50):
        import_days(workspace, start, start + 50)
        compact(workspace)
    with EmbeddedEngine(temp=workspace.folder / "spill") as engine:
        for file in log_of(workspace).files().files:
            found = engine.rows(f"SELECT subject_id, at_us, slot FROM '{workspace.lake / file.path}'", {})
            assert found == sorted(found, key=lambda row: row[:2])
            assert file.bucket == LEVEL_0 or {row[2] for row in found} == {file.bucket}
            assert len(found) == file.rows


def test_undone_rows_go_for_good_from_mixed_and_from_whole_files(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = [import_days(workspace, start, start + 50) for start in range(0, 250, 50)]
    compact(workspace)
    monkeypatch.setattr(taking, "DIRECT_FROM", 10)
    whole = import_days(workspace, 250, 300)
    undo_import(workspace, imports[1])
    undo_import(workspace, whole)
    before = visible_keys(workspace)
    done = compact(workspace)
    assert done.rows_dropped == 100
    assert log_of(workspace).files().rows == len(before) == 200
    assert visible_keys(workspace) == before
    assert compact(workspace).rows_dropped == 0


def test_an_import_that_was_killed_after_its_commit_is_not_dropped(workspace: Settings) -> None:
    from holdfast.store import sql

    import_id = import_days(workspace, 0, 50)
    sql.write("UPDATE import SET state = 'committing' WHERE id = %s", (import_id,))
    compact(workspace)
    assert log_of(workspace).files().rows == 50


def test_old_files_are_deleted_after_their_grace(workspace: Settings) -> None:
    for start in range(0, 200, 50):
        import_days(workspace, start, start + 50)
    old = [workspace.lake / file.path for file in log_of(workspace).files().files]
    compact(workspace)
    assert all(path.exists() for path in old), "a reader may have started before"
    log_of(workspace).remove_unused(grace_hours=0)
    assert not any(path.exists() for path in old)
    assert len(visible_keys(workspace)) == 200


def _compact_and_die(folder: Path) -> None:
    compacting.EventLog.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    compact(read_settings(folder))


def test_killed_before_its_commit_it_leaves_no_file(workspace: Settings) -> None:
    for start in range(0, 200, 50):
        import_days(workspace, start, start + 50)
    before = state_of(workspace)
    process = multiprocessing.get_context("forkserver").Process(
        target=_compact_and_die, args=(workspace.folder,)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert left_over(workspace) != []
    store.connect(workspace)
    assert recover(workspace)
    assert left_over(workspace) == []
    assert state_of(workspace) == before


def file_of(rows: int, number: int) -> EventFile:
    return EventFile(f"bucket=0/{number}.parquet", 0, rows * 40, rows, 1, 2, 3, 4)


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=150))
def test_however_often_little_arrives_each_row_is_rewritten_seldom(arrivals: list[int]) -> None:
    files: list[EventFile] = []
    written: defaultdict[int, int] = defaultdict(int)
    total = 0
    for number, rows in enumerate(arrivals):
        merged = to_merge(files, rows, frozenset())
        size = rows + sum(file.rows for file in merged)
        written[0] += size
        total += rows
        files = [file for file in files if file not in merged] + [file_of(size, number)]
        assert len(files) <= MOST_FILES + 1
        assert sum(file.rows for file in files) == total
    assert written[0] <= total * (2 + 3 * max(1, total.bit_length()))


def test_a_bucket_without_news_is_left_alone() -> None:
    files = [file_of(10, 1), file_of(10, 2)]
    assert to_merge(files, 0, frozenset()) == ()
    assert to_merge(files, 0, frozenset({files[1].path})) == (files[1], files[0])
