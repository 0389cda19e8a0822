"""What was read in a text, in the reader's words: how it sounds, what the writer wants, what hurts."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.domain.readings import (
    ASKS_FOR_DISCOUNT,
    ASKS_FOR_STATUS,
    NAMES_COMPETITOR,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    WANTS_OTHER_TERMS,
    WANTS_TO_LEAVE,
)
from holdfast.domain.texts import Text
from holdfast.web.cause_words import CauseName

MOOD_WORDS: Mapping[str, Text] = {
    NEGATIVE: Text("Unhappy"),
    NEUTRAL: Text("Neutral"),
    POSITIVE: Text("Happy"),
}
WANTS_WORDS: Mapping[str, Text] = {
    WANTS_TO_LEAVE: Text("Wants to leave"),
    ASKS_FOR_DISCOUNT: Text("Asks for a discount"),
    WANTS_OTHER_TERMS: Text("Wants other terms"),
    ASKS_FOR_STATUS: Text("Asks how things stand"),
    NAMES_COMPETITOR: Text("Names a competitor"),
}


def read_words(code: str, cause_name: CauseName) -> Text | str:
    """The ``code`` of a "Text Read" event in words; the name of a cause is the workspace's."""
    if code in MOOD_WORDS:
        return MOOD_WORDS[code]
    return WANTS_WORDS[code] if code in WANTS_WORDS else cause_name(code)
