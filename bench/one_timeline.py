"""One customer's timeline out of a large log, against scanning the log for it."""

from __future__ import annotations

import random
from pathlib import Path

from bench.made import workspace
from bench.measuring import Line, p95, wall_milliseconds
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.engines import timeline
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.log import EventLog
from holdfast.services.visible import events_of

SEED = 11


def run(size: str, folder: Path) -> list[Line]:
    """The newest events of 60 customers picked at random, each in an engine that has just started."""
    customers = 1_000_000 if size == "large" else 200_000
    settings = workspace(folder / "workspace", customers=customers, events_each=50)
    draw = random.Random(SEED)
    chosen = iter([draw.randint(1, customers) for _ in range(60)])
    with EmbeddedEngine(temp=folder / "spill") as engine:

        def one() -> None:
            subject = next(chosen)
            timeline.stretch(engine, events_of(settings, [subject]), [subject], limit=100)

        taken = wall_milliseconds(one, 60)
        every = ParquetFiles(
            EventLog(settings.lake, settings.buckets).files().paths, hive=True, types=LAKE_COLUMNS
        )
        whole = wall_milliseconds(
            lambda: engine.rows("SELECT COUNT(*) FROM events WHERE at_us = 77", {"events": every}), 1
        )
    name = f"one customer's timeline, {customers * 50:,} events, seed {SEED}"
    return [
        Line(
            f"{name}: median",
            taken[len(taken) // 2],
            "ms",
            f"faster than a scan of one column ({whole[0]:.0f} ms)",
            whole[0] / taken[len(taken) // 2],
            "under 30 ms",
            taken[len(taken) // 2] < 30,
        ),
        Line(f"{name}: p95", p95(taken), "ms"),
    ]
