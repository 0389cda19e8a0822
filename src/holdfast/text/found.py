"""All that is found in a text: how it sounds, causes, wishes, competitors, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.readings import ASKS_FOR_STATUS, NAMES_COMPETITOR, WANTS_TO_LEAVE
from holdfast.text.doubts import doubt
from holdfast.text.reading import Evidence, Reading
from holdfast.text.wishes import wishes

_SAYS_STATUS = frozenset({"no_information", "late_delivery"})
"""Whoever writes of these asks how things stand."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a text: the reading, what the writer ``wants`` beside, and the doubt about it."""

    language: str | None
    sentiment: str
    causes: tuple[str, ...]
    wants: tuple[str, ...]
    competitors: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    doubt: float


def found_in(text: str, reading: Reading) -> Found:
    """What stands in ``text``, of which ``reading`` is the reading."""
    asked = wishes(text, reading.language)
    wants = [WANTS_TO_LEAVE] if reading.churn_intent else []
    wants += [NAMES_COMPETITOR] if reading.competitors else []
    wants += [each.meaning for each in asked]
    if ASKS_FOR_STATUS not in wants and _SAYS_STATUS & set(reading.causes):
        wants.append(ASKS_FOR_STATUS)
    return Found(
        reading.language,
        reading.sentiment,
        reading.causes,
        tuple(wants),
        reading.competitors,
        (*reading.evidence, *asked),
        doubt(text, reading),
    )
