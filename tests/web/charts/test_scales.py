"""Axes start where they must and their labels keep apart."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from holdfast.web.charts.scales import digits_for, labels_with_room, ticks_between, ticks_from_zero

rates = st.floats(0.0001, 1)


@given(rates)
def test_rates_start_at_zero_and_reach_the_highest(highest: float) -> None:
    ticks = ticks_from_zero(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 5


def test_without_a_positive_rate_the_axis_shows_one_per_cent() -> None:
    assert ticks_from_zero(0)[-1] == ticks_from_zero(5e-324)[-1] == 0.01


@given(rates, rates)
def test_ticks_enclose_dots_and_intervals(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    ticks = ticks_between(low, high)
    assert ticks[0] <= low + 1e-9
    assert ticks[-1] >= high - 1e-9
    assert len(ticks) <= 7


@given(rates)
def test_neighbouring_ticks_read_differently(highest: float) -> None:
    ticks = ticks_from_zero(highest)
    digits = digits_for(ticks)
    written = [f"{tick * 100:.{digits}f}" for tick in ticks]
    assert len(set(written)) == len(written)


@given(st.lists(st.floats(5, 90), min_size=1, max_size=60), st.floats(1, 100))
def test_labels_do_not_touch_and_the_last_is_always_there(widths: list[float], spacing: float) -> None:
    chosen = labels_with_room(widths, spacing)
    assert chosen[-1] == len(widths) - 1
    for before, after in pairwise(chosen):
        assert (after - before) * spacing >= max(widths[before], widths[after])


def test_no_labels_no_places() -> None:
    assert labels_with_room([], 10) == []
