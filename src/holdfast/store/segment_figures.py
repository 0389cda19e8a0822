"""Figures of those who are in a segment: written by the worker, read by dashboards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfast import store
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period, date_of, day_number
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.written import as_json, from_json


@dataclass(frozen=True, slots=True)
class Measured:
    """When a segment was measured, with which run of the loop, of how many; ``trouble`` "" went well."""

    segment_id: int
    made_us: int
    run_us: int
    customers: int
    trouble: str


def measured(settings: Settings, segment_id: int) -> Measured | None:
    """When a segment was measured last; ``None`` before the first time."""
    store.connect(settings)
    row = sql.one(
        "SELECT segment_id, made_us, run_us, customers, trouble FROM segment_measured WHERE segment_id = %s",
        (segment_id,),
    )
    return None if row is None else Measured(*row)


def save(settings: Settings, made: Measured, figures: Iterable[Figure]) -> None:
    """Let these be the figures of a segment, in the place of those before: at once, so that no dashboard
    sees some of them, and a process that is killed leaves those before.
    """
    from django.db import connection

    store.connect(settings)
    # Written out first: what is slow about some thousand figures happens before anybody is locked out.
    rows = [_row(made.segment_id, figure) for figure in figures]
    with sql.short_write(), connection.cursor() as cursor:
        sql.write("DELETE FROM segment_figure WHERE segment_id = %s", (made.segment_id,))
        cursor.executemany(
            "INSERT INTO segment_figure (segment_id, period_kind, metric, start_day, end_day, content) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )
        sql.write(
            "INSERT INTO segment_measured (segment_id, made_us, run_us, customers, trouble) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (segment_id) DO UPDATE SET "
            "made_us = excluded.made_us, run_us = excluded.run_us, customers = excluded.customers, "
            "trouble = excluded.trouble",
            (made.segment_id, made.made_us, made.run_us, made.customers, made.trouble),
        )


def read(
    settings: Settings,
    segment_id: int,
    period_kind: str,
    *,
    metrics: Sequence[str] = (),
    from_day: date | None = None,
    to_day: date | None = None,
) -> list[Figure]:
    """Figures of a segment, by period and metric; narrowed as :func:`holdfast.store.figures.read_figures`."""
    store.connect(settings)
    conditions, values = ["segment_id = %s", "period_kind = %s"], [segment_id, period_kind, *metrics]
    if metrics:
        conditions.append(f"metric IN ({', '.join(['%s'] * len(metrics))})")
    for condition, on in (("start_day >= %s", from_day), ("end_day <= %s", to_day)):
        if on is not None:
            conditions.append(condition)
            values.append(day_number(on))
    rows = sql.read(
        f"SELECT content FROM segment_figure WHERE {' AND '.join(conditions)} ORDER BY start_day, id", values
    )
    return [_figure(content) for (content,) in rows]


def periods(settings: Settings, segment_id: int, period_kind: str) -> list[Period]:
    """The periods of this kind for which there are figures of a segment, the newest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT DISTINCT start_day, end_day FROM segment_figure WHERE segment_id = %s AND period_kind = %s "
        "ORDER BY start_day DESC",
        (segment_id, period_kind),
    )
    return [Period(date_of(start), date_of(end), period_kind) for start, end in rows]


def forget(settings: Settings, segment_ids: Sequence[int]) -> None:
    """Forget the figures of all segments but these: no dashboard looks at them any more."""
    store.connect(settings)
    kept = ", ".join(str(int(each)) for each in segment_ids) or "0"
    for table in ("segment_figure", "segment_measured"):
        sql.write(f"DELETE FROM {table} WHERE segment_id NOT IN ({kept})")


def _row(segment_id: int, figure: Figure) -> tuple[Any, ...]:
    period = figure.period
    content = json.dumps(as_json(figure), ensure_ascii=False)
    days = day_number(period.start), day_number(period.end)
    return segment_id, period.kind, figure.metric, *days, content


def _figure(content: Any) -> Figure:
    found = from_json(json.loads(content) if isinstance(content, str) else content)
    if not isinstance(found, Figure):
        raise TypeError(f"a figure was kept as {type(found).__name__}")
    return found
