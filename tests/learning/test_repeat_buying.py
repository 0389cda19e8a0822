"""Models of repeat buying: published parameters, gradients, and what predictions must obey."""

import gzip
import itertools
from collections import defaultdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import approx_fprime

from holdfast.learning._sufficient import histories
from holdfast.learning.repeat_buying import (
    BetaGeometricNBD,
    ModifiedBetaGeometricNBD,
    NotFittedError,
    ParetoNBD,
)

MODELS = [BetaGeometricNBD, ModifiedBetaGeometricNBD, ParetoNBD]


@pytest.fixture(scope="module")
def cdnow(holdfast_data):
    """The 39-week calibration sample of Fader, Hardie and Lee, in weeks."""
    days = defaultdict(set)
    with gzip.open(holdfast_data / "cdnow" / "cdnowElog_btyd.csv.gz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            customer, _, on, *_ = line.split(",")
            days[customer].add(date(int(on[:4]), int(on[4:6]), int(on[6:])))
    end = date(1997, 9, 30)
    seen = [sorted(d for d in bought if d <= end) for bought in days.values()]
    frequency = np.array([len(bought) - 1 for bought in seen])
    recency = np.array([(bought[-1] - bought[0]).days / 7 for bought in seen])
    observed = np.array([(end - bought[0]).days / 7 for bought in seen])
    return frequency, recency, observed


@pytest.mark.shared_data
def test_d1_bg_nbd_finds_the_published_parameters_of_cdnow(cdnow):
    model = BetaGeometricNBD().fit(*cdnow)
    assert [round(v, 3) for v in (model.r_, model.a_, model.b_)] == [0.243, 0.793, 2.426]
    assert model.alpha_ == pytest.approx(4.414, abs=5e-4)
    assert model.log_likelihood_ == pytest.approx(-9582.43, abs=0.01)


@pytest.mark.shared_data
def test_d1_pareto_nbd_finds_the_published_parameters_of_cdnow(cdnow):
    model = ParetoNBD().fit(*cdnow)
    found = (model.r_, model.alpha_, model.s_, model.beta_)
    assert found == pytest.approx((0.553, 10.578, 0.606, 11.669), abs=2e-3)
    assert model.log_likelihood_ == pytest.approx(-9594.98, abs=0.01)


@st.composite
def histories_of_some(draw):
    rows = draw(
        st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1), st.floats(0.1, 400)), min_size=2, max_size=20)
    )
    x = np.array([row[0] for row in rows])
    total = np.array([row[2] for row in rows])
    last = np.where(x > 0, total * [row[1] for row in rows], 0.0)
    return x, last, total


@pytest.mark.parametrize("model", MODELS)
@given(told=histories_of_some(), parameters=st.tuples(*[st.floats(-2, 2)] * 4))
@settings(max_examples=40, deadline=None)
def test_slopes_are_the_derivatives_of_the_likelihood(model, told, parameters):
    grouped = histories(told[0], told[1] / 400, told[2] / 400)
    at = np.array(parameters)

    def likelihood(log_parameters):
        return float(grouped.weight @ model()._terms(log_parameters, grouped)[0])

    exact = model()._terms(at, grouped)[1] @ grouped.weight
    assert exact == pytest.approx(approx_fprime(at, likelihood, 1e-6), rel=2e-3, abs=2e-3)


@given(st.floats(0.05, 5), st.floats(0.5, 50), st.floats(0.05, 5), st.floats(0.5, 50), st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_pareto_likelihood_equals_the_integral_it_stands_for(r, alpha, s, beta, x):
    told = histories([x], [20.0 if x else 0.0], [30.0])
    value = ParetoNBD()._terms(np.log([r, alpha, s, beta]), told)[0][0]
    last = told.recency[0]
    scaled = (r + x) * np.log(alpha + last)
    integral = quad(
        lambda tau: s * beta**s * np.exp(scaled - (r + x) * np.log(alpha + tau)) / (beta + tau) ** (s + 1),
        last,
        30.0,
        limit=500,
        points=[last + (30 - last) * share for share in (1e-3, 1e-2, 0.1)],
    )[0]
    alive = np.exp(scaled - (r + x) * np.log(alpha + 30)) * (beta / (beta + 30)) ** s
    from scipy.special import gammaln

    direct = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - scaled + np.log(integral + alive)
    assert value == pytest.approx(direct, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_predictions_stay_within_reason(model):
    seed = 7
    print(f"seed {seed}")
    draw = np.random.default_rng(seed)
    rate, drop = draw.gamma(0.6, 1 / 8, 3000), draw.beta(0.8, 2.5, 3000)
    x, last, total = np.zeros(3000), np.zeros(3000), draw.uniform(20, 104, 3000)
    for i in range(3000):
        at = 0.0
        while draw.random() > drop[i] * (x[i] > 0):
            at += draw.exponential(1 / max(rate[i], 1e-9))
            if at > total[i]:
                break
            x[i], last[i] = x[i] + 1, at
    fitted = model().fit(x, last, total)
    alive = fitted.probability_alive()
    ahead = [fitted.expected_purchases(t) for t in (0, 1, 13, 52)]
    assert ((alive >= 0) & (alive <= 1)).all()
    assert ahead[0] == pytest.approx(np.zeros(3000), abs=1e-8)
    assert all((later >= sooner - 1e-9).all() for sooner, later in itertools.pairwise(ahead))
    recent = fitted.probability_alive([5, 5], [10.0, 49.0], [50.0, 50.0])
    assert recent[0] < recent[1]


@pytest.mark.parametrize("model", MODELS)
def test_time_unit_changes_rates_and_nothing_else(model):
    x, last, total = (
        np.array([0, 1, 2, 5, 0, 3] * 20),
        np.array([0, 10, 20, 30, 0, 15.0] * 20),
        np.array([40.0] * 120),
    )
    weeks, days = model().fit(x, last, total), model().fit(x, last * 7, total * 7)
    assert days.alpha_ == pytest.approx(weeks.alpha_ * 7, rel=1e-2)
    assert days.probability_alive() == pytest.approx(weeks.probability_alive(), abs=1e-3)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("x", "last", "total", "said"),
    [
        ([1], [5.0], [4.0], "between 0 and T"),
        ([0], [1.0], [4.0], "recency 0"),
        ([1.5], [1.0], [4.0], "whole numbers"),
        ([1], [np.nan], [4.0], "finite"),
        ([1, 2], [1.0], [4.0], "one value per customer"),
        ([0, 0], [0.0, 0.0], [4.0, 5.0], "nobody"),
    ],
)
def test_impossible_histories_are_refused_in_words(model, x, last, total, said):
    with pytest.raises(ValueError, match=said):
        model().fit(x, last, total)


def test_asking_before_fitting_says_so():
    with pytest.raises(NotFittedError, match="fit the BetaGeometricNBD"):
        BetaGeometricNBD().probability_alive()
