"""The first name within a whole name, where it is sure which word that is; else none.

Which word it is depends on the language and on who wrote it down: "Ion Popescu" and "Popescu Ion" are the
same man, "王伟" is greeted in full. "Dear Popescu" is worse than "Dear Ion Popescu", so whatever is not sure
stays unknown: messages then fall back to the whole name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from holdfast.domain.given_names import EITHER, GIVEN, JOINING, plain

_TITLE_WORDS = """
mr mrs ms miss dr prof sir dl dna dra domnul doamna ing آقای خانم جناب سرکار دکتر مهندس
г-н г-жа господин госпожа госпожо д-р инж проф
"""
_COMPANY_WORDS = """
ltd llc inc plc gmbh ag srl sa pfa ii co company group corp hotel restaurant shop store cafe bakery studio
clinic school team hotelul magazin restaurantul asociatia scoala شرکت فروشگاه موسسه گروه رستوران کلینیک مدرسه
ооо оао зао ао ип тоо пао ет еоод оод ад еад магазин ресторант ресторан хотел
"""
_TITLES = frozenset(map(plain, _TITLE_WORDS.split()))
_NO_PERSON = frozenset(map(plain, _COMPANY_WORDS.split()))
_BOTH = frozenset({"and", "si", "и", "و", "&", "und", "et", "+", "sau", "or"})
_PATRONYMIC = re.compile(r"\w+(ович|евич|ьич|овна|евна|ична)", re.IGNORECASE)
_PARTS = re.compile(r"[-\u200c]")
_MOST_WORDS = 5


def first_name_in(name: str) -> str:
    """The first name of a person of this whole name; "" where it is not sure."""
    family, comma, given = name.partition(",")
    if comma:
        return _after_comma(family, given)
    words = _words(name)
    if not 2 <= len(words) <= _MOST_WORDS or not _is_person(words):
        return ""
    patronymics = [number for number, word in enumerate(words) if _PATRONYMIC.fullmatch(word)]
    if len(words) <= 3 and patronymics in ([1], [2]):
        return _spoken(words[patronymics[0] - 1 : patronymics[0]])
    begins, ends = _is_given(words[0]), _is_given(words[-1])
    either = plain(words[0]) in EITHER
    if begins != ends and not (either and ends):
        return _spoken(_run(words[:-1]) if begins else _run_at_end(words))
    return _spoken(words[:1]) if either and not ends else ""


def _after_comma(family: str, given: str) -> str:
    """Of "Popescu, Ion" what stands behind the comma, where that is a first name and nothing else."""
    words = _words(given)
    if not words or "," in given or not _words(family) or not _is_person((*_words(family), *words)):
        return ""
    return _spoken(_run(words)) if _is_given(words[0]) else ""


def _words(name: str) -> list[str]:
    words = [word.strip(".") for word in name.split()]
    while words and plain(words[0]) in _TITLES:
        words.pop(0)
    return [word for word in words if word]


def _is_person(words: Sequence[str]) -> bool:
    return not any(plain(word) in _NO_PERSON or plain(word) in _BOTH or not _is_word(word) for word in words)


def _is_word(word: str) -> bool:
    return all(part.isalpha() for part in re.split(r"[-\u200c'’]", word) if part)


def _is_given(word: str) -> bool:
    return plain(word) in GIVEN or all(plain(part) in GIVEN for part in _PARTS.split(word))


def _run(words: Sequence[str]) -> Sequence[str]:
    """The first name at the beginning, with a second one that is spoken with it."""
    joins = len(words) > 1 and words[0].casefold() in _JOINING and _is_given(words[1])
    return words[:2] if joins else words[:1]


def _run_at_end(words: Sequence[str]) -> Sequence[str]:
    joins = len(words) > 2 and words[-2].casefold() in _JOINING and _is_given(words[-2])
    return words[-2:] if joins else words[-1:]


_JOINING = frozenset(each.casefold() for each in JOINING)


def _spoken(words: Sequence[str]) -> str:
    """As it is written in a greeting: not shouted, and not in small letters."""
    return " ".join(word.title() if word.isupper() or word.islower() else word for word in words)
