"""Plural forms: the rules in the catalogues' headers are those of CLDR (N3)."""

from __future__ import annotations

from decimal import Decimal
from gettext import c2py

import pytest
from babel import Locale

from holdfast.language import languages, ngettext
from holdfast.language.languages import ENGLISH, language
from holdfast.language.translations import catalogue

ORDER = ("zero", "one", "two", "few", "many", "other")
TRANSLATED = [code for code in languages() if code != ENGLISH]


def cldr_form(n: int | Decimal, code: str) -> int:
    rule = Locale.parse(language(code).locale).plural_form
    tags = [tag for tag in ORDER if tag in rule.tags or tag == "other"]
    return tags.index(rule(n))


@pytest.mark.parametrize("code", TRANSLATED)
def test_n3_header_chooses_as_cldr_does(code: str) -> None:
    known = catalogue(code)
    assert [known.plural_form(n) for n in range(1201)] == [cldr_form(n, code) for n in range(1201)]


@pytest.mark.parametrize(
    ("code", "forms"), [("ro", 3), ("fa", 2), ("bg", 2), ("ru", 4), ("zh", 1)], ids=lambda value: str(value)
)
def test_n3_number_of_forms(code: str, forms: int) -> None:
    assert catalogue(code).plural_forms == forms


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "{n} zile"),
        (1, "{n} zi"),
        (2, "{n} zile"),
        (19, "{n} zile"),
        (20, "{n} de zile"),
        (21, "{n} de zile"),
        (100, "{n} de zile"),
        (101, "{n} zile"),
        (119, "{n} zile"),
        (120, "{n} de zile"),
        (2.5, "{n} zile"),
    ],
)
def test_n3_romanian_says_de_from_twenty(n: float, said: str) -> None:
    assert ngettext("{n} day", "{n} days", n, "ro") == said


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "{n} день"),
        (2, "{n} дня"),
        (5, "{n} дней"),
        (11, "{n} дней"),
        (21, "{n} день"),
        (22, "{n} дня"),
        (111, "{n} дней"),
        (0, "{n} дней"),
        (2.5, "{n} дня"),
    ],
)
def test_n3_russian_has_four_forms(n: float, said: str) -> None:
    assert ngettext("{n} day", "{n} days", n, "ru") == said


@pytest.mark.parametrize(("n", "said"), [(1, "{n} ден"), (2, "{n} дни"), (0, "{n} дни"), (2.5, "{n} дни")])
def test_n3_bulgarian_has_two(n: float, said: str) -> None:
    assert ngettext("{n} day", "{n} days", n, "bg") == said


@pytest.mark.parametrize("n", [0, 1, 2, 20, 2.5])
def test_n3_persian_and_chinese_say_the_same_of_any_number(n: float) -> None:
    assert ngettext("{n} day", "{n} days", n, "fa") == "{n} روز"
    assert ngettext("{n} day", "{n} days", n, "zh") == "{n} 天"


@pytest.mark.parametrize(
    ("n", "said"), [(1, "{n} day"), (0, "{n} days"), (-1, "{n} days"), (1.5, "{n} days")]
)
def test_n3_english_is_the_message_itself(n: float, said: str) -> None:
    assert ngettext("{n} day", "{n} days", n, "en") == said


def test_rules_are_read_from_the_header() -> None:
    assert c2py("n != 1")(2) == 1
