"""What the crash tests run in processes of their own and kill."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import deltalake
import django
import duckdb

from holdfast.services.collect import take_in as taking
from holdfast.services.collect.recover import finish_committed
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.keep import compact as compacting
from holdfast.settings import Settings, read_settings
from staged_lines import Line, import_lines

_LOADED = (deltalake, django, duckdb)
"""Imported here, so that a forked process does not spend its short life on it."""

RIVAL = [
    Line(f"c{n % 300}", n % 90, amount=n % 7, email=f"c{n % 300}@example.org", country="RO")
    for n in range(1_500)
]
NEW = [
    Line(
        f"c{n % 400}",
        n % 120,
        amount=n % 7,
        email=f"c{n % 350}@example.org",
        country="IE" if n % 5 else "RO",
        text=f"text {n}" if n % 10 == 0 else None,
    )
    for n in range(1_000, 4_000)
]


def import_rival(folder: Path) -> None:
    """Import 1: what the others overlap."""
    import_lines(read_settings(folder), RIVAL)


def import_new(folder: Path) -> None:
    """An import that overlaps import 1, straight into the buckets."""
    taking.DIRECT_FROM = 500
    import_lines(read_settings(folder), NEW)


def undo_rival(folder: Path) -> None:
    """Undo import 1, of which import 2 skipped some events."""
    undo_import(read_settings(folder), 1)


def compact_all(folder: Path) -> None:
    """Compact however little there is."""
    compacting.WORTH_FILES = 1
    compacting.compact(read_settings(folder))


def die_after_the_commit(folder: Path) -> None:
    """Killed between the commit in the log and the word in the database."""
    taking.finish_committed = lambda settings, import_id: os.kill(os.getpid(), signal.SIGKILL)
    import_new(folder)


def die_at_file(number: int, folder: Path) -> None:
    """Killed when the work opens, makes, moves or removes its ``number``-th file."""
    left = number

    def count(event: str, _: object) -> None:
        nonlocal left
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    import_new(folder)


def break_the_order(folder: Path) -> None:
    """The same as :func:`import_new`, but visible before its events are in the log."""
    conclude = taking._conclude

    def too_early(settings: Settings, import_id: int, *rest: object) -> None:
        finish_committed(settings, import_id)
        time.sleep(1.0)
        conclude(settings, import_id, *rest)  # type: ignore[arg-type]

    taking._conclude = too_early  # type: ignore[assignment]
    import_new(folder)
