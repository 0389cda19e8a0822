"""Arithmetic in a map: what can be said, and that nothing else can (A1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.formulas import Call, ColumnOf, Negative, Number, Operation, columns_of, parse_formula
from holdfast.domain.refusals import Refusal


def test_columns_numbers_and_operators() -> None:
    assert parse_formula('quantity * "Unit Price" / 100') == Operation(
        "/", Operation("*", ColumnOf("quantity"), ColumnOf("Unit Price")), Number(Decimal(100))
    )
    assert parse_formula("-(a + +b)") == Negative(Operation("+", ColumnOf("a"), ColumnOf("b")))
    assert parse_formula("round(abs(a), 2)") == Call(
        "round", (Call("abs", (ColumnOf("a"),)), Number(Decimal(2)))
    )
    assert list(columns_of(parse_formula("coalesce(a, b) - 'a b' * 2"))) == ["a", "b", "a b"]
    assert parse_formula("قیمت * تعداد") == Operation("*", ColumnOf("قیمت"), ColumnOf("تعداد"))


@pytest.mark.parametrize(
    "written",
    [
        "", "(", "a.b", "a if b else c", "a ** 2", "a % 2", "a // 2", "lambda: a", "[a]", "{a: b}", "a, b",
        "a and b", "a < b", "a; b", "import os", "__import__('os')", "open('x')", "abs()", "abs(a, b)",
        "round(a, b, c)", "abs(x=a)", "f'{a}'", "True", "1j", "(a := b)", "x[0]", "a" * 501, "(" * 400,
    ],
)  # fmt: skip
def test_nothing_else_can_be_said(written: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_formula(written)
    assert refusal.value.code == "bad_formula"


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(written: str) -> None:
    try:
        parse_formula(written)
    except Refusal as refusal:
        assert refusal.code == "bad_formula"
