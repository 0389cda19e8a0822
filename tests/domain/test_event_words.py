"""Events are called by names that people read, and only events that there are."""

from __future__ import annotations

from holdfast.domain.event_words import EVENT_WORDS, event_words
from holdfast.domain.events import EVENT_NAMES


def test_g1_only_events_that_there_are_have_words_and_each_its_own() -> None:
    assert set(EVENT_WORDS) <= set(EVENT_NAMES)
    said = [str(words) for words in EVENT_WORDS.values()]
    assert len(set(said)) == len(said)


def test_g1_an_event_of_the_companys_own_keeps_its_name() -> None:
    assert str(event_words("Order Completed")) == "Order"
    assert str(event_words("Beans Roasted {x}")) == "Beans Roasted {x}"
