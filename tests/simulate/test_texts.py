"""Texts are in the writer's language and script, and mean what the truth says."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from holdfast.simulate.causes import CAUSE_IDS, CAUSES
from holdfast.simulate.countries import countries
from holdfast.simulate.register import _joined
from holdfast.simulate.speaking import THEMES, phrases, sentiment

LANGUAGES = ("en", "ro", "fa", "bg", "ru", "zh")
SCRIPTS = {"en": "LATIN", "ro": "LATIN", "fa": "ARABIC", "bg": "CYRILLIC", "ru": "CYRILLIC", "zh": "CJK"}
BORROWED = {
    "SMS", "WhatsApp", "Viber", "Brewline", "Kofelo", "Moka", "Verde", "Huila", "Yirgacheffe",
}  # fmt: skip


def everything(language: str) -> list[str]:
    known = phrases(language)
    return [*known.openings, *known.leaving, *(said for theme in known.themes.values() for said in theme)]


def test_the_causes_are_those_of_the_taxonomy(holdfast_data: Path) -> None:
    """E1: 29 causes with the taxonomy's ids and groups, in three origins."""
    taxonomy = json.loads((holdfast_data / "voice" / "taxonomy.json").read_text(encoding="utf-8"))
    assert {(c["id"], c["group"]) for c in taxonomy} == {(c.id, c.group) for c in CAUSES}
    assert {cause.origin for cause in CAUSES} == {"ours", "market", "own_life"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_can_be_said_in_several_ways(language: str) -> None:
    known = phrases(language)
    assert set(known.themes) == set(THEMES)
    for theme, said in known.themes.items():
        assert len(said) >= (3 if theme == "check_in" else 5), theme
        assert len(set(said)) == len(said), theme


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_in_the_script_of_their_language(language: str) -> None:
    for said in everything(language):
        own = said
        for word in BORROWED:
            own = re.sub(rf"\b{word}\b" if language != "zh" else word, "", own)
        scripts = {unicodedata.name(letter).split()[0] for letter in own if letter.isalpha()}
        allowed = {SCRIPTS[language]}
        assert scripts <= allowed or (language == "ro" and scripts <= {"LATIN"}), said


def test_letters_are_those_of_the_language_and_not_of_its_neighbour() -> None:
    persian = "".join(everything("fa"))
    assert not set("يكة") & set(persian), "Arabic ye, kaf or te in Persian"
    assert set("پچگ") <= set(persian)
    assert "\u200c" in persian
    bulgarian, russian = "".join(everything("bg")), "".join(everything("ru"))
    assert not set("ыэё") & set(bulgarian.lower())
    assert set("ыэё") <= set(russian.lower())
    romanian = "".join(everything("ro"))
    assert set("ăâîșț") <= set(romanian.lower())
    assert not set("şţ") & set(romanian.lower()), "cedilla instead of comma below"
    chinese = "".join(everything("zh"))
    assert "这" in chinese, "simplified characters"
    assert not set("這個們") & set(chinese)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_end_as_sentences(language: str) -> None:
    known = phrases(language)
    for theme, said in known.themes.items():
        for sentence in said:
            assert sentence[-1] in ".!?؟。！？", (theme, sentence)
            assert sentence == sentence.strip()


def test_phrases_are_our_own(holdfast_data: Path) -> None:
    lines = (holdfast_data / "voice" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    theirs = {json.loads(line)["text"].strip().lower() for line in lines}
    ours = {said.strip().lower() for language in LANGUAGES for said in everything(language)}
    assert not theirs & ours


def test_sentiment_follows_the_theme() -> None:
    assert sentiment("praise") == "positive"
    assert sentiment("question") == "neutral"
    assert sentiment("late_delivery") == "negative"
    assert sentiment("personal_circumstances") == "neutral"
    assert {sentiment(theme) for theme in CAUSE_IDS} == {"negative", "neutral"}


def test_names_are_native_and_addresses_are_latin() -> None:
    for country in countries():
        for given, female in [(g, True) for g in country.female] + [(g, False) for g in country.male]:
            for family in country.family:
                name, latin = _joined(country.language, given, family, female)
                letters = {unicodedata.name(letter).split()[0] for letter in name if letter.isalpha()}
                assert letters == {SCRIPTS[country.language]}, name
                assert re.fullmatch(r"[a-z]+\.[a-z]+", latin), latin


def test_women_have_the_feminine_family_name_where_the_language_has_one() -> None:
    assert _joined("bg", "Десислава", "Петров", True)[0] == "Десислава Петрова"
    assert _joined("bg", "Иван", "Петров", False)[0] == "Иван Петров"
    assert _joined("ru", "Айгерим", "Нурланов", True) == ("Айгерим Нурланова", "aygerim.nurlanova")
    assert _joined("ru", "Анна", "Ким", True)[0] == "Анна Ким"
