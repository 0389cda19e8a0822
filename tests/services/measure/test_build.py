"""Building the kept tables: what counts as known, which currency reports, whom a deletion concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.told import events_table
from holdfast.analytics.kept import Origins
from holdfast.analytics.stories import read_story
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows
from holdfast.language import calendar
from holdfast.services.measure.build import Kept, Plan, build
from holdfast.services.measure.source import whole_source
from holdfast.settings import LostSettings

NOBODY = np.empty(0, np.int64)
END = date(2024, 6, 1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path / "temp") as opened:
        yield opened


def built(
    engine: EmbeddedEngine,
    events: list[dict[str, Any]],
    folder: Path,
    links: dict[int, int] | None = None,
    **changes: Any,
) -> Kept:
    plan = Plan(
        ZoneInfo("UTC"),
        calendar("gregorian"),
        "EUR",
        LostSettings("mixed", after_days=60),
        day_number(END),
        Origins(NOBODY, NOBODY, NOBODY),
    )
    pairs = Rows({"subject_id": list(links), "unit_id": list(links.values())}) if links else None
    return build(engine, engine, whole_source(events_table(events), pairs), replace(plan, **changes), folder)


def units(engine: EmbeddedEngine, kept: Kept) -> dict[int, tuple[int, int, int]]:
    rows = engine.rows("SELECT unit_id, orders, amount, state FROM units", kept.tables)
    return {unit: (orders, amount, state) for unit, orders, amount, state in rows}


def test_d4_what_was_not_known_by_then_does_not_count(engine: EmbeddedEngine, tmp_path: Path) -> None:
    events = read_story("ann 2024-04-05 order 20\nann 2024-05-05 order 30\nbob 2024-07-01 order 5").events
    events[1]["known_us"] += 60 * 86_400_000_000
    kept = built(engine, events, tmp_path)
    assert {unit: row[:2] for unit, row in units(engine, kept).items()} == {1: (1, 2000)}


def test_the_currency_with_most_rows_reports_where_none_is_set(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    events = read_story("ann 2024-04-05 order 20\nann 2024-05-05 order 30\nbob 2024-05-06 order 5").events
    for event in events[:2]:
        event["currency"] = "USD"
    kept = built(engine, events, tmp_path, currency="")
    assert kept.currency == "USD"
    assert kept.without_rate == {"EUR": 500}


def test_an_account_outlives_a_contact_who_goes(engine: EmbeddedEngine, tmp_path: Path) -> None:
    events = read_story(
        """
        account  2024-01-05  subscribe 10
        contact  2024-02-05  delete
        """
    ).events
    links = {1: 1, 2: 1}
    person = units(engine, built(engine, events, tmp_path, links))
    account = units(engine, built(engine, events, tmp_path, links, of_accounts=True))
    lapsed, active = 4, 1
    assert person[1][2] == lapsed
    assert account[1][2] == active


def test_without_any_event_the_tables_are_there_and_empty(engine: EmbeddedEngine, tmp_path: Path) -> None:
    kept = built(engine, [], tmp_path)
    assert kept.first_day is None
    for name, table in kept.tables.items():
        assert engine.rows(f"SELECT COUNT(*) FROM {name}", {name: table}) == [(0,)]


def test_b2_categories_are_measured_where_products_have_them(engine: EmbeddedEngine, tmp_path: Path) -> None:
    lines = [
        f"c{n} {day} order 10"
        for n in range(30)
        for day in ("2023-01-05", "2023-01-15", "2023-08-03", "2024-02-28")
    ]
    events = read_story("\n".join(lines)).events
    for at, event in enumerate(events):
        event["product_id"] = "boots" if at % 4 in (0, 2) else "tea"
    kept = built(engine, events, tmp_path, categories={"boots": 0, "tea": 1}, lost=LostSettings("category"))
    assert kept.usual.categories == {0: 210, 1: 409}
