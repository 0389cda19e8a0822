"""Every night: episodes begin once, with their evidence, and end; a new rule finds what held already (C)."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.domain.period import day_number
from holdfast.services.foresee.snapshots import open_history
from holdfast.services.warn import setting
from holdfast.services.warn.hearing import tonight
from holdfast.settings import Settings
from services.warn.companies import Row, arrive, day, episodes, happened, night, us

FIRST = day_number(day(0).date())


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    """Two customers who buy, and a night at which the signals were asked for the first time."""
    for key in ("ann", "bob"):
        arrive(
            workspace,
            [
                happened(key, "Order Completed", day(-n, 9), of=f"{key}{n}", total="20.00", currency="EUR")
                for n in (30, 20, 10, 3)
            ],
            day(-2, 12),
        )
    arrive(workspace, [happened("old", "Payment Failed", day(-20, 9), of="i0")], day(-2, 12))
    night(workspace, day(0, 3))
    return workspace


def of(rows: list[Row], signal: str) -> list[Row]:
    return [row for row in rows if row.signal == signal]


def test_what_held_before_the_first_look_is_no_news(shop: Settings) -> None:
    (row,) = of(episodes(shop), "payment_failed")
    assert (row.key, row.quiet, row.ended) == ("old", True, None)
    assert row.began == FIRST - 2, "it was known from the day on which it arrived"


def test_a_warning_begins_once_and_ends(shop: Settings) -> None:
    arrive(shop, [happened("ann", "Payment Failed", day(0, 9), of="i1")], day(0, 9))
    assert night(shop, day(1, 3)).began == 1
    row = Row("payment_failed", "ann", FIRST, None, False)
    assert of(episodes(shop), "payment_failed")[0] == row
    assert night(shop, day(1, 4)).began == 0
    assert night(shop, day(2, 3)).began == 0
    arrive(
        shop,
        [happened("ann", "Payment Completed", day(2, 9), of="i1", amount="5.00", currency="EUR")],
        day(2, 9),
    )
    night(shop, day(3, 3))
    assert of(episodes(shop), "payment_failed")[0] == Row("payment_failed", "ann", FIRST, FIRST + 2, False)


def test_nights_that_were_missed_are_made_up_for(shop: Settings) -> None:
    arrive(shop, [happened("ann", "Payment Failed", day(1, 9), of="i1")], day(1, 9))
    arrive(
        shop,
        [happened("ann", "Payment Completed", day(3, 9), of="i1", amount="5.00", currency="EUR")],
        day(3, 9),
    )
    night(shop, day(6, 3))
    assert of(episodes(shop), "payment_failed")[0] == Row(
        "payment_failed", "ann", FIRST + 1, FIRST + 3, False
    )


def test_a_changed_rule_finds_what_holds_already(shop: Settings) -> None:
    arrive(shop, [happened("ann", "Payment Failed", day(0, 9), of="i1")], day(0, 9))
    setting.change(shop, "payment_failed", {"declined": 2}, True, by="ada", now=day(0, 10))
    assert night(shop, day(1, 3)).began == 0
    setting.change(shop, "payment_failed", {}, True, by="ada", now=day(1, 10))
    assert night(shop, day(2, 3)).began == 0
    assert [row.quiet for row in of(episodes(shop), "payment_failed") if row.key == "ann"] == [True]


def test_what_a_signal_raised_ends_when_it_is_switched_off(shop: Settings) -> None:
    setting.change(shop, "payment_failed", {}, False, by="ada", now=day(0, 10))
    night(shop, day(1, 3))
    assert [row.ended for row in of(episodes(shop), "payment_failed")] == [FIRST]
    setting.change(shop, "payment_failed", {}, True, by="ada", now=day(1, 10))
    night(shop, day(2, 3))
    assert all(row.quiet for row in of(episodes(shop), "payment_failed"))


def test_a_night_of_long_ago_changes_nothing(shop: Settings) -> None:
    before = episodes(shop)
    arrive(shop, [happened("ann", "Payment Failed", day(-1, 9), of="i1")], day(0, 9))
    assert night(shop, day(-1, 3)).signals == 0
    assert episodes(shop) == before
    assert us(day(0)) > 0


def test_what_is_heard_with_the_features_is_what_the_signals_say_alone(shop: Settings) -> None:
    arrive(shop, [happened("ann", "Payment Failed", day(0, 9), of="i1")], day(0, 9))
    with open_history(shop, now=day(1, 3)) as history:
        together, alone = tonight(shop, history, FIRST + 1), tonight(shop, history, FIRST + 1)
        features = list(together.listening().slices(FIRST + 1))
        alone.ask_the_rest()
        apart = list(history.slices(FIRST + 1))
    assert together.heard.there.tolist() == alone.heard.there.tolist()
    assert together.heard.said.keys() == alone.heard.said.keys() >= {"payment_failed"}
    for name, heard in together.heard.said.items():
        for one, other in zip(heard, alone.heard.of(name), strict=True):
            for part in ("unit", "holds", "over", "lapsed", "strength"):
                np.testing.assert_array_equal(getattr(one, part), getattr(other, part), f"{name}: {part}")
            assert one.evidence.keys() == other.evidence.keys()
            for number, values in one.evidence.items():
                np.testing.assert_array_equal(values, other.evidence[number], number)
    assert sum(int(each.holds.sum()) for each in together.heard.of("payment_failed")) == 2
    for snapshot, again in zip(features, apart, strict=True):
        assert snapshot.table.unit_id.tolist() == again.table.unit_id.tolist()
        assert snapshot.table.columns.keys() == again.table.columns.keys()
