"""A hunch of what a text is about, beside what phrases find: which examples and phrases share its words.

Multinomial naive Bayes (McCallum and Nigam 1998) on TF-IDF of length one (Rennie and others 2003), over
word beginnings, words and pairs; in Chinese over one to three characters. Learned when a language is first
read, from ``examples/<code>.txt`` and from samples of its phrases: nothing is stored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from holdfast.text.examples import NOTHING, PRAISE
from holdfast.text.patterns import Choice, Element, Word

BEGINNING = 5
"""So many letters of a word are its beginning: endings say little of the cause."""
SMOOTHING = 0.05
UNKNOWN = 8.0
"""What a name never seen counts for in the length: the square of its rarity, by and large."""
SAMPLES = 3
"""Samples of each phrase."""
EXAMPLE = 1.0
"""The weight of an example; a text of less weight does not say whether there is a cause at all."""
_MARKS = frozenset(".,|?")
_HARMLESS = "harmless"
_HARMFUL = "harmful"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hunch:
    """What the words of one text speak for."""

    meaning: str
    """The likeliest: a cause, praise or nothing."""
    likely: float
    each: dict[str, float]
    """Each cause, praise and nothing, and how likely it is."""
    harmless: float
    """How likely the text says no cause, asked for itself."""

    @property
    def free(self) -> float:
        """How likely it is praise or nothing, among all."""
        return self.each.get(PRAISE, 0.0) + self.each.get(NOTHING, 0.0)


class Hunches:
    """What the words of a folded text speak for."""

    def __init__(self, told: Iterable[tuple[str, str, float]], *, spaced: bool) -> None:
        """``told``: (meaning, folded text, weight) of each text to learn from."""
        self._features = _of_words if spaced else _of_characters
        texts = [(meaning, Counter(self._features(text)), weight) for meaning, text, weight in told]
        self.meanings = tuple(sorted({meaning for meaning, _, _ in texts}))
        held = Counter(name for _, names, _ in texts for name in names)
        self._places = {name: place for place, name in enumerate(held)}
        self._rarity = np.array([math.log((1 + len(texts)) / (1 + n)) + 1 for n in held.values()])
        columns = [*self.meanings, _HARMLESS, _HARMFUL]
        counts = np.full((len(held), len(columns)), SMOOTHING)
        order = {meaning: place for place, meaning in enumerate(columns)}
        for meaning, names, weight in texts:
            places = [self._places[name] for name in names]
            weighed = weight * self._weighed(places, list(names.values()))
            counts[places, order[meaning]] += weighed
            if weight == EXAMPLE:
                counts[places, order[_HARMLESS if meaning in (PRAISE, NOTHING) else _HARMFUL]] += weighed
        self._weights: Floats = np.log(counts / counts.sum(axis=0))

    def __call__(self, text: str) -> Hunch | None:
        """What a folded text may be about; None where no word is known."""
        names = Counter(self._features(text))
        known = [(self._places[name], count) for name, count in names.items() if name in self._places]
        if not known:
            return None
        places, counts = map(list, zip(*known, strict=True))
        scores = self._weighed(places, counts, len(names) - len(known)) @ self._weights[places]
        likely, harmless = _softmax(scores[:-2]), _softmax(scores[-2:])
        best = int(likely.argmax())
        each = dict(zip(self.meanings, likely.tolist(), strict=True))
        return Hunch(self.meanings[best], float(likely[best]), each, float(harmless[0]))

    def odds(self, text: str) -> float:
        """Logarithm of the odds of the first of two meanings against the second: quick, for many clauses."""
        speaks = length = 0.0
        for name in set(self._features(text)):
            known = self._of_two.get(name)
            if known is None:
                length += UNKNOWN
            else:
                speaks += known[0]
                length += known[1]
        return speaks / math.sqrt(length) if length else 0.0

    @cached_property
    def _of_two(self) -> dict[str, tuple[float, float]]:
        """What each name speaks for the first of two meanings, and what it counts for in the length."""
        speaks = self._rarity * (self._weights[:, 0] - self._weights[:, 1])
        squares = self._rarity**2
        return dict(zip(self._places, zip(speaks.tolist(), squares.tolist(), strict=True), strict=True))

    def word_for(self, text: str, meaning: str) -> tuple[int, int]:
        """From where to where the word stands that speaks most for ``meaning``."""
        column, best, place = self.meanings.index(meaning), -math.inf, (0, len(text))
        for start, end in _words(text) if self._features is _of_words else _pairs(text):
            for name in self._features(text[start:end] + " "):
                row = self._places.get(name)
                if row is None:
                    continue
                gain = self._rarity[row] * (self._weights[row, column] - self._weights[row, :-2].mean())
                if gain > best:
                    best, place = gain, (start, end)
        return place

    def _weighed(self, places: Sequence[int], counts: Sequence[int], unknown: int = 0) -> Floats:
        """TF-IDF of length one; names never seen are as rare as can be, and take their share of it."""
        weights = self._rarity[places] * (1 + np.log(counts))
        length = math.sqrt(weights @ weights + unknown * UNKNOWN)
        return np.asarray(weights / length if length else weights)


def _softmax(scores: Floats) -> Floats:
    likely = np.exp(scores - scores.max())
    return np.asarray(likely / likely.sum())


def _of_words(text: str) -> Iterator[str]:
    last = ""
    for word in text.split():
        if word in _MARKS:
            continue
        beginning = word[:BEGINNING]
        yield beginning
        if len(word) > BEGINNING:
            yield word
        if last:
            yield f"{last}_{beginning}"
        last = beginning


def _of_characters(text: str) -> Iterator[str]:
    for size in (1, 2, 3):
        for start in range(1, len(text) - size):
            yield text[start : start + size]


def _words(text: str) -> Iterator[tuple[int, int]]:
    """The place of each word of a folded text, from the blank before it."""
    at = 0
    for word in text.split(" "):
        if word and word not in _MARKS:
            yield at - 1, at + len(word)
        at += len(word) + 1


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """The place of each two characters without a mark."""
    for start in range(1, len(text) - 2):
        if not _MARKS & {*text[start : start + 2]}:
            yield start, start + 2


def samples(row: Sequence[Element], *, spaced: bool) -> set[str]:
    """Some texts that a phrase would match, without what stands in its gaps."""
    mark, join = (" ", " ") if spaced else (".", "")
    return {mark + join.join(_sample(row, turn)) + mark for turn in range(SAMPLES)}


def _sample(row: Sequence[Element], turn: int) -> Iterator[str]:
    for place, element in enumerate(row):
        if isinstance(element, Word):
            yield element.text.replace("*", "").replace("_", "")
        elif isinstance(element, Choice) and not (element.optional and turn % 2):
            options = element.options
            yield from _sample(options[(turn * (1 + len(options) // SAMPLES) + place) % len(options)], turn)
