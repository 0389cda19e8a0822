"""Words of another script that were written in Latin letters: by letters, or by a list of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

_VOWELS = (
    ("oo", "u"),
    ("ou", "u"),
    ("ee", "i"),
    ("aa", "a"),
    ("kh", "x"),
    ("gh", "q"),
    ("ei", "ey"),
    ("w", "v"),
)


def reader_of_latin(table: Mapping[str, Any]) -> Callable[[str], str]:
    """Reads one word by the ``[latin]`` table of a phrase file."""
    return _by_list(table) if "words" in table else _by_letters(table)


def _by_letters(table: Mapping[str, Any]) -> Callable[[str], str]:
    """Letter by letter, several letters that make one sound first (Russian, Bulgarian)."""
    several = sorted(table["several"].items(), key=lambda pair: -len(pair[0]))
    single = str.maketrans(table["single"])

    @lru_cache(maxsize=20_000)
    def read(word: str) -> str:
        if not re.search("[a-z]", word):
            return word
        for latin, letter in several:
            word = word.replace(latin, letter)
        return word.translate(single)

    return read


def _by_list(table: Mapping[str, Any]) -> Callable[[str], str]:
    """By a list of words, however their vowels are spelled (Persian, which writes few vowels)."""
    known: dict[str, str] = {
        spelling_key(form): word for word, forms in table["words"].items() for form in forms.split()
    }
    endings: list[tuple[str, str]] = sorted(table["word_endings"].items(), key=lambda pair: -len(pair[0]))

    @lru_cache(maxsize=20_000)
    def read(word: str) -> str:
        key = spelling_key(word)
        if key in known:
            return known[key]
        for ending, letters in endings:
            if key.endswith(ending) and key[: -len(ending)] in known:
                return known[key[: -len(ending)]] + letters
        return word

    return read


@lru_cache(maxsize=50_000)
def spelling_key(word: str) -> str:
    """What remains the same of a Persian word however it is spelled in Latin letters."""
    word = word.lower().replace("'", "")
    for old, new in _VOWELS:
        word = word.replace(old, new)
    word = re.sub(r"(.)\1+", r"\1", word)
    return re.sub(r"y(?=[^aeiou]|$)", "i", word)
