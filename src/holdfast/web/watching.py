"""Notes what people see and change in the audit trail, without letting a page wait for it.

What is changed is noted at once: the page answers when it is on disk. What is only seen is handed to a
thread of the process, which writes what has gathered in one go, four times a second; when the process ends
it writes the rest. Where no such thread runs (commands, tests), it is written at once too.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from datetime import UTC, datetime

from django.http import HttpRequest

from holdfast.domain.audit import Deed, Value
from holdfast.settings import Settings
from holdfast.store import audit
from holdfast.web.workspace import served_workspace

EVERY_SECONDS = 0.25
MOST_WAITING = 20_000
"""So many notes may wait for a database that does not answer; how many more there were is noted later."""
_AT_ONCE = 500


def saw(request: HttpRequest, did: str, about: str, **details: Value) -> None:
    """Somebody saw something: a customer, a list, an export. Costs the page some microseconds."""
    deed = _deed(request, did, about, details)
    if deed is None:
        return
    if _watch is None:
        audit.note_all(_workspace(request), [deed])
    else:
        _watch.add(deed)


def changed(request: HttpRequest, did: str, about: str, **details: Value) -> None:
    """Somebody changed something: noted before the page answers, in the transaction that is open."""
    deed = _deed(request, did, about, details)
    if deed is not None:
        audit.note_all(_workspace(request), [deed])


def _deed(request: HttpRequest, did: str, about: str, details: dict[str, Value]) -> Deed | None:
    who = request.user.pk if request.user.is_authenticated else None
    if who is None:
        return None
    at_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    return Deed(int(who), did, about, at_us, details)


def _workspace(request: HttpRequest) -> Settings:
    workspace: Settings = request.workspace  # type: ignore[attr-defined]
    return workspace


class Watch:
    """The thread that writes, and what waits for it."""

    def __init__(self) -> None:
        self._waiting: deque[Deed] = deque()
        self._lost = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def add(self, deed: Deed) -> None:
        """Let a deed be noted soon."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(deed)
        else:
            self._lost += 1

    def stop(self) -> None:
        """Write what waits, and end; gives up after a few seconds where the database does not answer."""
        self._ending.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ending.wait(EVERY_SECONDS):
            self.write()
        self.write()
        with contextlib.suppress(Exception):
            from django.db import connection

            connection.close()

    def write(self) -> None:
        """Write what waits, in groups; what cannot be written now waits on."""
        while self._waiting or self._lost:
            lost, group = (
                self._lost,
                [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))],
            )
            if lost:
                group.append(_lost_note(lost))
            try:
                audit.note_all(served_workspace(), group)
            except Exception:  # the database is away, locked or full: later
                self._waiting.extendleft(reversed(group[: len(group) - bool(lost)]))
                return
            self._lost -= lost


def _lost_note(count: int) -> Deed:
    at_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    return Deed(None, "audit.lost", "audit", at_us, {"notes": count}, "web process")


_watch: Watch | None = None


def start() -> None:
    """Let a thread of this process write from now on."""
    global _watch
    if _watch is None:
        _watch = Watch()
        _watch.start()


def stop() -> None:
    """Write what waits; the process ends."""
    global _watch
    if _watch is not None:
        _watch.stop()
        _watch = None
