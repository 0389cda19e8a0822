"""What a good reader finds in the texts: "Text Read" facts, which are mostly, not always, right.

The truth about each text stands in ``truth-texts.csv``; these facts are what the company knows of it.
"""

from __future__ import annotations

import numpy as np

from holdfast.domain.readings import (
    ASKS_FOR_DISCOUNT,
    ASKS_FOR_STATUS,
    NAMES_COMPETITOR,
    NEUTRAL,
    TEXT_READ,
    WANTS_TO_LEAVE,
)
from holdfast.simulate.arrays import Array, Flags, Ints
from holdfast.simulate.causes import CAUSE_IDS
from holdfast.simulate.draws import Purpose
from holdfast.simulate.speaking import THEMES, sentiment, theme_index
from holdfast.simulate.today import Today, strings

HEARS, FINDS = 0.9, 0.85
"""How often the reader hears how a text sounds (else it takes it for neutral), and finds what it says."""

_WANTS: dict[str, tuple[str, ...]] = {
    ASKS_FOR_DISCOUNT: ("discount",),
    ASKS_FOR_STATUS: ("no_information", "late_delivery"),
    NAMES_COMPETITOR: ("competitor_better_offer",),
}


def read_texts(
    today: Today, kind: str, ids: Array, rows: Ints, themes: Ints, leaving: Flags, at: Ints
) -> None:
    """Say what was found in these texts, each at the moment at which it was written.

    ``kind`` is what they stand in (ticket, message, survey); ``ids`` and ``themes`` are row by row.
    """
    sounds = np.array([sentiment(theme) for theme in THEMES], dtype=object)[themes]
    heard = today.uniform(rows, Purpose.WORDS, 60) < HEARS
    _say(today, kind, ids, rows, at, strings(np.where(heard, sounds, NEUTRAL).tolist()))
    found = today.uniform(rows, Purpose.WORDS, 61) < FINDS
    caused = found & (themes < len(CAUSE_IDS))
    causes = np.array(THEMES, dtype=object)[themes]
    _say(today, kind, ids[caused], rows[caused], at[caused], strings(causes[caused].tolist()))
    for want, said_by in _WANTS.items():
        wants = found & np.isin(themes, [theme_index(theme) for theme in said_by])
        _say(today, kind, ids[wants], rows[wants], at[wants], want)
    goes = leaving & (today.uniform(rows, Purpose.WORDS, 62) < FINDS)
    _say(today, kind, ids[goes], rows[goes], at[goes], WANTS_TO_LEAVE)


def _say(today: Today, kind: str, ids: Array, rows: Ints, at: Ints, code: Array | str) -> None:
    if len(rows):
        today.event(TEXT_READ, rows, at, object_kind=kind, object_id=ids, code=code)
