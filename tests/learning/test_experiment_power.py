"""How many to hold out, and how long it takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.learning import detectable_effect, propose_holdout, weeks_more
from holdfast.learning.experiment import (
    Estimate,
    Stratum,
    Sums,
    always_valid,
    detectable_difference,
    difference,
)


def test_what_is_promised_is_shown_as_often_as_promised() -> None:
    effect = detectable_effect(4_000, 0.2, 0.12, power=0.8, alpha=0.05)
    assert effect is not None
    chance, shown = np.random.default_rng(1), 0
    for _ in range(1_500):
        treated, held_out = chance.binomial(3_200, 0.12 - effect), chance.binomial(800, 0.12)
        lot = Stratum(0.8, Sums(3_200, treated, treated), Sums(800, held_out, held_out))
        found = difference([lot], "share", 0.05)
        assert isinstance(found, Estimate)
        shown += found.sign < 0
    # Somewhat more often: with few held out, Newcombe's limits are quicker to see a fall than the plan is.
    assert 0.79 < shown / 1_500 < 0.87


@given(some.integers(500, 100_000), some.floats(0.05, 0.5), some.floats(0.05, 0.5))
def test_more_customers_and_better_covariates_show_less(n: int, holdout: float, base: float) -> None:
    seen = detectable_effect(n, holdout, base)
    twice, adjusted = detectable_effect(2 * n, holdout, base), detectable_effect(n, holdout, base, 0.8)
    if seen is None:
        return
    assert twice is not None
    assert adjusted is not None
    assert twice < seen
    assert adjusted < seen <= base


def test_what_even_no_loss_at_all_would_not_show_is_none() -> None:
    assert detectable_effect(400, 0.1, 0.02) is None
    assert detectable_effect(100, 0.2, 0.5) is None
    assert detectable_difference(100, 0.2, 5.0) is None


def test_an_amount_is_shown_at_so_many_standard_errors() -> None:
    assert detectable_difference(1_000, 0.5, 100.0, 0.8, 0.05) == pytest.approx(
        (1.959964 + 0.841621) * 100 * (4 / 1_000) ** 0.5, rel=1e-5
    )


def test_the_smallest_share_that_shows_it_is_proposed() -> None:
    told = propose_holdout(10_000, 0.12, 0.03)
    assert told.enough
    assert 0.05 < told.share < 0.5
    assert detectable_effect(10_000, told.share, 0.12) == told.detectable
    smaller = detectable_effect(10_000, told.share - 0.01, 0.12)
    assert smaller is not None
    assert smaller > 0.03 >= (told.detectable or 1)
    assert str(told.sentence).startswith(f"Hold out {told.share:.0%}: a fall in leaving from 12.0% to ")
    assert propose_holdout(1_000_000, 0.12, 0.03).share == 0.05


def test_where_half_is_too_few_it_says_so() -> None:
    told = propose_holdout(1_000, 0.12, 0.01)
    assert (told.share, told.enough) == (0.5, False)
    assert "not one to 11.0%" in str(told.sentence)
    none = propose_holdout(50, 0.12, 0.01)
    assert (none.detectable, none.enough) == (None, False)
    assert "too few to show anything" in str(none.sentence)


def test_after_the_weeks_told_the_effect_sought_is_shown() -> None:
    """Where the truth is the effect sought: as many weeks later four of five plays show it."""
    lot = Stratum(0.8, Sums(800, 64, 64), Sums(200, 24, 24))
    now = always_valid([lot], "share", 3_000, 0.01)
    assert isinstance(now, Estimate)
    weeks = weeks_more(now, 0.04, 3_000, 500)
    assert weeks is not None
    n, chance, shown = 1_000 + 500 * weeks, np.random.default_rng(2), 0
    for _ in range(400):
        treated, held_out = chance.binomial(n * 4 // 5, 0.08), chance.binomial(n // 5, 0.12)
        later = Stratum(0.8, Sums(n * 4 // 5, treated, treated), Sums(n // 5, held_out, held_out))
        found = always_valid([later], "share", 3_000, 0.01)
        assert isinstance(found, Estimate)
        shown += found.sign < 0
    assert 0.7 < shown / 400 < 0.93
    assert weeks_more(now, 0.04, 3_000, 5) is None
    assert weeks_more(now, 0.08, 3_000, 500) <= weeks  # type: ignore[operator]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: detectable_effect(1_000, 1.0, 0.1), "held out"),
        (lambda: detectable_effect(-1, 0.5, 0.1), "counted from 0"),
        (lambda: detectable_effect(1_000, 0.2, 0.0), "share that leaves"),
        (lambda: detectable_effect(1_000, 0.2, 0.1, sd_ratio=0.0), "sd_ratio"),
        (lambda: detectable_effect(1_000, 0.2, 0.1, power=1.0), "power"),
        (lambda: detectable_difference(1_000, 0.2, -1.0), "not negative"),
        (lambda: propose_holdout(1_000, 0.1, 0.2), "fall in leaving"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        wrong()  # type: ignore[operator]
