"""Who counts as lost (B2): checked against a day-by-day account, and by what must always hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.analytics.churn import Ended, Spells, counting, spells
from holdfast.analytics.lifecycle import LAPSED, NEW, STATES, WON_BACK, states
from holdfast.analytics.purchases import Purchases, fold
from holdfast.analytics.rhythm import Usual
from holdfast.analytics.taken import IS_ACTIVITY, IS_ORDER, Happened
from holdfast.analytics.terms import OPEN, ContractRows, Terms, no_terms, terms_of
from holdfast.settings import LostSettings

END = 400
COMPANY = Usual(days=40, credibility=2.0, gaps=100)


@dataclass(frozen=True)
class Bought:
    unit: int
    day: int
    amount: int = 10
    order: int = 0
    kind: int = IS_ORDER | IS_ACTIVITY


@dataclass(frozen=True)
class Signed:
    unit: int
    day: int
    happened: Happened
    contract: int = 1
    amount: int = 5
    trial: int = 0


def column(rows: Sequence[Any], name: str, kind: Any = np.int64) -> Any:
    return np.array([getattr(row, name) for row in rows], kind)


def purchases_of(rows: Sequence[Bought]) -> Purchases:
    names = ("unit", "day", "kind", "amount")
    return fold(*(column(rows, name) for name in names), column(rows, "order", np.uint64))


def contracts_of(rows: Sequence[Signed], *, signed_up: bool = False) -> Terms:
    at = np.array([row.day * 86_400_000_000 for row in rows], np.int64)
    return terms_of(
        ContractRows(
            column(rows, "unit"),
            at,
            column(rows, "day"),
            column(rows, "happened"),
            column(rows, "contract", np.uint64),
            column(rows, "amount"),
            column(rows, "trial"),
        ),
        signed_up_is_contract=signed_up,
    )


def told(found: Spells) -> list[tuple[int, int, int, str]]:
    columns = (found.unit, found.start, found.end, found.ended)
    return [(int(u), int(s), int(e), Ended(how).name) for u, s, e, how in zip(*columns, strict=True)]


def day_by_day(  # noqa: C901
    bought: Purchases, allowed: Any, terms: Terms, lost: LostSettings, end: int = END
) -> dict[int, list[tuple[int, int]]]:
    """The same by marking every single day on which a unit is there."""
    there: dict[int, set[int]] = defaultdict(set)
    contract: dict[int, set[int]] = defaultdict(set)
    deleted = list(zip(terms.deleted_unit.tolist(), terms.deleted_day.tolist(), strict=True))
    by_contract = lost.rule in ("contract", "mixed")
    for u, s, e in zip(terms.unit.tolist(), terms.start.tolist(), terms.end.tolist(), strict=True):
        if by_contract:
            contract[u] |= set(range(s, min(e, end + 1)))
    ends: dict[int, set[int]] = defaultdict(set)
    for u, days in contract.items():
        ends[u] = {day + 1 for day in days if day + 1 not in days and day + 1 < end}
    for u, day in deleted:
        ends[u].add(day)
    if lost.rule != "contract":
        for u, day, days in zip(bought.unit.tolist(), bought.day.tolist(), allowed.tolist(), strict=True):
            until = min([day + days, *(max(x, day + 1) for x in ends[u] if x >= day)])
            there[u] |= set(range(day, min(until, end + 1)))
    for u, s, e in zip(terms.unit.tolist(), terms.start.tolist(), terms.end.tolist(), strict=True):
        if by_contract:
            cut = min([e, end + 1, *(max(x, s + 1) for v, x in deleted if v == u and x >= s)])
            there[u] |= set(range(s, cut))
    return {u: _runs(days, end) for u, days in sorted(there.items()) if days}


def _runs(days: set[int], end: int) -> list[tuple[int, int]]:
    runs = []
    for start in sorted(day for day in days if day - 1 not in days):
        stop = start
        while stop in days:
            stop += 1
        runs.append((start, stop if stop < end else OPEN))
    return runs


units = st.integers(1, 4)
days = st.integers(0, END - 1)
purchases_strategy = st.lists(
    st.builds(
        Bought,
        unit=units,
        day=days,
        amount=st.integers(-50, 500),
        order=st.integers(0, 30),
        kind=st.sampled_from([0, IS_ORDER | IS_ACTIVITY, IS_ORDER | IS_ACTIVITY]),
    ),
    max_size=40,
)
contract_strategy = st.lists(
    st.builds(
        Signed,
        unit=units,
        day=days,
        happened=st.sampled_from([Happened.STARTED, Happened.CHANGED, Happened.ENDED, Happened.DELETED]),
        contract=st.integers(1, 2),
        amount=st.integers(0, 100),
        trial=st.sampled_from([0, 0, 0, 1]),
    ),
    max_size=14,
    unique_by=lambda row: (row.unit, row.contract, row.day),
)
rules = st.sampled_from(
    [
        LostSettings("contract"),
        LostSettings("company"),
        LostSettings("own_rhythm"),
        LostSettings("fixed", after_days=25),
        LostSettings("mixed"),
        LostSettings("mixed", min_orders=2),
    ]
)


def present_purchases(bought: Purchases, lost: LostSettings) -> tuple[Purchases, Any]:
    return counting(bought, lost, COMPANY)


@given(rows=purchases_strategy, signed=contract_strategy, lost=rules)
@settings(max_examples=300, deadline=None)
def test_b2_spells_are_what_marking_every_day_gives(
    rows: list[Bought], signed: list[Signed], lost: LostSettings
) -> None:
    bought, terms = purchases_of(rows), contracts_of(signed)
    found = spells(bought, terms, lost, COMPANY, END)
    by_unit: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for unit, start, end, _ in told(found):
        by_unit[unit].append((start, end))
    assert dict(by_unit) == day_by_day(*present_purchases(bought, lost), terms, lost)


@given(rows=purchases_strategy, signed=contract_strategy, lost=rules, until=st.integers(1, END))
@settings(max_examples=200, deadline=None)
def test_b2_what_happens_later_moves_no_end_that_was_evident(
    rows: list[Bought], signed: list[Signed], lost: LostSettings, until: int
) -> None:
    earlier = spells(
        purchases_of([row for row in rows if row.day < until]),
        contracts_of([row for row in signed if row.day < until]),
        lost,
        COMPANY,
        until,
    )
    later = {
        (u, s, e, how)
        for u, s, e, how in told(spells(purchases_of(rows), contracts_of(signed), lost, COMPANY, END))
    }
    for spell in told(earlier):
        if spell[2] < OPEN:
            assert spell in later
        else:
            assert any(spell[:2] == other[:2] and other[2] >= until for other in later)


@given(rows=purchases_strategy, signed=contract_strategy, lost=rules, seed=st.randoms())
@settings(max_examples=100, deadline=None)
def test_b2_the_order_of_rows_does_not_matter_and_strangers_change_nothing(
    rows: list[Bought], signed: list[Signed], lost: LostSettings, seed: Any
) -> None:
    alone = told(spells(purchases_of(rows), contracts_of(signed), lost, COMPANY, END))
    mixed, stranger = list(rows), [Bought(9, 5), Bought(9, 90)]
    mixed += stranger
    shuffled = list(signed)
    seed.shuffle(mixed)
    seed.shuffle(shuffled)
    found = told(spells(purchases_of(mixed), contracts_of(shuffled), lost, COMPANY, END))
    assert [spell for spell in found if spell[0] != 9] == alone


@given(rows=purchases_strategy, signed=contract_strategy, lost=rules, start=st.integers(0, 300))
@settings(max_examples=100, deadline=None)
def test_b1_retained_and_lost_are_those_present_at_the_start(
    rows: list[Bought], signed: list[Signed], lost: LostSettings, start: int
) -> None:
    found = spells(purchases_of(rows), contracts_of(signed), lost, COMPANY, END)
    end = start + 60
    at_start = (found.start < start) & (found.end >= start)
    at_end = (found.start < end) & (found.end >= end)
    began = (found.start >= start) & (found.start < end)
    ended = (found.end >= start) & (found.end < end)
    retained = at_start & at_end
    assert retained.sum() + (at_start & ended).sum() == at_start.sum()
    assert at_start.sum() + began.sum() - ended.sum() == at_end.sum()


@given(rows=purchases_strategy, signed=contract_strategy, lost=rules)
@settings(max_examples=200, deadline=None)
def test_b2_everyone_who_ever_was_a_customer_is_in_exactly_one_state(
    rows: list[Bought], signed: list[Signed], lost: LostSettings
) -> None:
    bought, terms = purchases_of(rows), contracts_of(signed)
    found = spells(bought, terms, lost, COMPANY, END)
    unit, state = states(*present_purchases(bought, lost), terms, found, END)
    assert unit.tolist() == sorted(set(found.unit.tolist()))
    assert all(0 <= number < len(STATES) for number in state.tolist())
    last = {
        int(u): (int(n), int(s), int(e))
        for u, n, s, e in zip(found.unit, found.number, found.start, found.end, strict=True)
    }
    for u, number in zip(unit.tolist(), state.tolist(), strict=True):
        turn, start, end = last[u]
        assert (number == LAPSED) == (end < OPEN)
        if end == OPEN and END - start <= 30:
            assert number == (WON_BACK if turn > 1 else NEW)


def test_b2_a_silent_customer_is_lost_on_last_purchase_and_allowance() -> None:
    rows = [Bought(1, 10), Bought(1, 30), Bought(2, 380)]
    found = spells(purchases_of(rows), no_terms(), LostSettings("fixed", after_days=25), COMPANY, END)
    assert told(found) == [(1, 10, 55, "SILENT"), (2, 380, OPEN, "OPEN")]


def test_b2_a_purchase_on_the_very_day_of_leaving_is_in_time() -> None:
    found = spells(
        purchases_of([Bought(1, 10), Bought(1, 35), Bought(1, 61)]),
        no_terms(),
        LostSettings("fixed", after_days=25),
        COMPANY,
        END,
    )
    assert told(found) == [(1, 10, 60, "SILENT"), (1, 61, 86, "SILENT")]


def test_b2_the_end_of_the_last_contract_ends_earlier_purchases_too() -> None:
    signed = [
        Signed(1, 0, Happened.STARTED, contract=1),
        Signed(1, 50, Happened.STARTED, contract=2),
        Signed(1, 60, Happened.ENDED, contract=1),
        Signed(1, 100, Happened.ENDED, contract=2),
    ]
    rows = [Bought(1, 95), Bought(1, 120)]
    found = spells(purchases_of(rows), contracts_of(signed), LostSettings("mixed"), COMPANY, END)
    # The mean of one gap of 25 days and twice 40 / ln 10 is 19.9: x ln(1 / (0.1 x 19.9 / 365.25)) = 103.8.
    assert told(found) == [(1, 0, 100, "CONTRACT"), (1, 120, 120 + 104, "SILENT")]
    by_purchases = spells(purchases_of(rows), contracts_of(signed), LostSettings("company"), COMPANY, END)
    assert told(by_purchases) == [(1, 95, 160, "SILENT")]


def test_b2_a_deleted_account_ends_everything_at_once() -> None:
    signed = [Signed(1, 0, Happened.STARTED), Signed(1, 40, Happened.DELETED, contract=0)]
    found = spells(purchases_of([Bought(1, 35)]), contracts_of(signed), LostSettings("mixed"), COMPANY, END)
    assert told(found) == [(1, 0, 40, "DELETED")]


def test_b2_a_trial_makes_no_customer_and_a_change_of_plan_keeps_one() -> None:
    signed = [
        Signed(1, 0, Happened.STARTED, trial=1),
        Signed(1, 30, Happened.CHANGED, amount=8),
        Signed(1, 60, Happened.CHANGED, amount=9),
        Signed(1, 90, Happened.ENDED),
        Signed(2, 0, Happened.STARTED, trial=1),
        Signed(2, 30, Happened.ENDED, trial=1),
    ]
    terms = contracts_of(signed)
    found = spells(purchases_of([]), terms, LostSettings("contract"), COMPANY, END)
    assert told(found) == [(1, 30, 90, "CONTRACT")]
    assert terms.amount.tolist() == [8, 9]


def test_b2_without_subscriptions_an_account_is_the_contract() -> None:
    signed = [
        Signed(1, 5, Happened.SIGNED_UP, contract=0),
        Signed(1, 70, Happened.DELETED, contract=0),
        Signed(2, 9, Happened.SIGNED_UP, contract=0),
    ]
    found = spells(
        purchases_of([]), contracts_of(signed, signed_up=True), LostSettings("contract"), COMPANY, END
    )
    assert told(found) == [(1, 5, 70, "DELETED"), (2, 9, OPEN, "OPEN")]


def test_b2_never_really_a_customer_until_as_many_orders_as_asked_for() -> None:
    rows = [Bought(1, 10, order=1), Bought(1, 12, order=2), Bought(2, 10, order=3)]
    found = spells(
        purchases_of(rows), no_terms(), LostSettings("fixed", after_days=25, min_orders=2), COMPANY, END
    )
    assert told(found) == [(1, 12, 37, "SILENT")]


def test_b2_where_too_little_is_known_nobody_is_lost_by_silence() -> None:
    unknown = Usual(days=None)
    for rule in ("company", "own_rhythm", "category", "mixed"):
        lost = LostSettings(rule)  # type: ignore[arg-type]
        found = spells(purchases_of([Bought(1, 10)]), no_terms(), lost, unknown, END)
        assert told(found) == [(1, 10, OPEN, "OPEN")]


def test_b2_durables_last_as_long_as_the_longest_of_their_categories() -> None:
    company = Usual(days=40, gaps=100, categories={0: 200, 1: 20})
    rows = purchases_of([Bought(1, 10), Bought(2, 10), Bought(3, 10)])
    bought = (np.array([1, 1, 2, 3]), np.array([10, 10, 10, 10]), np.array([0, 1, 1, 7]))
    found = spells(rows, no_terms(), LostSettings("category"), company, END, bought)
    assert told(found) == [(1, 10, 210, "SILENT"), (2, 10, 30, "SILENT"), (3, 10, 50, "SILENT")]


def test_orders_count_once_however_their_lines_lie() -> None:
    rows = [
        Bought(1, 10, order=7),
        Bought(1, 10, order=7),
        Bought(1, 10, order=8),
        Bought(1, 12, order=7),
        Bought(2, 10, order=7),
        Bought(1, 12, amount=-4, order=7, kind=0),
    ]
    found = purchases_of(rows)
    assert found.unit.tolist() == [1, 1, 2]
    assert found.orders.tolist() == [2, 0, 1]
    assert found.amount.tolist() == [30, 6, 10]
    assert found.active.tolist() == [True, True, True]


@pytest.mark.parametrize("huge", [1, 1 << 50])
def test_orders_and_sums_hold_for_any_ids(huge: int) -> None:
    chance = np.random.default_rng(5)
    unit = chance.integers(1, 30, 500) * huge
    day = chance.integers(-400, 20_000, 500)
    order = chance.integers(0, 200, 500).astype(np.uint64)
    found = fold(unit, day, np.full(500, IS_ORDER | IS_ACTIVITY), np.ones(500, np.int64), order)
    assert found.orders.sum() == len(set(zip(unit.tolist(), order.tolist(), strict=True)))
    assert found.amount.sum() == 500
    assert len(found) == len(set(zip(unit.tolist(), day.tolist(), strict=True)))
