"""Survival: equal to Kaplan and Meier without features, true to planted hazards with them."""

import gzip

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from holdfast.learning import SurvivalModel

SEED = 7


def same(count):
    return np.ones((count, 1))


def lives(count, seed=SEED):
    """Hazard .05 a unit of time, three times that with the flag; observation ends between 5 and 30."""
    print(f"seed {seed}")
    draw = np.random.default_rng(seed)
    flag = draw.random(count) < 0.4
    life = draw.exponential(1 / np.where(flag, 0.15, 0.05))
    until = draw.uniform(5, 30, count)
    return pd.DataFrame({"flag": flag.astype(float)}), np.minimum(life, until), life <= until


def kaplan_meier(start, stop, left, times):
    """By hand: the product over moments of leaving of 1 - leavers / those there."""
    told, share = [], 1.0
    for moment in np.unique(stop[left]):
        there = ((start < moment) & (stop >= moment)).sum()
        share *= 1 - (left & (stop == moment)).sum() / there
        told.append((moment, share))
    return np.array([([s for m, s in told if m <= t] or [1.0])[-1] for t in times])


@pytest.mark.parametrize("late", [False, True])
def test_without_features_it_is_kaplan_and_meier_late_entries_included(late):
    draw = np.random.default_rng(SEED)
    life = draw.geometric(0.1, 800)
    until = draw.integers(3, 20, 800)
    start = draw.integers(0, 6, 800) * late
    stop, left = np.minimum(life, until).astype(float), life <= until
    there = stop > start
    start, stop, left = start[there].astype(float), stop[there], left[there]
    model = SurvivalModel(smoothness=0).fit(same(len(stop)), start, stop, left)
    times = np.arange(1, 15)
    assert model.survival(same(1), times)[0] == pytest.approx(
        kaplan_meier(start, stop, left, times), abs=2e-4
    )


def test_a_planted_hazard_and_its_ratio_are_found():
    table, stop, left = lives(6000)
    model = SurvivalModel().fit(table, np.zeros(len(stop)), stop, left)
    asked = pd.DataFrame({"flag": [0.0, 1.0]})
    told = model.survival(asked, [2.0, 5.0, 10.0])
    assert told[0] == pytest.approx(np.exp(-0.05 * np.array([2, 5, 10])), abs=0.03)
    assert told[1] == pytest.approx(np.exp(-0.15 * np.array([2, 5, 10])), abs=0.03)
    ratio = model.hazards(asked)[1] / model.hazards(asked)[0]
    assert ratio.mean() == pytest.approx(3.0, rel=0.12)


def test_left_out_of_account_late_entry_would_bias_and_here_does_not():
    table, stop, left = lives(6000, seed=8)
    entry = np.random.default_rng(8).uniform(0, 4, len(stop))
    seen = stop > entry
    model = SurvivalModel().fit(table[seen], entry[seen], stop[seen], left[seen])
    told = model.survival(pd.DataFrame({"flag": [0.0]}), [10.0])[0, 0]
    assert told == pytest.approx(np.exp(-0.5), abs=0.04)
    careless = SurvivalModel().fit(table[seen], np.zeros(seen.sum()), stop[seen], left[seen])
    assert careless.survival(pd.DataFrame({"flag": [0.0]}), [10.0])[0, 0] > told + 0.04


def test_features_may_change_along_the_way():
    """Cutting every life in two at 4, with the same features, changes nothing; changed features do."""
    table, stop, left = lives(3000)
    zero = np.zeros(len(stop))
    whole = SurvivalModel().fit(table, zero, stop, left)
    long = stop > 4
    rows = pd.concat([table, table[long]], ignore_index=True)
    start = np.r_[zero, np.full(long.sum(), 4.0)]
    end = np.r_[np.minimum(stop, 4.0), stop[long]]
    gone = np.r_[left & ~long, left[long]]
    parts = SurvivalModel().fit(rows, start, end, gone, cuts=whole.cuts_)
    asked = pd.DataFrame({"flag": [0.0, 1.0]})
    assert parts.survival(asked, [3, 8]) == pytest.approx(whole.survival(asked, [3, 8]), abs=0.01)

    draw = np.random.default_rng(SEED)
    early = draw.exponential(1 / 0.03, 4000)
    late = 5 + draw.exponential(1 / 0.3, 4000)
    life = np.where(early < 5, early, late)
    till = np.minimum(life, 12.0)
    after = till > 5
    rows = pd.DataFrame({"angry": np.r_[np.zeros(4000), np.ones(after.sum())]})
    rows.loc[draw.random(len(rows)) < 0.02, "angry"] = np.nan
    start = np.r_[np.zeros(4000), np.full(after.sum(), 5.0)]
    end = np.r_[np.minimum(till, 5.0), till[after]]
    gone = np.r_[(life <= 5), (life <= 12.0)[after]]
    model = SurvivalModel().fit(rows, start, end, gone)
    calm = model.survival(pd.DataFrame({"angry": [0.0]}), [4.0])[0, 0]
    assert calm == pytest.approx(np.exp(-0.12), abs=0.03)


