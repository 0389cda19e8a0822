"""What the crash tests of the live path run in processes of their own and kill."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

import deltalake
import django
import duckdb

from holdfast.services.keep import compact as compacting
from holdfast.services.keep import move as moving
from holdfast.services.pulse import jobs, worker
from holdfast.settings import read_settings

_LOADED = (deltalake, django, duckdb)
"""Imported here, so that a forked process does not spend its short life on it."""


def work_hastily(folder: Path) -> None:
    """A worker that moves and compacts all the time, so that a kill meets each part of it."""
    moving.MOVE_ROWS, moving.MOVE_AFTER_SECONDS = 400, 0.3
    compacting.WORTH_FILES = 2
    jobs.LANES = ("keep",)
    jobs.jobs = lambda: (
        jobs.Job("move", "keep", jobs._move, 0.2),
        jobs.Job("compact", "keep", jobs._compact, 0.5),
    )
    worker._JOBS_SECONDS = worker.IDLE_SECONDS = 0.02
    worker.work(read_settings(folder), Event())


if __name__ == "__main__":
    work_hastily(Path(sys.argv[1]))
