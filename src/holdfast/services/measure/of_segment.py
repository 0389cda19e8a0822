"""Every metric of the customers who are in a segment now, for dashboards that tell of one (N4).

``python -m holdfast.services.measure.of_segment FOLDER KEY`` does it in a process of its own: it reads the
whole event log once, as a turn of the loop does, and keeps only what these customers did.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from holdfast.analytics.metric import Grain
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.services.measure.build import Kept, build
from holdfast.services.measure.gather import Known, company, known
from holdfast.services.measure.measure import MEMORY_MB, Ready
from holdfast.services.measure.source import PART_ROWS, Part, Source, link_rows, workspace_source
from holdfast.services.measure.until import measured_until

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.domain.figures import Figure
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.settings import Settings

GRAINS: tuple[Grain, ...] = ("month", "quarter", "year")
_POLITE = 10


def measure_segment(settings: Settings, key: str, *, now: datetime) -> int:
    """Compute and keep the figures of the segment called ``key``; of how many customers.

    Refuses a segment that is not there ("no_such_segment").
    """
    from holdfast.domain.texts import Text
    from holdfast.store import segment_figures, segments
    from holdfast.store.figures import last_run

    found, run = segments.by_key(settings, key), last_run(settings)
    if found is None or run is None:
        raise Refusal(
            "no_such_segment",
            found=Text("There is no segment {key} to be measured.", key=key[:80]),
            expected=Text("A segment of a workspace in which the loop ran once."),
            remedy=Text("Make the segment, or run the loop."),
        )
    units = segments.member_ids(settings, found.id)
    figures = list(_figures(settings, units, now)) if len(units) else []
    now_us = int(now.timestamp() * 1_000_000)
    made = segment_figures.Measured(found.id, now_us, run.finished_us, len(units), "")
    segment_figures.save(settings, made, figures)
    return len(units)


def _figures(settings: Settings, units: NDArray[np.int64], now: datetime) -> Iterator[Figure]:
    with _ready(settings, units, now) as tables:
        for grain in GRAINS:
            yield from tables.figures(grain)


@contextmanager
def _ready(settings: Settings, units: NDArray[np.int64], now: datetime) -> Iterator[Ready]:
    """Kept tables of these customers only; see :func:`holdfast.services.measure.measure.ready`."""
    from holdfast.engines.embedded import EmbeddedEngine

    until = measured_until(settings, None, now)
    settings.measured.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=settings.measured, prefix="segment-") as folder,
        EmbeddedEngine(temp=settings.measured, memory_mb=MEMORY_MB) as engine,
    ):
        facts: Known = known(settings, day_number(until.end))
        source = _source(settings, engine, units, Path(folder))
        beside = Path(folder) / "kept"
        beside.mkdir()
        kept: Kept = build(engine, engine, source, facts.plan, beside)
        about = company(settings, engine, source, facts, kept, units=units)
        yield Ready(engine, kept, facts.plan, about, until)


def _source(settings: Settings, engine: EmbeddedEngine, units: NDArray[np.int64], folder: Path) -> Source:
    """The events of these customers, written aside in parts that fit into memory."""
    import numpy as np

    from holdfast.engines.tables import ParquetFiles, Rows
    from holdfast.store.members import members

    theirs = members(settings, [int(unit) for unit in units])
    subjects = np.fromiter(theirs.unit_of.keys(), np.int64, len(theirs.unit_of))
    owners = np.fromiter(theirs.unit_of.values(), np.int64, len(theirs.unit_of))
    everything = workspace_source(settings)
    chosen = Rows({"subject_id": subjects, "unit_id": owners}, types=_CHOSEN)
    tables = {"events": everything.events, "chosen": chosen}
    rows = engine.rows("SELECT COUNT(*) FROM events JOIN chosen USING (subject_id)", tables)
    turns = max(1, -(-int(rows[0][0]) // PART_ROWS))
    paths = []
    for turn in range(turns):
        path = folder / f"events-{turn}.parquet"
        engine.write(
            "SELECT e.* FROM events e JOIN chosen c USING (subject_id) "
            f"WHERE c.unit_id % {turns} = {turn} ORDER BY e.subject_id, e.at_us",
            tables,
            path,
        )
        paths.append(str(path))
    parts = tuple(Part(ParquetFiles((path,), types=LAKE_COLUMNS)) for path in paths)
    sparse = theirs.links
    links = link_rows(sparse.subject_id, sparse.unit_id) if len(sparse.subject_id) else None
    return replace(
        everything, events=ParquetFiles(tuple(paths), types=LAKE_COLUMNS), links=links, parts=parts
    )


_CHOSEN = {"subject_id": "BIGINT", "unit_id": "BIGINT"}


def main(folder: str, key: str) -> int:
    """Measure one segment; 1 when that was refused, with the reason on standard error."""
    from holdfast.settings import read_settings

    os.nice(_POLITE)
    try:
        measure_segment(read_settings(Path(folder)), key, now=datetime.now(UTC))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    from holdfast.services.processes import end_with_parent

    end_with_parent()
    sys.exit(main(*sys.argv[1:]))
