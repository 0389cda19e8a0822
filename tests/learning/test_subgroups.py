"""E3: groups of whom more leave are found, confirmed on later rows, and not found where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.learning.conditions import Condition
from holdfast.learning.subgroups import ALPHA, Found, compared, subgroups

CUSTOMERS, STRETCHES = 1_500, 6


def company(seed: int, *, more: float = 1.0, later_too: bool = True) -> Found:
    """Those of plan "b" with a number 0 of 3 or more leave ``more`` times as often as the others."""
    random = np.random.default_rng(seed)
    rows = np.tile(np.arange(CUSTOMERS), STRETCHES)
    columns: dict[str, NDArray[np.generic]] = {
        f"number {at}": random.integers(0, 6, CUSTOMERS).astype(float)[rows] for at in range(7)
    }
    for name in ("plan", "source", "town"):
        columns[name] = random.choice(np.array(["a", "b", "c"], object), CUSTOMERS)[rows]
    columns["machine"] = (random.random(CUSTOMERS) < 0.2).astype(float)[rows]
    stretch = np.repeat(np.arange(STRETCHES), CUSTOMERS)
    member = (columns["plan"] == "b") & (np.asarray(columns["number 0"], float) >= 3)
    if not later_too:
        member &= stretch < 4
    left = random.random(len(rows)) < np.where(member, 0.06 * more, 0.06)
    return subgroups(columns, left, stretch, stretch >= 4, yes_only=["machine"], seed=seed)


def test_e3_a_planted_group_is_found_confirmed_and_its_ratio_lies_in_the_interval() -> None:
    found = company(3, more=3.0)
    confirmed = [each for each in found.groups if each.state == "confirmed"]
    pairs = [{one.column for one in each.conditions} for each in confirmed]
    assert {"plan", "number 0"} in pairs
    group = confirmed[pairs.index({"plan", "number 0"})]
    assert Condition("plan", word="b") in group.conditions
    assert group.chance <= ALPHA
    assert group.later_chance is not None
    assert group.later_chance < ALPHA
    assert group.later.low is not None
    assert group.later.high is not None
    assert group.later.low < 3.0 < group.later.high
    assert found.tried > 100
    assert all(column not in set().union(*pairs) for column in ("town", "source", "machine"))


def test_e3_what_later_rows_do_not_show_is_not_confirmed() -> None:
    found = company(4, more=3.0, later_too=False)
    assert found.groups
    assert {each.state for each in found.groups} <= {"unconfirmed", "open"}


@pytest.mark.parametrize("seed", range(3))
def test_e3_where_nothing_sets_the_lost_apart_nothing_is_confirmed(seed: int) -> None:
    found = company(seed)
    assert found.enough
    assert not [each for each in found.groups if each.state == "confirmed"]


@pytest.mark.long
def test_e3_null_companies_have_findings_at_most_at_the_stated_rate() -> None:
    """100 companies: more than 10 with a finding would be a rate above 5 % beyond doubt (chance 1 %)."""
    found = [company(100 + seed) for seed in range(100)]
    assert sum(bool(each.groups) for each in found) <= 10
    assert sum(any(one.state == "confirmed" for one in each.groups) for each in found) <= 2


def test_e3_too_few_losses_say_nothing() -> None:
    left = np.zeros(2_000, bool)
    left[:39] = True
    stretch = np.zeros(2_000, np.int64)
    found = subgroups({"plan": np.full(2_000, "a", object)}, left, stretch, np.zeros(2_000, bool))
    assert not found.enough
    assert not found.groups


def test_e3_the_ratio_of_two_strata_is_that_of_mantel_and_haenszel() -> None:
    """Two strata by hand: (10 of 50 against 10 of 100) and (20 of 40 against 15 of 60)."""
    sizes = [(50, 10, True, 0), (100, 10, False, 0), (40, 20, True, 1), (60, 15, False, 1)]
    member = np.concatenate([np.full(size, own) for size, _, own, _ in sizes])
    left = np.concatenate([np.arange(size) < lost for size, lost, _, _ in sizes])
    stretch = np.concatenate([np.full(size, place) for size, _, _, place in sizes])
    above = 10 * 100 / 150 + 20 * 60 / 100
    below = 10 * 50 / 150 + 15 * 40 / 100
    found = compared(member, left, stretch)
    assert found.ratio == pytest.approx(above / below)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 2.0 < found.high
    assert (found.rows, found.left, found.others, found.others_left) == (90, 30, 160, 25)


def test_e3_what_is_not_known_meets_no_condition() -> None:
    numbers = np.array([1.0, np.nan, 3.0])
    assert Condition("x", low=1.0).holds(numbers).tolist() == [True, False, True]
    assert Condition("x", high=1.0).holds(numbers).tolist() == [True, False, False]
    words = np.array(["a", None, "b"], object)
    assert Condition("x", word="a").holds(words).tolist() == [True, False, False]
