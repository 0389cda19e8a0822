"""Stories in one log, asked for what the declarations of features and of signals look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np

from holdfast.analytics.emit import emit
from holdfast.analytics.feature import Feature
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.snapshot import (
    SPINE,
    At,
    Basis,
    FeatureTable,
    features_along,
    features_at,
)
from holdfast.analytics.snapshot_each import features_at_each, spine_of
from holdfast.analytics.stories import Story, read_story
from holdfast.analytics.taken import ORDERED, PAID, PAID_BACK, REFUNDED
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.period import day_number
from holdfast.engines.tables import Rows


class Example(Protocol):
    """What the examples of features and signals have in common."""

    @property
    def events(self) -> str: ...

    @property
    def at(self) -> date: ...

    @property
    def answers(self) -> Mapping[str, Any]: ...


COLUMNS = (
    *("subject_id", "at_us", "known_us", "name", "object_kind", "object_id", "amount_minor", "currency"),
    *("product_id", "code", "score", "promised_us"),
)
FAR_US = 100 * 365 * DAY_US


class Told:
    """Stories in one log: each has its own customers, and its own day of asking."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.events: list[dict[str, Any]] = []
        self.links: dict[int, int] = {}
        self.unit_of: dict[tuple[str, str], int] = {}
        self.day_of: dict[int, int] = {}
        different = {(each.events, each.at): each for each in examples}
        for number, example in enumerate(different.values()):
            self._tell(example, read_story(example.events), 1000 * number)

    def _tell(self, example: Example, story: Story, shift: int) -> None:
        self.events += [event | {"subject_id": event["subject_id"] + shift} for event in story.events]
        self.links |= {subject + shift: unit + shift for subject, unit in story.links.items()}
        for name, unit in story.units.items():
            self.unit_of[example.events, name] = unit + shift
            self.day_of[unit + shift] = day_number(example.at)

    @property
    def basis(self) -> Basis:
        ordered = any(event["name"] == ORDERED for event in self.events)
        names = ((ORDERED,), (REFUNDED,)) if ordered else ((PAID,), (PAID_BACK,))
        return Basis(ZoneInfo("UTC"), 0, FAR_US, *names, linked=True)

    def tables(self) -> dict[str, Rows]:
        types = {name: LAKE_COLUMNS[name] for name in COLUMNS}
        events = Rows({name: [event[name] for event in self.events] for name in COLUMNS}, types)
        links = {"subject_id": list(self.links), "unit_id": list(self.links.values())}
        return {"events": events, "links": Rows(links, dict.fromkeys(links, "BIGINT"))}

    def at(self, engine: Any, features: Sequence[Feature], day: int) -> FeatureTable:
        """Every customer on one day."""
        tables = self.tables()
        return features_at(
            lambda query: engine.columns(emit(query, engine.dialect), tables),
            features,
            self.basis,
            At(day * DAY_US, day),
        )

    def at_each(self, engine: Any, features: Sequence[Feature], days: Sequence[int]) -> list[FeatureTable]:
        """Every customer on several days, asked together as a replay does."""
        tables, ats = self.tables(), [At(day * DAY_US, day) for day in days]
        everyone = np.array(sorted({*self.unit_of.values()}), np.int64)
        beside = tables | {SPINE: Rows(spine_of(everyone, ats))}
        return features_at_each(
            lambda query: engine.columns(emit(query, engine.dialect), tables),
            features,
            self.basis,
            ats,
            units=[everyone] * len(ats),
            along=lambda query: engine.columns(emit(query, engine.dialect), beside),
        )

    def along(self, engine: Any, features: Sequence[Feature]) -> FeatureTable:
        """Every customer on the day of its own story, in one go."""
        unit = np.array(sorted(set(self.day_of) - set(self.links)), np.int64)
        day = np.array([self.day_of[each] for each in unit.tolist()], np.int64)
        spine = Rows({"unit_id": unit, "row": np.arange(len(unit)), "t_us": day * DAY_US, "t_day": day})
        tables = self.tables() | {SPINE: spine}
        return features_along(
            lambda query: engine.columns(emit(query, engine.dialect), tables),
            features,
            self.basis,
            unit,
            day,
        )

    def row(self, found: FeatureTable, example: Example, who: str) -> int:
        """Where a customer of an example stands."""
        (row,) = np.flatnonzero(found.unit_id == self.unit_of[example.events, who])
        return int(row)
