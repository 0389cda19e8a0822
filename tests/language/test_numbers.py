"""Numbers, shares and money as the reader of each language writes them (N3)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.money import Money
from holdfast.domain.texts import Share
from holdfast.language import (
    in_own_digits,
    language,
    languages,
    money,
    number,
    plain_digits,
    share,
    signed,
)

NB = "\N{NO-BREAK SPACE}"
LRM, RLM = "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"
CODES = st.sampled_from(languages())


def read_back(written: str, code: str) -> Decimal:
    """What a person reads in a written number: only digits, sign and point count."""
    spoken = language(code)
    plain = written.replace(spoken.group, "").replace(spoken.decimal, ".").replace(spoken.minus, "-")
    return Decimal(plain_digits(plain))


@given(st.integers(min_value=-(10**15), max_value=10**15), CODES)
def test_n3_whole_number_reads_back_as_itself(value: int, code: str) -> None:
    assert read_back(number(value, code), code) == value


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), CODES)
def test_n3_decimal_reads_back_as_itself(value: Decimal, code: str) -> None:
    assert read_back(number(value, code, 2), code) == value


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3), CODES)
def test_n3_separators_are_those_of_cldr(value: Decimal, code: str) -> None:
    spoken = language(code)
    expected = format_decimal(
        abs(value), "#,##0.000", locale=spoken.locale, numbering_system="default", decimal_quantization=False
    )
    assert number(abs(value), code, 3) == in_own_digits(expected, code)


@given(st.floats(min_value=-1e9, max_value=1e9), CODES)
def test_n3_nothing_is_minus_zero(value: float, code: str) -> None:
    written = number(value, code, 1)
    assert read_back(written, code) != 0 or language(code).minus not in written


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["12,945", "€12,945", "2.3%"]),
        ("ro", ["12.945", f"12.945{NB}EUR", f"2,3{NB}%"]),
        ("bg", [f"12{NB}945", f"12{NB}945{NB}€", "2,3%"]),
        ("ru", [f"12{NB}945", f"12{NB}945{NB}€", f"2,3{NB}%"]),
        ("fa", ["۱۲٬۹۴۵", f"۱۲٬۹۴۵{NB}یورو", f"۲٫۳{RLM}٪"]),
        ("zh", ["12,945", "€12,945", "2.3%"]),
    ],
)
def test_n3_number_money_and_share_as_the_look_says(code: str, expected: list[str]) -> None:
    euros = Money(1_294_500, "EUR")
    assert [number(12_945, code), money(euros, code), share(Share(0.023), code)] == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (0.0, "0"),
        (2.5, "2.5"),
        (2.0, "2"),
        (1234.567, "1,234.57"),
        (0.0123456, "0.0123"),
        (-0.001, "−0.001"),
        (Decimal("3.10"), "3.1"),
        (1e-12, "0"),
    ],
)
def test_n3_digits_worth_showing(value: float, written: str) -> None:
    assert number(value, "en") == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="answer with a reason"):
        number(value, "en")


def test_n3_percent_sign_stays_in_place_except_in_formulas() -> None:
    assert share(0.38, "fa", 0) == f"۳۸{RLM}٪"
    assert share(0.38, "fa", 0, marked=False) == "۳۸٪"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(2_399, "EUR"), "€23.99"),
        (Money(2_400, "EUR"), "€24"),
        (Money(43_680_050, "EUR"), "€436,800"),
        (Money(-2_399, "GBP"), "−£23.99"),
        (Money(500, "JPY"), "JP¥500"),
        (Money(1_500, "KWD"), f"KWD{NB}1.500"),
        (Money(0, "EUR"), "€0"),
        (Money(1_234, "XXX"), "12.34"),
        ((Decimal("31"), "RON"), f"RON{NB}31"),
        ((7, ""), "7"),
    ],
)
def test_n3_money_in_english(amount: Money, written: str) -> None:
    assert money(amount, "en") == written


@given(st.integers(min_value=-(10**12), max_value=10**12), CODES)
def test_n3_exact_money_keeps_every_cent(minor: int, code: str) -> None:
    assert read_back(money(Money(minor, "XXX"), code, exact=True), code) == Decimal(minor) / 100


def test_n3_persian_money_has_names_and_marks() -> None:
    assert money(Money(-1_200_00, "USD"), "fa") == f"{LRM}−۱٬۲۰۰{NB}دلار"
    assert money(Money(100, "CHF"), "fa") == f"۱{NB}فرانک سوئیس"


@pytest.mark.parametrize(
    ("value", "code", "written"),
    [
        (18, "en", "+18"),
        (-3, "en", "−3"),
        (0, "en", "0"),
        (18, "fa", f"{LRM}+۱۸"),
        (-3, "fa", f"{LRM}−۳"),
        (Share(-0.002), "fa", f"{LRM}−۰٫۲{RLM}٪"),
        (Share(0.002), "ro", f"+0,2{NB}%"),
        (Money(9_600, "EUR"), "fa", f"{LRM}+۹۶{NB}یورو"),
        (Money(-9_600, "EUR"), "en", "−€96"),
    ],
)
def test_n3_changes_carry_their_sign(value: int, code: str, written: str) -> None:
    assert signed(value, code) == written


def test_n3_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert signed(-0.001, "en", 1) == "0.0"
    assert signed(Share(0.00001), "fa") == f"۰٫۰{RLM}٪"


def test_n3_what_readers_type_is_understood() -> None:
    assert plain_digits("۱۴۰۵-٠٧-01") == "1405-07-01"
