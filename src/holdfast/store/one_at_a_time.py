"""What must be read and changed without anybody between: one transaction that has the place to itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@contextmanager
def one_at_a_time(settings: Settings, place: str) -> Iterator[None]:
    """One short transaction; whoever asks for the same ``place`` waits until it is over.

    On SQLite everybody who writes waits anyway.
    """
    store.connect(settings)
    with sql.short_write():
        if not sql.is_sqlite():
            sql.read("SELECT pg_advisory_xact_lock(%s)", (zlib.crc32(place.encode()),))
        yield
