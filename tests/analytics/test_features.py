"""Every feature answers its own examples, on every engine, and says what it must say (D2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.snapshots_told import Told
from holdfast.analytics.feature import Cause, Example, Feature, FeatureFamily, Gaps, Over, Series, Unit
from holdfast.analytics.snapshot import FeatureTable
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.registry import parts

FAMILIES: dict[str, FeatureFamily] = {name: part.declared for name, part in parts("features").items()}  # type: ignore[misc]
FEATURES: dict[str, Feature] = {each.name: each for family in FAMILIES.values() for each in family.features}


def check(told: Told, found: FeatureTable, feature: Feature, example: Example) -> None:
    for who, expected in example.answers.items():
        value = found.columns[feature.name][told.row(found, example, who)]
        wanted = np.nan if expected is None else expected
        said = f"{feature.name} of {who}: {example.title}"
        if isinstance(expected, str) or feature.unit == "category":
            assert value == expected, said
        else:
            assert value == pytest.approx(wanted, nan_ok=True), said


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.mark.parametrize("name", FAMILIES)
def test_each_feature_answers_its_examples(name: str, duckdb: EmbeddedEngine) -> None:
    features = FAMILIES[name].features
    stories = {(each.events, each.at): each for feature in features for each in feature.examples}
    for one in stories.values():
        told = Told([one])
        found = told.at(duckdb, features, day_number(one.at))
        for feature in features:
            for example in feature.examples:
                if (example.events, example.at) == (one.events, one.at):
                    check(told, found, feature, example)


def all_in_one_go(engine: Any) -> None:
    cases = [(feature, example) for feature in FEATURES.values() for example in feature.examples]
    ordered = [case for case in cases if " order " in case[1].events or "Order_C" in case[1].events]
    for group in (ordered, [case for case in cases if case not in ordered]):
        told = Told([example for _, example in group])
        found = told.along(engine, [*{feature.name: feature for feature, _ in group}.values()])
        for feature, example in group:
            check(told, found, feature, example)


def test_along_a_spine_each_feature_answers_the_same(duckdb: EmbeddedEngine) -> None:
    all_in_one_go(duckdb)


def test_n5_spark_answers_every_example_as_written(spark: Any, tmp_path: Path) -> None:
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        all_in_one_go(engine)


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_is_called_as_its_file_and_looks_at_known_stretches(name: str) -> None:
    family = FAMILIES[name]
    assert family.name == name
    assert str(family.title)
    for feature in family.features:
        stretches = [need.days for need in feature.needs.values() if isinstance(need, Over | Gaps | Series)]
        bounded = [days for days in stretches if days is not None]
        if feature.window_days is None:
            assert not bounded or None in stretches, feature.name
        elif bounded and len(bounded) == len(stretches):
            assert max(bounded) == feature.window_days, feature.name


@pytest.mark.parametrize("name", FEATURES)
def test_each_feature_says_what_it_is(name: str) -> None:
    feature = FEATURES[name]
    assert feature.unit in get_args(Unit)
    assert feature.cause in get_args(Cause)
    assert feature.examples, "every feature shows at least one example"
    assert all(example.answers for example in feature.examples)
    title, meaning = str(feature.title), str(feature.meaning)
    assert title[0].isupper(), "a title begins a driver sentence"
    assert not title.endswith(".")
    assert len(title) <= 75
    assert meaning.endswith(".")
    assert feature.value is not None or len(feature.needs) == 1


def test_no_two_features_have_one_name_or_one_title() -> None:
    features = [each for family in FAMILIES.values() for each in family.features]
    assert len({each.name for each in features}) == len(features)
    assert len({str(each.title) for each in features}) == len(features)
    assert 80 <= len(features) <= 100


@given(st.data())
def test_no_arithmetic_of_a_feature_ends_in_infinity(data: st.DataObject) -> None:
    feature = data.draw(st.sampled_from([each for each in FEATURES.values() if each.value is not None]))
    assert feature.value is not None
    numbers = st.one_of(st.just(0.0), st.just(float("nan")), st.integers(0, 10**12).map(float))
    needed = {name: np.array(data.draw(st.lists(numbers, min_size=5, max_size=5))) for name in feature.needs}
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(feature.value(needed), np.float64)
    assert found.shape == (5,)
    assert not np.isinf(found).any()
    if feature.unit == "share":
        known = found[~np.isnan(found)]
        assert (known >= 0).all()
