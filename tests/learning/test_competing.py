"""Competing causes: Aalen and Johansen's formula without features, planted hazards with them."""

import numpy as np
import pandas as pd
import pytest

from holdfast.learning import CompetingRisks


def world(count, seed=3):
    """Leaving at .06, a failed payment at .03, or at .12 for those who pay by card."""
    print(f"seed {seed}")
    draw = np.random.default_rng(seed)
    card = draw.random(count) < 0.5
    choice = draw.exponential(1 / 0.06, count)
    failed = draw.exponential(1 / np.where(card, 0.12, 0.03))
    until = draw.uniform(4, 25, count)
    stop = np.minimum(np.minimum(choice, failed), until)
    cause = np.where(stop == until, None, np.where(choice < failed, "left", "payment failed").astype(object))
    return pd.DataFrame({"card": np.where(card, "card", "debit")}), stop, cause


def test_planted_causes_are_told_apart_and_add_up():
    table, stop, cause = world(8000)
    model = CompetingRisks().fit(table, np.zeros(len(stop)), stop, cause)
    assert model.causes_ == ("left", "payment failed")
    asked, times = pd.DataFrame({"card": ["debit", "card"]}), np.array([0.0, 3.0, 8.0, 15.0])
    told = model.cumulative_incidence(asked, times)
    for row, payment in enumerate((0.03, 0.12)):
        whole = 0.06 + payment
        gone = 1 - np.exp(-whole * times)
        assert told["left"][row] == pytest.approx(0.06 / whole * gone, abs=0.035)
        assert told["payment failed"][row] == pytest.approx(payment / whole * gone, abs=0.035)
    together = sum(told.values()) + model.survival(asked, times)
    assert together == pytest.approx(np.ones((2, 4)))
    staying = np.exp(-sum(part.cumulative(asked, times) for part in model.models_.values()))
    assert model.survival(asked, times) == pytest.approx(staying, abs=1e-9)


def test_without_features_it_is_aalen_and_johansen():
    """Nearly: within a period of the model the causes compete, in the formula they come at once."""
    draw = np.random.default_rng(5)
    stop = draw.integers(1, 9, 900).astype(float)
    cause = draw.choice(np.array(["left", "payment failed", None], dtype=object), 900, p=[0.2, 0.1, 0.7])
    model = CompetingRisks(smoothness=0).fit(np.ones((900, 1)), np.zeros(900), stop, cause)
    told = model.cumulative_incidence(np.ones((1, 1)), np.arange(1, 9))
    staying, sums = 1.0, {"left": 0.0, "payment failed": 0.0}
    for month in range(1, 9):
        there, ended = (stop >= month).sum(), stop == month
        for name in sums:
            sums[name] += staying * (ended & (cause == name)).sum() / there
            assert told[name][0, month - 1] == pytest.approx(sums[name], abs=0.003)
        staying *= 1 - (ended & (cause != None)).sum() / there  # noqa: E711


def test_from_an_age_reached_and_beyond_what_was_seen():
    table, stop, cause = world(2000)
    model = CompetingRisks().fit(table, np.zeros(len(stop)), stop, cause)
    some = table.head(3)
    later = model.cumulative_incidence(some, [2.0, 9.0], since=5.0)["left"]
    assert (later[:, 0] == 0).all()
    whole = model.cumulative_incidence(some, [5.0, 9.0])["left"]
    assert later[:, 1] == pytest.approx((whole[:, 1] - whole[:, 0]) / model.survival(some, [5.0])[:, 0])
    assert np.isnan(model.cumulative_incidence(some, [1e5])["left"]).all()


def test_causes_not_asked_for_end_the_observation_only():
    table, stop, cause = world(3000)
    model = CompetingRisks(["left"]).fit(table, np.zeros(len(stop)), stop, cause)
    assert set(model.cumulative_incidence(table.head(1), [5.0])) == {"left"}


@pytest.mark.parametrize(
    ("cause", "said"), [([None] * 40, "no cause"), (["left"] * 37 + ["rare"] * 3, "only 3 customers")]
)
def test_what_cannot_be_learned_from_is_refused(cause, said):
    stop = np.arange(1.0, 41.0)
    with pytest.raises(ValueError, match=said):
        CompetingRisks().fit(np.ones((40, 1)), np.zeros(40), stop, np.array(cause, dtype=object))
