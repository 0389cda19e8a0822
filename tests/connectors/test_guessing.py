"""Columns are guessed by their names in six languages, and by what stands in them (A1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.connectors.guessing import fold, guess_map, looks_like
from holdfast.connectors.json_lines import sniff_json
from holdfast.domain.imports import ImportKind, TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.registry import parts
from stage_files import guessed, kind_named, write


@pytest.mark.parametrize(
    "header",
    [
        "customer_id,order_date,order_id,total",
        "Customer ID;Order Date;Order No;Grand Total",
        "customerId,purchasedAt,orderId,amount",
        "CLIENT,DATA COMENZII,NUMAR COMANDA,VALOARE",
        "مشتری,تاریخ سفارش,شماره سفارش,مبلغ",
        "клиент,дата на поръчка,номер на поръчка,обща сума",
        "покупатель,дата заказа,номер заказа,сумма",
        "客户编号,下单时间,订单号,金额",
    ],
)
def test_orders_in_six_languages(tmp_path: Path, header: str) -> None:
    delimiter = ";" if ";" in header else ","
    rows = [("K-17", "2024-01-31", "1001", "12.50"), ("K-18", "2024-02-01", "1002", "7.00")]
    text = "\n".join([header, *(delimiter.join(row) for row in rows)])
    guess = guessed(write(tmp_path, text), "orders", tmp_path)
    names = header.split(delimiter)
    assert guess.map.columns == dict(zip(("customer", "at", "order_id", "amount"), names, strict=True))
    assert guess.confidence > 0.6
    assert not guess.missing and not guess.unsure


def test_our_own_names_are_certain_and_believed(tmp_path: Path) -> None:
    guess = guessed(write(tmp_path, "customer,at,amount\na,2024-01-31,five\n"), "orders", tmp_path)
    assert guess.map.columns == {"customer": "customer", "at": "at", "amount": "amount"}
    assert guess.confidence == 1.0


def test_values_find_what_names_do_not_say(tmp_path: Path) -> None:
    text = "wer,wann,wieviel\nx@a.io,2024-01-31,12.50\ny@b.io,2024-02-01,7.00\n"
    guess = guessed(write(tmp_path, text), "payments", tmp_path)
    assert guess.map.columns["email"] == "wer"
    assert guess.map.columns["amount"] == "wieviel"
    assert set(guess.map.columns) & {"paid_at", "issued_at", "at"}
    assert guess.unsure


def test_names_are_not_believed_against_their_values(tmp_path: Path) -> None:
    text = "customer,phone service,order date note\na,Yes,none\nb,No,late\n"
    guess = guessed(write(tmp_path, text), "customers", tmp_path)
    assert set(guess.map.columns) == {"customer"}


def test_what_is_missing_is_said_with_the_kind_it_looks_like(tmp_path: Path) -> None:
    path = write(tmp_path, "name,email,phone,country\nA,a@b.io,+40722123456,RO\nB,b@b.io,+40722123457,RO\n")
    guess = guessed(path, "orders", tmp_path)
    assert guess.confidence == 0
    assert guess.missing == (("at",),)
    assert guess.looks_like == "customers"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    text = (
        "customer,email,name,signed_up_at,country\na,a@b.io,Ana,2024-01-31,RO\nb,b@b.io,Bob,2024-02-01,BG\n"
    )
    with pytest.raises(Refusal) as refusal:
        guessed(write(tmp_path, text), "orders", tmp_path)
    assert refusal.value.code == "wrong_kind"
    assert "--as customers" in str(refusal.value.remedy)


def test_every_kind_recognises_a_file_in_its_own_words() -> None:
    for part in parts("imports").values():
        kind = part.declared
        assert isinstance(kind, ImportKind)
        source = TabularSource(Path("x.csv"), "csv", tuple(column.name for column in kind.columns), "x")
        assert guess_map(kind, source).map.columns == {column.name: column.name for column in kind.columns}


def test_nothing_looks_like_nothing() -> None:
    assert looks_like(TabularSource(Path("x.csv"), "csv", ("foo", "bar"), "x", sample=(("1", "2"),))) == ""


def test_names_are_compared_folded() -> None:
    assert fold("Customer ID") == fold("customer_id") == fold("customerId") == "customerid"
    assert fold("Număr comandă") == "numarcomanda"
    assert fold("كد مشتري") == fold("کد مشتری")


def test_nested_objects_are_guessed_too() -> None:
    source = sniff_json(
        TabularSource(Path("x"), "jsonl", (), "x"), '{"customer": "a", "event": "Seen", "at": "2024-01-01"}'
    )
    assert guess_map(kind_named("events"), source).map.columns == {
        "customer": "customer",
        "at": "at",
        "name": "event",
    }
