"""The risk model: calibrated, additive to the last digit, and plain about what it cannot do."""

import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.special import logit
from sklearn.exceptions import NotFittedError

from holdfast.learning import NotEnoughData, RiskClassifier

SEED = 5


def people(count=1500, seed=SEED):
    """Leavers by a known rule, with gaps, categories and a constant; the true risk beside them."""
    print(f"seed {seed}")
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "quiet_days": draw.exponential(30, count),
            "orders": draw.poisson(5, count).astype(float),
            "plan": draw.choice(["basic", "plus", "pro"], count),
            "noise": draw.normal(size=count),
            "constant": 1.0,
        }
    )
    odds = -2 + 0.03 * table["quiet_days"] - 0.15 * table["orders"] + (table["plan"] == "basic") * 0.8
    risk = 1 / (1 + np.exp(-odds))
    left = (draw.random(count) < risk).astype(int).to_numpy()
    table.loc[draw.random(count) < 0.1, "orders"] = np.nan
    table.loc[draw.random(count) < 0.05, "plan"] = None
    return table, left, risk.to_numpy()


@pytest.fixture(scope="module")
def fitted():
    table, left, _ = people()
    return RiskClassifier(folds=3).fit(table, left), table, left


def test_d1_probabilities_are_calibrated_on_people_it_has_not_seen(fitted):
    model, _, _ = fitted
    table, left, risk = people(6000, seed=6)
    told = model.predict_proba(table)[:, 1]
    assert told.mean() == pytest.approx(left.mean(), abs=0.03)
    assert np.abs(told - risk).mean() < 0.06
    order = np.argsort(told)
    tenths = np.array_split(order, 10)
    assert max(abs(told[part].mean() - left[part].mean()) for part in tenths) < 0.09


@pytest.mark.parametrize("groups", [None, {"quiet_days": "rhythm", "orders": "rhythm", "plan": "contract"}])
def test_d2_drivers_add_up_to_the_log_odds_exactly(fitted, groups):
    model, table, _ = fitted
    drivers = model.explain(table, groups)
    told = drivers.base + drivers.effects.sum(axis=1)
    assert told == pytest.approx(logit(model.predict_proba(table)[:, 1]), abs=1e-9)
    assert ("rhythm" in drivers.names) == (groups is not None)


def test_d2_what_matters_is_named_and_what_does_not_is_not(fitted):
    model, table, _ = fitted
    drivers = model.explain(table)
    size = dict(zip(drivers.names, np.abs(drivers.effects).mean(axis=0), strict=True))
    assert size["constant"] == 0
    assert max(size, key=size.get) == "quiet_days"
    assert size["noise"] < size["quiet_days"] / 3


def test_arrow_and_pandas_are_read_alike_and_columns_found_by_name(fitted):
    model, table, _ = fitted
    arrow = pa.Table.from_pandas(table[list(reversed(table.columns))], preserve_index=False)
    assert model.predict_proba(arrow) == pytest.approx(model.predict_proba(table), abs=1e-12)


