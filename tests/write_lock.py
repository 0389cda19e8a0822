"""How long SQLite's write lock is held: a hook on the database's transactions."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


@dataclass
class Held:
    """The longest transaction, or statement outside of one, in processor time; and how many there were.

    Processor time, so that a busy machine does not count; what comes on top is waiting for the disk.
    """

    longest_ms: float = 0.0
    what: str = ""
    writes: int = 0

    def note(self, began: float, what: str) -> None:
        """A write is over that began at a ``time.thread_time()``."""
        took = (time.thread_time() - began) * 1000
        self.writes += 1
        if took > self.longest_ms:
            self.longest_ms, self.what = took, what


@contextmanager
def held_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Measure what is written in the block through the connection of this thread.

    A transaction takes the lock as it begins (``BEGIN IMMEDIATE``), so all of it counts, what is read in
    it too.
    """
    from django.db import connection, transaction

    held, last = Held(), [""]
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__
    began: list[float] = []

    def timed_enter(self: transaction.Atomic) -> None:
        enter(self)
        began.append(time.thread_time())

    def timed_leave(self: transaction.Atomic, *error: Any) -> None:
        leave(self, *error)
        since = began.pop()
        if not began:
            held.note(since, last[0])

    def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        since = time.thread_time()
        try:
            return execute(sql, params, many, context)
        finally:
            if _WRITES.match(sql):
                last[0] = sql
                if not began:
                    held.note(since, sql)

    monkeypatch.setattr(transaction.Atomic, "__enter__", timed_enter)
    monkeypatch.setattr(transaction.Atomic, "__exit__", timed_leave)
    with connection.execute_wrapper(timed):
        yield held
