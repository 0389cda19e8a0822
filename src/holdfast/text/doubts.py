"""How much a person's look at a reading would teach, 0 to 1: the queue of corrections goes by it."""

from __future__ import annotations

from holdfast.text.reading import Reading

LONG_WORDS = 60
"""Characters from which on a text without a cause surely says something."""


def doubt(text: str, reading: Reading) -> float:
    """How much a correction of this reading would teach: most where something hurts and nobody knows what.

    Uncertainty sampling (Lewis and Gale 1994) by hand: the phrases give no probabilities, so the order is
    that of what they contradict or leave open.
    """
    if reading.language is None:
        return 0.1  # a correction cannot teach a language that is not read
    if reading.churn_intent and not reading.causes:
        return 1.0
    if not reading.causes:
        if reading.sentiment == "negative":
            return 0.9
        return 0.5 if reading.sentiment == "neutral" and len(text) >= LONG_WORDS else 0.15
    if reading.sentiment == "positive":
        return 0.8
    return 0.6 if len(reading.causes) > 2 else 0.3
