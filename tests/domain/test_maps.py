"""Maps are checked against the kind and the file before a row is read (A1)."""

from __future__ import annotations

import pytest

from holdfast.domain.imports import ColumnMap, MapOptions
from holdfast.domain.maps import check_map, nearest
from holdfast.domain.refusals import Refusal
from stage_files import kind_named

COLUMNS = ("Customer ID", "InvoiceDate", "Price", "Qty")
GOOD = {"customer": "Customer ID", "at": "InvoiceDate"}


def refused(column_map: ColumnMap, kind: str = "orders") -> Refusal:
    with pytest.raises(Refusal) as refusal:
        check_map(column_map, kind_named(kind), COLUMNS)
    return refusal.value


def test_a_good_map_passes_and_a_single_column_is_no_arithmetic() -> None:
    checked = check_map(
        ColumnMap(GOOD, {"amount": "Qty * Price", "product": '"Qty"'}), kind_named("orders"), COLUMNS
    )
    assert checked.columns == {**GOOD, "product": "Qty"}
    assert checked.derive == {"amount": "Qty * Price"}


def test_a_column_we_do_not_have_names_the_nearest() -> None:
    refusal = refused(ColumnMap({**GOOD, "costumer": "Qty"}))
    assert refusal.code == "unknown_column"
    assert "'customer'" in str(refusal.remedy)


def test_a_column_the_file_does_not_have_says_which_exist() -> None:
    refusal = refused(ColumnMap({"customer": "CustomerID", "at": "InvoiceDate"}))
    assert refusal.code == "unknown_source_column"
    assert "InvoiceDate" in str(refusal.expected) and "'Customer ID'" in str(refusal.remedy)
    assert refused(ColumnMap(GOOD, {"amount": "Qty * Prise"})).code == "unknown_source_column"


def test_required_columns_are_asked_for() -> None:
    refusal = refused(ColumnMap({"customer": "Customer ID"}))
    assert refusal.code == "missing_columns"
    assert "at" in str(refusal.expected)


def test_an_option_can_stand_in_for_a_column() -> None:
    assert refused(ColumnMap(GOOD), "events").code == "missing_columns"
    assert check_map(ColumnMap(GOOD, options=MapOptions(event="Churned")), kind_named("events"), COLUMNS)


def test_a_column_is_taken_from_one_place_and_only_numbers_are_computed() -> None:
    assert refused(ColumnMap({**GOOD, "amount": "Price"}, {"amount": "Qty * Price"})).code == "mapped_twice"
    assert refused(ColumnMap(GOOD, {"status": "Qty * Price"})).code == "bad_formula"


def test_nearest_is_empty_when_nothing_is_near() -> None:
    assert nearest("xyz", ["customer", "at"]) == ""
