"""Moments as numbers: microseconds since 1970-01-01 UTC, as the database and the event log keep them.

What decides takes its time as an argument; :func:`actual_us` is for the rim alone: pages, commands, jobs.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """An aware moment as microseconds since 1970, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def actual_us() -> int:
    """This moment by the clock on the wall."""
    return time.time_ns() // 1_000
