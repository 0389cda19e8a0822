"""Shrinking: bounds, the level that keeps the mean, and that it helps where little is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from holdfast.learning.shrink import ENOUGH_LOSSES, kept_share, said, shrunk_intercept


@given(st.integers(0, 400), st.floats(-10, 1e6), st.integers(1, 5))
def test_the_kept_share_lies_between_nothing_and_all(losses, chi_square, weights):
    kept = kept_share(losses, chi_square, weights)
    assert 0 <= kept <= 1
    assert kept == 1 or losses < ENOUGH_LOSSES


def test_by_hand():
    assert kept_share(50, 12.0, 3) == 0.75
    assert kept_share(50, 2.0, 3) == 0
    assert kept_share(200, 2.0, 3) == 1
    with pytest.raises(ValueError, match="counted from 0"):
        kept_share(-1, 1.0, 1)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=40), st.floats(0.01, 0.99))
def test_the_level_keeps_the_mean(differences, share):
    told = np.array(differences)
    assert expit(shrunk_intercept(told, share) + told).mean() == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_all_or_none_has_no_level(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        shrunk_intercept(np.zeros(3), share)


def test_it_is_said_only_where_it_is_done():
    assert said(200, 1.0) is None
    assert "Only 60 losses are known, fewer than 200" in str(said(60, 0.9))
