"""Every metric answers its own examples, on every engine, and says what it must say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from analytics.told import measured
from holdfast.analytics.metric import Example, Metric
from holdfast.domain.figures import Figure
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.registry import parts

METRICS: dict[str, Metric] = {name: part.declared for name, part in parts("metrics").items()}  # type: ignore[misc]
UNITS = {"share", "customers", "orders", "days", "months", "years", "times", "points", "money"}
CASES = [
    pytest.param(metric, example, id=f"{name}: {example.title}")
    for name, metric in METRICS.items()
    for example in metric.examples
]


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.mark.parametrize(("metric", "example"), CASES)
def test_b1_to_b12_each_metric_answers_its_examples(
    metric: Metric, example: Example, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    check(example, measured(example, [metric], duckdb, duckdb, tmp_path))


@pytest.mark.long
def test_n5_spark_answers_the_first_example_of_each_metric_as_written(
    spark: Any, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    with SparkEngine(temp=tmp_path / "temp", session=spark) as engine:
        for name, metric in METRICS.items():
            folder = tmp_path / name
            folder.mkdir()
            check(metric.examples[0], measured(metric.examples[0], [metric], engine, duckdb, folder))


def check(example: Example, figures: list[Figure]) -> None:
    found = {key(figure): figure for figure in figures}
    for asked, expected in example.answers.items():
        name = asked if " " in asked else f"{asked} {figures[0].period.start}"
        assert name in found, f"{name!r} is not among {sorted(found)}"
        assert_value(found[name], expected)


def key(figure: Figure) -> str:
    name = figure.definition if figure.group is None else f"{figure.definition}/{figure.group}"
    return f"{name} {figure.period.start}"


def assert_value(figure: Figure, expected: float | str | None) -> None:
    if expected is None:
        assert figure.value is None, figure
        assert figure.reason is not None
    elif isinstance(expected, str):
        assert isinstance(figure.value, Decimal), figure
        assert figure.value == Decimal(expected), figure
    else:
        assert figure.value == pytest.approx(expected), figure


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_says_what_it_is(name: str) -> None:
    metric = METRICS[name]
    assert metric.name == name
    assert metric.unit in UNITS
    assert metric.source
    assert all(row[0] in "ABCDEFGHIJKLMN" and row[1:].isdigit() for row in metric.requirement)
    assert metric.examples, "every metric shows at least one example"
    for text in (metric.title, metric.meaning, metric.formula, metric.left_out):
        assert text is None or str(text)


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_answers_none_with_a_reason_or_nothing_where_there_is_next_to_no_data(
    name: str, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    from datetime import date

    lonely = Example("one visit", "ann 2024-01-05 visit", date(2024, 1, 20), {})
    for figure in measured(lonely, [METRICS[name]], duckdb, duckdb, tmp_path):
        assert figure.value is not None or figure.reason is not None


def rounded(values: Mapping[str, object]) -> dict[str, object]:
    return {name: round(value, 9) if isinstance(value, float) else value for name, value in values.items()}
