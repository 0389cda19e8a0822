"""Every feature answers its own examples, on every engine, and says what it must say (D2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analytics.emit import emit
from holdfast.analytics.feature import Cause, Example, Feature, FeatureFamily, Gaps, Over, Series, Unit
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.snapshot import SPINE, At, Basis, FeatureTable, features_along, features_at
from holdfast.analytics.stories import Story, read_story
from holdfast.analytics.taken import ORDERED, PAID, PAID_BACK, REFUNDED
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.engines.tables import Rows
from holdfast.registry import parts

FAMILIES: dict[str, FeatureFamily] = {name: part.declared for name, part in parts("features").items()}  # type: ignore[misc]
FEATURES: dict[str, Feature] = {each.name: each for family in FAMILIES.values() for each in family.features}
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

    def check(self, found: FeatureTable, feature: Feature, example: Example) -> None:
        for who, expected in example.answers.items():
            (row,) = np.flatnonzero(found.unit_id == self.unit_of[example.events, who])
            value = found.columns[feature.name][row]
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
                    told.check(found, feature, example)


def all_in_one_go(engine: Any) -> None:
    cases = [(feature, example) for feature in FEATURES.values() for example in feature.examples]
    ordered = [case for case in cases if " order " in case[1].events or "Order_C" in case[1].events]
    for group in (ordered, [case for case in cases if case not in ordered]):
        told = Told([example for _, example in group])
        found = told.along(engine, [*{feature.name: feature for feature, _ in group}.values()])
        for feature, example in group:
            told.check(found, feature, example)


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
