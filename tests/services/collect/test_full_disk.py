"""A full disk is said so, and nothing is half written, wherever it becomes full."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.recover import recover
from holdfast.services.full_disk import means_full_disk, refused_when_full
from holdfast.settings import Settings, read_settings
from killed import compact_all, import_new, import_rival, undo_rival
from workspace_state import left_over, state_of

CONTEXT = multiprocessing.get_context("forkserver")


def _answer(pipe: Connection, work: Callable[[Path], None], folder: Path, largest_file: int | None) -> None:
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        work(folder)
        pipe.send("done")
    except Refusal as refusal:
        pipe.send(refusal.code)
    except BaseException as error:
        pipe.send(repr(error))


def run(work: Callable[[Path], None], folder: Path, largest_file: int | None = None) -> str:
    """How the work ends in a process of its own: "done", or the code of its refusal."""
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_answer, args=(there, work, folder, largest_file))
    process.start()
    there.close()
    try:
        return str(here.recv())
    finally:
        here.close()
        process.join()


def seen(settings: Settings) -> dict[str, object]:
    store.connect(settings)
    assert recover(settings)
    return state_of(settings)


@pytest.fixture
def small_disk(tmp_path: Path, workspace: Settings) -> Iterator[Path]:
    """A file system of 40 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield disk
    store.connect(workspace)  # let go of the database on the small disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, free: int) -> Path:
    """Leave ``free`` bytes on the disk."""
    filler = disk / "filler"
    room = shutil.disk_usage(disk).free - free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room)
    return filler


@pytest.mark.parametrize(
    "work",
    [import_new, *(pytest.param(each, marks=pytest.mark.long) for each in (undo_rival, compact_all))],
)
def test_a_disk_that_becomes_full_anywhere(
    small_disk: Path, workspace: Settings, work: Callable[[Path], None]
) -> None:
    assert run(import_rival, workspace.folder) == "done"
    if work is not import_new:
        assert run(import_new, workspace.folder) == "done"
    folder = small_disk / "workspace"
    shutil.copytree(workspace.folder, folder)
    settings = read_settings(folder)
    before = seen(settings)
    endings = []
    for free in (0, 8_000, 60_000, 200_000, 500_000, 1_000_000, 2_000_000):
        filler = fill(small_disk, free)
        endings.append(run(work, folder))
        filler.unlink()
        if endings[-1] == "done":
            break
        assert seen(settings) == before
        assert left_over(settings) == []
    assert endings[0] == "disk_full"
    assert set(endings) <= {"disk_full", "done"}
    assert run(work, folder) == "done", "with room again it goes through"
    assert (seen(settings) == before) == (work is compact_all)


def _write_much(folder: Path) -> None:
    with refused_when_full(read_settings(folder)), EmbeddedEngine(temp=folder / "spill") as engine:
        engine.write("SELECT HASH(i) FROM range(1000000) t(i)", {}, folder / "much.parquet")


def test_a_file_that_may_not_grow_is_a_full_disk(workspace: Settings) -> None:
    """For machines where nobody may mount: the kernel refuses files beyond a size."""
    assert run(_write_much, workspace.folder, largest_file=1_000_000) == "disk_full"
    assert run(_write_much, workspace.folder) == "done"


def test_other_errors_pass(workspace: Settings) -> None:
    with pytest.raises(ZeroDivisionError), refused_when_full(workspace):
        raise ZeroDivisionError
    with pytest.raises(Refusal) as caught, refused_when_full(workspace):
        raise RuntimeError("lost") from OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.code == "disk_full"
    assert not means_full_disk(None)
