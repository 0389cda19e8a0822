"""Calibration: by hand, and by worlds in which the stated probabilities are true."""

import numpy as np
import pytest

from holdfast.learning.calibration import calibration_curve, calibration_error, expected_losses


def test_by_hand():
    left = [0, 0, 0, 1, 1, 1, 1, 0]
    risk = [0.25] * 4 + [0.5] * 4
    assert calibration_error(left, risk, bins=2) == pytest.approx((0 + 0.25) / 2)
    low, high = calibration_curve(left, risk, bins=2)
    assert (low.mean_probability, low.share_left, low.rows) == (0.25, 0.25, 4)
    assert (high.mean_probability, high.share_left, high.rows) == (0.5, 0.75, 4)
    assert low.low == pytest.approx(0.0456, abs=1e-4)  # Wilson, 1 of 4
    assert low.high == pytest.approx(0.6994, abs=1e-4)


def test_bins_hold_equal_counts_and_order_of_rows_does_not_matter():
    draw = np.random.default_rng(2)
    risk = draw.beta(1, 5, 5000)
    left = draw.random(5000) < risk
    curve = calibration_curve(left, risk)
    assert [part.rows for part in curve] == [500] * 10
    shuffled = draw.permutation(5000)
    assert calibration_error(left[shuffled], risk[shuffled]) == pytest.approx(calibration_error(left, risk))
    assert calibration_error(left, risk) < 0.02 < calibration_error(left, np.clip(risk * 1.5, 0, 1))


def test_one_probability_for_all_is_one_bin():
    assert calibration_error([1] * 20 + [0] * 80, np.full(100, 0.2)) == pytest.approx(0.0)
    assert len(calibration_curve([1, 0], [0.4, 0.4])) == 1
    assert calibration_curve([], []) == []


@pytest.mark.parametrize("asked", [calibration_error, expected_losses])
def test_no_rows_are_refused(asked):
    with pytest.raises(ValueError, match="no rows"):
        asked([], [])


@pytest.mark.parametrize("rows", [120, 8000])
def test_true_probabilities_are_doubted_at_the_stated_rate(rows):
    """p values are uniform when the probabilities are true: 10 % lie below .1 (interval of 99.9 %)."""
    draw = np.random.default_rng(17)
    told = []
    for _ in range(300):
        risk = draw.beta(1, 8, rows)
        told.append(expected_losses(draw.random(rows) < risk, risk).p_value)
    assert 0.05 < np.mean(np.array(told) <= 0.1) < 0.16


@pytest.mark.parametrize("spoil", [lambda r: np.clip(1.4 * r, 0, 1), lambda r: r**2 / (r**2 + (1 - r) ** 2)])
def test_wrong_level_and_wrong_spread_are_found(spoil):
    draw = np.random.default_rng(6)
    risk = draw.beta(1, 4, 4000)
    left = draw.random(4000) < risk
    assert expected_losses(left, spoil(risk)).p_value <= 0.001
    fine = expected_losses(left, risk)
    assert fine.low < fine.observed < fine.high
    assert fine.expected == pytest.approx(risk.sum())


def test_a_model_of_few_rows_is_not_blamed_for_its_own_uncertainty():
    draw = np.random.default_rng(8)
    risk = draw.beta(2, 8, 6000)
    left = draw.random(6000) < np.clip(risk * 1.15, 0, 1)
    alone = expected_losses(left, risk)
    assert alone.p_value < 0.01
    assert expected_losses(left, risk, reference=draw.beta(2, 8, 100)).p_value > 0.05
