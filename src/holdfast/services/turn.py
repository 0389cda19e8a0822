"""One writer at a time: imports, undoing, compaction and recovery take turns.

A lease row in the database says who writes, for whoever shares it from another machine. On one
machine the kernel's lock on a file in the workspace decides first: it goes with the process that
held it, so that a killed import delays nobody, and whoever has it knows that a lease left behind
on this machine is nobody's.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.progress import Progress, Silent
from holdfast.settings import Settings

LEASE = "write"
"""The lease of whoever changes the event log."""

LEASE_SECONDS = 3600.0
"""How long a writer on another machine is believed to be alive after it was last heard of."""

PATIENCE_SECONDS = 60.0
"""How long a writer waits for another one before it gives up."""

_LOOK_AGAIN_SECONDS = 0.2


@contextmanager
def own_turn(
    settings: Settings, *, patience_seconds: float = PATIENCE_SECONDS, progress: Progress | None = None
) -> Iterator[None]:
    """Be the only writer of the workspace inside the block.

    Waits up to ``patience_seconds`` for another one, then refuses with "busy".
    """
    until = time.monotonic() + patience_seconds
    holder = f"{socket.gethostname()}:{os.getpid()}"
    with _opened(settings) as file:
        _wait(until, lambda: _lock(file), progress or Silent())
        _wait(until, lambda: _take_lease(settings, holder), progress or Silent())
        try:
            yield
        finally:
            from holdfast.store import leases

            leases.give_back(settings, LEASE, holder)


@contextmanager
def _opened(settings: Settings) -> Iterator[IO[str]]:
    settings.folder.mkdir(parents=True, exist_ok=True)
    with (settings.folder / ".writing").open("w") as file:
        yield file  # closing it gives the lock back


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_lease(settings: Settings, holder: str) -> bool:
    from holdfast.store import leases

    now_us = time.time_ns() // 1_000
    if leases.take(settings, LEASE, holder, now_us=now_us, seconds=LEASE_SECONDS):
        return True
    left_by = leases.holder(settings, LEASE)
    if left_by is not None and left_by.partition(":")[0] == socket.gethostname():
        leases.give_back(settings, LEASE, left_by)
        return leases.take(settings, LEASE, holder, now_us=now_us, seconds=LEASE_SECONDS)
    return False


def _wait(until: float, attempt: Callable[[], bool], progress: Progress) -> None:
    while not attempt():
        if time.monotonic() >= until:
            raise Refusal(
                "busy",
                found=Text("Another import or compaction is at work in this workspace."),
                expected=Text("They change the event log one after the other."),
                remedy=Text("Try again when it has ended; nothing was changed."),
            )
        progress.step(Text("Waiting for another import to end"), 0, None)
        time.sleep(_LOOK_AGAIN_SECONDS)
