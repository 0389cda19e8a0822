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
from itertools import chain

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
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


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
        meanings, texts, weights = zip(*told, strict=True)
        self.meanings = tuple(sorted(set(meanings)))
        self._places: dict[str, int] = {}
        of_text, places, times = self._counted(texts)
        held = np.bincount(places)
        self._rarity = np.log((1 + len(texts)) / (1 + held)) + 1
        weighed = self._rarity[places] * (1 + np.log(times))
        length = np.sqrt(np.bincount(of_text, weighed**2, len(texts)))
        weight = np.array(weights)
        weighed *= (weight / np.where(length > 0, length, 1))[of_text]
        column = np.array([self.meanings.index(meaning) for meaning in meanings])
        told_apart = np.array([0 if meaning in (PRAISE, NOTHING) else 1 for meaning in meanings])
        every = weight[of_text] == EXAMPLE
        counts = np.hstack(
            [
                _summed(places, column[of_text], weighed, (len(held), len(self.meanings))),
                _summed(places[every], told_apart[of_text][every], weighed[every], (len(held), 2)),
            ]
        )
        counts += SMOOTHING
        # What each name speaks for each meaning, and for being harmless and not, where it stands once.
        self._speaks = (self._rarity[:, None] * np.log(counts / counts.sum(axis=0))).astype(np.float32)
        self._squares: Floats = self._rarity**2

    def _counted(self, texts: Sequence[str]) -> tuple[Whole, Whole, Whole]:
        """For each name in a text: the number of the text, the place of the name, how often it is there."""
        known = self._places
        listed = [[known.setdefault(name, len(known)) for name in self._features(text)] for text in texts]
        of_text = np.repeat(np.arange(len(texts)), [len(names) for names in listed])
        places = np.fromiter(chain.from_iterable(listed), dtype=np.int64, count=len(of_text))
        pairs, times = np.unique(of_text * len(known) + places, return_counts=True)
        return pairs // len(known), pairs % len(known), times

    def prepare(self, *, two: bool = False) -> None:
        """Works out ahead what the first text would wait for; ``two`` for :meth:`odds`."""
        _ = self._of_two if two else self._means

    def __call__(self, text: str) -> Hunch | None:
        """What a folded text may be about; None where no word is known."""
        names = self._features(text)
        once = dict.fromkeys(names)
        places = [place for place in map(self._places.get, once) if place is not None]
        if not places:
            return None
        speaks, squares = self._speaks.take(places, axis=0), self._squares.take(places)
        if len(once) == len(names):  # as in most texts
            scores, length = speaks.sum(axis=0), squares.sum()
        else:
            counts = Counter(names)
            times = 1 + np.log([counts[name] for name in once if name in self._places])
            scores, length = times @ speaks, times**2 @ squares
        scores = scores / math.sqrt(length + UNKNOWN * (len(once) - len(places)))
        likely = np.exp(scores[:-2] - scores[:-2].max())
        likely /= likely.sum()
        best = int(likely.argmax())
        each = dict(zip(self.meanings, likely.tolist(), strict=True))
        harmless = 1 / (1 + math.exp(float(scores[-1] - scores[-2])))
        return Hunch(self.meanings[best], each[self.meanings[best]], each, harmless)

    def odds(self, text: str) -> float:
        """Logarithm of the odds of the first of two meanings against the second: quick, for many clauses."""
        speaks = length = 0.0
        of_two = self._of_two
        for name in set(self._features(text)):
            known = of_two.get(name)
            if known is None:
                length += UNKNOWN
            else:
                speaks += known[0]
                length += known[1]
        return speaks / math.sqrt(length) if length else 0.0

    @cached_property
    def _of_two(self) -> dict[str, tuple[float, float]]:
        """What each name speaks for the first of two meanings, and what it counts for in the length."""
        speaks = (self._speaks[:, 0] - self._speaks[:, 1]).tolist()
        return dict(zip(self._places, zip(speaks, self._squares.tolist(), strict=True), strict=True))

    @cached_property
    def _means(self) -> Floats:
        """What each name speaks for a meaning on average."""
        return np.asarray(self._speaks[:, :-2].mean(axis=1))

    def word_for(self, text: str, meaning: str) -> tuple[int, int]:
        """From where to where the word stands that speaks most for ``meaning``."""
        column, best, place = self.meanings.index(meaning), -math.inf, (0, len(text))
        for start, end in _words(text) if self._features is _of_words else _pairs(text):
            for name in self._features(text[start:end] + " "):
                row = self._places.get(name)
                if row is None:
                    continue
                gain = self._speaks[row, column] - self._means[row]
                if gain > best:
                    best, place = gain, (start, end)
        return place


def _summed(rows: Whole, columns: Whole, values: Floats, shape: tuple[int, int]) -> Floats:
    """A table of the sums of the values by row and column."""
    flat = np.bincount(rows * shape[1] + columns, values, shape[0] * shape[1])
    return np.asarray(flat.reshape(shape), dtype=np.float64)


def _of_words(text: str) -> list[str]:
    names: list[str] = []
    add, last = names.append, ""
    for word in text.split():
        if word in _MARKS:
            continue
        beginning = word[:BEGINNING]
        add(beginning)
        if beginning != word:
            add(word)
        if last:
            add(f"{last}_{beginning}")
        last = beginning
    return names


def _of_characters(text: str) -> list[str]:
    return [text[start : start + size] for size in (1, 2, 3) for start in range(1, len(text) - size)]


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
