"""Folding: one way of writing for many, and the way back to the place in the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.text.phrases import phrasebook, written_languages


def folded(code: str, text: str, *, latin: bool = False) -> str:
    return phrasebook(code, latin=latin).fold(text).text


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("ro", "Nu mulțumesc, aşa nu", "nu multumesc, asa nu"),
        ("ro", "mulţumit", "mulțumit"),
        ("en", "I can't", "i cannot"),
        ("en", "sooooo slow", "so slow"),
        ("fa", "پشتيباني", "پشتیبانی"),
        ("fa", "نمی‌خواهم", "نمی خواهم"),
        ("fa", "مشتری‌ها", "مشتری ها"),
        ("fa", "سفارشِ من", "سفارش من"),
        ("ru", "ещё", "еще"),
        ("ru", "неприемлемый", "неприемлемии"),
        ("zh", "客服態度很差，電話沒人接", "客服态度很差,电话没人接"),
        ("zh", "太 贵 了！！！", "太贵了。"),
    ],
)
def test_two_ways_of_writing_become_one(code: str, one: str, other: str) -> None:
    assert folded(code, one) == folded(code, other)


def test_latin_letters_are_read_in_the_script_of_the_language() -> None:
    assert folded("ru", "ochen dorogo", latin=True) == folded("ru", "очень дорого", latin=True)
    assert folded("bg", "mnogo skapo", latin=True) == folded("bg", "много скъпо", latin=True)
    assert folded("bg", "mnogo skupo", latin=True) == folded("bg", "много скъпо", latin=True)
    assert folded("fa", "kheili geroon", latin=True) == folded("fa", "خیلی گران")


def test_a_turn_and_the_end_of_a_clause_are_marked() -> None:
    assert folded("en", "Slow, but good! Yes.") == " slow , | but good . yes . "


@settings(deadline=None)
@given(st.text(max_size=80))
def test_every_place_lies_in_the_text_whatever_it_is(text: str) -> None:
    for code in written_languages():
        fold = phrasebook(code).fold(text)
        for start, end in fold.spans:
            assert 0 <= start <= end <= len(text)


def test_the_way_back_finds_the_words_of_the_text() -> None:
    text = "Well…  the «Сайт» can’t be reached"
    fold = phrasebook("en").fold(text)
    at = fold.text.index(" can not")
    start, end = fold.span(at, at + len(" can not"))
    assert text[start:end] == "can’t"
