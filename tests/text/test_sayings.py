"""How well the reader does on what people say in each language (``sayings/<code>.txt``).

The phrases were written with these texts at hand: this guards what was reached, it is no measure of how well
other texts are read. A line is text | causes | sentiment | leaves | competitor.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.text import causes, read
from holdfast.text.phrases import written_languages

SAYINGS = Path(__file__).parent / "sayings"
LEAST_F1 = 0.85
MOST_WRONGLY_CODED = 0.25


def lines(code: str) -> list[list[str]]:
    return [line.split("|") for line in (SAYINGS / f"{code}.txt").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("code", sorted(written_languages()))
def test_the_causes_are_found(code: str) -> None:
    right = wrong = missed = 0
    for text, said, *_ in lines(code):
        expected = set(filter(None, said.split(",")))
        found = set(read(text).causes)
        right += len(found & expected)
        wrong += len(found - expected)
        missed += len(expected - found)
    assert 2 * right / (2 * right + wrong + missed) >= LEAST_F1


@pytest.mark.parametrize("code", sorted(written_languages()))
def test_texts_without_a_cause_stay_without(code: str) -> None:
    free = [text for text, said, *_ in lines(code) if not said]
    assert len(free) >= 8
    assert sum(bool(read(text).causes) for text in free) <= MOST_WRONGLY_CODED * len(free)


@pytest.mark.parametrize("code", sorted(written_languages()))
def test_every_text_is_in_its_language_and_names_causes_that_exist(code: str) -> None:
    known = {cause.id for cause in causes()}
    for text, said, *_ in lines(code):
        assert set(filter(None, said.split(","))) <= known
        assert read(text).language == code, text
