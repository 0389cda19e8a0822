"""Hunches: what is read where no phrase fits, learned from examples that are all there and all different."""

from __future__ import annotations

from collections import Counter

import pytest

from holdfast.text import read
from holdfast.text.examples import ANGER, LEAVES, NOTHING, PRAISE, STAYS, examples
from holdfast.text.folding import fold_text
from holdfast.text.hunches import EXAMPLE, Hunches
from holdfast.text.phrases import phrasebook, written_languages
from holdfast.text.taxonomy import cause_order

LANGUAGES = sorted(written_languages())
FEWEST = 15
LEAST_RIGHT = 0.25
"""Of the examples themselves, by those of other examples only; a guess is right in one of 31."""


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_cause_has_examples_and_none_is_there_twice(code: str) -> None:
    told = list(examples(code))
    count = Counter(meaning for meaning, _ in told)
    assert set(count) == {*cause_order(), PRAISE, NOTHING, ANGER, LEAVES, STAYS}
    assert min(count.values()) >= FEWEST
    assert [pair for pair, times in Counter(told).items() if times > 1] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_e2_the_words_of_others_say_what_a_text_is_about(code: str) -> None:
    book = phrasebook(code)
    told = [
        (meaning, fold_text(text, book.folding).text, EXAMPLE)
        for meaning, text in examples(code)
        if meaning not in (ANGER, LEAVES, STAYS)
    ]
    known = Hunches([one for place, one in enumerate(told) if place % 5], spaced=book.folding.spaced)
    right = [
        (hunch := known(text)) is not None and hunch.meaning == meaning for meaning, text, _ in told[::5]
    ]
    assert sum(right) / len(right) >= LEAST_RIGHT


def test_nothing_comes_of_words_that_nobody_knows() -> None:
    hunches = Hunches([("a", " one two ", EXAMPLE), ("b", " three ", EXAMPLE)], spaced=True)
    assert hunches(" xyzzy ") is None
    found = hunches(" two ")
    assert found is not None
    assert found.meaning == "a"
    assert hunches.word_for(" xyzzy two ", "a") == (6, 10)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("The loaf was stale and smelled of mould.", "poor_quality"),
        ("Хлеб был чёрствый и пах плесенью.", "poor_quality"),
        ("Nobody trained the cashiers on the machine.", "weak_onboarding"),
        ("کسی صندوقدارها را با دستگاه آشنا نکرد.", "weak_onboarding"),
    ],
)
def test_a_hunch_is_shown_with_the_word_it_comes_from(text: str, cause: str) -> None:
    reading = read(text)
    assert cause in reading.causes
    assert all(text[one.start : one.end].strip() for one in reading.evidence)


@pytest.mark.parametrize(
    "text", ["Not slow, no bugs.", "What time do you open on Sundays?", "xyzzy plugh", "👍"]
)
def test_a_hunch_neither_brings_back_what_is_denied_nor_reads_what_is_not_there(text: str) -> None:
    assert read(text, "en").causes == ()
