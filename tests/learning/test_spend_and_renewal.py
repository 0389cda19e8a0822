"""Gamma-gamma and shifted beta geometric: published parameters and plain refusals."""

import gzip
from collections import defaultdict

import numpy as np
import pytest

from holdfast.learning.contract_renewal import ShiftedBetaGeometric
from holdfast.learning.spend import GammaGamma

REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
"""Survivors of the two cohorts in Fader and Hardie (2007), in per cent, years 0 to 12."""


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "worst_error"), [(REGULAR, 0.70, 1.18, 0.02), (HIGH_END, 0.67, 3.81, 0.03)]
)
def test_d1_shifted_beta_geometric_finds_published_parameters_and_projects(
    survivors, alpha, beta, worst_error
):
    model = ShiftedBetaGeometric().fit(survivors[:8])
    assert (round(model.alpha_, 2), round(model.beta_, 2)) == (alpha, beta)
    projected = model.survival(np.arange(8, 13)) * 100
    assert np.mean(np.abs(projected - survivors[8:]) / survivors[8:]) <= worst_error


def test_retention_rises_with_age_because_the_likely_leavers_leave_first():
    model = ShiftedBetaGeometric().fit(REGULAR)
    rates = model.retention(np.arange(1, 10))
    assert (np.diff(rates) > 0).all()
    assert model.survival(0) == pytest.approx(1)


@pytest.mark.parametrize(
    ("survivors", "said"), [([10, 12, 9], "cannot grow"), ([10, 10, 10], "nobody"), ([10, 9], "at least two")]
)
def test_impossible_cohorts_are_refused(survivors, said):
    with pytest.raises(ValueError, match=said):
        ShiftedBetaGeometric().fit(survivors)


@pytest.mark.shared_data
def test_d1_gamma_gamma_finds_the_published_parameters_of_cdnow(holdfast_data):
    spent = defaultdict(lambda: defaultdict(float))
    with gzip.open(holdfast_data / "cdnow" / "cdnowElog_btyd.csv.gz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            customer, _, on, _, amount = line.strip().split(",")
            spent[customer][on] += float(amount)
    repeats = [[v for on, v in days.items() if min(days) < on <= "19970930"] for days in spent.values()]
    frequency = np.array([len(values) for values in repeats])
    mean = np.array([np.mean(values) if values else 0.0 for values in repeats])
    model = GammaGamma().fit(frequency, mean)
    assert [round(v, 2) for v in (model.p_, model.q_, model.gamma_)] == [6.25, 3.74, 15.44]
    expected = model.expected_value(frequency, mean)
    everybody = model.p_ * model.gamma_ / (model.q_ - 1)
    assert expected[frequency == 0] == pytest.approx(everybody)
    bought = (frequency > 0) & (mean > 0)
    assert (np.abs(expected - everybody) <= np.abs(mean - everybody) + 1e-9)[bought].all()


def test_gamma_gamma_refuses_what_it_cannot_learn_from():
    with pytest.raises(ValueError, match="at least three"):
        GammaGamma().fit([1, 2], [5.0, 6.0])
    with pytest.raises(ValueError, match="finite"):
        GammaGamma().fit([1, 2, 3], [5.0, np.inf, 1.0])
