"""The phrase files: all phrases can be read, none is there twice, no cause is without."""

from __future__ import annotations

import re

import pytest

from holdfast.text.borders import BORDERS
from holdfast.text.hunches import samples
from holdfast.text.matching import seen
from holdfast.text.patterns import expression
from holdfast.text.phrases import phrasebook, written_languages
from holdfast.text.taxonomy import NATURAL, causes

LANGUAGES = sorted(written_languages())
_SIGNS = ("so", ",", "1.5", "|", "so . so", "$12")


def test_the_six_languages_are_there() -> None:
    assert LANGUAGES == ["bg", "en", "fa", "ro", "ru", "zh"]


def test_the_causes_are_29_in_eight_groups_with_names_in_every_language() -> None:
    assert len(causes()) == 29
    assert len({cause.group for cause in causes()}) == 8
    assert all(set(cause.names) == set(LANGUAGES) for cause in causes())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_phrase_is_found_where_its_expression_is(code: str) -> None:
    """In samples of it and of its neighbour, with words and marks in its gaps."""
    book = phrasebook(code)
    spaced = book.folding.spaced
    told = [sorted(samples(phrase.row, spaced=spaced)) for phrase in book.phrases]
    found = 0
    for number, phrase in enumerate(book.phrases):
        expected = re.compile(expression(phrase.row, spaced=spaced))
        for text in (*told[number], *_varied(told[number][0], told[number - 1][0])):
            there = [(match.start, match.end) for match in phrase.matches(seen(text, spaced=spaced))]
            assert there == [each.span() for each in expected.finditer(text)], (phrase.meaning, text)
            found += bool(there)
    assert found > len(told)


def _varied(one: str, other: str) -> list[str]:
    """Two samples in a row, and one with a word, a comma and a number before each second word."""
    if " " not in one:
        return [one + other[1:], *(f"{one[:3]}{sign}{one[3:]}{one[1:]}" for sign in "真,3.")]
    words = one.split()
    rows = [
        " ".join(f"{sign} {word}" if at % 2 else word for at, word in enumerate(words)) for sign in _SIGNS
    ]
    return [one + other[1:], *(f" {row} {row} . " for row in rows)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_cause_has_phrases_and_none_twice(code: str) -> None:
    written = written_languages()[code]
    assert set(written["causes"]) == {cause.id for cause in causes()}
    for cause, phrases in written["causes"].items():
        assert phrases, cause
        assert len(set(phrases)) == len(phrases), cause


def test_borders_and_natural_causes_name_causes() -> None:
    known = {cause.id for cause in causes()}
    assert known >= NATURAL
    assert all(stays in known and gives_way in known and why for stays, gives_way, why in BORDERS)
