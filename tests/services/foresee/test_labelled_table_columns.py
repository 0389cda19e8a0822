"""What columns of a labelled table are, and which of them leak (D1)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.refusals import Refusal
from holdfast.services.foresee.labelled_table import repeats_for
from holdfast.services.foresee.table_columns import TableColumn, nothing_to_learn, read_column, words_of
from holdfast.services.foresee.table_dates import expanding
from holdfast.services.foresee.table_leaks import alone, area, find_leaks, folds_of, named
from holdfast.services.foresee.table_validation import (
    Plan,
    chosen_columns,
    cross_validate,
    graded,
    risk_model,
)


@pytest.mark.parametrize(
    ("cells", "kind", "first"),
    [
        (["1", "2.5", None], "number", 1.0),
        (["1.234,50", "7,25"], "number", 1234.5),
        (["۱۲٫۵", "۳"], "number", 12.5),
        (["12 %", "5 %"], "number", 0.12),
        (["inf", "3"], "number", np.nan),
        (["2024-01-31", "2024-02-01"], "day", 19753.0),
        (["31/01/2024", "02/01/2024"], "day", 19753.0),
        (["20240131", "20240201"], "day", 19753.0),
        (["0000611365", "0007900770"], "category", "0000611365"),
        (["Dublin", "Cork"], "category", "Dublin"),
        (["NA", "7"], "number", np.nan),
    ],
)
def test_columns_are_what_their_cells_say(cells: list[str | None], kind: str, first: float | str) -> None:
    column = read_column("x", cells)
    assert column.kind == kind
    assert column.values[0] == first or (first != first and np.isnan(column.values[0]))


def test_a_few_odd_cells_do_not_turn_numbers_into_text() -> None:
    column = read_column("x", [*map(str, range(200)), "see note"])
    assert (column.kind, column.unread) == ("number", 1)


@pytest.mark.parametrize(
    ("name", "cells", "code"),
    [
        ("CustomerId", [str(15_634_602 + i * 7 % 1000 + i * 1000) for i in range(100)], "id"),
        ("Unnamed", [str(i) for i in range(100)], "id"),
        ("Surname", [f"name {i % 30}" for i in range(100)], "personal"),
        ("remarks", [f"text {i}" for i in range(100)], "id"),
        ("city", [f"city {i % 60}" for i in range(200)], "near_unique"),
        ("country", ["IE"] * 100, "constant"),
        ("nothing", [None] * 100, "empty"),
        ("salary", [str(1000.5 + i) for i in range(100)], None),
        ("state", [f"s{i % 50}" for i in range(5000)], None),
        ("phone_plan", ["a", "b"] * 50, None),
    ],
)
def test_what_cannot_be_learned_from_is_known(name: str, cells: list[str | None], code: str | None) -> None:
    remark = nothing_to_learn(read_column(name, cells))
    assert (remark and remark.code) == code


def test_names_are_read_as_words() -> None:
    assert words_of("TotalCharges") == ["total", "charges"]
    assert words_of("days_late") == ["days", "late"]
    assert words_of("customerID") == ["customer", "id"]


@pytest.mark.parametrize(
    ("target", "name", "leaks"),
    [
        ("Churn", "Churn Reason", True),
        ("Exited", "ExitedOn", True),
        ("left", "cancellation_date", True),
        ("y", "دلیل ریزش", True),
        ("y", "流失评分", True),
        ("y", "вероятность", True),
        ("status", "marital_status", False),
        ("Churn", "CreditScore", False),
        ("Churn", "Contract", False),
    ],
)
def test_names_that_tell_of_the_outcome_leak(target: str, name: str, leaks: bool) -> None:
    assert (named(target, TableColumn(name, "number", np.zeros(3))) is not None) == leaks


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_column_of_chance_stays_near_one_half_and_the_outcome_itself_is_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    left = draw.random(400) < 0.3
    folds = folds_of(left, seed)
    chance = alone(TableColumn("x", "number", draw.normal(size=400)), left, folds)
    levels = np.array([f"l{v}" for v in draw.integers(0, 60, 400)], dtype=object)
    assert chance < 0.65
    assert alone(TableColumn("x", "category", levels), left, folds) < 0.65
    assert alone(TableColumn("x", "number", left.astype(float)), left, folds) == 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=60))
def test_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[bool, int]]) -> None:
    left, score = np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])
    pairs = [(a > b) + (a == b) / 2 for a in score[left] for b in score[~left]]
    assert area(left, score) == pytest.approx(np.mean(pairs) if pairs else 0.5)


def test_a_rare_mark_of_one_outcome_leaks_and_a_pure_small_level_does_not() -> None:
    draw = np.random.default_rng(0)
    left = draw.random(2000) < 0.2
    refund = np.where(left & (draw.random(2000) < 0.3), 10.0, 0.0)
    products = np.where(left & (draw.random(2000) < 0.04), 4.0, draw.integers(1, 4, 2000).astype(float))
    columns = [TableColumn("refund", "number", refund), TableColumn("products", "number", products)]
    assert [(leak.column, leak.code) for leak in find_leaks("y", columns, left, 0)] == [
        ("refund", "one_sided")
    ]


def test_what_knows_far_more_than_all_the_rest_leaks() -> None:
    draw = np.random.default_rng(0)
    left = draw.random(1500) < 0.3
    strong = left + draw.normal(0, 0.45, 1500)
    columns = [TableColumn("a", "number", strong), TableColumn("b", "number", draw.normal(size=1500))]
    assert [(leak.column, leak.code) for leak in find_leaks("y", columns, left, 0)] == [("a", "far_above")]


def test_of_very_many_columns_the_telling_ones_are_chosen() -> None:
    draw = np.random.default_rng(0)
    left = draw.random(120) < 0.4
    table = {f"n{number}": draw.normal(size=120) for number in range(10_000)}
    table["told"] = left + draw.normal(0, 0.3, 120)
    chosen = chosen_columns(table, left)
    assert len(chosen) == 50
    assert "told" in chosen


def test_choosing_among_columns_of_chance_does_not_look_like_foresight() -> None:
    """What was chosen by the outcome of all rows would reach .9 here; chosen per fold it stays chance."""
    draw = np.random.default_rng(0)
    left = np.arange(120) % 3 == 0
    table = {f"n{number}": draw.normal(size=120) for number in range(1_000)}
    found = cross_validate(table, left, Plan(folds=3, repeats=1))
    told = graded(left, found.risks["model"], None, 0).values["auc"]
    assert told is not None
    assert 0.25 < told < 0.75


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=150, max_size=300))
def test_windows_teach_from_earlier_days_only_and_test_every_later_row_once(
    rows: list[tuple[int, bool]],
) -> None:
    days, left = np.array([float(day) for day, _ in rows]), np.array([gone for _, gone in rows])
    try:
        windows = expanding(left, days, 5)
    except Refusal as refusal:
        assert refusal.code == "not_enough_data"
        return
    tested = np.concatenate([after for _, after in windows])
    assert len(set(tested.tolist())) == len(tested)
    assert set(np.flatnonzero(days >= days[tested].min()).tolist()) == set(tested.tolist())
    for before, after in windows:
        assert days[before].max() < days[after].min()
        assert min(left[before].sum(), (~left[before]).sum()) >= 20


@pytest.mark.parametrize("columns", [10_000])
def test_very_many_columns_are_asked_once_and_with_fewer_folds(columns: int) -> None:
    assert repeats_for(1_000, columns) == 1
    assert repeats_for(1_000, 20) == 3
    assert risk_model(columns, 0).folds < risk_model(20, 0).folds


def test_drivers_add_up_to_the_odds_of_every_row() -> None:
    draw = np.random.default_rng(0)
    quiet = draw.exponential(1, 200)
    left = draw.random(200) < 1 / (1 + np.exp(1 - quiet))
    groups = np.arange(200) // 2
    found = cross_validate({"quiet": quiet, "noise": draw.normal(size=200)}, left, Plan(3, 2), groups)
    assert found.base + found.effects.sum(axis=1) == pytest.approx(found.odds)