def test_a_category_never_seen_and_infinity_read_as_missing(fitted):
    model, table, _ = fitted
    odd = table.head(2).copy()
    odd["plan"] = ["enterprise", None]
    odd["orders"] = [np.inf, np.nan]
    odd["quiet_days"] = 10.0
    odd["noise"] = 0.0
    told = model.predict_proba(odd)
    assert told[0] == pytest.approx(told[1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table, left: (table, np.zeros(len(left))), "two outcomes"),
        (lambda table, left: (table, np.arange(len(left))), "found 300: 0, 1, 2"),
        (lambda table, left: (table, [None, *left[1:]]), "1 of 300 outcomes are missing"),
        (lambda table, left: (table, pd.array([pd.NA, *left[1:]], dtype="Int64")), "1 of 300 outcomes"),
        (lambda table, left: (table, np.where(np.arange(300) < 150, "", left)), "150 of 300 outcomes"),
        (
            lambda table, left: (table.assign(on="2024-01-" + (table.index % 28 + 1).astype(str)), left),
            "dates",
        ),
        (
            lambda table, left: (table.assign(on=(table.index % 28 + 1).astype(str) + ".01.2024"), left),
            "dates",
        ),
        (lambda table, left: (table, np.r_[np.ones(3), np.zeros(len(left) - 3)]), "only 3 rows"),
        (lambda table, left: (table, np.where(left == 1, np.nan, 0.0)), "outcomes are missing"),
        (lambda table, left: (table.iloc[:-1], left), "outcomes"),
        (lambda table, left: (table.assign(on=pd.Timestamp("2024-01-01")), left), "dates"),
        (lambda table, left: (table.iloc[:0], left[:0]), "no rows|two outcomes"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_words(change, said):
    table, left, _ = people(300)
    with pytest.raises(ValueError, match=said):
        RiskClassifier().fit(*change(table, left))


def test_a_table_without_a_known_column_is_refused(fitted):
    model, table, _ = fitted
    with pytest.raises(ValueError, match=r"lacks columns.*plan"):
        model.predict_proba(table.drop(columns="plan"))
    with pytest.raises(ValueError, match="holds text now"):
        model.predict_proba(table.assign(orders="many"))


def test_asking_before_fitting_says_so():
    with pytest.raises(NotFittedError, match="fit the RiskClassifier"):
        RiskClassifier().predict_proba(np.zeros((2, 2)))


def test_the_same_seed_gives_the_same_risks():
    table, left, _ = people(400)
    first, second = (
        RiskClassifier(folds=3, random_state=3).fit(table, left).predict_proba(table) for _ in range(2)
    )
    assert (first == second).all()


@pytest.mark.shared_data
def test_d1_telco_is_at_least_as_good_as_a_tuned_forest(holdfast_data):
    """Held-back fifth of the customers; the benchmark has all folds and rivals."""
    from sklearn.metrics import log_loss, roc_auc_score
    from sklearn.model_selection import train_test_split

    with gzip.open(holdfast_data / "telco_ibm" / "telco_customer_churn.csv.gz", "rt") as file:
        table = pd.read_csv(file)
    left = (table.pop("Churn") == "Yes").astype(int).to_numpy()
    table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
    table = table.drop(columns="customerID")
    train, test, left_train, left_test = train_test_split(
        table, left, test_size=0.2, random_state=SEED, stratify=left
    )
    told = RiskClassifier().fit(train, left_train).predict_proba(test)[:, 1]
    assert roc_auc_score(left_test, told) > 0.83
    assert log_loss(left_test, told) < 0.43


def test_three_losses_are_not_enough_and_say_how_many_would_be():
    table, _, _ = people(300)
    with pytest.raises(NotEnoughData, match="only 3 rows") as refused:
        RiskClassifier().fit(table, np.r_[np.ones(3), np.zeros(297)])
    assert (refused.value.losses, refused.value.needed) == (3, 10)


def test_a_customer_lost_counts_once_however_many_rows():
    table, _, _ = people(40, seed=9)
    nine = np.zeros(40, dtype=int)
    nine[:9] = 1
    often = pd.concat([table] * 5, ignore_index=True)
    with pytest.raises(NotEnoughData, match="only 9"):
        RiskClassifier().fit(often, np.tile(nine, 5), customers=np.tile(np.arange(40), 5))


def test_rows_of_one_customer_stay_together_so_that_faces_are_not_taken_for_foresight():
    """Each customer's own noise repeats in all rows: only grouped folds see that it says nothing."""
    draw = np.random.default_rng(12)
    face = np.repeat(draw.normal(size=(150, 4)), 10, axis=0)
    left = np.repeat(draw.random(150) < 0.3, 10)
    customers = np.repeat(np.arange(150), 10)
    alone = RiskClassifier().fit(face, left)
    together = RiskClassifier().fit(face, left, customers=customers)
    assert alone.inner_log_loss_["combined"] < 0.3 < together.inner_log_loss_["combined"]
    assert together.shrunk_ < 0.4 and together.losses_ < 60


def test_few_losses_shrink_to_the_rate_of_the_company_and_say_so():
    table, left, _ = people(400)
    few = RiskClassifier(folds=3).fit(table, left)
    assert few.losses_ < 200 and 0 < few.shrunk_ < 1
    assert "losses are known, fewer than 200" in str(few.notes_[0])
    told = few.predict_proba(table)[:, 1]
    drivers = few.explain(table)
    assert drivers.base + drivers.effects.sum(axis=1) == pytest.approx(logit(told), abs=1e-9)
    assert few.out_of_fold_.mean() == pytest.approx(left.mean(), abs=1e-6)


def test_nothing_to_find_in_few_losses_gives_everyone_the_company_rate():
    draw = np.random.default_rng(21)
    spread, plain = [], []
    for _ in range(3):
        noise, left = draw.normal(size=(300, 3)), draw.random(300) < 0.15
        model = RiskClassifier(folds=3).fit(noise, left)
        told = model.predict_proba(draw.normal(size=(2000, 3)))[:, 1]
        spread.append(told.std())
        plain.append(abs(told.mean() - left.mean()))
    assert max(spread) < 0.03 and max(plain) < 0.02


def test_many_losses_are_not_shrunk(fitted):
    model, _, left = fitted
    assert model.losses_ == min(left.sum(), (1 - left).sum()) > 200
    assert model.shrunk_ == 1


def test_what_is_odd_about_a_table_is_noted(fitted):
    model, table, left = fitted
    assert [str(note) for note in model.notes_] == [
        "One column holds the same value everywhere and says nothing: constant."
    ]
    odd = table.drop(columns="constant")
    odd.loc[:3, "orders"] = np.inf
    noted = RiskClassifier(folds=2, most_rows=1000).fit(odd, left)
    assert [str(note) for note in noted.notes_] == [
        "4 values are infinite and count as not known.",
        "Learned from 1,000 rows drawn from 1,500.",
    ]
    assert len(noted.rows_) == len(noted.out_of_fold_) == 1000


@pytest.mark.parametrize("empty", [np.nan, None])
def test_a_column_without_any_value_changes_nothing(fitted, empty):
    _, table, left = fitted
    told = [
        RiskClassifier(folds=2).fit(t, left).predict_proba(t)[:, 1]
        for t in (table, table.assign(nothing=np.full(len(table), empty)))
    ]
    assert np.abs(told[0] - told[1]).mean() < 0.03


def test_ten_thousand_columns_are_screened_without_looking_at_the_held_out_rows():
    """All noise but one: the model finds it, and noise chosen among 10,000 does not look like foresight."""
    draw = np.random.default_rng(3)
    wide = draw.normal(size=(400, 10_000))
    left = draw.random(400) < 1 / (1 + np.exp(1 - 2.5 * wide[:, 7_777]))
    model = RiskClassifier(folds=2).fit(wide, left)
    assert "Of 10,000 columns the model looks at the 66" in str(model.notes_[-1])
    drivers = model.explain(wide[:50])
    assert drivers.names[int(np.abs(drivers.effects).mean(axis=0).argmax())] == "x7777"
    noise = RiskClassifier(folds=2).fit(wide[:, :2_000], left)
    rate = left.mean()
    by_rate = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))
    assert noise.inner_log_loss_["combined"] > by_rate - 0.02


