"""Spark answers as DuckDB does: over files and small tables, and for every metric (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.told import COLUMNS, company_of, events_table
from holdfast.analytics.asked import ask
from holdfast.analytics.kept import Origins
from holdfast.analytics.rates import Rate
from holdfast.analytics.stories import Story
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.figures import Figure
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.engines.tables import ParquetFiles, Rows
from holdfast.language import calendar
from holdfast.services.measure.answer import answer, metrics
from holdfast.services.measure.build import Plan, build
from holdfast.services.measure.source import Source, whole_source
from holdfast.settings import LostSettings

DAY_US = 86_400_000_000
START, END = day_number(date(2023, 1, 10)), day_number(date(2024, 6, 20))
LINKS = Rows({"subject_id": [11, 12, 10], "unit_id": [10, 10, 10]})


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture(scope="module")
def spark_engine(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    with SparkEngine(temp=tmp_path_factory.mktemp("spark-engine"), session=spark) as engine:
        yield engine


def company_history(seed: int, customers: int = 120) -> Story:
    """Shop customers and subscribers who come, buy in two currencies, give back, leave and come back."""
    chance = np.random.default_rng(seed)
    story = Story()
    for unit in range(1, customers + 1):
        name = f"c{unit}"
        story.units[name] = unit
        story.traits[name] = {
            "country": str(chance.choice(["IE", "RO", "IR"])),
            "source": str(chance.choice(["ads", "friends"])),
        }
        if chance.random() < 0.4:
            story.events += subscriber(chance, unit)
        if chance.random() < 0.8:
            story.events += shopper(chance, unit)
        story.events.append(event(chance, unit, int(chance.integers(START, END)), "Page Viewed", 0, None))
    for month in range(17):
        story.costs.append((START + 30 * month, "ads", int(chance.integers(1_000, 90_000))))
        story.costs.append((START + 30 * month, "loyalty", int(chance.integers(1_000, 9_000))))
        story.points.append(("rating", START + 30 * month, float(chance.uniform(3, 5))))
    return story


def shopper(chance: np.random.Generator, unit: int) -> list[dict[str, Any]]:
    day, events = int(START + chance.integers(0, 300)), []
    while day < END:
        order = f"{unit}-{day}"
        for _ in range(chance.integers(1, 3)):
            events.append(
                event(chance, unit, day, "Order Completed", int(chance.integers(100, 9_000)), order)
            )
        if chance.random() < 0.1:
            events.append(event(chance, unit, day + 3, "Order Refunded", -500, order))
        day += int(1 + chance.exponential(chance.choice([12, 50, 200])))
    return events


def subscriber(chance: np.random.Generator, unit: int) -> list[dict[str, Any]]:
    day = int(START + chance.integers(0, 200))
    steps = [
        ("Subscription Started", 1_000, "gold"),
        ("Subscription Changed", 1_500, "gold"),
        ("Subscription Ended", 0, "price"),
        ("Subscription Started", 900, "trial:gold" if chance.random() < 0.2 else "silver"),
    ]
    events = []
    for name, amount, code in steps[: chance.integers(1, 5)]:
        events.append({**event(chance, unit, day, name, amount, f"sub-{unit}"), "code": code})
        day += int(chance.integers(20, 150))
    if chance.random() < 0.1:
        events.append(event(chance, unit, day, "Account Deleted", 0, None))
    return events


def event(
    chance: np.random.Generator, unit: int, day: int, name: str, amount: int, order: str | None
) -> dict[str, Any]:
    at = day * DAY_US + int(chance.integers(0, DAY_US))
    currency = str(chance.choice(["EUR", "EUR", "EUR", "USD", "CHF"]))
    return {
        "subject_id": unit,
        "at_us": at,
        "known_us": at + int(chance.choice([0, 0, 40])) * DAY_US,
        "name": name,
        "object_id": order,
        "amount_minor": amount or None,
        "currency": currency if amount else None,
        "product_id": None,
        "code": None,
    }


def measured(
    story: Story, source: Source, reader: Any, keeper: EmbeddedEngine, folder: Path, lost: LostSettings
) -> list[Figure]:
    names = sorted(story.units)
    order = sorted(story.units[name] for name in names)
    by_unit = {story.units[name]: story.traits[name] for name in names}
    plan = Plan(
        ZoneInfo("Europe/Dublin"),
        calendar("gregorian"),
        "EUR",
        lost,
        END,
        Origins(
            np.array(order),
            np.array([1 + ["IE", "IR", "RO"].index(by_unit[unit]["country"]) for unit in order]),
            np.array([1 + ["ads", "friends"].index(by_unit[unit]["source"]) for unit in order]),
        ),
        rates=[Rate(START, "USD", "EUR", 0.9), Rate(START + 200, "EUR", "USD", 1.25)],
    )
    kept = build(reader, keeper, source, plan, folder)
    assert kept.without_rate.keys() == {"CHF"}
    company = replace(company_of(story, kept, lost, 0.4))
    figures = []
    for grain in ("history", "month"):
        asked = ask(grain, kept.first_day, END, company, plan.calendar)  # type: ignore[arg-type]
        figures += answer(reader, kept.tables, asked, metrics())
    return figures


def bucketed(story: Story, keeper: EmbeddedEngine, folder: Path) -> ParquetFiles:
    """The events as the log keeps them: Parquet files in a folder per bucket."""
    paths = []
    for bucket in range(2):
        rows = [event for event in story.events if event["subject_id"] % 2 == bucket]
        path = folder / f"bucket={bucket}" / "events.parquet"
        keeper.write(f"SELECT * FROM events WHERE {bucket} >= 0", {"events": events_table(rows)}, path)
        paths.append(str(path))
    types = {name: LAKE_COLUMNS[name] for name in COLUMNS}
    return ParquetFiles(
        tuple(paths), hive=True, where="amount_minor IS NULL OR amount_minor <> 666", types=types
    )


@pytest.mark.long
def test_n5_every_metric_gives_equal_answers_on_spark_and_duckdb(
    spark_engine: SparkEngine, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    story = company_history(seed=11)
    source = whole_source(bucketed(story, duckdb, tmp_path / "events"), LINKS)
    lost = LostSettings("mixed")
    folders = [tmp_path / "here", tmp_path / "there"]
    for folder in folders:
        folder.mkdir()
    here = measured(story, source, duckdb, duckdb, folders[0], lost)
    there = measured(story, source, spark_engine, duckdb, folders[1], lost)
    assert {figure.metric for figure in here} == {metric.name for metric in metrics()}
    assert sum(figure.value is not None for figure in here) > 400
    for one, other in zip(here, there, strict=True):
        assert one == other, (one, other)


def test_spark_reads_the_partition_column_and_writes_one_file(
    spark_engine: SparkEngine, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    story = company_history(seed=3, customers=10)
    events = bucketed(story, duckdb, tmp_path / "events")
    sql = "SELECT bucket, COUNT(*) AS n FROM events GROUP BY bucket"
    assert sorted(spark_engine.rows(sql, {"events": events})) == sorted(duckdb.rows(sql, {"events": events}))
    path = tmp_path / "out" / "ordered.parquet"
    written = spark_engine.write(
        "SELECT subject_id, at_us FROM events ORDER BY at_us", {"events": events}, path
    )
    assert written == len(story.events)
    found = duckdb.columns("SELECT at_us FROM f", {"f": ParquetFiles((str(path),))})["at_us"]
    assert found.tolist() == sorted(event["at_us"] for event in story.events)
    assert [each.name for each in path.parent.iterdir()] == ["ordered.parquet"]


def test_spark_answers_columns_as_duckdb_does_nulls_included(
    spark_engine: SparkEngine, duckdb: EmbeddedEngine
) -> None:
    table = Rows({"n": [1, None, 3], "word": ["a", None, "é"], "x": [0.5, 1.5, None]}, {"n": "BIGINT"})
    sql = "SELECT n, word, x, n * 2 AS twice FROM t"
    here, there = duckdb.columns(sql, {"t": table}), spark_engine.columns(sql, {"t": table})
    for name in ("n", "word", "x", "twice"):
        assert there[name].tolist() == here[name].tolist(), name
        assert np.ma.getmaskarray(there[name]).tolist() == np.ma.getmaskarray(here[name]).tolist()


def test_spark_knows_a_table_without_rows_and_a_masked_column(spark_engine: SparkEngine) -> None:
    empty = Rows({"n": []}, {"n": "BIGINT"})
    assert spark_engine.rows("SELECT COUNT(n) FROM t", {"t": empty}) == [(0,)]
    nothing = ParquetFiles((), types={"n": "BIGINT"})
    assert spark_engine.rows("SELECT COUNT(n) FROM t", {"t": nothing}) == [(0,)]
    masked = Rows({"n": np.ma.MaskedArray([1, 2], mask=[False, True])})
    assert sorted(spark_engine.rows("SELECT COALESCE(n, -1) FROM t", {"t": masked})) == [(-1,), (1,)]


def test_an_engine_that_is_not_open_says_so(spark: Any, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="outside its with block"):
        SparkEngine(temp=tmp_path).rows("SELECT 1", {})
