"""One writer at a time; a writer that was killed keeps nobody waiting."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.recover import recover
from holdfast.services.turn import LEASE, own_turn
from holdfast.settings import Settings, read_settings
from holdfast.store import leases

FAR_US = 4_000_000_000_000_000


def _hold(folder: Path, pipe: Connection) -> None:
    with own_turn(read_settings(folder)):
        pipe.send("held")
        pipe.recv()


@pytest.fixture
def holder(workspace: Settings) -> Iterator[BaseProcess]:
    """Another process that is at work in the workspace."""
    context = multiprocessing.get_context("forkserver")
    here, there = context.Pipe()
    process = context.Process(target=_hold, args=(workspace.folder, there))
    process.start()
    assert here.recv() == "held"
    yield process
    if process.is_alive():
        here.send("end")
    process.join()
    here.close()
    there.close()


def test_the_second_is_refused_while_the_first_works(workspace: Settings, holder: BaseProcess) -> None:
    with pytest.raises(Refusal) as caught, own_turn(workspace, patience_seconds=0):
        raise AssertionError("two at a time")
    assert caught.value.code == "busy"
    assert not recover(workspace), "what is unfinished belongs to who is at work"


def test_the_turn_of_a_killed_process_is_free_at_once(workspace: Settings, holder: BaseProcess) -> None:
    assert holder.pid is not None
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    assert leases.is_held(workspace, LEASE, now_us=0), "its lease is still there"
    with own_turn(workspace, patience_seconds=0):
        pass
    assert recover(workspace)


def test_a_turn_ends_with_its_block_even_by_an_error(workspace: Settings) -> None:
    with pytest.raises(ZeroDivisionError), own_turn(workspace):
        raise ZeroDivisionError
    with own_turn(workspace, patience_seconds=0):
        pass


def test_a_writer_on_another_machine_is_waited_for(workspace: Settings) -> None:
    store.connect(workspace)
    assert leases.take(workspace, LEASE, "elsewhere:7", now_us=FAR_US, seconds=60)
    with pytest.raises(Refusal), own_turn(workspace, patience_seconds=0.3):
        raise AssertionError("two at a time")
    leases.give_back(workspace, LEASE, "elsewhere:7")
    with own_turn(workspace, patience_seconds=0):
        pass
