"""What people write, in their own language; every text has its true cause and sentiment.

The phrases are our own, in ``phrases/<language>.toml``: a text is a core sentence for what weighs
on the writer, sometimes with an opening before it and, from those who mean to go, words that say so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from holdfast.simulate.arrays import Array, Flags, Ints
from holdfast.simulate.causes import CAUSE_IDS, CAUSES
from holdfast.simulate.countries import countries
from holdfast.simulate.draws import Purpose
from holdfast.simulate.today import Today, strings

THEMES: tuple[str, ...] = (*CAUSE_IDS, "praise", "question", "discount", "middling", "check_in")
"""What a text is about: a cause, or one of the themes that are no cause of leaving."""

_OPENS = 0.3
_NEUTRAL_GROUPS = ("natural",)
_NEUTRAL_CAUSES = ("competitor_better_offer", "wrong_fit")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What can be said in a language: sentences by theme, openings, and words that announce leaving."""

    themes: Mapping[str, tuple[str, ...]]
    openings: tuple[str, ...]
    leaving: tuple[str, ...]


@cache
def phrases(language: str) -> Phrases:
    """The phrases of a language (en, ro, fa, bg, ru, zh)."""
    path = resources.files("holdfast.simulate") / "phrases" / f"{language}.toml"
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    themes = {theme: tuple(said) for theme, said in (written["causes"] | written["themes"]).items()}
    return Phrases(themes, tuple(written["openings"]), tuple(written["leaving"]))


def theme_index(theme: str) -> int:
    """The position of a theme in :data:`THEMES`."""
    return THEMES.index(theme)


def write_words(today: Today, rows: Ints, themes: Ints, part: int, leaving: Flags) -> Array:
    """What these people write today about their themes (indices into :data:`THEMES`).

    ``part`` (0..9) tells the occasions of one day apart; ``leaving`` says who means to go.
    """
    drawn = np.stack([today.uniform(rows, Purpose.WORDS, part * 6 + n) for n in range(5)], axis=1).tolist()
    languages = [countries()[index].language for index in today.people.country[rows].tolist()]
    said = []
    for language, theme, goes, chances in zip(
        languages, themes.tolist(), leaving.tolist(), drawn, strict=True
    ):
        said.append(_compose(phrases(language), THEMES[theme], goes, chances))
    return strings(said)


def note_texts(today: Today, kind: str, ids: Array, rows: Ints, themes: Ints, leaving: Flags) -> None:
    """Write down what texts truly mean, for ``truth-texts.csv``."""
    names = [THEMES[theme] for theme in themes.tolist()]
    today.add(
        "texts",
        kind=strings([kind] * len(rows)),
        id=ids,
        customer=today.ids(rows),
        day=np.full(len(rows), today.number, np.int64),
        language=strings([countries()[index].language for index in today.people.country[rows].tolist()]),
        cause=strings([name if name in CAUSE_IDS else "" for name in names]),
        sentiment=strings([sentiment(name) for name in names]),
        leaving=strings(["yes" if goes else "" for goes in leaving.tolist()]),
    )


def sentiment(theme: str) -> str:
    """The true sentiment of a text about this theme: negative, neutral or positive."""
    if theme == "praise":
        return "positive"
    if theme not in CAUSE_IDS or theme in _NEUTRAL_CAUSES:
        return "neutral"
    return "neutral" if CAUSES[CAUSE_IDS.index(theme)].group in _NEUTRAL_GROUPS else "negative"


def _compose(known: Phrases, theme: str, goes: bool, chances: list[float]) -> str:
    parts = [_pick(known.themes[theme], chances[0])]
    if theme in CAUSE_IDS and chances[1] < _OPENS:
        parts.insert(0, _pick(known.openings, chances[2]))
    if goes:
        parts.append(_pick(known.leaving, chances[3]))
    # Chinese puts no space between sentences.
    return ("" if parts[0][-1] in "。！，" else " ").join(parts)


def _pick(choices: tuple[str, ...], chance: float) -> str:
    return choices[int(chance * len(choices))]
