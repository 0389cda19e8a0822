"""A6: which channel a customer answers best, and when that is not clear yet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.learning.answering import SURE_ENOUGH, Tried, steadied, suited_channel, tried

COMPANY = {"email": Tried(1000, 100), "phone": Tried(200, 100)}


@pytest.mark.parametrize(
    ("own", "channel"),
    [
        ({}, None),
        ({"email": Tried(2, 2)}, None),
        ({"email": Tried(9, 0)}, None),
        ({"email": Tried(9, 3)}, "email"),
        ({"email": Tried(20, 2), "phone": Tried(6, 5)}, "phone"),
        ({"email": Tried(4, 2), "messenger": Tried(4, 2)}, None),
        ({"email": Tried(40, 30), "phone": Tried(40, 2)}, "email"),
    ],
)
def test_a6_a_channel_suits_when_it_is_better_for_sure(own: dict[str, Tried], channel: str | None) -> None:
    assert suited_channel(own, COMPANY).channel == channel


def test_a6_few_tries_look_like_the_company() -> None:
    assert steadied(Tried(0, 0), COMPANY["phone"])[0] == pytest.approx(0.5)
    assert steadied(Tried(1, 1), COMPANY["email"])[0] == pytest.approx(0.25)
    assert steadied(Tried(500, 450), COMPANY["email"])[0] == pytest.approx(0.9, abs=0.01)


def test_who_turns_to_us_unasked_was_answered_as_often() -> None:
    assert tried(2, 5) == Tried(5, 5)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a6_the_chance_lies_between_0_and_1(asked: int, answered: int) -> None:
    mean, variance = steadied(tried(asked, answered), COMPANY["email"])
    assert 0 < mean < 1
    assert 0 < variance < 0.25


def test_a6_what_it_says_for_sure_is_right_that_often() -> None:
    draw = np.random.default_rng(7)
    right = said = 0
    for _ in range(2_000):
        truth = {"email": draw.beta(1, 4), "phone": draw.beta(1, 4)}
        own = {name: Tried(12, int(draw.binomial(12, rate))) for name, rate in truth.items()}
        found = suited_channel(own, {name: Tried(1000, 200) for name in truth})
        if found.channel:
            said += 1
            right += truth[found.channel] == max(truth.values())
    assert said > 500
    assert right / said >= SURE_ENOUGH
