"""A story measured: from its events to figures, through the code that a workspace runs through."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from holdfast.analytics.asked import Company, Point, Spent, ask
from holdfast.analytics.kept import Origins
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.stories import CURRENCY, Story, read_story
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.figures import Figure
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows
from holdfast.language import calendar
from holdfast.services.measure.answer import answer
from holdfast.services.measure.build import Kept, Plan, build
from holdfast.services.measure.source import whole_source
from holdfast.settings import LostSettings

COLUMNS = (
    "subject_id",
    "at_us",
    "known_us",
    "name",
    "object_id",
    "amount_minor",
    "currency",
    "product_id",
    "code",
)


def events_table(events: list[dict[str, Any]]) -> Rows:
    return Rows(
        {name: [event[name] for event in events] for name in COLUMNS},
        {name: LAKE_COLUMNS[name] for name in COLUMNS},
    )


def company_of(story: Story, kept: Kept, lost: LostSettings, margin: float | None = None) -> Company:
    first: dict[int, int] = {}
    for event in story.events:
        day = event["at_us"] // 86_400_000_000
        first[event["subject_id"]] = min(day, first.get(event["subject_id"], day))
    prospects = [name for name in story.units if "prospect" in story.traits.get(name, {})]
    seen = [day for unit, day in first.items() if unit not in {story.units[name] for name in prospects}]
    return Company(
        currency=kept.currency,
        lost=lost,
        usual=kept.usual,
        first_seen=np.array(seen, np.int64),
        prospects=len(prospects),
        margin=margin,
        countries=_names(story, "country"),
        sources=_names(story, "source"),
        spent=tuple(Spent(day, source, minor) for day, source, minor in story.costs),
        points=tuple(Point(name, day, value) for name, day, value in story.points),
        without_rate=kept.without_rate,
        receipts=kept.receipts,
        has_contracts=kept.has_contracts,
    )


def measured(
    example: Example, metrics: Iterable[Metric], engine: Any, keeper: EmbeddedEngine, folder: Path
) -> list[Figure]:
    story = read_story(example.events)
    lost = example.lost or LostSettings()
    end_day = day_number(example.as_of)
    plan = Plan(ZoneInfo("UTC"), calendar("gregorian"), CURRENCY, lost, end_day, _origins(story))
    kept = build(engine, keeper, whole_source(events_table(story.events)), plan, folder)
    company = company_of(story, kept, lost, example.margin)
    asked = ask(example.period, kept.first_day, end_day, company, plan.calendar)
    return answer(engine, kept.tables, asked, metrics)


def _names(story: Story, trait: str) -> tuple[str, ...]:
    return ("", *sorted({traits[trait] for traits in story.traits.values() if trait in traits}))


def _origins(story: Story) -> Origins:
    countries, sources = _names(story, "country"), _names(story, "source")
    rows = sorted(
        (
            unit,
            countries.index(story.traits.get(name, {}).get("country", "")),
            sources.index(story.traits.get(name, {}).get("source", "")),
        )
        for name, unit in story.units.items()
    )
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return Origins(columns[:, 0], columns[:, 1], columns[:, 2])
