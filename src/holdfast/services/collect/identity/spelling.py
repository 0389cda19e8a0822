"""Names in one spelling, so that those of the same person meet: Latin letters, and their skeleton.

Cyrillic letters have one Latin spelling that Bulgarians and Russians would read (ISO 9 has marks that
nobody types). Persian and Chinese are not spelled in Latin letters: there the vowels, or the whole
reading, would be guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from holdfast.domain.search import fold

_CYRILLIC = str.maketrans(
    {
        "а": "a",
        "б": "b",
        "в": "v",
        "г": "g",
        "д": "d",
        "е": "e",
        "ж": "zh",
        "з": "z",
        "и": "i",
        "й": "i",
        "к": "k",
        "л": "l",
        "м": "m",
        "н": "n",
        "о": "o",
        "п": "p",
        "р": "r",
        "с": "s",
        "т": "t",
        "у": "u",
        "ф": "f",
        "х": "h",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sht",
        "ъ": "a",
        "ы": "y",
        "ь": None,
        "э": "e",
        "ю": "yu",
        "я": "ya",
    }
)
_WORD = re.compile(r"[^\W_]+")
_LEGAL = """
srl sa sc pfa sca snc ltd limited llc inc incorporated corp corporation co company plc gmbh ag kg
ood eood ad ead et ooo oao zao pao ip ao tov sarl sas bv nv oy ab as spa holding group
"""
_FORMS = frozenset(_LEGAL.split())
"""Legal forms of companies, in Latin letters: "Acme SRL" is "Acme"."""

_SOUNDS = (
    (re.compile("shch|sch|sht|sh|ş"), "S"),
    (re.compile("tch|ch|cz"), "C"),
    (re.compile("zh"), "Z"),
    (re.compile("kh|h"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("tz|ts|z"), "z"),
    (re.compile("x"), "ks"),
    (re.compile("[ckq]+"), "k"),
    (re.compile("w"), "v"),
    (re.compile("[jy]"), "i"),
)
_VOWELS = str.maketrans("", "", "aeiou")
_TWICE = re.compile(r"(.)\1+")


_REMEMBERED = 100_000
"""Words that are spelled once: names and towns come again and again."""


def latin(text: str) -> str:
    """``text`` folded, Cyrillic in Latin letters: "Пётр Иванов" and "PETR IVANOV" become "petr ivanov"."""
    folded = fold(text)
    return folded if folded.isascii() else fold(folded.translate(_CYRILLIC))


def words(text: str) -> list[str]:
    """The words of a name in Latin letters as far as they have any."""
    return [word for part in text.split() for word in _words_of(part)]


@lru_cache(_REMEMBERED)
def _words_of(part: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(latin(part)))


def company_words(text: str) -> list[str]:
    """The words of a company's name without its legal form; all of them where nothing else is left."""
    found = words(text.replace(".", ""))
    return [word for word in found if word not in _FORMS] or found


@lru_cache(_REMEMBERED)
def skeleton(word: str) -> str:
    """How a word sounds, roughly: its first letter and its consonants, those that sound alike as one.

    "popescu" and "popesku", "yordanova" and "iordanova", "schmidt" and "shmit" meet. A word that has
    no Latin letters is its own skeleton.
    """
    if not word.isascii():
        return word
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    bare = word[:1] + word[1:].translate(_VOWELS)
    return _TWICE.sub(r"\1", bare.replace("d", "t"))
