"""Who was present, who had left by the horizon, and when that can be told (D4)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analytics import panel
from holdfast.analytics.churn import Ended
from holdfast.analytics.converting import RATES, amount_in
from holdfast.analytics.emit import emit
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.panel import Stays
from holdfast.analytics.rates import Rate, RateTable
from holdfast.analytics.spec import Column, Query
from holdfast.analytics.terms import OPEN
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows

END = 1000


GRACE = 60


def stays(*spells: tuple[int, int, int, Ended, int], held: tuple[int, ...] = ()) -> Stays:
    """Spells of (unit, start, end, how ended, last purchase)."""
    unit, start, end, ended, active = (np.array(each, np.int64) for each in zip(*sorted(spells), strict=True))
    return Stays(unit, start, end, ended, active, np.isin(unit, held) & (ended == Ended.OPEN), END)


EXAMPLE = stays(
    (1, 100, 400, Ended.SILENT, 340),
    (1, 500, OPEN, Ended.OPEN, 990),
    (2, 100, 300, Ended.CONTRACT, -OPEN),
    (3, 100, OPEN, Ended.OPEN, 960),
    (4, 100, OPEN, Ended.OPEN, -OPEN),
    (5, 300, 700, Ended.DELETED, 650),
    held=(4,),
)


def outcomes(stays: Stays, day: int, horizon: int) -> tuple[np.ndarray, panel.Outcomes]:
    """Everybody present; those with a contract need no grace."""
    units = stays.unit[panel.present(stays, day)]
    grace = np.where(np.isin(units, (2, 4)), 0, GRACE)
    return units, panel.outcomes(stays, day, horizon, units, grace)


def told(day: int, horizon: int) -> dict[int, tuple[bool, int, bool]]:
    units, found = outcomes(EXAMPLE, day, horizon)
    rows = zip(found.left.tolist(), found.departed_day.tolist(), found.decided.tolist(), strict=True)
    return dict(zip(units.tolist(), rows, strict=True))


def test_present_is_who_began_before_and_has_not_ended() -> None:
    assert EXAMPLE.unit[panel.present(EXAMPLE, 100)].tolist() == []
    assert EXAMPLE.unit[panel.present(EXAMPLE, 101)].tolist() == [1, 2, 3, 4]
    # A contract that ends on the day has not ended at its beginning; silence has.
    assert EXAMPLE.unit[panel.present(EXAMPLE, 300)].tolist() == [1, 2, 3, 4]
    assert EXAMPLE.unit[panel.present(EXAMPLE, 301)].tolist() == [1, 3, 4, 5]
    assert EXAMPLE.unit[panel.present(EXAMPLE, 400)].tolist() == [3, 4, 5]
    assert EXAMPLE.unit[panel.present(EXAMPLE, 501)].tolist() == [1, 3, 4, 5]


def test_left_is_who_departed_before_the_horizon_ends() -> None:
    assert told(300, 30)[2] == (True, 300, True)
    assert told(250, 50)[2] == (False, 300, True)
    assert told(250, 51)[2] == (True, 300, True)
    # Silent already, and not yet too long: has left.
    assert told(380, 30)[1] == (True, 340, True)
    assert told(300, 40)[1] == (False, 340, True)
    # Back in a later spell: left all the same.
    assert told(330, 400)[1] == (True, 340, True)
    assert told(660, 60)[5] == (True, 700, True)


def test_who_is_mature_does_not_depend_on_what_came_of_it() -> None:
    # Silent since 960: mature 60 days after the horizon, though nobody can tell before.
    assert told(800, 100)[3] == (False, OPEN, True)
    assert told(840, 100)[3] == (False, OPEN, True)
    assert told(841, 100)[3] == (False, OPEN, False)
    assert told(880, 100)[4] == (False, OPEN, True)
    # A horizon beyond the end of the data decides nothing.
    assert not any(decided for _, _, decided in told(950, 60).values())
    _, found = outcomes(EXAMPLE, 300, 40)
    assert found.mature_day.tolist() == [400, 340, 400, 340, 400][: len(found.mature_day)]


def test_whoever_is_silent_longer_than_was_allowed_at_the_day_has_left() -> None:
    slow = stays(
        (7, 0, OPEN, Ended.OPEN, 700), (8, 0, OPEN, Ended.OPEN, 940), (9, 0, OPEN, Ended.OPEN, -OPEN)
    )
    units, found = outcomes(slow, 650, 90)
    assert dict(zip(units.tolist(), found.left.tolist(), strict=True)) == {7: True, 8: False, 9: True}
    assert found.departed_day.tolist()[:2] == [700, OPEN]


def test_days_go_back_in_steps() -> None:
    assert panel.moments(850, 800, 28, 12) == (822, 850)
    assert panel.moments(850, 0, 28, 3) == (794, 822, 850)
    assert panel.moments(10, 20, 28, 3) == ()


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 300), st.integers(1, 200), st.integers(0, 3)), max_size=8
    ),
    st.integers(0, 500),
    st.integers(1, 200),
)
def test_a_longer_horizon_never_brings_anybody_back(
    drawn: list[tuple[int, int, int, int]], day: int, horizon: int
) -> None:
    found: list[tuple[int, int, int, Ended, int]] = []
    for unit, start, length, how in drawn:
        free = all(other != unit or start > e or start + length < s for other, s, e, _, _ in found)
        if free:
            ended = Ended(how) if how else Ended.SILENT
            found.append((unit, start, start + length, ended, start + length // 2))
    if not found:
        return
    held = stays(*found)
    units, short = outcomes(held, day, horizon)
    _, long = outcomes(held, day, horizon + 30)
    assert units.tolist() == sorted(set(units.tolist()))
    assert not (short.left & ~long.left).any()
    assert (short.departed_day[short.left] < day + horizon).all()
    assert (short.mature_day >= day + horizon).all()
    assert (long.mature_day == short.mature_day + 30).all()


def test_contracts_bring_what_runs_at_the_beginning_of_a_day() -> None:
    unit, start, end, amount = (
        np.array(each, np.int64) for each in ([1, 1, 2, 9], [10, 20, 10, 0], [20, OPEN, 30, 99], [5, 7, 3, 1])
    )
    at = np.array([1, 2, 3])

    def monthly(day: int) -> list[int]:
        return panel.monthly_amounts(unit, start, end, amount, at, day).tolist()

    assert monthly(10) == [0, 0, 0]
    assert monthly(15) == [5, 3, 0]
    assert monthly(30) == [7, 3, 0]
    assert monthly(31) == [7, 0, 0]
    assert panel.under_contract(unit, start, end, at, 15).tolist() == [True, True, False]
    assert panel.under_contract(unit, start, end, at, 31).tolist() == [True, False, False]
    assert panel.held_units(unit, end).tolist() == [1]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tehran"])
def test_amounts_of_several_currencies_are_one_in_features(
    zone: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = day_number(date(2024, 1, 1))
    rates = RateTable(
        [
            Rate(first, "USD", "EUR", 0.9),
            Rate(first + 10, "USD", "EUR", 0.95),
            Rate(first, "IRR", "EUR", 0.0000218),
        ],
        "EUR",
    )
    names = ["EUR", "USD", "IRR", "XXX"]
    start = first * DAY_US
    expression, table = amount_in(
        rates, names, ZoneInfo(zone), start, start + 30 * DAY_US, range(first, first + 30)
    )
    assert table is not None
    rows = [
        ("EUR", 1234, 1, 1234),
        (None, 1234, 1, 1234),
        ("USD", 1000, 1, 900),
        ("USD", -1000, 12, -950),
        ("IRR", 500_000_000, 3, 10_900),
        ("XXX", 5, 3, None),
        ("USD", None, 3, None),
    ]
    events = Rows(
        {
            "currency": [row[0] for row in rows],
            "amount_minor": [row[1] for row in rows],
            "at_us": [start + row[2] * DAY_US + DAY_US // 2 for row in rows],
            "n": list(range(len(rows))),
        }
    )
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("rates")) as engine:
        query = Query("events", {"n": Column("n"), "amount": expression})
        found = dict(engine.rows(emit(query, "duckdb"), {"events": events, RATES: Rows(table)}))
    assert [found[n] for n in range(len(rows))] == [row[3] for row in rows]
    assert amount_in(rates, ["EUR"], ZoneInfo(zone), 0, 1, range(2))[1] is None
