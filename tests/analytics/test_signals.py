"""Every early warning answers its own examples, on every engine, and says what it must say (C1-C21)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.snapshots_told import Told
from holdfast.analytics.evidence import evidence_words
from holdfast.analytics.feature import Cause, Series, Unit
from holdfast.analytics.signal import SettingUnit, Signal, Tuned
from holdfast.analytics.signalling import Said, numbers_of, said
from holdfast.analytics.snapshot import FeatureTable
from holdfast.analytics.stories import read_story
from holdfast.domain.events import EVENT_NAMES
from holdfast.domain.expression import Expression, conditions, depth
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.registry import parts
from holdfast.services.warn.catalogue import says_something

SIGNALS: dict[str, Signal] = {name: part.declared for name, part in parts("signals").items()}  # type: ignore[misc]
IN_ORDER = sorted(SIGNALS)
each_signal = pytest.mark.parametrize(
    "name", [pytest.param(name, id=f"{SIGNALS[name].code}-{name}") for name in IN_ORDER]
)


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def alone(signal: Signal, engine: Any) -> Iterator[tuple[FeatureTable, Said]]:
    """Each example asked for itself, at its own day."""
    for example in signal.examples:
        found = Told([example]).at(engine, signal.numbers, day_number(example.at))
        yield found, said(Tuned(signal), found.columns)


@each_signal
def test_each_signal_answers_its_examples(name: str, duckdb: EmbeddedEngine) -> None:
    signal = SIGNALS[name]
    for example, (found, heard) in zip(signal.examples, alone(signal, duckdb), strict=True):
        told = Told([example])
        for who, warns in example.answers.items():
            row = told.row(found, example, who)
            told_of = {each: values[row] for each, values in found.columns.items()}
            holds = bool(heard.holds[row]) if heard.judged[row] else None
            assert holds is warns, f"{who}: {example.title}: {told_of}"


def in_one_go(engine: Any, order: random.Random | None = None) -> None:
    """All examples of all signals in one log, each customer at its own day: the others change nothing."""
    everyone = [SIGNALS[name] for name in IN_ORDER]
    examples = [example for signal in everyone for example in signal.examples]
    ordered = [each for each in examples if " order " in each.events or "Order_C" in each.events]
    for group in (ordered, [each for each in examples if each not in ordered]):
        told = Told(group)
        if order is not None:
            order.shuffle(told.events)
        of = {signal.name: [each for each in signal.examples if each in group] for signal in everyone}
        asked = [Tuned(signal) for signal in everyone if of[signal.name]]
        found = told.along(engine, numbers_of(asked))
        for signal in (tuned.signal for tuned in asked):
            heard = said(Tuned(signal), found.columns)
            for example in of[signal.name]:
                for who, warns in example.answers.items():
                    row = told.row(found, example, who)
                    holds = bool(heard.holds[row]) if heard.judged[row] else None
                    assert holds is warns, f"{signal.name} of {who}: {example.title}"


def test_along_a_spine_among_strangers_each_signal_answers_the_same(duckdb: EmbeddedEngine) -> None:
    in_one_go(duckdb)


@each_signal
def test_replayed_day_by_day_each_signal_says_what_it_said_then(name: str, duckdb: EmbeddedEngine) -> None:
    signal = SIGNALS[name]
    for example in signal.examples:
        told, last = Told([example]), day_number(example.at)
        days = [last - 30, last - 7, last - 1, last]
        replayed = told.at_each(duckdb, signal.numbers, days)
        for day, found in zip(days, replayed, strict=True):
            then = told.at(duckdb, signal.numbers, day)
            assert (then.unit_id == found.unit_id).all()
            for each, values in then.columns.items():
                np.testing.assert_array_equal(found.columns[each], values, f"{each} on day {day - last}")


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_events_are_stored_changes_nothing(duckdb: EmbeddedEngine, seed: int) -> None:
    in_one_go(duckdb, random.Random(seed))


def test_n5_spark_gives_every_warning_as_written(spark: Any, tmp_path: Path) -> None:
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        in_one_go(engine)


@each_signal
def test_whoever_is_warned_of_comes_with_evidence_and_a_strength(name: str, duckdb: EmbeddedEngine) -> None:
    signal = SIGNALS[name]
    warned = 0
    for found, heard in alone(signal, duckdb):
        assert (heard.strength[~heard.holds] == 0).all()
        for row in np.flatnonzero(heard.holds).tolist():
            warned += 1
            numbers = {each: float(values[row]) for each, values in found.columns.items()}
            assert evidence_words(signal, numbers), f"{signal.name}: {numbers}"
            assert 0 < heard.strength[row] <= 1
    assert warned, "at least one example shows of whom it warns"


@each_signal
def test_its_examples_show_of_whom_it_does_not_warn_and_when_it_is_over(
    name: str, duckdb: EmbeddedEngine
) -> None:
    heard = [each for _, each in alone(SIGNALS[name], duckdb)]
    assert any((each.judged & ~each.holds).any() for each in heard)
    assert any(each.over.any() for each in heard)
    assert not any((each.over & each.holds).any() for each in heard)


@each_signal
def test_each_signal_is_called_as_its_file_and_says_what_it_is(name: str) -> None:
    signal = SIGNALS[name]
    assert signal.name == name
    assert signal.cause in get_args(Cause)
    title, meaning = str(signal.title), str(signal.meaning)
    assert title[0].isupper()
    assert not title.endswith(".")
    assert len(title) <= 60
    assert meaning.endswith(".")
    assert signal.cooldown_days >= 0
    told = {event["name"] for example in signal.examples for event in read_story(example.events).events}
    assert {*signal.watch} <= EVENT_NAMES.keys() | told


@each_signal
def test_each_signal_is_asked_in_the_companies_of_its_examples(name: str) -> None:
    for example in SIGNALS[name].examples:
        names = {event["name"]: 1 for event in read_story(example.events).events}
        assert says_something(SIGNALS[name], names), example.title


def test_what_names_no_events_is_asked_everywhere_and_the_others_only_where_any_is() -> None:
    assert says_something(SIGNALS["use_falling"], {"Song Played": 3})
    assert not says_something(SIGNALS["payment_failed"], {"Song Played": 3})
    assert says_something(SIGNALS["looks_at_competitor"], {"Deal Lost": 1})


@each_signal
def test_each_number_has_a_name_and_a_title_of_its_own(name: str) -> None:
    signal = SIGNALS[name]
    names = [each.name for each in signal.numbers]
    assert len({*names}) == len(names)
    assert len({str(each.title) for each in signal.numbers}) == len(names)
    assert all(each.startswith(f"{name}_") for each in names)
    for each in signal.numbers:
        assert each.unit in get_args(Unit)
        assert each.cause == signal.cause
        assert str(each.title)[0].isupper()
        assert not str(each.title).endswith(".")
        assert each.value is not None or len(each.needs) == 1
    assert {*names} >= {shown.number for shown in signal.evidence}
    assert {*names} >= {shown.usual for shown in signal.evidence if shown.usual is not None}


def rules(tuned: Tuned) -> list[Expression]:
    every = (tuned.when, tuned.ends_when, tuned.judged_if, tuned.lapses_if)
    return [each for each in every if each is not None]


@each_signal
def test_its_rules_look_at_its_own_numbers_whatever_the_settings(name: str) -> None:
    signal = SIGNALS[name]
    names = {each.name for each in signal.numbers}
    least = {each.name: each.least for each in signal.settings}
    most = {each.name: each.most for each in signal.settings}
    for values in ({}, least, most):
        for rule in rules(Tuned(signal, values)):
            assert {each.of.name for each in conditions(rule)} <= names
            assert {each.of.kind for each in conditions(rule)} == {"feature"}
            assert depth(rule) <= 8
    for each in signal.settings:
        assert each.unit in get_args(SettingUnit)
        assert each.least <= each.default <= each.most
        assert str(each.title)[0].isupper()
    assert len(least) == len(signal.settings)


@each_signal
def test_every_setting_changes_its_rules(name: str) -> None:
    signal = SIGNALS[name]
    usual = rules(Tuned(signal))
    for each in signal.settings:
        other = each.most if each.default != each.most else each.least
        assert rules(Tuned(signal, {each.name: other})) != usual, each.name


@given(st.data())
def test_no_number_of_a_signal_ends_in_infinity(data: st.DataObject) -> None:
    made = [
        each
        for each in numbers_of([Tuned(one) for one in SIGNALS.values()])
        if each.value is not None and not any(isinstance(need, Series) for need in each.needs.values())
    ]
    number = data.draw(st.sampled_from(made))
    values = st.one_of(st.just(0.0), st.just(float("nan")), st.integers(0, 10**12).map(float))
    needed = {name: np.array(data.draw(st.lists(values, min_size=5, max_size=5))) for name in number.needs}
    assert number.value is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(number.value(needed), np.float64)
    assert found.shape == (5,)
    assert not np.isinf(found).any()


def test_no_two_signals_have_one_title_or_one_row_of_the_catalogue() -> None:
    assert len({str(each.title) for each in SIGNALS.values()}) == len(SIGNALS)
    assert len({each.code for each in SIGNALS.values()}) == len(SIGNALS)
    titles: dict[str, str] = {}
    for number in numbers_of([Tuned(each) for each in SIGNALS.values()]):
        assert titles.setdefault(str(number.title), number.name) == number.name


def test_c1_to_c21_each_row_of_the_catalogue_has_its_signal() -> None:
    """C0 is no signal but a measure: how soon somebody acts."""
    assert {each.code for each in SIGNALS.values()} >= {f"C{row}" for row in range(1, 22)}
