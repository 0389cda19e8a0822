"""Whatever was found is made plain for the engine, or refused as a whole (A1)."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from holdfast.connectors import json_lines, sheets, streams
from holdfast.connectors.files import sniff
from holdfast.connectors.plain import make_plain
from holdfast.domain.imports import MapOptions, TabularSource
from holdfast.domain.refusals import Refusal
from stage_files import write

ROWS = "customer,at\na,2024-01-31\nb,2024-02-01\n"


def plain(path: Path, folder: Path, options: MapOptions | None = None) -> TabularSource:
    return make_plain(sniff(path, options), folder / "stage")


def test_a_clean_text_stays_where_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, ROWS)
    told: list[tuple[str, int, int]] = []
    source = make_plain(sniff(path), tmp_path / "stage", lambda *step: told.append(step))
    assert (source.path, source.plain, source.line_ends, source.first_line) == (path, True, 3, 2)
    assert told[-1] == ("read", len(ROWS), len(ROWS))
    assert make_plain(source, tmp_path) is source


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n\r\n"])
def test_blank_lines_at_the_end_are_no_rows(tmp_path: Path, end: str) -> None:
    assert plain(write(tmp_path, ROWS.rstrip("\n") + end), tmp_path).line_ends == 3


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "utf-16-be"])
def test_other_encodings_become_utf8(tmp_path: Path, encoding: str) -> None:
    text = "клиент;дата\nИван Петров;01.02.2024\n"
    source = plain(write(tmp_path, text.encode(encoding)), tmp_path)
    assert source.path.read_text(encoding="utf-8").lstrip("\ufeff") == text
    assert (source.encoding, source.dropped) == ("utf-8", None)


def test_an_encoding_that_shows_late_is_found(tmp_path: Path) -> None:
    text = "customer,at\n" + "a,2024-01-01\n" * 100_000 + "Müller,2024-01-02\nStraße,2024-01-03\n"
    source = plain(write(tmp_path, text.encode("cp1252")), tmp_path)
    assert source.path.read_text(encoding="utf-8") == text


def test_lone_carriage_returns_become_line_feeds(tmp_path: Path) -> None:
    source = plain(write(tmp_path, ROWS.replace("\n", "\r")), tmp_path)
    assert source.path.read_text(encoding="utf-8") == ROWS


def test_mixed_line_ends_become_one(tmp_path: Path) -> None:
    source = plain(write(tmp_path, "customer,at\r\na,1\nb\r,2\r\n\r\nc,3\n"), tmp_path)
    assert source.path.read_bytes() == b"customer,at\na,1\nb ,2\n\nc,3\n"
    kept = write(tmp_path, ROWS.replace("\n", "\r\n"), "windows.csv")
    assert plain(kept, tmp_path).path == kept


def test_packed_texts_are_unpacked(tmp_path: Path) -> None:
    source = plain(write(tmp_path, gzip.compress(ROWS.encode()), "rows.csv.gz"), tmp_path)
    assert (source.path.read_text(encoding="utf-8"), source.compression) == (ROWS, None)


def test_lines_that_are_no_text_are_put_aside_with_their_number(tmp_path: Path) -> None:
    text = "customer,at\né,1\nç,2\n".encode() + b"\xe9,3\nb\0,4\n" + "ü,5\nö,6\n".encode()
    source = plain(write(tmp_path, text), tmp_path)
    assert source.path.read_text(encoding="utf-8") == "customer,at\né,1\nç,2\nü,5\nö,6\n"
    assert source.dropped is not None
    assert [line.split(",")[:2] for line in source.dropped.read_text(encoding="utf-8").splitlines()] == [
        ["4", "not_in_encoding"],
        ["5", "nul_byte"],
    ]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST_LINE", 1_000)
    monkeypatch.setattr("holdfast.connectors.plain.LONGEST_LINE", 1_000)
    text = ROWS + "x" * 5_000 + ",1\né,3\n"
    source = plain(write(tmp_path, text.encode("utf-16")), tmp_path)
    assert source.path.read_text(encoding="utf-8").lstrip("\ufeff") == ROWS + "é,3\n"
    assert source.dropped is not None and source.dropped.read_text(encoding="utf-8").startswith(
        "4,line_too_long,"
    )


def test_blanks_as_delimiters_keep_the_line_numbers(tmp_path: Path) -> None:
    source = plain(
        write(tmp_path, " 1 2  3\n\n 4 5 6\n 7 8\n", "fixed.txt"),
        tmp_path,
        MapOptions(delimiter="whitespace"),
    )
    assert source.path.read_text(encoding="utf-8") == "1,1,2,3\n3,4,5,6\n"
    assert source.numbered and source.dropped is not None
    assert source.dropped.read_text(encoding="utf-8") == "4,too_few_cells, 7 8\n"


def test_json_lines_are_flattened_and_grow_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "_LOOKED_AT", 1)
    lines = [
        json.dumps({"customer": {"id": 7, "name": "Zoë"}, "ok": True, "tags": ["a"], "at": None}),
        "",
        "{broken",
        json.dumps({"customer": {"id": 8}, "late": 1.10}),
        "[1]",
    ]
    source = plain(write(tmp_path, "\n".join(lines), "rows.jsonl"), tmp_path)
    assert source.columns == ("customer.id", "customer.name", "ok", "tags", "at", "late")
    assert source.path.read_text(encoding="utf-8") == '1,7,Zoë,true,"[""a""]",\n4,8,,,,,1.1\n'
    assert source.dropped is not None
    assert source.dropped.read_text(encoding="utf-8") == "3,not_json,{broken\n5,not_json,[1]\n"


def test_line_ends_within_cells_and_rejected_rows_do_no_harm(tmp_path: Path) -> None:
    lines = [json.dumps({"customer": "a", "note": "x\r\ny\rz"}), "broken \r line"]
    source = plain(write(tmp_path, "\n".join(lines), "rows.jsonl"), tmp_path)
    assert source.path.read_bytes() == b'1,a,"x\ny\nz"\n'
    assert source.dropped is not None and source.dropped.read_bytes() == b"2,not_json,broken   line\n"


def workbook(folder: Path, rows: list[list[object]], name: str = "rows.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.create_sheet("Orders")
    for row in rows:
        book["Orders"].append(row)
    book.save(folder / name)
    return folder / name


def test_workbooks_are_read_without_running_anything(tmp_path: Path) -> None:
    moment = datetime(2024, 1, 31, 10, 20)
    path = workbook(tmp_path, [["customer", "at", "amount"], [7, moment, 1.5], [], ["=cmd|x", moment, True]])
    source = plain(path, tmp_path)
    assert (source.sheet, source.columns) == ("Orders", ("customer", "at", "amount"))
    assert source.path.read_text(encoding="utf-8").splitlines() == [
        "2,7,2024-01-31 10:20:00,1.5",
        "4,,2024-01-31 10:20:00,true",
    ]


def test_packed_workbooks(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["customer", "at"], ["a", "2024-01-31"]])
    packed = write(tmp_path, gzip.compress(path.read_bytes()), "rows.xlsx.gz")
    assert plain(packed, tmp_path).path.read_text(encoding="utf-8") == "2,a,2024-01-31\n"


@pytest.mark.parametrize(("rows", "code"), [([], "empty_file"), ([["customer", "at"]], "header_only")])
def test_empty_workbooks_are_refused(tmp_path: Path, rows: list[list[object]], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        sniff(workbook(tmp_path, rows))
    assert refusal.value.code == code


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        sniff(workbook(tmp_path, [["a"], [1]]), MapOptions(sheet="Order"))
    assert refusal.value.code == "unknown_sheet"
    assert "'Orders'" in str(refusal.value.remedy)


def test_zip_bombs_are_refused_before_they_swell(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets._SMALL * 2))
    with pytest.raises(Refusal) as refusal:
        sniff(path)
    assert refusal.value.code == "zip_bomb"


def test_gzip_bombs_are_refused_while_they_swell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FREELY_EXPANDED", 1 << 20)
    path = write(tmp_path, gzip.compress(b"a,b\n" + b"0,0\n" * 10_000_000), "rows.csv.gz")
    with pytest.raises(Refusal) as refusal:
        plain(path, tmp_path)
    assert refusal.value.code == "zip_bomb"


def test_a_zip_without_a_workbook_and_a_cut_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rows.csv", ROWS)
    with pytest.raises(Refusal) as refusal:
        sniff(path)
    assert refusal.value.code == "not_this_format"
    cut = write(tmp_path, workbook(tmp_path, [["a"], [1]]).read_bytes()[:800], "cut.xlsx")
    with pytest.raises(Refusal) as refusal:
        sniff(cut)
    assert refusal.value.code == "cut_file"


def test_a_packed_text_cut_in_the_middle(tmp_path: Path) -> None:
    rows = "".join(f"{os.urandom(6).hex()},2024-01-01\n" for _ in range(200_000))
    packed = gzip.compress(("customer,at\n" + rows).encode())
    with pytest.raises(Refusal) as refusal:
        plain(write(tmp_path, packed[: len(packed) // 2], "rows.csv.gz"), tmp_path)
    assert refusal.value.code == "cut_file"
