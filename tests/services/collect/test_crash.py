"""Killed at any moment (-9), an import or its undoing has happened or has not, never half (A1)."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from holdfast import store
from holdfast.lake.log import EventLog
from holdfast.services.collect.recover import recover
from holdfast.settings import Settings, read_settings
from killed import (
    RIVAL,
    break_the_order,
    compact_all,
    die_after_the_commit,
    die_at_file,
    import_new,
    import_rival,
    undo_rival,
)
from workspace_state import left_over, state_of

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["killed"])


def copied(settings: Settings, folder: Path) -> Settings:
    shutil.copytree(settings.folder, folder)
    return read_settings(folder)


def run_whole(work: Callable[[Path], None], settings: Settings) -> float:
    """Run the work in a process of its own, to its end; how many seconds it took."""
    process = CONTEXT.Process(target=work, args=(settings.folder,))
    started = time.monotonic()
    process.start()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - started


def run_killed(work: Callable[[Path], None], settings: Settings, after_seconds: float) -> None:
    process = CONTEXT.Process(target=work, args=(settings.folder,))
    process.start()
    process.join(timeout=after_seconds)
    process.kill()  # does nothing to one that has just ended
    process.join()


class Story:
    """A workspace before and after a piece of work, and that work killed in between."""

    def __init__(self, work: Callable[[Path], None], before: Settings, tmp_path: Path) -> None:
        self.work, self.start, self.tmp_path = work, before, tmp_path
        self.before = seen(before)
        run_whole(work, copied(before, tmp_path / "warm"))
        whole = copied(before, tmp_path / "whole")
        self.seconds = run_whole(work, whole)
        self.after = seen(whole)
        assert self.before != self.after

    def killed_at(self, share: float, name: str) -> tuple[str, list[str]]:
        """What is found once the killed process was recovered from, and what was left lying."""
        settings = copied(self.start, self.tmp_path / name)
        run_killed(self.work, settings, share * self.seconds)
        found = seen(settings, recovered=True)
        left = left_over(settings)
        shutil.rmtree(settings.folder)
        return ("before" if found == self.before else "after" if found == self.after else "between"), left


def seen(settings: Settings, *, recovered: bool = False) -> dict[str, object]:
    store.connect(settings)
    if recovered:
        assert recover(settings)
    return state_of(settings)


@pytest.fixture
def ground(workspace: Settings) -> Settings:
    """A workspace that has one import already, which the new one overlaps."""
    run_whole(import_rival, workspace)
    return workspace


def kill_often(story: Story, times: int) -> None:
    moments = random.Random(20_231_114)
    outcomes = []
    for number in range(times):
        share = (number + moments.random()) / times * 1.1
        outcome, left = story.killed_at(share, f"killed-{number}")
        assert outcome != "between", f"killed after {share:.0%} of {story.seconds:.2f} s"
        assert left == [], f"killed after {share:.0%}: left lying {left}"
        outcomes.append(outcome)
    assert "before" in outcomes, "every kill came too late to tell anything"


@pytest.mark.parametrize("times", [6, pytest.param(60, marks=pytest.mark.long)])
def test_a1_a_killed_import_is_whole_or_has_not_happened(
    ground: Settings, tmp_path: Path, times: int
) -> None:
    kill_often(Story(import_new, ground, tmp_path), times)


@pytest.mark.parametrize("times", [4, pytest.param(60, marks=pytest.mark.long)])
def test_a1_a_killed_undoing_is_whole_or_has_not_happened(
    ground: Settings, tmp_path: Path, times: int
) -> None:
    run_whole(import_new, ground)
    kill_often(Story(undo_rival, ground, tmp_path), times)


@pytest.mark.parametrize("times", [3, pytest.param(40, marks=pytest.mark.long)])
def test_a_killed_compaction_changes_nothing_and_leaves_no_file(
    ground: Settings, tmp_path: Path, times: int
) -> None:
    run_whole(import_new, ground)
    before = seen(ground)
    seconds = run_whole(compact_all, copied(ground, tmp_path / "whole"))
    for number in range(times):
        settings = copied(ground, tmp_path / f"killed-{number}")
        run_killed(compact_all, settings, (number + 0.5) / times * seconds)
        assert seen(settings, recovered=True) == before
        named = {file.name for file in EventLog(settings.lake, settings.buckets).files().files}
        made = {path.name for path in settings.lake.glob("bucket=*/compacted-*")}
        assert made <= named
        shutil.rmtree(settings.folder)


def test_a1_killed_between_the_log_and_the_database_it_is_rolled_forward(
    ground: Settings, tmp_path: Path
) -> None:
    story = Story(import_new, ground, tmp_path)
    story.work = die_after_the_commit
    assert story.killed_at(20, "committed") == ("after", [])


def test_a1_killed_at_the_nth_file(ground: Settings, tmp_path: Path) -> None:
    """Not by the clock: each of these is a place in the program."""
    story = Story(import_new, ground, tmp_path)
    for number in range(3, 75, 12):
        story.work = partial(die_at_file, number)
        outcome, left = story.killed_at(20, f"file-{number}")
        assert outcome != "between", number
        assert left == [], number


@pytest.mark.long
def test_the_harness_catches_an_import_that_is_visible_before_its_events(
    ground: Settings, tmp_path: Path
) -> None:
    """The proof that the tests above can fail: the same work with two steps in the wrong order."""
    story = Story(break_the_order, ground, tmp_path)
    # On a busy machine the work takes now half, now twice as long: go on until a kill meets the wrong state.
    moments = [0.4 + 0.6 * (number * 0.37 % 1) for number in range(40)]
    outcomes = (story.killed_at(share, f"broken-{n}")[0] for n, share in enumerate(moments))
    assert "between" in outcomes


def test_what_a_later_import_waits_for_is_recovered_first(ground: Settings, tmp_path: Path) -> None:
    """A killed import keeps nobody waiting: the next one clears it and goes on."""
    story = Story(import_new, ground, tmp_path)
    settings = copied(ground, tmp_path / "twice")
    run_killed(import_new, settings, 0.6 * story.seconds)
    run_whole(import_new, settings)
    found = seen(settings)
    assert found["events"] == story.after["events"]
    assert found["subjects"] in (story.after["subjects"], found["subjects"])
    assert left_over(settings) == []


def test_rival_is_overlapped(ground: Settings) -> None:
    """What the tests above rely on."""
    run_whole(import_new, ground)
    assert list(ground.imports.glob("*/duplicates.parquet"))
    assert RIVAL
