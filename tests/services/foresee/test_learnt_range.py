"""What a model has not seen is not asked of it: outgrown features go, single values are drawn in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.services.foresee.learnt_range import MOST_OUTSIDE, learnt_range, outgrown
from holdfast.services.foresee.risk_model import RiskModel, examples, learn
from holdfast.services.foresee.training import _left_out
from services.foresee.made_panels import TODAY, feature, panel, table

NUMBERS = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(np.nan)), min_size=1, max_size=60)


@given(NUMBERS, NUMBERS)
def test_what_is_clipped_lies_inside_and_gaps_stay(seen: list[float], asked: list[float]) -> None:
    known = learnt_range(np.array(seen))
    column = np.array(asked)
    clipped = known.clipped(column)
    if np.isfinite(seen).any():
        np.testing.assert_array_equal(np.isnan(clipped), np.isnan(column))
        inside = clipped[np.isfinite(clipped)]
        assert ((inside >= known.low) & (inside <= known.high)).all()
        assert learnt_range(np.array(seen)).share_outside(clipped) <= np.isnan(column).mean()


@given(NUMBERS)
def test_nobody_is_outside_where_nothing_has_changed_but_for_the_tails(seen: list[float]) -> None:
    column = np.array(seen * 5)
    assert not outgrown({"x": learnt_range(column)}, {"x": column}) or len(seen) < 40


def test_words_and_gaps_that_were_not_seen_are_outside() -> None:
    words = learnt_range(np.array(["a", "b", None] * 100, object))
    assert words.share_outside(np.array(["a", None, "c", "c"], object)) == 0.5
    whole = learnt_range(np.arange(100.0))
    assert whole.share_outside(np.array([50.0, np.nan])) == 0.5
    assert whole.share_outside(np.empty(0)) == 0


def grown(shift: float) -> tuple[dict[str, Any], RiskModel]:
    """A total that has grown since everything the model learnt from, and tells who left there."""
    made = panel(400)
    total = np.where(made.left, 20.0, 40.0) + np.random.default_rng(3).normal(0, 5, len(made))
    columns = {**made.table.columns, "spent ever": total}
    told = replace(made, table=replace(made.table, columns=columns))
    now = {**table(200, [TODAY], 5).columns, "spent ever": total[:200] + shift}
    return now, learn(examples(told), 90, now)


def test_a_feature_that_has_outgrown_the_past_is_left_out() -> None:
    now, model = grown(400.0)
    assert model.outgrown == ("spent ever",)
    assert "spent ever" not in model.names
    assert model.probabilities(now).std() > 0.05
    assert "spent ever" in grown(0.0)[1].names


def test_probabilities_and_reasons_take_what_was_never_seen_for_the_nearest_that_was() -> None:
    now, model = grown(0.0)
    far = {**now, "days_since_activity": now["days_since_activity"] + 1e6}
    near = {**now, "days_since_activity": np.full(200, model.ranges["days_since_activity"].high)}
    np.testing.assert_allclose(model.probabilities(far), model.probabilities(near))
    base, _, effects = model.effects(far)
    risk = model.probabilities(far)
    np.testing.assert_allclose(base + effects.sum(axis=1), np.log(risk / (1 - risk)), atol=1e-8)


def test_features_that_hardly_vary_are_left_out() -> None:
    made = panel()
    same = np.zeros(len(made))
    same[:3] = 9.0
    columns = {**made.table.columns, "rare": same}
    told = examples(replace(made, table=replace(made.table, columns=columns)))
    model = learn(told, 90, {**table(200, [TODAY], 5).columns, "rare": np.zeros(200)})
    assert (model.steady, model.outgrown) == (("rare",), ())
    assert pytest.approx(0.1) == MOST_OUTSIDE


def test_the_card_names_what_is_left_out_and_is_brief_where_it_is_much() -> None:
    _, model = grown(400.0)
    told = _left_out(model, (feature("spent ever", "money", "money"),))
    assert [str(note) for note in told] == [
        "One feature is left out, since for many customers its value now lies outside what could be learnt "
        "from: Time."
    ]
    many = tuple(f"f{at}" for at in range(9))
    (note,) = _left_out(replace(model, outgrown=(), steady=many), [feature(name) for name in many])
    assert str(note).endswith("every customer: Time; Time; Time; Time and 5 more.")
    assert str(note).startswith("9 features are left out")
