"""N1: whoever asks gets everything that is known of them, in files that they can read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.keep.erase.steps import erase
from holdfast.services.keep.erase.whom import whom
from holdfast.services.keep.person import export_person_to
from holdfast.settings import Settings
from holdfast.store import personal
from services.keep.ann import EMAIL, KEY, NAME, NOTE, NOW_US, PHONE, TEXT, company
from services.measure.companies import NOW, take_rows


def unpacked(path: Path) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]], str, list[str]]:
    """person.json, the tables by name, README.txt, and the names of documents."""
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        tables = {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(packed.read(name).decode("utf-8-sig"), newline=""))
            )
            for name in names
            if name.endswith(".csv")
        }
        documents = [name for name in names if name.startswith("documents/")]
        whole = json.loads(packed.read("person.json"))
        return whole, tables, packed.read("README.txt").decode(), documents


def test_n1_everything_is_in_it_and_can_be_read(base: Settings, tmp_path: Path) -> None:
    company(base, tmp_path / "files")
    done = export_person_to(base, whom(base, EMAIL), tmp_path / "ann.zip", now=NOW)
    assert (tmp_path / "ann.zip").stat().st_mode & 0o077 == 0
    whole, tables, read_me, documents = unpacked(tmp_path / "ann.zip")
    assert whole["name"] == NAME
    assert {row["value"] for row in tables["contact_point"]} == {EMAIL, f"'{PHONE}"}
    assert {row["trait"] for row in tables["trait_row"]} >= {"name", "street", "country"}
    names = [row["name"] for row in tables["events"]]
    assert names.count("Order Completed") == 5
    assert names.count("Product Viewed") == 2, "one in the lake, one on its way there"
    first = next(row for row in tables["events"] if row["name"] == "Order Completed")
    assert (first["amount"], first["at"], first["id"]) == ("40.00", "2024-01-09T00:00:00Z", f"customer:{KEY}")
    assert [row["text"] for row in tables["customer_text"]] == [TEXT]
    assert [row["text"] for row in tables["note"]] == [NOTE]
    assert {row["kind"] for row in tables["imports"]} >= {"customers", "orders", "tickets", "live"}
    assert any(EMAIL in row["sent"] for row in tables["sent"]), "what could not be understood"
    assert whole["standing"][0]["name"] == NAME
    assert done.documents == len(documents) == 1
    assert "Kelpwood" in read_me
    assert "events.csv" in read_me
    assert done.tables["trait_row"] == len(tables["trait_row"])
    assert not any("c1@example.org" in json.dumps(each) for each in whole.values())


def test_n1_what_would_be_erased_is_what_is_exported(base: Settings, tmp_path: Path) -> None:
    company(base, tmp_path / "files")
    who = whom(base, KEY)
    export_person_to(base, who, tmp_path / "ann.zip", now=NOW)
    whole, *_ = unpacked(tmp_path / "ann.zip")
    record = erase(base, who, by="n", now_us=NOW_US, at_once=True)
    shown = {table for table, holding in personal.holdings().items() if holding.shown}
    assert set(record.done["rows"]) & shown == whole.keys() & shown


def test_a_cell_is_never_a_formula(workspace: Settings, tmp_path: Path) -> None:
    rows = [("customer", "name", "motto"), ("k-1", "=cmd()", "+1 and @home")]
    take_rows(workspace, "customers", rows, tmp_path)
    export_person_to(workspace, whom(workspace, "k-1"), tmp_path / "one.zip", now=NOW)
    whole, tables, *_ = unpacked(tmp_path / "one.zip")
    assert {row["value"] for row in tables["trait_row"]} == {"'=cmd()", "'+1 and @home"}
    assert {row["value"] for row in whole["trait_row"]} == {"=cmd()", "+1 and @home"}


def test_a_file_that_is_there_is_not_replaced(workspace: Settings, tmp_path: Path) -> None:
    take_rows(workspace, "customers", [("customer", "name"), ("k-1", "Ann")], tmp_path)
    (tmp_path / "one.zip").write_text("mine")
    for place, code in ((tmp_path / "one.zip", "place_taken"), (tmp_path / "no" / "one.zip", "no_folder")):
        with pytest.raises(Refusal) as refused:
            export_person_to(workspace, whom(workspace, "k-1"), place, now=NOW)
        assert refused.value.code == code
