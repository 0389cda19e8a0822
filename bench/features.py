"""Eighty features of every customer, and a panel of twelve past snapshots, against scanning the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.made import workspace
from bench.measuring import Line, cpu_seconds, forget_peak, peak_megabytes
from holdfast.analytics.emit import emit
from holdfast.analytics.feature import AMOUNT, MOMENT, PURCHASE, Feature, Over, Unit
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.snapshot import At, Basis, features_at
from holdfast.analytics.snapshot_each import features_at_each, pays_in_one_pass
from holdfast.analytics.spec import Arithmetic, Column, Expression, Query, equals
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Table
from holdfast.services.foresee.company_basis import declared_features
from holdfast.services.measure.source import Source, workspace_source

_DAY = day_number(date(2023, 12, 31))
_ZONE = ZoneInfo("UTC")
_WINDOWS = (7, 28, 84, 364)
_NAMES = (
    *("Order Completed", "Order Refunded", "Product Viewed", "Signed In", "Feature Used", "Email Opened"),
    *("Ticket Opened", "Payment Failed", "Cart Viewed", "Page Viewed"),
)
_NTH = f"1 + CAST(hash(s.id + k.n * 7) % {len(_NAMES)} AS BIGINT)"
_NAME = f"list_value({', '.join(repr(name) for name in _NAMES)})[{_NTH}]"
_FLOOR = """
SELECT COUNT(*), MAX(subject_id), MAX(at_us), MAX(known_us), MAX(name), SUM(amount_minor) FROM events
"""

_WIDE_FLOOR = """
SELECT COUNT(*), MAX(subject_id), MAX(at_us), MAX(known_us), MAX(name), SUM(amount_minor), MAX(object_kind),
  MAX(object_id), MAX(product_id), MAX(code), MAX(score), MAX(promised_us) FROM events
