"""Cohorts and revenue retention over orders of a large shop, against scanning the same columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench.made import workspace
from bench.measuring import Line, cpu_seconds, peak_megabytes
from holdfast.analytics.asked import Asked, ask
from holdfast.analytics.emit import emit
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import ParquetFiles, Table
from holdfast.lake.log import EventLog
from holdfast.services.measure.answer import answer, metrics
from holdfast.services.measure.measure import Ready, ready
from holdfast.services.measure.until import Until

_ASKED = ("cohorts", "gross_revenue_retention", "net_revenue_retention")
_END = date(2024, 1, 1)
_ORDERS = """
SELECT COUNT(*), MAX(subject_id), MAX(at_us), MAX(name), MAX(object_id), SUM(amount_minor), MAX(currency)
FROM events
"""


def run(size: str, folder: Path) -> list[Line]:
    """Build the kept tables from 10 or 50 million events, then ask for cohorts, GRR and NRR by month."""
    customers = 1_000_000 if size == "large" else 200_000
    settings = workspace(folder / "workspace", customers=customers, events_each=50)
    log = ParquetFiles(EventLog(settings.lake, settings.buckets).files().paths, hive=True, types=LAKE_COLUMNS)
    with EmbeddedEngine(temp=folder / "spill") as engine:
        floor = cpu_seconds(lambda: engine.rows(_ORDERS, {"events": log}), repeats=3)
    lines: list[Line] = []

    def build() -> None:
        with ready(settings, Until(_END, _END), folder) as tables:
            lines.extend(_answers(tables))

    whole = cpu_seconds(build)
    name = f"kept tables from {customers * 50:,} events"
    return [
        Line(
            f"{name}: build and answer",
            whole,
            "CPU s",
            f"scan of the orders' columns ({floor:.2f} s)",
            whole / floor,
        ),
        Line(
            "its largest memory", peak_megabytes(), "MB", goal="under 3,000 MB", met=peak_megabytes() < 3_000
        ),
        *lines,
    ]


def _answers(tables: Ready) -> list[Line]:

    chosen = [metric for metric in metrics() if metric.name in _ASKED]
    lines = []
    for grain in ("history", "month"):
        asked = ask(
            grain, tables.kept.first_day, (_END - date(1970, 1, 1)).days, tables.company, tables.plan.calendar
        )
        cost = cpu_seconds(
            lambda asked=asked: answer(tables.engine, tables.kept.tables, asked, chosen), repeats=3
        )
        floor = _scan(tables, asked)
        lines.append(
            Line(
                f"cohorts, GRR and NRR by {grain}, from kept tables",
                cost,
                "CPU s",
                f"scan of the same columns ({floor:.3f} s)",
                cost / floor,
                "at most 13x",
                cost / floor <= 13,
            )
        )
    return lines


def _scan(tables: Ready, asked: Asked) -> float:
    """What it costs to read every column that the queries of these metrics read, once each query."""
    queries = {
        emit(query, tables.engine.dialect): query.table
        for metric in metrics()
        if metric.name in _ASKED
        for query in metric.needs(asked).values()
    }
    total = 0.0
    for sql, table in queries.items():
        held = tables.kept.tables[str(table)]
        columns = [name for name in (held.types or {}) if f'"{name}"' in sql]
        scan = f"SELECT {', '.join(f'MAX({name})' for name in columns)} FROM {table}"
        named: dict[str, Table] = {str(table): held}
        total += cpu_seconds(lambda scan=scan, named=named: tables.engine.rows(scan, named), repeats=3)
    return total
