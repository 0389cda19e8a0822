"""What the emitter writes, against SQL written by hand for the same question."""

from __future__ import annotations

from pathlib import Path

from bench.made import FIRST_US, workspace
from bench.measuring import Line, cpu_seconds
from holdfast.analytics.emit import emit
from holdfast.analytics.spec import Bands, Column, Count, Every, Literal, Query, Sum, Window, equals
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.log import EventLog

_MONTH_US = 30 * 86_400_000_000
_BOUNDS = tuple(FIRST_US + i * _MONTH_US for i in range(1, 25))
_BY_HAND = f"""
SELECT subject_id, (at_us - {FIRST_US}) // {_MONTH_US} AS period,
  COUNT(*) AS orders, SUM(amount_minor) AS amount
FROM events WHERE name = 'Order Completed' AND at_us < {_BOUNDS[-1]} AND known_us <= {_BOUNDS[-1]}
GROUP BY 1, 2
"""


def run(size: str, folder: Path) -> list[Line]:
    """Orders and revenue by customer and month, emitted and by hand."""
    customers = 500_000 if size == "large" else 100_000
    settings = workspace(folder / "workspace", customers=customers, events_each=50)
    events = ParquetFiles(
        EventLog(settings.lake, settings.buckets).files().paths, hive=True, types=LAKE_COLUMNS
    )
    end = Literal(_BOUNDS[-1])
    window = Window(Column("at_us"), end=end, known=Column("known_us"), as_of=end)
    query = Query(
        "events",
        {"subject_id": Column("subject_id"), "period": Bands(Column("at_us"), _BOUNDS, tuple(range(25)))},
        {"orders": Count(), "amount": Sum(Column("amount_minor"))},
        where=Every((equals("name", "Order Completed"), window)),
    )
    with EmbeddedEngine(temp=folder / "spill") as engine:

        def ask(sql: str) -> float:
            counted = f"SELECT COUNT(*), SUM(orders), SUM(amount) FROM ({sql})"
            return cpu_seconds(lambda: engine.rows(counted, {"events": events}), repeats=5)

        ask(_BY_HAND)
        by_hand, emitted = ask(_BY_HAND), ask(emit(query, engine.dialect))
    ratio = emitted / by_hand
    return [
        Line(
            f"orders by customer and month, {customers * 50:,} events, emitted",
            emitted,
            "CPU s",
            f"SQL by hand ({by_hand:.2f} s)",
            ratio,
            "at most 1.2x",
            ratio <= 1.2,
        )
    ]
