"""What became of customers after a day of their own, against counting one by one (G7)."""

from __future__ import annotations

import numpy as np

from holdfast.analytics.outcomes import Outcomes, cap_of
from holdfast.analytics.purchases import Purchases
from holdfast.analytics.terms import OPEN


def whole(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def purchases(*rows: tuple[int, int, int]) -> Purchases:
    unit, day, amount = (whole(*column) for column in zip(*rows, strict=True))
    return Purchases(unit, day, np.ones(len(rows), np.int64), amount, np.ones(len(rows), bool))


SPELLS = ((7, 100, 200), (7, 260, OPEN), (8, -OPEN, 150), (9, 120, 130))


def asked(*bought: tuple[int, int, int]) -> Outcomes:
    unit, start, end = (whole(*column) for column in zip(*SPELLS, strict=True))
    return Outcomes.of(unit, start, end, purchases(*(bought or ((7, 110, 5),))))


def test_g7_whoever_is_gone_cannot_leave_and_an_end_counts_within_its_days() -> None:
    found = asked()
    unit, day = whole(7, 7, 7, 7, 7, 8, 9, 9, 5), whole(190, 189, 200, 99, 270, 140, 119, 129, 120)
    assert found.present(unit, day).tolist() == [True, True, False, False, True, True, False, True, False]
    assert found.left(unit, day, 10).tolist() == [
        True,  # on the tenth day
        False,  # on the eleventh
        False,  # has left on that very day
        False,  # comes tomorrow
        False,  # has come back and stays
        True,
        False,
        True,
        False,  # nobody knows 5
    ]


def test_g7_money_counts_after_the_day_or_before_it_and_never_on_it() -> None:
    found = asked((8, 150, 7), (7, 100, 1), (7, 101, 10), (7, 110, 100), (7, 111, 1_000), (7, 90, -3))
    unit = whole(7, 8, 9)
    assert found.amount(unit, whole(100, 149, 149), 10).tolist() == [110, 7, 0]
    assert found.amount(unit, whole(111, 160, 149), -10).tolist() == [110, 7, 0]
    assert found.amount(unit, whole(100, 151, 149), -10).tolist() == [-3, 7, 0]


def test_g7_chance_customers_agree_with_counting_one_by_one() -> None:
    chance = np.random.default_rng(5)
    unit = np.sort(chance.integers(1, 40, 600))
    bought = Purchases(
        unit, chance.integers(0, 300, 600), unit, chance.integers(-5, 90, 600), np.ones(600, bool)
    )
    nobody = np.empty(0, np.int64)
    found = Outcomes.of(nobody, nobody, nobody, bought)
    who, day = chance.integers(1, 45, 200), chance.integers(0, 300, 200)
    for days in (30, -30):
        told = found.amount(who, day, days)
        for one, on, amount in zip(who.tolist(), day.tolist(), told.tolist(), strict=True):
            low, high = sorted((on, on + days))
            inside = (bought.unit == one) & (bought.day >= low) & (bought.day <= high) & (bought.day != on)
            assert amount == int(bought.amount[inside].sum())
    assert not found.left(who, day, 30).any()


def test_g7_a_whale_counts_up_to_what_most_stay_below() -> None:
    assert cap_of(np.array([0] * 500 + [5] * 99)) is None, "too few bought"
    assert cap_of(np.array([0] * 500 + [5] * 199 + [1_000_000])) == 5
