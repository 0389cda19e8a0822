"""What a customer can still bring: formulas by hand, and intervals that hold as often as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.learning import remaining_value


def test_a_steady_hazard_by_hand():
    """The integral of exp(-(h + d) t) over three years, h = .5 and d = ln 1.1."""
    rate = 0.5 + np.log(1.1)
    told = remaining_value([1000.0], risk=[1 - np.exp(-0.5)], horizon_days=365)
    assert told.expected[0] == pytest.approx(1000 * (1 - np.exp(-3 * rate)) / rate, rel=1e-4)


def test_a_sure_customer_brings_all_and_one_sure_to_leave_next_to_nothing():
    told = remaining_value([100.0, 100.0], risk=[0.0, 1.0], discount=0.0, years=2)
    assert told.expected[0] == pytest.approx(200)
    assert told.low[0] == told.high[0] == pytest.approx(200)
    assert told.expected[1] < 5
    half = remaining_value([100.0], risk=[0.0], discount=0.0, years=2, margin=0.5)
    assert half.expected[0] == pytest.approx(100)


def test_the_interval_holds_as_often_as_it_says():
    """Lives drawn from the hazard: 80 of 100 bring what lies within the interval of 80 %."""
    draw = np.random.default_rng(4)
    told = remaining_value([100.0], risk=[0.6], years=5, discount=0.0)
    stay = np.minimum(draw.exponential(1 / -np.log(0.4), 20_000), 5)
    brought = 100 * stay
    assert brought.mean() == pytest.approx(told.expected[0], rel=0.02)
    inside = (brought >= told.low[0]) & (brought <= told.high[0])
    assert inside.mean() == pytest.approx(0.8, abs=0.015)


def test_survival_and_the_same_risk_agree():
    at = np.linspace(0, 3, 400)
    by_curve = remaining_value([10.0, 20.0], survival=np.exp(-0.7 * at) * np.ones((2, 1)))
    by_risk = remaining_value([10.0, 20.0], risk=[1 - np.exp(-0.7)] * 2)
    for name in ("expected", "low", "high"):
        assert getattr(by_curve, name) == pytest.approx(getattr(by_risk, name), rel=1e-3)


@given(st.lists(st.tuples(st.floats(-10, 1e6), st.floats(0, 1)), min_size=1, max_size=20))
def test_bounds_hold_and_more_risk_is_never_worth_more(rows):
    money, risk = np.array([m for m, _ in rows]), np.array([r for _, r in rows])
    told = remaining_value(money, risk=risk)
    assert (told.low >= 0).all() and (told.low <= told.high + 1e-6).all()
    assert (told.expected <= 3 * np.maximum(money, 0) + 1e-6).all()
    safer = remaining_value(money, risk=risk / 2)
    assert (safer.expected >= told.expected - 1e-6).all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "one of them"),
        ({"risk": [0.1], "survival": [[1, 0.5]]}, "one of them"),
        ({"risk": [1.2]}, "between 0 and 1"),
        ({"risk": [np.nan]}, "between 0 and 1"),
        ({"risk": [0.1], "years": 0}, "years must be above 0"),
        ({"risk": [0.1], "horizon_days": 0}, "above 0 days"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, said):
    with pytest.raises(ValueError, match=said):
        remaining_value([1.0], **asked)