def test_survival_falls_from_one_and_continues_from_the_age_reached():
    table, stop, left = lives(1500)
    model = SurvivalModel().fit(table, np.zeros(len(stop)), stop, left)
    some, times = table.head(20), np.linspace(0, 15, 16)
    told = model.survival(some, times)
    assert (np.diff(told, axis=1) <= 0).all() and (told[:, 0] == 1).all() and (told > 0).all()
    since = model.survival(some, times, since=np.full(20, 5.0))
    assert (since[:, :6] == 1).all()
    assert since[:, 8] == pytest.approx(told[:, 8] / told[:, 5])
    assert np.isnan(model.survival(some, [1e6])).all()


def test_the_most_likely_stretch_holds_the_planted_renewal():
    """Nearly all leave at month 12 and 24: asked at 8 the stretch holds 12, asked at 14 it holds 24."""
    draw = np.random.default_rng(SEED)
    chance = np.where(np.arange(1, 37) % 12 == 0, 0.5, 0.01)
    leaves = draw.random((3000, 36)) < chance
    life = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1.0, 36.0)
    model = SurvivalModel(smoothness=0.01).fit(same(3000), np.zeros(3000), life, leaves.any(axis=1))
    first, last = model.most_likely(same(2), now=[8, 14], within=12, length=3)
    for now, begins, ends in zip((8, 14), first, last, strict=True):
        renewal = 12 if now < 12 else 24
        assert now + begins <= renewal - 1 + 0.25 and now + ends >= renewal - 0.25
        assert ends - begins == pytest.approx(3)


@pytest.mark.parametrize(
    ("start", "stop", "left", "said"),
    [
        ([0] * 12, [1] * 12, [1] * 9 + [0] * 3, "only 9 customers left"),
        ([0] * 12, [0] + [1] * 11, [1] * 12, "1 stretches have no length"),
        ([0] * 12, [np.nan] + [1] * 11, [1] * 12, "finite"),
        ([0] * 12, [1] * 12, [2] * 12, "left 0 or 1"),
        ([0] * 11, [1] * 12, [1] * 12, "one value per row"),
        ([0] * 13, [1] * 13, [1] * 13, "12 rows but 13"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_words(start, stop, left, said):
    with pytest.raises(ValueError, match=said):
        SurvivalModel().fit(same(12), start, stop, left)


def test_asking_before_fitting_says_so():
    with pytest.raises(NotFittedError, match="fit the SurvivalModel"):
        SurvivalModel().survival(same(1), [1.0])


@pytest.mark.shared_data
def test_telco_customers_are_foreseen_on_held_back_ones(holdfast_data):
    """Chance that of two customers the one said to leave first does; the benchmark has Cox beside it."""
    with gzip.open(holdfast_data / "telco_ibm" / "telco_customer_churn.csv.gz", "rt") as file:
        table = pd.read_csv(file)
    left = (table.pop("Churn") == "Yes").to_numpy()
    stop = np.maximum(table.pop("tenure").to_numpy(dtype=float), 0.5)
    table = table.drop(columns=["customerID", "TotalCharges"])
    test = np.random.default_rng(SEED).random(len(stop)) < 0.2
    model = SurvivalModel().fit(table[~test], np.zeros((~test).sum()), stop[~test], left[~test])
    staying = model.survival(table[test], np.arange(1, 72)).mean(axis=1)
    first = (stop[test][:, None] < stop[test]) & left[test][:, None]
    right = (staying[:, None] < staying) + 0.5 * (staying[:, None] == staying)
    assert (right * first).sum() / first.sum() > 0.85
