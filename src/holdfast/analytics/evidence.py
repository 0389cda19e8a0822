"""The evidence of a warning in words: its numbers as they were when it began.

"Bills declined and not paid since: 1". What says nothing is left out: a number that is not known, and a
0 that has nothing usual beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from holdfast.analytics.driver_words import driver_words
from holdfast.domain.money import NO_CURRENCY

if TYPE_CHECKING:
    from holdfast.analytics.signal import Shown, Signal
    from holdfast.domain.texts import Text


def evidence_words(
    signal: Signal, numbers: Mapping[str, float | None], *, currency: str = NO_CURRENCY
) -> tuple[Text, ...]:
    """One sentence for each number that says something, the most telling first.

    ``numbers`` are by the names of the signal's numbers, as they were kept; ``currency`` is that of
    amounts, which come in its minor units.
    """
    by_name = {each.name: each for each in signal.numbers}
    said = []
    for shown in signal.evidence:
        value, usual = numbers.get(shown.number), _usual(shown, numbers)
        if value is not None and isfinite(value) and (value or usual):
            said.append(driver_words(by_name[shown.number], value, usual, currency=currency))
    return tuple(said)


def _usual(shown: Shown, numbers: Mapping[str, float | None]) -> float | None:
    usual = None if shown.usual is None else numbers.get(shown.usual)
    return usual if usual is not None and isfinite(usual) else None
