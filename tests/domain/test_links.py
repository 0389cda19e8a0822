"""G3: links in messages that need no sign-in: forged, cut off, changed and expired ones are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.links import LONGEST, Expired, Forged, Link, ends_on, read, written

SECRET = b"x" * 32
CHANNELS = ("email", "telegram", "chat")
NOW_US = 1_779_000_000_000_000
LINK = Link("wishes", 7, b"k" * 16, "email", "zh", ends_on(NOW_US), 12)


def test_a_token_says_what_was_written_into_it() -> None:
    token = written(LINK, SECRET, CHANNELS)
    assert read(token, SECRET, CHANNELS, now_us=NOW_US) == LINK
    assert len(token) <= LONGEST


def test_it_ends_after_its_last_day() -> None:
    token = written(LINK, SECRET, CHANNELS)
    day_us = 86_400_000_000
    last_us = LINK.ends_on * day_us - 1
    assert read(token, SECRET, CHANNELS, now_us=last_us) == LINK
    with pytest.raises(Expired):
        read(token, SECRET, CHANNELS, now_us=last_us + 1)


@given(st.integers(0, 85), st.integers(0, 5))
def test_one_changed_bit_makes_it_forged(at: int, bit: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = written(LINK, SECRET, CHANNELS)
    at %= len(token)
    changed = token[:at] + alphabet[alphabet.index(token[at]) ^ (1 << bit)] + token[at + 1 :]
    with pytest.raises(Forged):
        read(changed, SECRET, CHANNELS, now_us=NOW_US)


@given(st.text(max_size=200))
def test_whatever_somebody_types_is_forged_and_no_error(typed: str) -> None:
    with pytest.raises(Forged):
        read(typed, SECRET, CHANNELS, now_us=NOW_US)


def test_another_secret_makes_none_of_ours() -> None:
    token = written(LINK, b"y" * 32, CHANNELS)
    for wrong in (token, written(LINK, SECRET, CHANNELS)[:-1], written(LINK, SECRET, CHANNELS) + "="):
        with pytest.raises(Forged):
            read(wrong, SECRET, CHANNELS, now_us=NOW_US)
