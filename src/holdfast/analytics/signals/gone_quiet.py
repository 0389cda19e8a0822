"""C13: the customer has gone quiet: no complaint, no answer, and less use."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Needed
from holdfast.analytics.feature_parts import count, in_days, last_time
from holdfast.analytics.habit_parts import ANSWERS, CONTACTS, FEWEST, WORD, habit
from holdfast.analytics.signal import Columns, Example, Setting, Shown, Signal, Values, both, either, number
from holdfast.analytics.signal_parts import floats, numbers_of
from holdfast.domain.texts import Text

_NOW, _BEFORE = 28, 84
_BACK = 0.9
"""Of the usual use: then it is as ever again."""

_number = numbers_of("gone_quiet", "relationship")
_AT = date(2024, 7, 1)


def _monthly(needed: Needed) -> NDArray[np.generic]:
    return floats(needed, "words") * (_NOW / _BEFORE)


def _strength(columns: Columns, values: Values) -> NDArray[np.float64]:
    """The less is left of the use, the stronger."""
    left = np.asarray(columns["gone_quiet_change"], np.float64) / values["left"]
    return np.clip(1.0 - 0.6 * left, 0.4, 1.0)


def _told(who: str, *stretches: tuple[int, int, int], words: tuple[int, ...]) -> str:
    uses = (
        f"{who} {_AT - timedelta(days=ago)} Feature_Used code=reports"
        for first, last, every in stretches
        for ago in range(first, last, -every)
    )
    said = (f"{who} {_AT - timedelta(days=ago)} Message_Received id={ago}" for ago in words)
    return "\n".join((*uses, *said))


_EXAMPLES = (
    Example(
        "ann says and uses less, bob complains, cid uses as ever, dan hardly ever said a word",
        "\n".join(
            (
                _told("ann", (112, 28, 1), (28, 0, 4), words=(100, 80, 50, 35)),
                _told("bob", (112, 28, 1), (28, 0, 4), words=(100, 80, 50, 35, 5)),
                _told("cid", (112, 0, 2), words=(100, 80, 50, 35)),
                _told("dan", (112, 28, 1), (28, 0, 4), words=(100,)),
            )
        ),
        _AT,
        {"ann": True, "bob": False, "cid": False, "dan": False},
    ),
)

SIGNAL = Signal(
    name="gone_quiet",
    code="C13",
    title=Text("The customer has gone quiet"),
    meaning=Text(
        "Who used to write, answer or open says nothing any more, does not even complain, and uses less. "
        "Many of those who leave go this way."
    ),
    cause="relationship",
    numbers=(
        _number("words", Text("Words and answers in four weeks"), count(WORD, _NOW), days=_NOW),
        _number(
            "words_usual",
            Text("Words and answers in four usual weeks"),
            {"words": count(WORD, _NOW + _BEFORE, _NOW)},
            _monthly,
            unit="score",
            days=_NOW + _BEFORE,
        ),
        _number(
            "since",
            Text("Time since the last word"),
            {"since": last_time(WORD)},
            in_days("since"),
            unit="days",
        ),
        _number("week", Text("Use a week since it is quiet"), habit("week"), unit="score"),
        _number("usual_week", Text("Use in a week before it was quiet"), habit("usual_week"), unit="score"),
        _number("change", Text("Part that is left of the use before"), habit("change"), unit="share"),
        _number("chance", Text("Usual quarters with so little use"), habit("chance"), unit="share"),
        _number("active", Text("Days with use before it was quiet"), habit("active"), unit="days"),
    ),
    settings=(
        Setting("words", Text("Words in the twelve weeks before, at least"), "count", 3, 1, 30),
        Setting("left", Text("Part of the use that is left, at most"), "share", 0.7, 0.1, 0.9),
        Setting("chance", Text("Usual quarters with so little use, at most"), "share", 0.2, 0.02, 0.5),
    ),
    judged_if=lambda of: either(number("gone_quiet_chance", "known"), number("gone_quiet_words", "above", 0)),
    lapses_if=lambda _: number("gone_quiet_active", "below", FEWEST),
    when=lambda of: both(
        number("gone_quiet_words", "below", 1),
        number("gone_quiet_words_usual", "at_least", of["words"] * _NOW / _BEFORE),
        number("gone_quiet_change", "at_most", of["left"]),
        number("gone_quiet_chance", "at_most", of["chance"]),
    ),
    ends_when=lambda of: either(
        number("gone_quiet_words", "at_least", 1), number("gone_quiet_change", "at_least", _BACK)
    ),
    strength=_strength,
    evidence=(
        Shown("gone_quiet_words", "gone_quiet_words_usual"),
        Shown("gone_quiet_since"),
        Shown("gone_quiet_week", "gone_quiet_usual_week"),
    ),
    examples=_EXAMPLES,
    cooldown_days=28,
    watch=(*ANSWERS, *CONTACTS),
)
