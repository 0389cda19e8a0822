"""G3, N1: of all that a customer said, the newest that covers the question counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.consent import (
    CHANNELS,
    TOPICS,
    Statement,
    channel_named,
    last_word,
    pace_of,
    topic_named,
)


def said(topic: str, channel: str, given: bool, at_us: int, pace: str | None = None) -> Statement:
    return Statement(topic, channel, given, at_us, "page", pace=pace)


def test_the_newest_that_covers_the_question_counts() -> None:
    words = [said("news", "", True, 1), said("", "email", False, 2), said("offers", "email", True, 3)]
    assert last_word(words, "news", "email") == words[1]
    assert last_word(words, "news", "telegram") == words[0]
    assert last_word(words, "offers", "email") == words[2]
    assert last_word(words, "surveys", "telegram") is None


def test_of_two_at_the_same_moment_the_later_kept_counts() -> None:
    words = [said("news", "", True, 5), said("", "email", False, 5)]
    assert last_word(words, "news", "email") == words[1]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", *TOPICS]), st.sampled_from(["", *CHANNELS]), st.booleans(), st.integers(0, 9)
        )
    )
)
def test_a_last_no_to_everything_always_holds(rows: list[tuple[str, str, bool, int]]) -> None:
    words = [*(said(*row) for row in rows), said("", "", False, 10)]
    for topic in TOPICS:
        for channel in CHANNELS:
            assert last_word(words, topic, channel) == words[-1]


def test_the_pace_is_the_last_that_was_said_of_it() -> None:
    assert pace_of([]) == ""
    words = [said("", "", True, 1, "weekly"), said("", "", True, 2), said("", "", True, 3, "monthly")]
    assert pace_of(words) == "monthly"
    assert pace_of([*words, said("", "", True, 4, "")]) == ""
    assert pace_of([said("", "", True, 1, "hourly")]) == ""


@pytest.mark.parametrize(
    ("written", "topic"),
    [
        ("Marketing", ""),
        ("Advertising", ""),
        (" NEWS ", "news"),
        ("newsletter", "news"),
        ("Functional", None),
    ],
)
def test_what_other_programs_call_a_topic(written: str, topic: str | None) -> None:
    assert topic_named(written) == topic


def test_what_other_programs_call_a_channel() -> None:
    assert [channel_named(each) for each in ("Email", "all", "", "fax")] == ["email", "", "", None]
