"""Early warnings: how often wrong and right on fresh customers, and what a night of them costs.

Falling use and silence are held against the rule people know, the last week against the week before; what
a night's signals add to the rebuild of all features, with which they are asked, against that rebuild.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import SystemRandom
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np

from bench.made import workspace
from bench.measuring import Line, cpu_seconds, forget_peak, peak_megabytes
from holdfast import registry
from holdfast.analytics.company_days import company_days
from holdfast.analytics.emit import emit
from holdfast.analytics.episodes import NEVER, Kept
from holdfast.analytics.feature import Feature
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.signal import Signal, Tuned
from holdfast.analytics.signalling import numbers_of
from holdfast.analytics.snapshot import At, Basis, FeatureTable, features_at
from holdfast.analytics.spec import Query
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.learning.habit_record import Caught, record, week_against_week
from holdfast.services.foresee.company_basis import declared_features
from holdfast.services.measure.source import Part, Source, workspace_source
from holdfast.services.warn.asking import changes_of
from holdfast.services.warn.hearing import Hearing

_LEFTS = (0.5, 0.2, 0.0)
_RATE = 0.05
_DAY = day_number(date(2023, 12, 31))
_AT = At(_DAY * DAY_US, _DAY)
_OF_KIND = {
    "ticket": ("Ticket Opened", "Ticket Answered", "Ticket Closed", "Ticket Rated"),
    "invoice": ("Invoice Issued", "Payment Failed", "Payment Completed"),
    "message": ("Email Delivered", "Email Opened", "Message Received", "Message Sent", "Text Read"),
    "order": ("Order Completed", "Order Refunded", "Order Delivered"),
}
_OTHERS = ("Feature Used", "Signed In", "Page Viewed", "Product Viewed", "Cart Viewed", "Survey Answered")
_NAMES = (*_OTHERS, *(name for names in _OF_KIND.values() for name in names))
_NTH = f"1 + CAST(hash(s.id + k.n * 7) % {len(_NAMES)} AS BIGINT)"


def run(size: str, folder: Path) -> list[Line]:
    """From 3 million events, or 50 million of a million customers in large."""
    companies = 12 if size == "large" else 3
    events = 50_000_000 if size == "large" else 3_000_000
    return [*_records(SystemRandom().randrange(10**6), companies), *_night(folder, events)]


def _records(seed: int, companies: int) -> list[Line]:
    """The record on customers nobody has seen before: the seed is another one each time."""
    drawn = [np.random.default_rng((seed, number)) for number in range(2 * companies)]
    ours = [record(draw, 3_000, _LEFTS, _RATE) for draw in drawn[:companies]]
    weekly = [week_against_week(draw, 3_000, _LEFTS, _RATE) for draw in drawn[companies:]]
    false_alarms = _mean(ours, lambda each: each.false_alarms)
    title = f"habits of {3_000 * companies:,} customers, seed {seed}:"
    told = [
        Line(f"{title} enough to judge", 100 * _mean(ours, lambda each: each.judged), "%"),
        Line(
            f"{title} false alarms a quarter",
            100 * false_alarms,
            "%",
            goal="4-6 %",
            met=0.04 <= false_alarms <= 0.06,
        ),
    ]
    for left, least, times in ((0.0, 0.85, None), (0.2, 0.60, None), (0.5, None, 5.0)):
        caught, plain = (float(np.mean([one.caught[left] for one in each])) for each in (ours, weekly))
        goal = f"at least {least}" if least else f"at least {times:.0f}x"
        met = caught >= least if least else caught >= (times or 0) * plain
        what = "silent" if left == 0 else f"-{100 * (1 - left):.0f} %"
        beside = f"week against week ({plain:.3f})"
        name = f"{title} {what} caught in 30 days"
        told.append(Line(name, caught, "of 1", beside, caught / plain, goal, met))
    return told


def _mean(found: Sequence[Caught], of: Callable[[Caught], float]) -> float:
    return float(np.mean([of(each) for each in found]))


def _night(folder: Path, events: int) -> list[Line]:
    """What every signal adds to all features of the same log, and what asking it alone costs."""
    name = f"list_value({', '.join(map(repr, _NAMES))})[{_NTH}]"
    kinds = " ".join(
        f"WHEN {name} IN ({', '.join(map(repr, names))}) THEN '{kind}'" for kind, names in _OF_KIND.items()
    )
    # A ticket is opened, answered, closed and rated, a bill is issued and paid: some events to an object.
    row = {
        "name": name,
        "object_kind": f"CASE {kinds} END",
        "object_id": "s.id || '-' || (k.n // 4)",
    }
    settings = workspace(folder / "night", customers=events // 50, events_each=50, row=row)
    source, own = workspace_source(settings), declared_features(dict.fromkeys(_NAMES, 1))
    signals, each = _signals(), events // 50 // len(source.parts)
    with EmbeddedEngine(temp=folder / "spill") as engine:
        features = cpu_seconds(lambda: _ask(engine, own, source, _basis(), _told))
        alone = cpu_seconds(lambda: _ask_everybody(engine, _Night(signals), (), source, each))
        before, night = forget_peak(), _Night(signals)
        both = cpu_seconds(lambda: _ask_everybody(engine, night, own, source, each))
        memory = peak_megabytes() - before
    added, micros = both - features, night.seconds / max(1, night.customers) * 1e6
    allowed, floor = 300 + each * 2.5 / 1000, f"all {len(own)} features ({features:.1f} s)"
    return [
        Line(
            f"a night of {len(signals)} signals, {events:,} events",
            *(added, "CPU s", floor, added / features, "at most 1x (goal .5x)", added <= features),
        ),
        Line("a day that was missed, asked alone", alone, "CPU s", floor, alone / features),
        Line(
            "memory of features and signals, customers in slices",
            *(memory, "MB", "", None, f"at most {allowed:,.0f} MB", memory <= allowed),
        ),
        Line(
            "all rules and episodes, a customer and day",
            *(micros, "us", "", None, "at most 5 us", micros <= 5),
        ),
    ]


def _signals() -> list[Tuned]:
    declared = [cast(Signal, part.declared) for part in registry.parts("signals").values()]
    some = [each for each in declared if not each.watch or {*each.watch} & {*_NAMES}]
    return [Tuned(each) for each in some]


def _basis() -> Basis:
    return Basis(ZoneInfo("UTC"), 0, (_DAY + 1) * DAY_US)


def _asking(engine: EmbeddedEngine, part: Part) -> Callable[[Query], Mapping[str, Any]]:
    return lambda query: engine.columns(emit(query, engine.dialect), {"events": part.events})


def _ask(
    engine: EmbeddedEngine,
    features: tuple[Feature, ...],
    source: Source,
    basis: Basis,
    take: Callable[[FeatureTable], None],
) -> None:
    """One slice after the other is given to ``take``."""
    for part in source.parts:
        take(features_at(_asking(engine, part), features, basis, _AT, where=part.where))


def _told(table: FeatureTable) -> None:
    """Nothing is kept of it."""


def _ask_everybody(
    engine: EmbeddedEngine, night: _Night, own: tuple[Feature, ...], source: Source, each: int
) -> None:
    """What a night asks: the signals' numbers together with the features."""
    numbers = numbers_of(night.signals)
    parts = ((_asking(engine, part), part.where) for part in source.parts)
    basis = replace(_basis(), company=company_days(parts, numbers, _basis(), [_AT], each))
    _ask(engine, (*own, *numbers), source, basis, night.take)
    night.decide()


class _Night:
    """What the signals say of everybody, kept until it is decided what that changes, as a night does.

    ``seconds``: what rules and episodes alone have taken. One customer in fifty has an open episode of each.
    """

    def __init__(self, signals: Sequence[Tuned]) -> None:
        self.signals, self.hearing, self.seconds = signals, Hearing(signals), 0.0

    @property
    def customers(self) -> int:
        """How many the signals were asked of."""
        return len(self.hearing.there)

    def take(self, table: FeatureTable) -> None:
        """Hear the signals of a slice."""
        self.seconds += cpu_seconds(lambda: self.hearing.take(table))

    def decide(self) -> None:
        """Say what begins and ends."""
        self.seconds += cpu_seconds(self._decide)

    def _decide(self) -> None:
        some = self.hearing.there[::50]
        began, open_ = np.full(len(some), _DAY - 10), np.full(len(some), NEVER)
        kept = Kept(np.arange(len(some)), some, began, open_, np.zeros(len(some), bool))
        for tuned in self.signals:
            for heard in self.hearing.of(tuned.signal.name):
                changes_of(kept, heard, tuned, _DAY)
