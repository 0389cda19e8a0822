"""One process tree: the pages and the worker run below us, are started again, and end with us."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from holdfast.services.processes import PARENT_VARIABLE

log = logging.getLogger("holdfast.serve")

SECONDS_TO_END = 10.0
"""What a child has begun may take so long after it was told to end; then it is ended."""
_LOOK_EVERY = 0.1
_QUICK_DEATH = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_MOST_QUICK_DEATHS = 8


@dataclass(slots=True)
class Child:
    """A process of the tree; ``arguments`` are Python's.

    Without a ``needed`` one that cannot live everything ends; the others are tried for ever.
    """

    name: str
    arguments: Sequence[str]
    needed: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again_at: float = 0.0
    quick_deaths: int = field(default=0)

    def start(self) -> None:
        """Begin, in a session of its own: Ctrl-C in a terminal reaches us alone, and we tell it."""
        self.started = time.monotonic()
        command = [sys.executable, *self.arguments]
        environment = os.environ | {PARENT_VARIABLE: str(os.getpid())}
        self.process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, start_new_session=True, env=environment
        )

    def look(self) -> bool:
        """Start again what has died, after a pause; whether there is still hope."""
        now = time.monotonic()
        if self.process is not None and (code := self.process.poll()) is not None:
            self.process = None
            quick = now - self.started < _QUICK_DEATH
            self.quick_deaths = self.quick_deaths + 1 if quick else 1
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.quick_deaths - 1))
            self.again_at = now + pause
            log.warning("%s ended with %s; it is started again in %.1f s", self.name, code, pause)
        if self.process is None and now >= self.again_at:
            if self.needed and self.quick_deaths > _MOST_QUICK_DEATHS:
                return False
            self.start()
        return True

    def end(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; from ``until`` on it has no choice."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep_running(children: Sequence[Child]) -> int:
    """Run ``children`` until SIGINT or SIGTERM; the exit code: 1 when a needed one cannot live."""
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: told.append(number))
    for child in children:
        child.start()
    alive = True
    while alive and not told:
        time.sleep(_LOOK_EVERY)
        alive = all([child.look() for child in children])
    for child in children:
        child.end()
    until = time.monotonic() + SECONDS_TO_END
    for child in children:
        child.wait(until)
    return 0 if alive else 1
