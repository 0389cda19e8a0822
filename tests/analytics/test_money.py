"""Yearly money: what it is, and that its moves tie out to the last minor unit (B5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from hypothesis import given, settings

from analytics.test_churn import (
    COMPANY,
    END,
    Bought,
    Signed,
    contract_strategy,
    contracts_of,
    purchases_of,
    purchases_strategy,
    rules,
)
from holdfast.analytics.alerts import Counted, rising_churn
from holdfast.analytics.churn import spells
from holdfast.analytics.kept import (
    CASUAL,
    COLUMNS,
    GRAINS,
    NEW,
    REGULAR,
    Origins,
    Setup,
    Slice,
    keep,
    last_year,
    types,
)
from holdfast.analytics.recommend import Evidence, recommend
from holdfast.analytics.rhythm import Usual
from holdfast.analytics.taken import Happened
from holdfast.analytics.terms import OPEN
from holdfast.analytics.yearly_money import Move, yearly_money
from holdfast.domain.period import Period, day_number
from holdfast.settings import LostSettings

MONTHS = [day_number(date(1970 + at // 12, at % 12 + 1, 1)) for at in range(14)]
YEARS = [MONTHS[0], MONTHS[12]]
QUARTERS = MONTHS[::3]
ADDS = (Move.NEW, Move.WON_BACK, Move.MORE)


def brought(rows: list[Bought], terms: Any, unit: int, boundary: int) -> int:
    """What a unit brings in a year at a boundary, counted row by row."""
    at = int(np.searchsorted([*MONTHS, END], boundary))
    total = 0
    for row in rows:
        month = int(np.searchsorted(MONTHS, row.day, side="right")) - 1
        if row.unit == unit and month < at <= month + 12:
            total += row.amount
    for u, start, end, amount in zip(terms.unit, terms.start, terms.end, terms.amount, strict=True):
        if u == unit and start < boundary <= end:
            total += 12 * int(amount)
    return total


@given(rows=purchases_strategy, signed=contract_strategy, lost=rules)
@settings(max_examples=150, deadline=None)
def test_b5_opening_and_moves_make_the_closing_of_every_period(
    rows: list[Bought], signed: list[Signed], lost: LostSettings
) -> None:
    bought, terms = purchases_of(rows), contracts_of(signed)
    found = spells(bought, terms, lost, COMPANY, END)
    money = yearly_money(bought, terms, found, MONTHS, END, [MONTHS, QUARTERS, YEARS])
    for grain, starts in enumerate([MONTHS, QUARTERS, YEARS]):
        closing = 0
        for at, start in enumerate(starts):
            inside = (money.moves.grain == grain) & (money.moves.start == start)
            for kind in Move:
                amount = int(money.moves.money[inside & (money.moves.kind == kind)].sum())
                closing += amount if kind in ADDS else -amount
            boundary = starts[at + 1] if at + 1 < len(starts) else END
            there = {
                int(u)
                for u, s, e in zip(found.unit, found.start, found.end, strict=True)
                if s < boundary <= e
            }
            assert closing == sum(brought(rows, terms, unit, boundary) for unit in there)
    assert closing == int(money.at_end.sum())


def test_b5_who_stays_moves_more_or_less_and_who_returns_within_a_period_left_and_came() -> None:
    signed = [
        Signed(1, 5, Happened.STARTED, amount=10),
        Signed(1, 40, Happened.CHANGED, amount=15),
        Signed(2, 5, Happened.STARTED, amount=7, contract=2),
        Signed(2, 35, Happened.ENDED, contract=2),
        Signed(2, 50, Happened.STARTED, amount=8, contract=3),
    ]
    bought, terms = purchases_of([]), contracts_of(signed)
    found = spells(bought, terms, LostSettings("contract"), COMPANY, 70)
    moves = yearly_money(bought, terms, found, MONTHS[:3], 70, [MONTHS[:3]]).moves
    told = {
        (int(start), Move(int(kind)).name): (int(customers), int(money))
        for start, kind, customers, money in zip(
            moves.start, moves.kind, moves.customers, moves.money, strict=True
        )
    }
    assert told == {
        (MONTHS[0], "NEW"): (2, 12 * 17),
        (MONTHS[1], "MORE"): (1, 12 * 5),
        (MONTHS[1], "LEFT"): (1, 12 * 7),
        (MONTHS[1], "WON_BACK"): (1, 12 * 8),
    }


def test_the_last_whole_year() -> None:
    assert last_year(MONTHS[:12], last_is_over=False) == ()
    assert last_year(MONTHS[:12], last_is_over=True) == (MONTHS[0],)
    assert last_year(MONTHS[:13], last_is_over=False) == (MONTHS[0], MONTHS[12])
    assert last_year(MONTHS[:14], last_is_over=False) == (MONTHS[1], MONTHS[13])


def setup(lost: LostSettings) -> Setup:
    origins = Origins(np.array([1, 3]), np.array([2, 1]), np.array([1, 0]))
    grains = [MONTHS, QUARTERS, YEARS, ()]
    return Setup(lost, COMPANY, MONTHS, grains, END, origins)


def test_kept_tables_have_their_columns_and_say_what_is_known() -> None:
    rows = [
        Bought(1, 10, order=1),
        Bought(1, 40, order=2),
        Bought(1, 41, order=3),
        Bought(1, 70, amount=-5, kind=0),
        Bought(2, 390, order=4),
        Bought(3, 399, amount=-1, kind=0),
    ]
    part = Slice(purchases_of(rows), contracts_of([Signed(4, 20, Happened.STARTED)]))
    tables = keep(part, setup(LostSettings("mixed")))
    for name, columns in tables.items():
        assert tuple(columns) == COLUMNS[name]
        assert tuple(types(name)) == COLUMNS[name]
        assert len({len(values) for values in columns.values()}) == 1
    units = tables["units"]
    assert units["unit_id"].tolist() == [1, 2, 3, 4]
    assert units["first_day"].tolist() == [10, 390, 399, 20]
    assert units["last_day"].tolist() == [70, 390, 399, 20]
    assert units["bought_day"].tolist() == [10, 390, OPEN, OPEN]
    assert units["second_day"].tolist() == [40, OPEN, OPEN, OPEN]
    assert units["orders"].tolist() == [3, 1, 0, 0]
    assert units["amount"].tolist() == [25, 10, -1, 0]
    assert units["state"].tolist() == [4, 0, -1, 1]
    assert units["country"].tolist() == [2, 0, 1, 0]
    assert units["contracts"].tolist() == [0, 0, 0, 1]
    months = tables["months"]
    assert months["kind"].tolist() == [NEW, REGULAR, REGULAR, NEW, CASUAL]
    assert months["before"].tolist() == [-OPEN, MONTHS[0], -OPEN, -OPEN, -OPEN]
    ladder = tables["ladder"]
    assert ladder["step"].tolist() == [1, 2, 3, 1]
    assert ladder["customers"].tolist() == [1, 1, 1, 1]


def test_kept_tables_of_nobody_are_empty() -> None:
    tables = keep(Slice(purchases_of([]), contracts_of([])), setup(LostSettings()))
    assert {
        name: len(columns["country" if "country" in columns else COLUMNS[name][0]])
        for name, columns in tables.items()
    } == dict.fromkeys(COLUMNS, 0)
    assert len(GRAINS) == 4


def month(at: int) -> Period:
    return Period(date(2024, at, 1), date(2024 + at // 12, at % 12 + 1, 1), "month")


def test_b5_churn_that_rises_three_months_in_a_row_beyond_chance_is_an_alert() -> None:
    rising = [Counted(month(at), lost, 1000) for at, lost in enumerate((20, 18, 22, 30, 45), start=1)]
    rise = rising_churn(rising)
    assert rise is not None
    assert rise.rises == 3
    assert rise.before.period == month(2)
    assert str(rise.strong) == "Churn has risen 3 months in a row,"
    assert "from 1.8% in 2024-02-01 to 2024-02-29 to 4.5%" in str(rise.words)


def test_b5_two_rises_chance_and_gaps_are_no_alert() -> None:
    def counted(*lost: int, of: int = 1000, skip: int = 0) -> list[Counted]:
        return [Counted(month(at + (1 if at > skip > 0 else 0)), n, of) for at, n in enumerate(lost, start=1)]

    assert rising_churn([]) is None
    assert rising_churn(counted(30, 20, 30, 45)) is None
    assert rising_churn(counted(1, 2, 3, 4, of=60)) is None
    assert rising_churn(counted(10, 20, 30, 45, skip=2)) is None
    assert rising_churn(counted(10, 20, 30, 30)) is None
    assert rising_churn([*counted(10, 20, 30), Counted(month(4), 0, 0)]) is None


def test_b2_the_rule_that_suits_is_recommended_with_its_reason() -> None:
    usual, unknown = Usual(days=40, gaps=500), Usual(days=None, gaps=3)
    nobody = Evidence(0, 0, 0, 0, unknown)
    assert recommend(nobody).rule == "mixed"
    assert recommend(Evidence(10, 0, 0, 0, unknown)).rule == "contract"
    assert recommend(Evidence(10, 50, 9, 3, usual)).rule == "mixed"
    assert recommend(Evidence(0, 50, 3, 0, unknown)).rule == "fixed"
    assert recommend(Evidence(0, 50, 3, 0, unknown)).after_days == 365
    assert recommend(Evidence(0, 50, 30, 20, usual)).rule == "own_rhythm"
    assert recommend(Evidence(0, 500, 30, 20, usual)).rule == "company"
    differ = Usual(days=40, gaps=500, categories={0: 20, 1: 300})
    assert recommend(Evidence(0, 50, 30, 20, differ)).rule == "category"
    assert recommend(Evidence(0, 0, 0, 0, unknown, accounts=True)).rule == "contract"
    use = recommend(Evidence(0, 0, 0, 0, unknown, other_activity="Signed In"))
    assert (use.rule, use.activity) == ("own_rhythm", "Signed In")
    assert "Signed In" in str(use.reason)
