"""The day on which silence may change a state: never too late, whatever was bought when."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.analytics.churn import counting, spells_of
from holdfast.analytics.lifecycle import states, turning_days
from holdfast.analytics.purchases import Purchases
from holdfast.analytics.rhythm import Usual
from holdfast.analytics.terms import OPEN, Terms, no_terms
from holdfast.settings import LostSettings

USUAL = Usual(days=30, mean_days=12.0, first_days=45)
RULES = st.sampled_from(
    [LostSettings("own_rhythm"), LostSettings("fixed", 20), LostSettings("mixed"), LostSettings("company")]
)
DAYS = st.lists(st.lists(st.integers(0, 120), min_size=1, max_size=8, unique=True), min_size=1, max_size=4)
CONTRACTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(1, 80)), max_size=2)


def bought(days: list[list[int]]) -> Purchases:
    rows = [(unit, day) for unit, each in enumerate(days) for day in sorted(each)]
    unit, day = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return Purchases(
        unit, day, np.ones(len(unit), np.int64), np.full(len(unit), 100), np.ones(len(unit), bool)
    )


def signed(contracts: list[tuple[int, int, int]]) -> Terms:
    if not contracts:
        return no_terms()
    rows = sorted((unit, start, start + length) for unit, start, length in contracts)
    unit, start, end = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    nothing = np.empty(0, np.int64)
    return Terms(unit, start, end, np.zeros(len(unit), np.int64), nothing, nothing)


@settings(deadline=None)
@given(DAYS, CONTRACTS, RULES, st.integers(121, 200))
def test_until_the_day_that_is_named_nothing_changes(
    days: list[list[int]], contracts: list[tuple[int, int, int]], lost: LostSettings, end_day: int
) -> None:
    purchases, terms = bought(days), signed(contracts)
    made, allowed = counting(purchases, lost, USUAL)

    def at(day: int) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
        return states(made, allowed, terms, spells_of(made, allowed, terms, lost, day), day)

    units, now = at(end_day)
    turns = turning_days(units, made, allowed, spells_of(made, allowed, terms, lost, end_day), end_day)
    assert (turns >= end_day).all()
    for day in range(end_day, end_day + 60):
        then_units, then = at(day)
        assert (then_units == units).all()
        # What is known at the end of the day before: a contract that had ended by then counts.
        quiet = day <= turns
        assert (then[quiet] == now[quiet]).all()


def test_nobody_is_nobody() -> None:
    nothing = bought([[1]]).only(np.array([False]))
    lost = LostSettings("fixed", 20)
    made, allowed = counting(nothing, lost, USUAL)
    spells = spells_of(made, allowed, no_terms(), lost, 50)
    assert len(turning_days(np.empty(0, np.int64), made, allowed, spells, 50)) == 0


def test_who_never_turns_has_no_day() -> None:
    """Under a contract alone time changes nothing once the first month is over."""
    made, allowed = counting(bought([[1]]), LostSettings("contract"), USUAL)
    terms = signed([(0, 1, OPEN)])
    spells = spells_of(made, allowed, terms, LostSettings("contract"), 100)
    units, _ = states(made, allowed, terms, spells, 100)
    assert turning_days(units[:0], made, allowed, spells, 100).tolist() == []
    assert turning_days(units, made.only(np.array([False])), allowed[:0], spells, 100).tolist() == [OPEN]
