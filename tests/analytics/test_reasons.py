"""E4: every reason of the sources is there and answers its own examples on every engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.snapshots_told import Told
from holdfast.analytics.reason import Example, Reason
from holdfast.analytics.snapshot import FeatureTable
from holdfast.domain.events import EVENT_NAMES
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.registry import parts
from holdfast.text.taxonomy import cause_order

REASONS: dict[str, Reason] = {name: part.declared for name, part in parts("reasons").items()}  # type: ignore[misc]
each_reason = pytest.mark.parametrize("name", sorted(REASONS))


def check_all(engine: Any) -> None:
    """All examples of all reasons in one log, each customer at its own day: the others change nothing."""
    pairs = [(reason, example) for reason in REASONS.values() for example in reason.examples]
    ordered = [each for each in pairs if " order " in each[1].events]
    for group in (ordered, [each for each in pairs if each not in ordered]):
        told = Told([example for _, example in group])
        features = [
            each
            for reason, _ in group
            for measure in reason.measures
            for each in measure.features(reason.name)
        ]
        found = told.along(engine, features)
        for reason, example in group:
            for asked, says in example.answers.items():
                assert answered(told, found, reason, example, asked) is says, f"{reason.name}: {asked}"


def answered(told: Told, found: FeatureTable, reason: Reason, example: Example, asked: str) -> bool | None:
    who, _, measure = asked.partition("/")
    row = told.row(found, example, who)
    columns = (found.columns[f"{reason.name}_{measure}_{part}"][row] for part in ("of", "had"))
    of, had = (float(np.nan_to_num(value)) for value in columns)
    return had >= 1 if of >= 1 else None


def test_e4_each_measure_answers_its_examples(tmp_path: Path) -> None:
    with EmbeddedEngine(temp=tmp_path) as engine:
        check_all(engine)


def test_n5_spark_answers_every_measure_as_written(spark: Any, tmp_path: Path) -> None:
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        check_all(engine)


@each_reason
def test_each_measure_has_an_example_of_yes_and_what_it_names_exists(name: str) -> None:
    reason = REASONS[name]
    assert reason.name == name
    assert set(reason.causes) <= set(cause_order())
    assert set(reason.signals) <= set(parts("signals"))
    told = {
        asked.partition("/")[2]: True
        for each in reason.examples
        for asked, says in each.answers.items()
        if says
    }
    for measure in reason.measures:
        assert set(measure.watch) <= set(EVENT_NAMES), measure.name
        assert 0 < measure.weak_from < measure.bad_from < 1, measure.name
        assert told.get(measure.name) or measure.name == "texts", measure.name


def test_e4_bg_and_fa_have_their_nine_and_every_cause_belongs_to_a_reason() -> None:
    quoted = [each for reason in REASONS.values() for each in reason.sources]
    for language in ("bg", "fa"):
        assert {each.number for each in quoted if each.language == language and each.number} == set(
            range(1, 10)
        )
    assert {each.language for each in quoted} == {"bg", "fa", "ro", "ru", "zh"}
    assert {cause for reason in REASONS.values() for cause in reason.causes} == set(cause_order())
    assert all(each.words.strip() for each in quoted)
