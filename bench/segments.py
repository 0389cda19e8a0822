"""Segment previews: how long a person waits for a count, against scanning only the columns it needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.made import FIRST_US, TWO_YEARS_US, workspace
from bench.measuring import Line, cpu_seconds, wall_milliseconds
from holdfast.domain.written_expressions import parse
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.segments.define import create
from holdfast.services.collect.segments.live import refresh_units
from holdfast.services.collect.segments.preview import preview
from holdfast.services.collect.segments.refresh import refresh_all
from holdfast.services.visible import finished_events
from holdfast.settings import Settings

SEED = 11
REPEATS = 5

_ORDERED = {"event": "Order Completed", "days": 90}
RULES: dict[str, dict[str, object]] = {
    "an event window (ordered in 90 days)": _ORDERED,
    "money ever spent, at least 300": {"event": "Order Completed", "measure": "amount", "at_least": 300},
    "a trait": {"trait": "plan", "is": "gold"},
    "a fact": {"fact": "orders", "at_least": 15},
    "five leaves, and, or, not": {
        "all": [
            {"trait": "plan", "one_of": ["gold", "silver"]},
            {"fact": "country", "is": "RO"},
            {"not": _ORDERED},
            {
                "any": [
                    {"fact": "spent", "at_least": 500},
                    {"event": "Product Viewed", "days": 60, "at_least": 2},
                ]
            },
        ]
    },
}


def run(size: str, folder: Path) -> list[Line]:
    """200,000 customers with 4M events (large: a million with 20M), previews of five rules."""
    customers = 1_000_000 if size == "large" else 200_000
    settings = workspace(folder / "workspace", customers=customers, events_each=20)
    _tell(settings, customers)
    now_us = FIRST_US + TWO_YEARS_US
    whose = f"{customers:,} customers, {20 * customers:,} events"
    floor, floor_cpu = _floor(settings, ("subject_id", "at_us", "name"))
    lines = []
    for name, rule in RULES.items():
        asked = partial(preview, settings, parse(rule), now_us)
        first = _seconds(asked)
        taken = wall_milliseconds(asked, REPEATS)
        median = taken[len(taken) // 2] / 1000
        cpu = cpu_seconds(asked, REPEATS)
        lines.append(
            Line(
                f"preview of {name}; {whose} (first {first:.2f} s, {cpu:.2f} CPU s)",
                median,
                "s",
                f"CPU of scanning subject, moment, name ({floor:.2f} s, {floor_cpu:.2f} CPU s)",
                cpu / floor_cpu,
                "under 1 s",
                median < 1,
            )
        )
    return [*lines, *_kept(settings, now_us, whose)]


def _kept(settings: Settings, now_us: int, whose: str) -> list[Line]:
    for name, rule in RULES.items():
        create(settings, name, parse(rule), now_us=now_us)
    first = _seconds(lambda: refresh_all(settings, now_us))
    again = _seconds(lambda: refresh_all(settings, now_us))
    live = wall_milliseconds(lambda: refresh_units(settings, range(1000, 1200), now_us), REPEATS)
    return [
        Line(f"filling five segments; {whose}", first, "s"),
        Line(f"looking at everybody again, nothing changed; {whose}", again, "s"),
        Line(
            "five segments of 200 touched customers",
            live[len(live) // 2],
            "ms",
            goal="under 1 s",
            met=live[-1] < 1000,
        ),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _floor(settings: Settings, columns: tuple[str, ...]) -> tuple[float, float]:
    """Reading the columns, the least that any answer costs: wall and CPU seconds."""
    scanned = f"SELECT {', '.join(f'MAX({name})' for name in columns)} FROM events"
    with EmbeddedEngine(temp=settings.measured) as engine:
        scan = partial(engine.rows, scanned, {"events": finished_events(settings)})
        taken = wall_milliseconds(scan, REPEATS)
        return taken[len(taken) // 2] / 1000, cpu_seconds(scan, REPEATS)


def _tell(settings: Settings, customers: int) -> None:
    """A list of customers and one trait of each, straight into the base."""
    from holdfast.store import identity, imports, standings, writers

    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    import_id = imports.begin(settings, "customers", "bench", ["bench"], now_us)
    keys = [f"C{number:07d}" for number in range(customers)]
    given = identity.assign_subjects(settings, "customer", keys, import_id=import_id)
    imports.commit(settings, import_id, first_us=FIRST_US, last_us=FIRST_US)
    people = ((each, FIRST_US, None, None, f"Ana Popescu {each}", None, 1) for each in given)
    writers.load_subjects(settings, import_id, people, known_us=FIRST_US)
    plans = ("gold", "silver", "basic", "free")
    traits = ((each, "plan", plans[each * SEED % 4], FIRST_US, FIRST_US, False) for each in given)
    writers.load_traits(settings, import_id, traits)
    countries = ((each, "country", ("RO", "IE", "BG")[each % 3], FIRST_US, FIRST_US, True) for each in given)
    writers.load_traits(settings, import_id, countries)
    imports.finish(settings, import_id, {}, now_us)
    count = len(given)
    told = standings.Standings(
        unit_id=given,
        state=["active"] * count,
        first_day=[19_000] * count,
        last_day=[19_000 + each % 700 for each in given],
        left_day=[None] * count,
        orders=[each % 20 for each in given],
        amount_minor=[each * 37 % 100_000 for each in given],
        yearly_minor=[0] * count,
    )
    standings.save_standings(settings, told)
