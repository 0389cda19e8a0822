"""The languages there are (N3)."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from babel import Locale

from holdfast.language import direction, language, languages, preferred, sort_key


def test_n3_six_languages_with_direction_and_own_name() -> None:
    assert languages()[:6] == ("en", "ro", "fa", "bg", "ru", "zh")
    assert [code for code in languages() if direction(code) == "rtl"] == ["fa"]
    assert language("zh").tag == "zh-Hans"
    assert language("fa").own_name == "فارسی"


@pytest.mark.parametrize("code", ["ro", "fa", "bg", "ru"])
def test_own_names_are_those_of_cldr(code: str) -> None:
    assert language(code).own_name.casefold() == Locale.parse(code).get_display_name().casefold()


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="en, ro, fa"):
        language("tlh")


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("fa-IR,fa;q=0.9,en;q=0.8", "fa"),
        ("de-DE,de;q=0.9,ro;q=0.5,en;q=0.4", "ro"),
        ("zh-TW,zh", "zh"),
        ("en;q=0.2, ru;q=0.9", "ru"),
        ("fa;q=0", "en"),
        ("de", "en"),
        ("", "en"),
        ("*;q=x,,", "en"),
    ],
)
def test_n3_a_browser_is_answered_in_its_language(accepted: str, code: str) -> None:
    assert preferred(accepted) == code


def test_n3_another_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = importlib.import_module("holdfast.language.languages")
    (tmp_path / "he.po").write_text("")
    monkeypatch.setattr(home, "CATALOGUES", tmp_path)
    home.language.cache_clear()
    home.languages.cache_clear()
    try:
        assert home.languages()[-1] == "he"
        assert home.language("he").direction == "rtl"
        assert home.language("he").own_name == "עברית"
    finally:
        home.language.cache_clear()
        home.languages.cache_clear()


@pytest.mark.parametrize(
    ("code", "ordered"),
    [
        ("en", ["Ann", "bea", "Émile", "Zoe"]),
        ("ro", ["Ana", "Ăla", "Banu", "Ion", "Înalt", "Stan", "Șerban", "Tudor", "Țepeș"]),
        ("fa", ["آرش", "بهار", "پریسا", "چنگیز", "ژاله", "کیان", "گلناز", "یاس"]),
        ("ru", ["Елена", "Ёлкин", "Жанна", "Иван", "Йод", "Яна"]),
        ("bg", ["Ана", "Борис", "Йоана", "Ян"]),
        ("zh", ["安", "陈", "李", "王", "张"]),
    ],
)
def test_n3_names_sort_by_the_readers_alphabet(code: str, ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=lambda name: sort_key(name, code)) == ordered


def test_n3_arabic_and_persian_letters_sort_alike() -> None:
    assert sort_key("علي", "fa") == sort_key("علی", "fa")
    assert sort_key("كيان", "fa") == sort_key("کیان", "fa")
