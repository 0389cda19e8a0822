"""Health is the risk in other words: it falls where the risk rises, and its changes add up."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from holdfast.domain.health import ACTED, DIMENSIONS, WATCHED, OwnHealth, Scale, change, of_dimensions

SHARES = st.floats(0.001, 0.999)
EFFECTS = st.dictionaries(st.sampled_from(DIMENSIONS), st.floats(-3, 3))


def scales() -> st.SearchStrategy[Scale]:
    return st.tuples(SHARES, SHARES).map(lambda two: Scale(min(two), max(two)))


@given(scales(), SHARES, SHARES)
def test_health_falls_where_the_risk_rises(scale: Scale, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 100 >= scale.health(low) >= scale.health(high) >= 0


@given(scales())
def test_the_thresholds_of_the_team_are_fixed_points(scale: Scale) -> None:
    assert scale.health(scale.watch_from) == pytest.approx(WATCHED)
    if scale.act_from > scale.watch_from:
        assert scale.health(scale.act_from) == pytest.approx(ACTED)


def test_with_the_usual_thresholds_it_is_100_less_the_risk() -> None:
    for risk in (0.0, 0.1, 0.25, 0.4, 0.5, 0.8, 1.0):
        assert Scale().health(risk) == pytest.approx(100 * (1 - risk))


@given(scales(), SHARES, EFFECTS, SHARES, EFFECTS)
def test_what_moved_it_adds_up_to_the_whole_change(
    scale: Scale,
    risk_then: float,
    effects_then: dict[str, float],
    risk_now: float,
    effects_now: dict[str, float],
) -> None:
    found = change(scale, (risk_then, effects_then), (risk_now, effects_now))
    assert found.points == pytest.approx(scale.health(risk_now) - scale.health(risk_then))
    assert sum(found.of_dimension.values()) + found.rest == pytest.approx(found.points)
    assert set(found.of_dimension) == set(effects_then) & set(effects_now)


def test_a_dimension_that_alone_moved_is_the_whole_change() -> None:
    def risk(log_odds: float) -> float:
        return 1 / (1 + math.exp(-log_odds))

    found = change(Scale(), (risk(-2.0), {"use": 0.0}), (risk(-1.0), {"use": 1.0}))
    assert found.of_dimension["use"] == pytest.approx(found.points)
    assert found.rest == pytest.approx(0.0, abs=1e-9)
    assert found.points < 0


@given(scales(), SHARES, st.floats(0.01, 3))
def test_a_dimension_is_worse_than_the_average_where_its_group_raises_the_risk(
    scale: Scale, base: float, effect: float
) -> None:
    assume(scale.act_from - scale.watch_from > 0.01)  # where both are one risk, the scale has a step there
    found = of_dimensions(scale, base, {"use": effect, "payment": 0.0, "season": 5.0})
    assert list(found) == ["use", "payment"]
    assert found["use"] <= found["payment"] == pytest.approx(scale.health(base), abs=1e-5)


def test_an_own_score_is_the_weighted_mean_of_what_is_known() -> None:
    own = OwnHealth("ours", {"use": 3, "payment": 1, "money": 0})
    assert own.score({"use": 40.0, "payment": 80.0, "money": 0.0}) == pytest.approx(50.0)
    assert own.score({"payment": 80.0}) == pytest.approx(80.0)
    assert own.score({"money": 10.0}) is None
