"""Whoever reads while others import, undo or compact sees a whole state; two writers take turns."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.settings import Settings
from killed import NEW, RIVAL, compact_all, import_new, import_rival, undo_rival
from staged_lines import keys_of, visible_keys

CONTEXT = multiprocessing.get_context("forkserver")

ONLY_RIVAL = sorted(set(keys_of(RIVAL)))
BOTH = sorted({*keys_of(RIVAL), *keys_of(NEW)})
ONLY_NEW = sorted(set(keys_of(NEW)))


def start(work: Callable[[Path], None], settings: Settings) -> multiprocessing.process.BaseProcess:
    process = CONTEXT.Process(target=work, args=(settings.folder,))
    process.start()
    return process


def whole(work: Callable[[Path], None], settings: Settings) -> None:
    process = start(work, settings)
    process.join()
    assert process.exitcode == 0


@pytest.mark.parametrize(
    ("earlier", "work", "before", "after"),
    [
        ([import_rival], import_new, ONLY_RIVAL, BOTH),
        ([import_rival, import_new], undo_rival, BOTH, ONLY_NEW),
        ([import_rival, import_new], compact_all, BOTH, BOTH),
    ],
)
def test_a_reader_sees_before_or_after(
    workspace: Settings,
    earlier: list[Callable[[Path], None]],
    work: Callable[[Path], None],
    before: list[bytes],
    after: list[bytes],
) -> None:
    for each in earlier:
        whole(each, workspace)
    process = start(work, workspace)
    reads = 0
    while process.is_alive():
        found = visible_keys(workspace)
        assert found in (before, after), f"{len(found)} events: neither {len(before)} nor {len(after)}"
        reads += 1
    process.join()
    assert process.exitcode == 0
    assert reads > 1
    assert visible_keys(workspace) == after


def test_two_imports_at_once_wait_for_each_other(workspace: Settings) -> None:
    both = [start(import_rival, workspace), start(import_new, workspace)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert visible_keys(workspace) == BOTH
