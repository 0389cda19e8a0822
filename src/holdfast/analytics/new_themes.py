"""What people complain of that no cause of the list covers: words that stand out, gathered into themes.

A word or a pair of words stands out when the texts without a cause have it more often than those with
one, beyond what looking at so many words finds by chance. Words that come in the same texts are one
theme. Nothing here knows a language; texts of one language at a time.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast.analytics.intervals import more_than_chance

FEWEST_TEXTS = 5
"""A theme that fewer texts have is an incident."""

CHANCE = 0.05
"""At most this share of the words that stand out do so by chance (Benjamini and Hochberg, 1995)."""

TOGETHER = 0.5
"""Words are one theme when at least this share of the texts that have either have both."""

MOST_THEMES, MOST_WORDS = 8, 4

_WORD = re.compile(r"[^\W\d_]+(?:[\u200c'’-][^\W\d_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORTEST = 3
_SCRIPTS = {
    "latin": re.compile(r"[a-zA-Z\u00c0-\u024f]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "han": _HAN,
}


@dataclass(frozen=True, slots=True)
class Theme:
    """Words that come together, the most telling first, and the places of the texts that have them."""

    words: tuple[str, ...]
    texts: tuple[int, ...]


def terms(text: str) -> frozenset[str]:
    """The words of a text and its pairs of neighbours; of Chinese, neighbouring signs."""
    found: set[str] = set()
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    before = ""
    for word in words:
        if _HAN.search(word):
            found.update(word[at : at + 2] for at in range(len(word) - 1))
            before = ""
            continue
        if len(word) >= _SHORTEST:
            found.add(word)
        if before and max(len(before), len(word)) >= _SHORTEST:
            found.add(f"{before} {word}")
        before = word
    return frozenset(found)


def script_of(text: str) -> str:
    """The script of most letters: "han", "arabic", "cyrillic" or "latin"."""
    counted = {name: len(letters.findall(text)) for name, letters in _SCRIPTS.items()}
    return max(counted, key=lambda name: counted[name])


def new_themes(uncovered: Sequence[str], covered: Sequence[str]) -> tuple[Theme, ...]:
    """What stands out in the ``uncovered`` texts against the ``covered`` ones, the most frequent first."""
    told = [terms(text) for text in uncovered]
    here, there = _counted(told), _counted(terms(text) for text in covered)
    chance = {
        term: more_than_chance(there[term], len(covered), count, len(told))
        for term, count in here.items()
        if count >= FEWEST_TEXTS and len(covered)
    }
    telling = _standing_out(chance, len(here))
    places = {term: frozenset(at for at, words in enumerate(told) if term in words) for term in telling}
    themes = [_theme(group, places, chance) for group in _groups(places)]
    themes = [theme for theme in themes if len(theme.texts) >= FEWEST_TEXTS]
    return tuple(sorted(themes, key=lambda theme: (-len(theme.texts), theme.words))[:MOST_THEMES])


def _counted(texts: Iterable[frozenset[str]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for words in texts:
        counted.update(words)
    return counted


def _standing_out(chance: dict[str, float], looked_at: int) -> list[str]:
    """The terms that stand out though ``looked_at`` terms were looked at."""
    ordered = sorted(chance, key=lambda term: (chance[term], term))
    last = 0
    for rank, term in enumerate(ordered, 1):
        if chance[term] <= CHANCE * rank / max(1, looked_at):
            last = rank
    return ordered[:last]


def _groups(places: dict[str, frozenset[int]]) -> list[list[str]]:
    """Terms that come together, each in the first group that it goes with."""
    groups: list[list[str]] = []
    for term in sorted(places, key=lambda term: (-len(places[term]), term)):
        for group in groups:
            if _overlap(places[term], places[group[0]]) >= TOGETHER:
                group.append(term)
                break
        else:
            groups.append([term])
    return groups


def _overlap(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)


def _theme(group: Sequence[str], places: dict[str, frozenset[int]], chance: dict[str, float]) -> Theme:
    """A theme by its most telling words; a word inside a pair that is named says nothing more."""
    chosen: list[str] = []
    for term in sorted(group, key=lambda term: (chance[term], -len(term), term)):
        if not any(term in named.split() or term in named for named in chosen):
            chosen.append(term)
    texts = frozenset[int]().union(*(places[term] for term in group))
    return Theme(tuple(chosen[:MOST_WORDS]), tuple(sorted(texts)))
