"""Numbers as people write them (A1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.written_numbers import (
    CURRENCIES,
    currency_beside,
    decimal_evidence,
    decimal_sign,
    read_currency,
    read_flag,
    read_number,
)

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1,23,456.78", "123456.78"),
        ("۱۲۳٫۴", "123.4"),
        ("۱٬۲۳۴٫۵", "1234.5"),
        ("(12.50)", "-12.50"),
        ("12.50-", "-12.50"),
        ("-€5", "-5"),
        ("€-5", "-5"),
        ("$1,000.00", "1000.00"),
        ("1000.00 EUR", "1000.00"),
        ("12 345 руб.", "12345"),
        ("۵۰۰ ریال", "500"),
        ("5 %", "0.05"),
        ("1e3", "1000"),
        ("+7", "7"),
        (".5", "0.5"),
    ],
)
def test_every_common_way_of_writing_a_number(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "five", "12abc", "1.2.3", "1,2,3", "(5", "5)", "--5", "12/05", "1 2 x", "€"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_the_column_decides_what_a_single_separator_means() -> None:
    assert read_number("1.234", ".") == Decimal("1.234")
    assert read_number("1.234", ",") == Decimal(1234)
    assert read_number("1,234", ".") == Decimal(1234)
    assert read_number("1,234", ",") == Decimal("1.234")
    assert read_number("12,5", ".") == Decimal("12.5"), "it cannot stand between thousands"
    for text, decimal in (("0,125", "."), ("0.125", ",")):
        assert read_number(text, decimal) == Decimal("0.125"), "no thousands begin with a zero"


@given(amounts, st.sampled_from([",", "."]), st.booleans())
def test_what_was_written_is_read_back(amount: Decimal, decimal: str, grouped: bool) -> None:
    written = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    if decimal == ",":
        written = written.translate(str.maketrans(",.", ".,"))
    assert read_number(written, decimal) == amount


@given(amounts)
def test_persian_digits_say_the_same(amount: Decimal) -> None:
    persian = f"{amount:,.2f}".translate(str.maketrans("0123456789.,", "۰۱۲۳۴۵۶۷۸۹٫٬"))
    assert read_number(persian) == amount


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    number = read_number(text)
    assert number is None or number.is_finite()


def test_evidence_for_the_decimal_sign() -> None:
    assert [decimal_evidence(text) for text in ("1,5", "1.5", "1,234", "1.234,5", "1,234,567", "7")] == [
        ",", ".", "", ",", ".", "",
    ]  # fmt: skip
    assert decimal_evidence("0,125") == ","
    assert decimal_sign(["1.234", "5,5"]) == (",", True)
    assert decimal_sign(["1.234", "7"]) == (".", False)


def test_currencies_by_code_sign_and_name() -> None:
    assert [read_currency(text) for text in ("eur", "€", "lei", "руб.", "ریال", "XYZ", "kr")] == [
        "EUR", "EUR", "RON", "RUB", "IRR", None, None,
    ]  # fmt: skip
    assert currency_beside("12,50 €") == "EUR"
    assert currency_beside("12.50") is None
    assert "USD" in CURRENCIES


def test_flags_in_six_languages() -> None:
    assert all(read_flag(text) for text in ("Yes", "TRUE", "1", "da", "بله", "да", "是"))
    assert not any(read_flag(text) for text in ("No", "false", "0", "nu", "خیر", "нет", "否"))
    assert read_flag("perhaps") is None
