"""The drift alarms: silent at their stated rate, loud at a planted drift (the issue's simulated test)."""

import numpy as np
import pytest

from holdfast.learning.drift import calibration_drift, population_drift

SEED = 2024


def customers(draw, count):
    tenure = draw.exponential(300, count)
    return {
        "tenure": tenure,
        "orders": draw.poisson(2, count).astype(float),
        "spend": np.where(draw.random(count) < 0.2, np.nan, draw.lognormal(3, 1, count)),
        "plan": draw.choice(np.array(["basic", "plus", "pro", None], dtype=object), count),
        **{f"f{i}": draw.normal(size=count) + tenure / 300 for i in range(8)},
    }


@pytest.mark.parametrize(("before", "now"), [(2000, 300), (500, 500)])
def test_without_drift_population_alarms_stay_at_the_stated_rate(before, now):
    """1 % per check: of 400, more than 11 would come by chance in one of 1,000 runs."""
    print(f"seed {SEED}")
    draw = np.random.default_rng(SEED)
    alarms = sum(population_drift(customers(draw, before), customers(draw, now)).alarm for _ in range(400))
    assert alarms <= 11


def test_the_test_itself_keeps_its_rate_when_no_shift_is_too_small():
    draw = np.random.default_rng(SEED + 1)
    checks = [
        population_drift(
            {"x": draw.normal(size=800)}, {"x": draw.normal(size=400)}, false_alarm_rate=0.1, least_shift=0
        ).alarm
        for _ in range(500)
    ]
    assert 0.06 < np.mean(checks) < 0.15


@pytest.mark.parametrize(
    ("feature", "moved"),
    [
        ("f3", lambda v, draw: v + 0.5 * v.std()),
        ("spend", lambda v, draw: np.where(draw.random(len(v)) < 0.3, np.nan, v)),
        ("plan", lambda v, draw: np.where(draw.random(len(v)) < 0.4, "basic", v)),
        ("plan", lambda v, draw: np.where(draw.random(len(v)) < 0.3, "a new one", v)),
    ],
)
def test_a_planted_drift_is_found_and_named(feature, moved):
    draw = np.random.default_rng(SEED)
    now = customers(draw, 1500)
    now[feature] = moved(now[feature], draw)
    told = population_drift(customers(draw, 3000), now)
    assert told.alarm and told.features[0].name == feature and told.features[0].drifted
    assert told.statistic == told.features[0].psi >= 0.1
    assert [f.name for f in told.features if f.drifted] == [feature]


def test_a_real_but_tiny_shift_of_a_million_rows_raises_no_alarm():
    draw = np.random.default_rng(SEED)
    told = population_drift({"x": draw.normal(size=10**6)}, {"x": draw.normal(0.02, 1, 10**6)})
    assert told.features[0].p_value < 1e-6 and not told.alarm


@pytest.mark.parametrize(
    ("before", "now"),
    [([], [1.0]), ([np.nan] * 30, [np.nan] * 30), ([1.0] * 30, [1.0] * 30), (["a"] * 30, ["a"] * 3)],
)
def test_nothing_to_compare_is_no_drift(before, now):
    told = population_drift({"x": before}, {"x": now})
    assert (told.alarm, told.statistic, told.features[0].p_value) == (False, 0.0, 1.0)


def test_a_constant_that_becomes_another_constant_is_found():
    for constant in (3.0, 0.0):
        assert population_drift({"x": np.ones(200)}, {"x": np.full(200, constant)}).alarm


def test_missing_features_are_named():
    with pytest.raises(ValueError, match=r"lacks features.*orders"):
        population_drift({"orders": [1.0]}, {})


def test_calibration_alarms_stay_at_the_stated_rate_without_drift():
    draw = np.random.default_rng(SEED)
    alarms = 0
    for _ in range(400):
        risk = draw.beta(1, 9, 400)
        alarms += calibration_drift(draw.random(400) < risk, risk).alarm
    assert alarms <= 11


def test_a_planted_change_of_the_losses_is_found():
    draw = np.random.default_rng(SEED)
    risk = draw.beta(1, 9, 3000)
    told = calibration_drift(draw.random(3000) < np.clip(1.5 * risk, 0, 1), risk)
    assert told.alarm and told.observed > told.high > told.expected and told.false_alarm_rate == 0.01
