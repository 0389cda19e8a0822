"""Which phrases may match a text at all: one pass over the text for the strings they cannot do without.

Each phrase gives up to three sets of strings; one of each set must stand in the text. An Aho-Corasick
automaton finds all strings of all phrases in one pass, each brings a bit mask of the phrases that it
serves, and a phrase is worth trying when all its sets were served. A few of thousands remain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ahocorasick

_SETS = 3


class Prefilter:
    """Finds the phrases worth trying on a text."""

    def __init__(self, needed: Sequence[Sequence[frozenset[str]]]) -> None:
        """``needed``: for each phrase its sets of strings, the most telling first."""
        self._served = [0] * _SETS
        masks: dict[str, list[int]] = {}
        for number, sets in enumerate(needed):
            for slot in range(_SETS):
                if slot >= len(sets):
                    self._served[slot] |= 1 << number
                    continue
                for literal in sets[slot]:
                    masks.setdefault(literal, [0] * _SETS)[slot] |= 1 << number
        self._automaton = ahocorasick.Automaton()
        for literal, mask in masks.items():
            self._automaton.add_word(literal, tuple(mask))
        self._automaton.make_automaton()

    def candidates(self, text: str) -> Iterator[int]:
        """The numbers of the phrases that may match ``text``, in order."""
        if not len(self._automaton):
            return
        first, second, third = self._served
        for masks in {id(found): found for _, found in self._automaton.iter(text)}.values():
            first |= masks[0]
            second |= masks[1]
            third |= masks[2]
        left = first & second & third
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest
