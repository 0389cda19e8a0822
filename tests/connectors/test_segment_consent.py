"""Consent in calls of the Segment format: Segment's own preferences, and ours with their proof."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.connectors.segment import read_call
from holdfast.connectors.segment_consent import Agreed, consent_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


def test_segments_preferences_are_read() -> None:
    told = {"consent": {"categoryPreferences": {"Advertising": True, "Functional": True, "News": False}}}
    assert consent_of(told, {}) == (
        Agreed("", "", True, "Advertising: true", standing=True),
        Agreed("news", "", False, "News: false", standing=True),
    )


def test_ours_say_channel_wording_and_how() -> None:
    told = {
        "offers": {"given": True, "channel": "email", "wording": "Yes, mail me", "how": "paper"},
        "surveys": False,
        "news": {"given": "yes"},
        "greetings": {"given": True, "channel": "fax"},
        "marketing": {"given": False, "how": "one_click"},
    }
    assert consent_of({}, {"consent": told}) == (
        Agreed("offers", "email", True, "Yes, mail me", "paper"),
        Agreed("surveys", "", False),
        Agreed("", "", False),
    )


@given(JSON, JSON)
def test_whatever_else_stands_there_says_nothing(context: Any, consent: Any) -> None:
    for each in consent_of({"consent": context}, {"consent": consent}):
        assert isinstance(each.given, bool)


@pytest.mark.parametrize(
    ("browser", "kind", "count"), [(False, "identify", 1), (True, "identify", 0), (False, "group", 0)]
)
def test_only_servers_tell_it_and_of_people(browser: bool, kind: str, count: int) -> None:
    call = {"type": kind, "userId": "ann", "groupId": "g", "traits": {"consent": {"marketing": True}}}
    assert len(read_call(call, endpoint="batch", received_us=1, browser=browser).consent) == count
