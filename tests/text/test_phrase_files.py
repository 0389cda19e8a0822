"""The phrase files: all phrases can be read, none is there twice, no cause is without."""

from __future__ import annotations

import pytest

from holdfast.text.borders import BORDERS
from holdfast.text.phrases import phrasebook, written_languages
from holdfast.text.taxonomy import NATURAL, causes

LANGUAGES = sorted(written_languages())


def test_the_six_languages_are_there() -> None:
    assert LANGUAGES == ["bg", "en", "fa", "ro", "ru", "zh"]


def test_the_causes_are_29_in_eight_groups_with_names_in_every_language() -> None:
    assert len(causes()) == 29
    assert len({cause.group for cause in causes()}) == 8
    assert all(set(cause.names) == set(LANGUAGES) for cause in causes())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_phrase_can_be_read_and_compiled(code: str) -> None:
    for phrase in phrasebook(code).phrases:
        assert list(phrase.matches(" zzz . ")) == []


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
