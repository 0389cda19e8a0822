"""Which language a text is in, and which are not read."""

from __future__ import annotations

import pytest

from holdfast.text import read
from holdfast.text.languages import Found, find_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("very expensive", "en"),
        ("The app keeps crashing on my phone", "en"),
        ("nici un raspuns", "ro"),
        ("Prețul e prea mare, concurența oferă mai ieftin", "ro"),
        ("дорого", "ru"),
        ("Доставка задержалась", "ru"),
        ("скъпо", "bg"),
        ("Скрити такси и неясни цени.", "bg"),
        ("خيلي گران است", "fa"),
        ("太贵", "zh"),
        ("The app 太贵了", "zh"),
    ],
)
def test_the_language_is_found(text: str, code: str) -> None:
    assert find_language(text) == Found(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ochen dorogo i nikto ne otvechaet", "ru"),
        ("mnogo e skapo i nikoi ne otgovarq", "bg"),
        ("kheyli gerune va javab nemidan", "fa"),
    ],
)
def test_latin_letters_do_not_hide_a_language(text: str, code: str) -> None:
    assert find_language(text) == Found(code, latin=True)


@pytest.mark.parametrize(
    "text",
    [
        "Das Produkt ist viel zu teuer und der Support ist schlecht",
        "trop cher, je veux annuler mon abonnement",
        "El servicio es muy malo",
        "Занадто дорого, ваша підтримка не відповідає",
        "خدمة العملاء سيئة جدا ولا أحد يرد",
        "こんにちは、とても高い",
        "너무 비싸요",
        "ürün çok kötü",
    ],
)
def test_a_language_without_a_phrase_file_is_not_read_and_not_guessed(text: str) -> None:
    reading = read(text)
    assert reading.language is None
    assert (reading.causes, reading.churn_intent, reading.sentiment) == ((), False, "neutral")


def test_a_told_language_is_believed_and_an_unknown_one_is_not_read() -> None:
    assert read("Scump", language="ro-RO").language == "ro"
    assert read("Ochen dorogo", language="ru").causes == ("price_too_high",)
    assert read("too expensive", language="de").language is None
