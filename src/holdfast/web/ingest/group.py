"""Group commit: one thread writes all calls that wait, in one transaction, and then lets them answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from holdfast.settings import Settings
from holdfast.store.door import Call, Door, NotNow, open_door

log = logging.getLogger("holdfast.ingest")

MOST_WAITING_BYTES = 64_000_000
"""Bodies that may wait in memory for their turn at the disk; what comes then is asked to come again."""
MOST_IN_GROUP = 256
MOST_GROUP_BYTES = 8_000_000
"""A group stays so small that its transaction takes far below a tenth of a second."""
MOST_ARRIVED = 100_000
"""Calls on disk that nobody has taken in yet; from there on senders are asked to wait."""
LEAST_FREE_BYTES = 64_000_000
"""So much of the disk is left for taking in what has arrived (a twentieth of a small disk)."""

_LOOK_EVERY = 0.5


class _Waiting(NamedTuple):
    call: Call
    answer: asyncio.Future[bool]


class GroupCommit:
    """Keeps calls: :meth:`keep` returns when the call is on disk.

    Belongs to one event loop; the thread begins with :meth:`start` and ends, with everything written
    that was given before, with :meth:`stop`.
    """

    def __init__(self, settings: Settings) -> None:
        self._given: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._bytes = 0
        self.folder = None if settings.database_url else settings.folder
        """The folder whose disk the calls go to, where that is ours to watch."""
        self._writer = _Writer(open_door(settings), self.folder)
        self._thread = threading.Thread(target=self._work, name="ingest", daemon=True)

    def start(self) -> None:
        """Begin, in the event loop that will ask."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, and end."""
        self._given.put(None)
        await asyncio.to_thread(self._thread.join)

    @property
    def waiting_bytes(self) -> int:
        """Bodies in memory that are not on disk yet."""
        return self._bytes

    async def keep(self, call: Call) -> bool:
        """Have the call on disk; ``False`` when its key was taken back meanwhile.

        Raises :class:`holdfast.store.door.NotNow` when it could not be kept; its reasons here are
        also "queue_full" and "backlog".
        """
        size = len(call.body)
        if self._bytes + size > MOST_WAITING_BYTES:
            raise NotNow("queue_full")
        self._bytes += size
        answer: asyncio.Future[bool] = self._loop.create_future()
        self._given.put(_Waiting(call, answer))
        try:
            return await answer
        finally:
            self._bytes -= size

    def _work(self) -> None:
        going = True
        while going:
            group, going = self._next_group()
            if group:
                self._write(group)
        self._writer.close()

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        """The calls that wait, at least one; and whether to go on after them."""
        group: list[_Waiting] = []
        size = 0
        with contextlib.suppress(queue.Empty):
            while len(group) < MOST_IN_GROUP and size < MOST_GROUP_BYTES:
                given = self._given.get(block=not group)
                if given is None:
                    return group, False
                group.append(given)
                size += len(given.call.body)
        return group, True

    def _write(self, group: Sequence[_Waiting]) -> None:
        answers = [each.answer for each in group]
        try:
            kept = self._writer.keep([each.call for each in group])
        except NotNow as error:
            self._tell(answers, error)
        except Exception as error:  # a defect: the senders keep their events and try again
            log.exception("calls could not be kept")
            self._tell(answers, NotNow(type(error).__name__))
        else:
            self._tell(answers, kept)

    def _tell(self, answers: Sequence[asyncio.Future[bool]], outcome: Sequence[bool] | NotNow) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens any more
            self._loop.call_soon_threadsafe(_answer, answers, outcome)


def _answer(answers: Sequence[asyncio.Future[bool]], outcome: Sequence[bool] | NotNow) -> None:
    for number, answer in enumerate(answers):
        if answer.done():
            continue
        if isinstance(outcome, NotNow):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome[number])


class _Writer:
    """What the thread does: it looks from time to time whether there is room, and writes."""

    def __init__(self, door: Door, folder: Path | None) -> None:
        self._door = door
        self._folder = folder
        self._looked = 0.0
        self._no_room = ""

    def keep(self, calls: Sequence[Call]) -> list[bool]:
        now = time.monotonic()
        if self._no_room or now - self._looked > _LOOK_EVERY:
            self._no_room = self._found_no_room()
            self._looked = now
        if self._no_room:
            raise NotNow(self._no_room)
        return self._door.keep(calls)

    def close(self) -> None:
        self._door.close()

    def _found_no_room(self) -> str:
        if self._door.waiting() > MOST_ARRIVED:
            return "backlog"
        return "disk_full" if disk_is_full(self._folder) else ""


def disk_is_full(folder: Path | None) -> bool:
    """Whether the disk of ``folder`` has no room for more calls."""
    if folder is None:
        return False
    disk = shutil.disk_usage(folder)
    return disk.free < min(LEAST_FREE_BYTES, disk.total // 20)
