"""The alarm for customers who look different: silent at a company that goes on as it did (D5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdfast.learning.drift import FALSE_ALARM_RATE, population_drift
from holdfast.services.foresee.risk_model import Examples, examples
from holdfast.services.foresee.watching import watch
from services.foresee.made_panels import panel, table

SEED = 2_024
DAYS = [0, 28, 56, 84, 112]
TODAY = 200
NAMES = ("days_since_activity", "orders_later_part", "open_tickets", "plan")


def past(seed: int, units: int = 400) -> Examples:
    return examples(panel(units, DAYS, seed=seed))


def with_mailing(columns: Any, rows: Any, lags: Any) -> dict[str, Any]:
    """And the days since the last mailing, which went to nearly everybody at once."""
    missed = np.random.default_rng(SEED).random(len(rows)) < 0.1
    return {**columns, "days_since_mailing": np.where(missed, np.nan, lags[rows])}


def test_d5_a_stationary_company_raises_alarms_at_the_stated_rate_at_most() -> None:
    """1 % per check: of 150, more than 6 would come by chance in one of 1,000 runs."""
    alarms = 0
    for run in range(150):
        watched = watch(past(SEED + run), NAMES, TODAY, 0)
        now = table(300, [TODAY], 9_000 + run).columns
        alarms += any(each.alarm for each in watched.moved(now))
    assert alarms <= 6
    assert FALSE_ALARM_RATE == 0.01


def test_what_moves_at_every_date_raises_no_alarm_where_a_plain_comparison_always_does() -> None:
    draw, alarms, plain = np.random.default_rng(SEED), 0, 0
    for run in range(40):
        told, lags = past(SEED + run), draw.integers(1, 28, 200)
        columns = with_mailing(told.columns, np.searchsorted(DAYS, told.at_day), lags)
        told = Examples(told.unit_id, told.at_day, columns, told.left, told.departed)
        now = with_mailing(table(300, [TODAY], run).columns, np.full(300, 199), lags)
        found = watch(told, (*NAMES, "days_since_mailing"), TODAY, 0).moved(now)
        alarms += any(each.alarm for each in found)
        newest = {name: column[told.at_day == DAYS[-1]] for name, column in columns.items()}
        plain += population_drift(newest, now).alarm
    assert alarms <= 2
    assert plain >= 30


def test_d5_a_planted_drift_raises_the_alarm_and_is_named_first() -> None:
    for run in range(10):
        watched = watch(past(SEED + run), NAMES, TODAY, 0)
        moved = watched.moved(table(300, [TODAY], run, shift=0.8).columns)
        assert [each.name for each in moved if each.alarm] == ["days_since_activity"]
        assert moved[0].name == "days_since_activity"


def test_a_feature_that_drifted_as_much_before_is_told_without_an_alarm() -> None:
    told = past(SEED)
    grown = told.columns["days_since_activity"] * np.exp(told.at_day / 40)
    told = Examples(
        told.unit_id,
        told.at_day,
        {**told.columns, "days_since_activity": grown},
        told.left,
        told.departed,
    )
    now = table(300, [TODAY], 1, shift=TODAY / 40).columns
    (first, *rest) = watch(told, NAMES, TODAY, 0).moved(now)
    assert (first.name, first.alarm) == ("days_since_activity", False)
    assert first.psi > 0.1
    assert not any(each.alarm for each in rest)


def test_features_that_the_company_lost_are_not_compared_and_one_date_is_enough() -> None:
    made = panel(400, [0])
    watched = watch(examples(made), NAMES, TODAY, 0)
    now = table(300, [TODAY], 3, shift=1.0).columns
    assert {each.name for each in watched.moved({"plan": now["plan"]})} == {"plan"}
    assert any(each.alarm for each in watched.moved(now))
    assert watched.moved({}) == ()
