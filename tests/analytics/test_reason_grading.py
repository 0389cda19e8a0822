"""E4: grades stand between stated bounds, are unsure where the interval reaches over, and need enough."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.analytics.reason_grading import (
    FEWEST,
    Graded,
    Tally,
    decisive,
    difference,
    graded_from,
)


def measure(hits: int, of: int, name: str = "m", **more: object) -> Graded:
    return Graded(name, 0.1, 0.3, Tally(hits, of), **more)  # type: ignore[arg-type]


def test_e4_a_share_is_graded_by_its_bounds_and_unsure_near_them() -> None:
    assert [measure(hits, 1000).grade for hits in (10, 99, 100, 299, 300)] == [
        *("good", "good", "weak", "weak", "bad"),
    ]
    assert measure(10, 1000).may_also_be == ()
    assert measure(99, 1000).may_also_be == ("weak",)
    assert measure(9, 40).may_also_be == ("bad",)
    assert measure(5, 31).may_also_be == ("bad", "good")
    assert measure(3, 31).may_also_be == ("weak",)


def test_e4_of_too_few_nothing_is_said() -> None:
    few = measure(
        FEWEST - 1, FEWEST - 1, before=Tally(0, 500), left_with=Tally(5, 5), left_without=Tally(0, 9)
    )
    assert (few.grade, few.may_also_be, few.change, few.trend, few.leave_more) == (
        "too_few",
        (),
        None,
        None,
        None,
    )
    assert measure(0, 0, missing=True).grade == "no_data"


def test_e4_a_trend_is_only_told_beyond_chance() -> None:
    assert measure(40, 100, before=Tally(10, 100)).trend == "worse"
    assert measure(10, 100, before=Tally(40, 100)).trend == "better"
    assert measure(11, 100, before=Tally(10, 100)).trend == "unclear"


def test_newcombe_gives_the_interval_of_his_paper() -> None:
    found = difference(Tally(56, 70), Tally(48, 80))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_the_worst_measure_decides_and_what_has_no_data_never_does_beside_one_that_has() -> None:
    rows = [measure(0, 0, "none", missing=True), measure(5, 100, "good"), measure(20, 100, "weak")]
    best = decisive(rows)
    assert best is not None and best.name == "weak"
    assert decisive([]) is None
    worse = decisive([*rows, measure(40, 100, "bad"), measure(90, 100, "worst")])
    assert worse is not None and worse.name == "worst"


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_difference_and_turns_round_with_it(a: int, b: int, c: int, d: int) -> None:
    one, other = Tally(min(a, b), b), Tally(min(c, d), d)
    there, back = difference(one, other), difference(other, one)
    assert (there is None) == (b < FEWEST or d < FEWEST)
    if there is not None and back is not None:
        assert there.low <= there.value <= there.high
        assert abs(there.low + back.high) < 1e-12


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.booleans())
def test_what_is_kept_comes_back_as_it_was(hits: int, before: int, missing: bool) -> None:
    graded = measure(hits, 100, before=Tally(before, 100), left_with=Tally(1, 50), missing=missing)
    assert graded_from(json.loads(json.dumps(graded.as_json()))) == graded
