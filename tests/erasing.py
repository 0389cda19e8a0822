"""What the crash tests of erasures run in processes of their own and kill."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import deltalake
import django
import duckdb

from holdfast.services.keep.erase.steps import erase
from holdfast.services.keep.erase.whom import whom
from holdfast.settings import read_settings

_LOADED = (deltalake, django, duckdb)
"""Imported here, so that a forked process does not spend its short life on it."""


def erase_ann(folder: Path, key: str, now_us: int) -> None:
    """Erase a customer wholly, at once."""
    settings = read_settings(folder)
    erase(settings, whom(settings, key), by="n", now_us=now_us, at_once=True)


def erase_and_die(number: int, folder: Path, key: str, now_us: int) -> None:
    """Killed when the work opens, makes, moves or removes its ``number``-th file."""
    left = number

    def count(event: str, _: object) -> None:
        nonlocal left
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    settings = read_settings(folder)
    who = whom(settings, key)
    sys.addaudithook(count)
    erase(settings, who, by="n", now_us=now_us, at_once=True)
