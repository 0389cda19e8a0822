"""E6, C9: steps with the share lost at each, the time between, who is stuck; the funnel to a purchase."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analytics.intervals import wilson
from holdfast.analytics.journey import behind, funnel, onward, stages, worst

NAN = float("nan")
KEYS = ("came", "signed_up", "first_purchase")
END, SINCE, PATIENCE = 200, 0, 30


def way(
    *lines: tuple[int, tuple[float, float, float]],
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """So many customers with the days of the three steps."""
    rows = np.array([days for count, days in lines for _ in range(count)], np.float64)
    return {key: rows[:, place] for place, key in enumerate(KEYS)}


def test_e6_the_share_lost_and_the_time_between_are_those_of_who_can_be_told() -> None:
    """60 sign up at once and 40 do not; of the 60, 45 buy after 10 days and 15 after 40, which is too late.
    Ten more have come too lately for anybody to say.
    """
    days = way((45, (5, 5, 15)), (15, (5, 5, 45)), (40, (5, NAN, NAN)), (10, (190, 190, NAN)))
    first, second = stages(days, KEYS, END, SINCE, PATIENCE)
    assert (first.reached, first.told, first.went_on, first.lost) == (110, 100, 60, 40)
    assert first.share_lost == pytest.approx(0.4)
    assert (first.low, first.high) == wilson(40, 100)
    assert (second.told, second.went_on) == (60, 45)
    assert second.quarter_days == (10, 10, 10)
    found = worst([first, second])
    assert found is not None
    assert found.key == "came"


def test_e6_who_skips_a_step_has_gone_past_it() -> None:
    first, second = stages(way((50, (5, NAN, 7))), KEYS, END, SINCE, PATIENCE)
    assert (first.told, first.went_on) == (50, 50)
    assert (second.reached, second.share_lost) == (0, None)


def test_e6_who_took_the_later_step_before_does_not_stand_at_the_earlier_one() -> None:
    _, second = stages(way((50, (5, 20, 7))), KEYS, END, SINCE, PATIENCE)
    assert second.reached == 0


def test_e6_too_few_say_nothing() -> None:
    first, _ = stages(way((29, (5, 5, NAN))), KEYS, END, SINCE, PATIENCE)
    assert first.share_lost is None
    assert worst([first]) is None


def test_e6_who_is_stuck_is_listed_the_newest_first_and_who_may_still_go_on_is_not() -> None:
    days = way((1, (5, 5, NAN)), (1, (9, 9, NAN)), (1, (9, 9, 150)), (1, (190, 190, NAN)))
    after = onward(days, KEYS)
    assert behind(days["signed_up"], after["signed_up"], END, PATIENCE).tolist() == [1, 0]


def test_c9_the_funnel_counts_of_all_who_came() -> None:
    days = way((60, (5, 6, 20)), (20, (5, 6, NAN)), (20, (5, NAN, NAN)), (9, (195, 195, 196)))
    assert funnel(days, KEYS, END, SINCE, PATIENCE) == [
        ("came", 100, 100),
        ("signed_up", 100, 80),
        ("first_purchase", 100, 60),
    ]


@given(
    st.lists(
        st.tuples(*(st.one_of(st.just(NAN), st.integers(0, 250).map(float)) for _ in KEYS)),
        min_size=1,
        max_size=40,
    )
)
def test_e6_nobody_is_counted_twice_and_the_funnel_only_narrows(
    rows: list[tuple[float, float, float]],
) -> None:
    days = way(*((1, each) for each in rows))
    for stage in stages(days, KEYS, END, SINCE, PATIENCE):
        assert 0 <= stage.went_on <= stage.told <= stage.reached <= len(rows)
    counts = [count for _, _, count in funnel(days, KEYS, END, SINCE, PATIENCE)]
    assert counts == sorted(counts, reverse=True)
