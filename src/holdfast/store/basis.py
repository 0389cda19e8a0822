"""The basis of live scores: what a run has learnt of the company, announced when its scores stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import due, sql
from holdfast.store.standings import written_live

_TOUCHED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class KeptBasis:
    """A basis as it was announced: its ``version``, and when the events behind it were read."""

    version: int
    read_us: int
    content: Any


def current(settings: Settings) -> KeptBasis | None:
    """The basis that holds; ``None`` before the first run."""
    store.connect(settings)
    row = sql.one("SELECT version, read_us, content FROM company_basis WHERE id = 1")
    if row is None:
        return None
    version, read_us, content = row
    return KeptBasis(int(version), int(read_us), json.loads(content) if isinstance(content, str) else content)


def version(settings: Settings) -> int:
    """The version of the basis that holds, 0 before there is one."""
    store.connect(settings)
    row = sql.one("SELECT version FROM company_basis WHERE id = 1")
    return 0 if row is None else int(row[0])


def still_holds(version: int) -> bool:
    """Whether a basis holds, to be asked inside the transaction that writes what was computed by it.

    Until that ends no other is announced.
    """
    lock = "" if sql.is_sqlite() else " FOR SHARE"
    row = sql.one(f"SELECT version FROM company_basis WHERE id = 1{lock}")
    return (0 if row is None else int(row[0])) == version


def announce(settings: Settings, content: Any, *, read_us: int, now_us: int) -> int:
    """Let another basis hold, and make those customers due whom the worker scored by the one before.

    Called when everything that was computed by it is saved: from here on the worker writes nothing
    that it began by an older one. How many are due.
    """
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "INSERT INTO company_basis (id, version, read_us, content) VALUES (1, 1, %s, %s) "
            "ON CONFLICT (id) DO UPDATE SET version = company_basis.version + 1, "
            "read_us = excluded.read_us, content = excluded.content",
            (read_us, json.dumps(content)),
        )
    units = written_live(settings)
    for first in range(0, len(units), _TOUCHED_AT_ONCE):
        with sql.short_write():
            due.touch(settings, units[first : first + _TOUCHED_AT_ONCE], now_us)
    return len(units)
