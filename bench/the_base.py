"""What an import and a run write into the database, against writing the same keys without any care."""

from __future__ import annotations

import random
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measuring import Line, cpu_seconds
from holdfast import store
from holdfast.settings import Settings, write_settings
from holdfast.store import identity, imports, standings, writers

SEED = 17
_OURS = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) (?!staged|wanted|new_key|matched|touched)")


class _Locks:
    """Keeps the most processor time that one statement took under the write lock.

    Processor time, so that a busy machine does not count; what comes on top is waiting for the disk.
    """

    longest_ms = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.thread_time()
        try:
            return execute(sql, params, many, context)
        finally:
            if _OURS.match(sql):
                self.longest_ms = max(self.longest_ms, (time.thread_time() - began) * 1000)


def run(size: str, folder: Path) -> list[Line]:
    """Bring 250,000 (large: a million) customers with names, addresses and two traits, and list them."""
    customers = 1_000_000 if size == "large" else 250_000
    settings = Settings(folder / "workspace", currency="EUR")
    write_settings(settings)
    store.connect(settings)
    from django.db import connection

    locks = _Locks()
    keys = [f"C{number:07d}" for number in range(customers)]
    random.Random(SEED).shuffle(keys)
    with connection.execute_wrapper(locks):
        floor = cpu_seconds(lambda: _floor(folder / "floor.db", keys))
        import_id = imports.begin(settings, "customers", "bench", [], 1)
        given: list[int] = []
        named = cpu_seconds(
            lambda: given.extend(identity.assign_subjects(settings, "customer", keys, import_id=import_id))
        )
        imports.commit(settings, import_id, first_us=0, last_us=0)
        told = cpu_seconds(lambda: _tell(settings, import_id, given))
        linked = cpu_seconds(lambda: identity.link_matches(settings, import_id, 1))
        imports.finish(settings, import_id, {}, 2)
        first = cpu_seconds(lambda: _list(settings, given))
        again = cpu_seconds(lambda: _list(settings, given))
    whose = f"{customers:,} customers, seed {SEED}"
    beside = f"inserting the keys alone ({floor:.2f} s)"
    per_quarter = customers / 250_000
    return [
        Line(
            f"ids for {whose}",
            named,
            "CPU s",
            beside,
            named / floor,
            "2.5 s per 250,000",
            named < 2.5 * per_quarter,
        ),
        Line(f"names, addresses, traits of {whose}", told, "CPU s", beside, told / floor),
        Line(f"matching {whose}", linked, "CPU s", beside, linked / floor),
        Line(f"first list of {whose}", first, "CPU s", beside, first / floor),
        Line(f"list of {whose}, nothing changed", again, "CPU s", "the first list", again / first),
        Line(
            "longest statement under SQLite's write lock, CPU",
            locks.longest_ms,
            "ms",
            goal="under 100 ms",
            met=locks.longest_ms < 100,
        ),
    ]


def _floor(path: Path, keys: list[str]) -> None:
    database = sqlite3.connect(path)
    database.execute(
        "CREATE TABLE subject (id INTEGER PRIMARY KEY, namespace TEXT, key TEXT, UNIQUE (namespace, key))"
    )
    database.executemany(
        "INSERT INTO subject (namespace, key) VALUES ('customer', ?)", ((key,) for key in keys)
    )
    database.commit()
    database.close()


def _tell(settings: Settings, import_id: int, subjects: list[int]) -> None:
    rows = (
        (each, 0, f"c{each}@example.com", f"+4072{each:08d}", f"Ana Popescu {each}", None, 1)
        for each in subjects
    )
    writers.load_subjects(settings, import_id, rows, known_us=1)
    traits = (
        (each, trait, value, None, 1, True)
        for each in subjects
        for trait, value in (("country", ("RO", "IE", "BG")[each % 3]), ("source", ("ads", "fair")[each % 2]))
    )
    writers.load_traits(settings, import_id, traits)


def _list(settings: Settings, subjects: list[int]) -> None:
    count = len(subjects)
    told = standings.Standings(
        unit_id=subjects,
        state=["active"] * count,
        first_day=[0] * count,
        last_day=[each % 900 for each in subjects],
        left_day=[None] * count,
        orders=[each % 20 for each in subjects],
        amount_minor=[each * 37 % 100_000 for each in subjects],
        yearly_minor=[0] * count,
    )
    standings.save_standings(settings, told)