"""


def run(size: str, folder: Path) -> list[Line]:
    """From 3 or 15 million events; large: 50 and 150 million too. Panels of sparse and dense customers."""
    lines: list[Line] = []
    for events in (15_000_000, 50_000_000) if size == "large" else (3_000_000,):
        lines += _snapshot(folder / f"of-{events}", events, at_most=18 if events > 15_000_000 else 16)
    if size == "large":
        lines += _whole_memory(folder / "of-150000000", 150_000_000)
    events = 1_500_000 if size == "small" else 15_000_000
    lines += _panel(folder / "sparse", 50, events, at_most=13)
    lines += _panel(folder / "dense", 500, events, at_most=5)
    return lines


def _whole_memory(folder: Path, events: int) -> list[Line]:
    """All memory of the process while it computes the 80 of a log that is far larger than it."""
    settings = workspace(folder, customers=events // 50, events_each=50, row={"name": _NAME})
    source, size = workspace_source(settings), (events, events // 50)
    forget_peak()
    with EmbeddedEngine(temp=folder / "spill") as engine:
        floor = cpu_seconds(lambda: engine.rows(_FLOOR, {"events": source.events}))
        whole = cpu_seconds(lambda: _every_slice(engine, eighty(), source, size, _DAY))
    peak = peak_megabytes()
    scan = f"scan of the same columns ({floor:.2f} s)"
    return [
        Line(f"80 features from {events:,} events", whole, "CPU s", scan, whole / floor),
        Line("their largest memory, all told", peak, "MB", goal="under 3,000 MB", met=peak < 3_000),
    ]


def eighty() -> tuple[Feature, ...]:
    """Counts, sums, recencies and ratios of two windows, as a company with ten kinds of events has them."""
    return (*_counts(), *_sums(), *_recencies(), *_ratios())


def _counts() -> Iterator[Feature]:
    for name in _NAMES:
        for days in (*_WINDOWS, None):
            yield _feature(f"{name} {days}", it=Over("count", where=equals("name", name), days=days))


def _sums() -> Iterator[Feature]:
    for name in ("Order Completed", "Order Refunded", "Product Viewed"):
        for days in _WINDOWS:
            need = Over("sum", AMOUNT, equals("name", name), days)
            yield _feature(f"amount of {name} {days}", "money", it=need)


def _recencies() -> Iterator[Feature]:
    since: Expression = Arithmetic("-", MOMENT, Column("at_us"))
    for name in _NAMES:
        yield _feature(f"since {name}", "days", it=Over("least", since, equals("name", name)))


def _ratios() -> Iterator[Feature]:
    for days in (14, 28, 56, 84):
        for before in (1, 2):
            now = Over("count", where=PURCHASE, days=days)
            then = Over("count", where=PURCHASE, days=days * (before + 1), until_days=days)
            yield _feature(f"trend {days} {before}", "ratio", now=now, then=then)


def _feature(name: str, unit: Unit = "count", /, **needs: Over) -> Feature:
    value = None if len(needs) == 1 else _ratio
    return Feature(name, Text("A feature"), Text("A feature."), unit, "use", needs, value)


def _ratio(needed: Mapping[str, Any]) -> Any:
    return needed["now"] / needed["then"]


def _snapshot(folder: Path, events: int, at_most: float) -> list[Line]:
    settings = workspace(folder, customers=events // 50, events_each=50, row={"name": _NAME})
    source, size = workspace_source(settings), (events, events // 50)
    own = declared_features(dict.fromkeys(_NAMES, 1))
    with EmbeddedEngine(temp=folder / "spill") as engine:
        floor = cpu_seconds(lambda: engine.rows(_FLOOR, {"events": source.events}), repeats=3)
        wide = cpu_seconds(lambda: engine.rows(_WIDE_FLOOR, {"events": source.events}), repeats=3)
        before = forget_peak()
        repeats = 1 if events > 20_000_000 else 3
        whole = cpu_seconds(lambda: _every_slice(engine, eighty(), source, size, _DAY), repeats)
        taken = peak_megabytes()
        forget_peak()
        declared = cpu_seconds(lambda: _every_slice(engine, own, source, size, _DAY))
    of_declared, customers = peak_megabytes(), events // 50 // len(source.parts)
    allowed = 300 + customers * 2.5 / 1000
    return [
        Line(
            f"80 features from {events:,} events",
            whole,
            "CPU s",
            f"scan of the same columns ({floor:.2f} s)",
            whole / floor,
            f"at most {at_most}x",
            whole / floor <= at_most,
        ),
        Line(
            f"the {len(own)} features of Holdfast, rhythm and orders too",
            declared,
            "CPU s",
            f"scan of their columns ({wide:.2f} s)",
            declared / wide,
        ),
        *(
            Line(
                f"memory of {whose} in slices of {customers:,} customers",
                peak - before,
                "MB",
                goal=f"at most {allowed:,.0f} MB",
                met=peak - before <= allowed,
            )
            for whose, peak in (("the 80", taken), ("Holdfast's own", of_declared))
        ),
    ]


def _every_slice(
    engine: EmbeddedEngine,
    features: tuple[Feature, ...],
    source: Source,
    size: tuple[int, int],
    *days: int,
) -> int:
    """All features of everybody on each of ``days``, slice by slice: in one pass where that pays.

    ``size`` are the events and customers of the source.
    """
    basis = Basis(_ZONE, 0, (_DAY + 1) * DAY_US)
    ats = [At(day * DAY_US, day) for day in days]
    rows = 0
    for part in source.parts:
        tables: dict[str, Table] = {"events": part.events}

        def ask(query: Query, tables: dict[str, Table] = tables) -> Mapping[str, Any]:
            return engine.columns(emit(query, engine.dialect), tables)

        if pays_in_one_pass(features, days, days[0] - 730, *size):
            everybody = [np.arange(size[1] + 1)] * len(days)
            found = features_at_each(ask, features, basis, ats, units=everybody, where=part.where)
            rows += sum(map(len, found))
        else:
            rows += sum(len(features_at(ask, features, basis, at, where=part.where)) for at in ats)
    return rows


def _panel(folder: Path, each: int, events: int, at_most: float) -> list[Line]:
    settings = workspace(folder, customers=events // each, events_each=each, row={"name": _NAME})
    source = workspace_source(settings)
    size = (events, events // each)
    days = [_DAY - 28 * back for back in reversed(range(12))]
    with EmbeddedEngine(temp=folder / "spill") as engine:
        one = cpu_seconds(lambda: _every_slice(engine, eighty(), source, size, _DAY), repeats=3)
        twelve = cpu_seconds(lambda: _every_slice(engine, eighty(), source, size, *days))
    return [
        Line(
            f"panel of 12 snapshots, {each} events a customer",
            twelve,
            "CPU s",
            f"one snapshot ({one:.2f} s)",
            twelve / one,
            f"at most {at_most}x",
            twelve / one <= at_most,
        )
    ]
