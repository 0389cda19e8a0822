"""What a writer asks for beside what hurts: a discount, other terms, how things stand.

The phrases stand in ``wishes.toml``, by language, in the small language of the phrase files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files

from holdfast.domain.readings import ASKS_FOR_DISCOUNT, ASKS_FOR_STATUS, WANTS_OTHER_TERMS
from holdfast.text.cutting import cut
from holdfast.text.folding import fold_word
from holdfast.text.matching import seen
from holdfast.text.patterns import literal_sets, parse
from holdfast.text.phrases import Phrase, Phrasebook, phrasebook
from holdfast.text.prefilter import Prefilter
from holdfast.text.reading import Evidence

WISHES = (ASKS_FOR_DISCOUNT, WANTS_OTHER_TERMS, ASKS_FOR_STATUS)


def wishes(text: str, language: str | None) -> tuple[Evidence, ...]:
    """What the writer of ``text`` asks for, by place, each wish once; nothing in a language not read."""
    if language is None or language not in _written():
        return ()
    text = cut(text)
    book = phrasebook(language)
    folded = book.fold(text)
    found: dict[str, Evidence] = {}
    phrases, prefilter = _phrases(language)
    words = seen(folded.text, spaced=book.folding.spaced)
    for number in prefilter.candidates(folded.text):
        for match in phrases[number].matches(words):
            span = Evidence(match.meaning, *folded.span(match.start, match.end))
            if match.meaning not in found or span.start < found[match.meaning].start:
                found[match.meaning] = span
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.end)))


@cache
def _written() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("holdfast.text") / "wishes.toml").read_text(encoding="utf-8"))


@cache
def _phrases(language: str) -> tuple[tuple[Phrase, ...], Prefilter]:
    book = phrasebook(language)
    phrases = tuple(_read(language, book))
    spaced = book.folding.spaced
    return phrases, Prefilter([literal_sets(each.row, spaced=spaced)[:3] for each in phrases])


def _read(language: str, book: Phrasebook) -> Iterator[Phrase]:
    fold = partial(fold_word, folding=replace(book.folding, latin=None))
    for meaning in WISHES:
        for phrase in _written()[language][meaning]:
            row = parse(phrase, {}, fold)
            yield Phrase(meaning, row, firm=False, spaced=book.folding.spaced)