def test_a_category_of_many_levels_says_no_more_than_it_knows():
    """Fifty levels of noise beside a real reason: rows never see their own outcome in their level."""
    draw = np.random.default_rng(31)
    table, left, _ = people(2500, seed=30)
    table["town"] = draw.choice([f"town {i}" for i in range(50)], 2500)
    model = RiskClassifier(folds=3).fit(table, left)
    drivers = model.explain(table)
    size = dict(zip(drivers.names, np.abs(drivers.effects).mean(axis=0), strict=True))
    assert size["town"] < size["plan"] / 2
    assert drivers.base + drivers.effects.sum(axis=1) == pytest.approx(
        logit(model.predict_proba(table)[:, 1]), abs=1e-9
    )
    odd = table.head(2).assign(town=["nowhere", None])
    odd.iloc[1, :-1] = odd.iloc[0, :-1]
    told = model.predict_proba(odd)[:, 1]
    assert told[0] == pytest.approx(told[1])


def test_it_is_cloned_and_pickled_as_scikit_learn_asks(fitted):
    import pickle

    from sklearn.base import clone

    model, table, _ = fitted
    assert clone(model).get_params() == model.get_params()
    again = pickle.loads(pickle.dumps(model))  # noqa: S301
    assert (again.predict_proba(table) == model.predict_proba(table)).all()
