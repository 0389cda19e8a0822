"""One way to write a word, so that it is found however it was typed, in the six languages.

Databases fold letters differently (SQLite keeps ё, PostgreSQL's "simple" keeps ș), so what is
searched and what is asked both go through :func:`tokens`, and the database compares plain words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

_LETTERS = str.maketrans(
    {
        "ي": "ی",  # Arabic yeh as Persian
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",  # Arabic kaf as Persian
        "ة": "ه",
        "ۀ": "ه",
        "ؤ": "و",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ـ": None,  # tatweel only stretches
        "ß": "ss",
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ъ": "ъ",
    }
)
_HALF_SPACE = "\u200c"
_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_WORD = re.compile(rf"(?:(?=\w)[{_CHINESE}])+|(?:(?![{_CHINESE}])[^\W_])+")
_PERSIAN = re.compile("[\u0621-\u06d3]+")
_STRAY_HALF_SPACE = re.compile(f"(?<![\u0621-\u06d3]){_HALF_SPACE}+|{_HALF_SPACE}+(?![\u0621-\u06d3])")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_IS_CHINESE = re.compile(rf"[{_CHINESE}]")
_NATIONAL = (10, 9, 8)
"""Lengths that telephone numbers have without their country: a long number is filed by these ends too."""
_ASKED_NUMBER = re.compile(r"\+?[\d\s()./-]{7,}")
_LONG_NUMBER = re.compile(rf"\d(?:\W?\d){{{_NATIONAL[-1]}}}")
SPELLING = 1
"""Raised whenever words are filed differently: what was filed before is then filed again."""

LONGEST_QUERY = 200
"""Characters of a search that are looked at."""


def fold(text: str) -> str:
    """``text`` in one spelling: compatibility forms, case, accents and dots, digits, Persian letters.

    ``Ştefănescu`` and ``ȘTEFANESCU`` become ``stefanescu``, ``Пётр`` becomes ``петр``, ``۱۲۳``
    becomes ``123``. Half-spaces between Persian letters stay, for :func:`tokens` to split at.
    """
    if text.isascii():  # most are, and there are millions
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = (letter for letter in unicodedata.normalize("NFD", text) if not _is_mark(letter))
    whole = unicodedata.normalize("NFC", "".join(bare)).translate(_LETTERS)
    return _STRAY_HALF_SPACE.sub("", "".join(map(_digit, whole)))


def tokens(text: str) -> list[str]:
    """The words under which ``text`` is filed, each once, in their order.

    Persian neighbours are filed together too, as a compound may be written; Chinese in pairs of
    characters, so that any two neighbours find it; a long number also by its last ten, nine and
    eight digits, so that ``0721 ...`` finds ``+40721...``.
    """
    return list(dict.fromkeys(_filed(fold(text))))


def query_tokens(text: str) -> list[str]:
    """What a search looks for: every one of these must begin a word. Empty when nothing is asked."""
    return list(dict.fromkeys(_asked(fold(text[:LONGEST_QUERY]))))


def search_text(parts: Iterable[str]) -> str:
    """Names, addresses and ids of one customer as the index files them: words between blanks."""
    return " ".join(dict.fromkeys(token for part in parts if part for token in tokens(part)))


def sort_key(name: str) -> str:
    """A key by which names sort alike on every database; without a name last."""
    words = _ASCII_WORD if name.isascii() else _WORD
    folded = " ".join(words.findall(fold(name).replace(_HALF_SPACE, "")))
    return folded or "\U0010ffff"


def _filed(text: str) -> Iterator[str]:
    if text.isascii() and not _LONG_NUMBER.search(text):
        yield from _ASCII_WORD.findall(text)
        return
    yield from _joined(text)
    for compound in text.split():
        for word in _WORD.findall(compound.replace(_HALF_SPACE, " ")):
            yield from _pairs(word, whole=True) if _IS_CHINESE.match(word) else _number_too(word)
        digits = re.sub(r"\D", "", compound)
        if len(digits) > _NATIONAL[-1] and digits != compound:
            yield from _number_too(digits)


def _joined(text: str) -> Iterator[str]:
    """Persian compounds are written apart, with a half-space, or together: neighbours as one word."""
    words = _WORD.findall(text.replace(_HALF_SPACE, " ")) if _PERSIAN.search(text) else []
    for left, right in pairwise(words):
        if _PERSIAN.fullmatch(left) and _PERSIAN.fullmatch(right):
            yield left + right
    for compound in text.split() if words else ():
        if _HALF_SPACE in compound:
            yield from _WORD.findall(compound.replace(_HALF_SPACE, ""))


def _asked(text: str) -> Iterator[str]:
    if _ASKED_NUMBER.fullmatch(text.strip()) and (digits := re.sub(r"\D", "", text).lstrip("0")):
        yield digits
        return
    for word in _WORD.findall(text.replace(_HALF_SPACE, "")):
        if _IS_CHINESE.match(word):
            yield from _pairs(word, whole=len(word) == 1)
        else:
            yield word


def _pairs(word: str, *, whole: bool) -> Iterator[str]:
    yield from (word[i : i + 2] for i in range(len(word) - 1))
    if whole:
        yield word[-1]


def _number_too(word: str) -> Iterator[str]:
    yield word
    if word.isdigit():
        yield from (word[-length:] for length in _NATIONAL if len(word) > length)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) == "Mn"


def _digit(letter: str) -> str:
    if letter.isdecimal() and not letter.isascii():
        return str(unicodedata.decimal(letter))
    return letter
