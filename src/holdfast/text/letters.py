"""Tells languages of one script apart by their letters, where small words and phrases do not.

Naive Bayes over three letters in a row (Cavnar and Trenkle 1994 count them likewise), learned from the
examples and the small words of each language. It knows only the languages it is asked to choose from.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

from holdfast.text.examples import examples
from holdfast.text.phrases import written_languages

_WORD = re.compile(r"[^\W\d_]+")
_LONG = 3
_SMOOTHING = 0.5


def likeliest(text: str, codes: tuple[str, ...]) -> str | None:
    """Which of the languages ``codes`` the letters of ``text`` speak for; None when for no one more."""
    weights = [_weights(codes).get(each) for each in _threes(text)]
    sums = [sum(each) for each in zip(*(one for one in weights if one is not None), strict=True)]
    best = max(sums, default=0.0)
    return codes[sums.index(best)] if sums and sums.count(best) == 1 else None


@cache
def _weights(codes: tuple[str, ...]) -> Mapping[str, tuple[float, ...]]:
    """For each three letters how much they speak for each language."""
    counted = [_counted(code) for code in codes]
    every = set().union(*counted)
    totals = [sum(counts.values()) + _SMOOTHING * len(every) for counts in counted]
    return {
        three: tuple(
            math.log((counts[three] + _SMOOTHING) / total)
            for counts, total in zip(counted, totals, strict=True)
        )
        for three in every
    }


@cache
def _counted(code: str) -> Counter[str]:
    told = written_languages()[code]["language"]
    return Counter(_threes(" ".join([told["small_words"], *(text for _, text in examples(code))])))


def _threes(text: str) -> list[str]:
    """Each three letters in a row, the ends of words among them, without marks."""
    plain = "".join(map(_plain, unicodedata.normalize("NFC", text.lower())))
    row = f" {' '.join(_WORD.findall(plain))} "
    return [row[at : at + _LONG] for at in range(len(row) - _LONG + 1)]


@cache
def _plain(letter: str) -> str:
    """A Latin letter without its marks, which many leave out; Cyrillic ones are letters of their own."""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter
