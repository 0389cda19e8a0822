"""Past dates played again learn from nothing that was not known then (D4)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from holdfast import learning
from holdfast.learning.value import DISCOUNT, YEARS
from holdfast.services.foresee.likely_time import LikelyTime
from holdfast.services.foresee.plain_rivals import HEALTH_WEIGHTS, health, recency
from holdfast.services.foresee.replaying import Judged, drift_state, replay
from holdfast.services.foresee.risk_model import Examples, NotEnough, drawn, examples
from holdfast.services.foresee.worth import remaining_value
from services.foresee.made_panels import panel


def test_only_outcomes_that_were_known_by_then_are_learnt_from() -> None:
    made = panel()
    newest = made.moments[-1]
    before = replay(made, newest).said["model"]
    unknown = made.mature_day > newest
    assert 0 < unknown.sum() < len(made)
    turned = replace(made, left=np.where(unknown, ~made.left, made.left))
    after = replay(turned, newest)
    np.testing.assert_allclose(after.said["model"], before)
    assert (after.left != replay(made, newest).left).all()


def test_a_row_is_learnt_from_on_the_day_on_which_it_could_be_told() -> None:
    made = panel()
    newest = made.moments[-1]
    late = replace(made, mature_day=np.full(len(made), newest + 1, np.int32))
    with pytest.raises(NotEnough):
        replay(late, newest)
    assert replay(replace(late, mature_day=late.mature_day - 1), newest).model.rows == len(made)


def test_the_first_moments_have_nothing_to_learn_from() -> None:
    made = panel()
    with pytest.raises(NotEnough) as reason:
        replay(made, made.moments[0])
    assert "0 losses" in str(reason.value.reason)


def test_rows_are_drawn_without_an_order_and_always_the_same() -> None:
    told = examples(panel())
    some = drawn(told, 3, most=100)
    assert len(some) == 100
    np.testing.assert_array_equal(some.unit_id, drawn(told, 3, most=100).unit_id)
    assert len(drawn(told, 3, most=10**6)) == len(told)


def test_recency_is_the_order_of_silence_and_never_is_longest() -> None:
    columns = {"days_since_activity": np.array([3.0, 90.0, np.nan])}
    told = recency(columns)
    assert told[0] < told[1] == told[2]


def test_health_goes_from_well_to_ill() -> None:
    assert sum(HEALTH_WEIGHTS.values()) == pytest.approx(1)
    columns = {
        "days_since_purchase": np.array([1.0, 400.0, 30.0]),
        "purchase_overdue": np.array([0.0, 9.0, np.nan]),
        "orders_later_part": np.array([1.0, 0.0, np.nan]),
        "open_tickets": np.array([0.0, 5.0, np.nan]),
        "payments_failed_84": np.array([0.0, 5.0, np.nan]),
    }
    told = health(columns)
    assert told[0] == pytest.approx(0)
    assert told[1] == pytest.approx(1)
    assert told[2] == pytest.approx(0.4 / 3 + 0.3 * 0.5)


def test_the_likely_time_is_where_leavers_of_that_risk_left() -> None:
    risk = np.concatenate([np.full(100, 0.1), np.full(100, 0.9)])
    departed = np.concatenate([np.full(100, 70.0), np.full(100, 5.0)])
    first, last = LikelyTime(90).fit(risk, departed).windows(np.array([0.1, 0.9]))
    assert first[0] <= 70 < last[0]
    assert first[1] <= 5 < last[1]
    assert (last <= 90).all()
    nobody = LikelyTime(90).fit(np.empty(0), np.empty(0)).windows(np.array([0.5]))
    assert nobody[0][0] == 0


def test_value_falls_with_risk_and_is_never_below_the_horizon() -> None:
    yearly = np.array([12_000, 12_000, 12_000, -5])
    worth = remaining_value(yearly, np.array([0.0, 0.2, 1.0, 0.5]), 90)
    assert worth[0] == pytest.approx(
        12_000 * -np.expm1(-YEARS * np.log1p(DISCOUNT)) / np.log1p(DISCOUNT), abs=1
    )
    assert worth[0] > worth[1] > worth[2] >= round(12_000 * 90 / 365)
    assert worth[3] == 0


def test_value_is_the_mean_that_learning_works_out_step_by_step() -> None:
    risk = np.linspace(0, 0.6, 15)
    yearly = np.full(15, 1_000_000)
    stepwise = learning.remaining_value(yearly, risk=risk, horizon_days=90).expected
    np.testing.assert_allclose(remaining_value(yearly, risk, 90), stepwise, rtol=1e-3)


def test_features_of_a_unit_stay_beside_its_outcome() -> None:
    made = panel()
    some = examples(made, made.left)
    assert isinstance(some, Examples)
    assert some.left.all()
    assert (some.departed >= 0).all()
    np.testing.assert_array_equal(some.unit_id, made.table.unit_id[made.left])


def test_d5_calibration_alarms_are_rare_where_risks_are_true_and_come_where_they_are_not() -> None:
    """1 % per check at most: of 60, more than 4 would come by chance in one of 1,000 runs."""
    draw = np.random.default_rng(11)
    alarms = missed = 0
    for _ in range(60):
        risk = draw.beta(1, 5, 800)
        true, doubled = (draw.random(800) < np.minimum(factor * risk, 1) for factor in (1.0, 1.6))
        alarms += bool(drift_state(None, (), {}, Judged(true, risk, risk)).calibration_alarm)
        missed += not drift_state(None, (), {}, Judged(doubled, risk, risk)).calibration_alarm
    assert alarms <= 4
    assert missed == 0


def test_a_slightly_better_year_of_many_customers_is_no_alarm() -> None:
    draw = np.random.default_rng(12)
    risk = draw.beta(1, 5, 40_000)
    left = draw.random(40_000) < 1.07 * risk
    found = drift_state(None, (), {}, Judged(left, risk, risk))
    assert found.high is not None
    assert found.observed is not None
    assert found.observed > found.high
    assert found.calibration_alarm is False
