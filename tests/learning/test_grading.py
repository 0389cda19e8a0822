"""Grades equal those of scikit-learn, say what they cannot say, and compare honestly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from holdfast.learning.grading import grade, paired_difference, top_decile, why

RISKS = st.sampled_from([0.01, 0.1, 0.25, 0.5, 0.9])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), RISKS), min_size=4, max_size=60))
def test_figures_are_those_of_scikit_learn_ties_included(rows):
    left = np.array([gone for gone, _ in rows] + [True, False])
    risk = np.array([risk for _, risk in rows] + [0.25, 0.5])
    told = grade(left, risk)
    assert told.rows == len(left) and told.left == left.sum()
    assert told.auc == pytest.approx(roc_auc_score(left, risk))
    assert told.average_precision == pytest.approx(average_precision_score(left, risk))
    assert told.log_loss == pytest.approx(log_loss(left, risk))


def test_the_top_decile_by_hand():
    left = np.array([1, 1, 0, 1] + [0] * 16)
    risk = np.array([0.9, 0.8, 0.7, 0.6] + [0.1] * 16)
    told = grade(left, risk, money=np.array([100, 300, 50, 600] + [10] * 16))
    assert told.lift_top_decile == pytest.approx(1 / (3 / 20))
    assert told.money_caught == pytest.approx(0.4)


def test_equal_risks_share_the_last_places_of_the_decile():
    told = top_decile(np.array([0.9] + [0.5] * 4 + [0.1] * 15))
    assert told.tolist() == [1.0] + [0.25] * 4 + [0.0] * 15
    blind = grade([1] * 5 + [0] * 45, np.full(50, 0.1))
    assert blind.lift_top_decile == pytest.approx(1.0) and blind.auc == 0.5


@pytest.mark.parametrize(
    ("left", "lacking", "code"),
    [
        ([], {"auc", "log_loss", "money_caught"}, "no_rows"),
        ([0, 0], {"auc", "average_precision", "lift_top_decile", "money_caught"}, "nobody_left"),
        ([1, 1], {"auc"}, "nobody_stayed"),
    ],
)
def test_what_cannot_be_said_is_none_with_a_reason(left, lacking, code):
    told = grade(left, np.full(len(left), 0.5), np.ones(len(left)))
    for name in lacking:
        assert getattr(told, name) is None
        assert told.reasons[name] == code
    assert str(why(code)).endswith(".")


def test_unknown_money_is_no_figure():
    assert grade([0, 1], [0.2, 0.7]).reasons == {"money_caught": "no_money"}
    assert grade([0, 1], [0.2, 0.7], [5.0, np.nan]).money_caught is None


@pytest.mark.parametrize(
    ("left", "risk", "said"),
    [
        ([0, 2], [0.1, 0.2], "0 .stayed."),
        ([0, 1], [0.1, 1.2], "between 0 and 1"),
        ([0, 1], [0.1], "one outcome"),
    ],
)
def test_wrong_columns_are_refused(left, risk, said):
    with pytest.raises(ValueError, match=said):
        grade(left, risk)


@pytest.mark.parametrize("measure", ["auc", "average_precision", "log_loss"])
def test_a_better_risk_is_clearly_better_whatever_the_measure(measure):
    draw = np.random.default_rng(3)
    truth = draw.beta(1, 3, 2000)
    left = draw.random(2000) < truth
    worse = np.clip(truth + draw.normal(0, 0.25, 2000), 0.01, 0.99)
    told = paired_difference(left, truth, worse, measure, draws=200)
    assert 0 < told.low < told.estimate < told.high and told.clear
    turned = paired_difference(left, worse, truth, measure, draws=200)
    assert turned.estimate == pytest.approx(-told.estimate) and turned.high < 0


def test_rows_of_one_customer_are_no_independent_proof():
    draw = np.random.default_rng(4)
    truth = draw.beta(1, 3, 300)
    left = draw.random(300) < truth
    other = np.clip(truth + draw.normal(0, 0.1, 300), 0, 1)
    often = [np.repeat(column, 12) for column in (left, truth, other)]
    alone = paired_difference(*often)
    together = paired_difference(*often, groups=np.repeat(np.arange(300), 12))
    assert together.high - together.low > 2.5 * (alone.high - alone.low)


def test_the_interval_holds_no_difference_about_as_often_as_it_says():
    """Two equally noisy views of the same truth: 95 of 100 intervals hold 0."""
    draw = np.random.default_rng(11)
    held = 0
    for _ in range(100):
        truth = draw.beta(1, 2, 400)
        left = draw.random(400) < truth
        views = [np.clip(truth + draw.normal(0, 0.15, 400), 0, 1) for _ in range(2)]
        held += not paired_difference(left, *views, draws=200).clear
    assert 88 <= held <= 100


def test_one_outcome_alone_cannot_be_compared():
    with pytest.raises(ValueError, match="both outcomes"):
        paired_difference([0, 0], [0.1, 0.2], [0.3, 0.1])
