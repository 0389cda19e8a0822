"""What a file is and how it is written is found out (A1)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.connectors.delimited import column_names, find_delimiter, has_header, split_rows
from holdfast.connectors.files import sniff
from holdfast.connectors.plain import make_plain
from holdfast.domain.imports import MapOptions
from holdfast.domain.refusals import Refusal
from stage_files import write

ROWS = "customer,at,amount\na,2024-01-31,1.50\nb,2024-02-01,2\n"


@pytest.mark.parametrize(
    ("text", "delimiter", "columns"),
    [
        (ROWS, ",", ("customer", "at", "amount")),
        (ROWS.replace(",", ";"), ";", ("customer", "at", "amount")),
        (ROWS.replace(",", "\t"), "\t", ("customer", "at", "amount")),
        (ROWS.replace(",", "|"), "|", ("customer", "at", "amount")),
        ("customer;amount\na;1,5\nb;2,5\n", ";", ("customer", "amount")),
        ('"customer","note, long"\n"a","x; y; z"\n', ",", ("customer", "note, long")),
        ("customer   amount\n  a   1\n  b   2\n", "whitespace", ("customer", "amount")),
        ("customer\na\nb\n", ",", ("customer",)),
        ("'customer','at'\n'a','2024'\n'b','2025'\n", ",", ("customer", "at")),
    ],
)
def test_delimiter_and_header(tmp_path: Path, text: str, delimiter: str, columns: tuple[str, ...]) -> None:
    source = sniff(write(tmp_path, text))
    assert (source.delimiter, source.columns, source.header) == (delimiter, columns, True)


def test_without_a_header_columns_go_by_position(tmp_path: Path) -> None:
    path = write(tmp_path, " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n", "cdnow.txt")
    source = sniff(path)
    assert (source.columns, source.header, source.table) == (("1", "2", "3", "4", "5"), False, "cdnow")
    assert sniff(write(tmp_path, ROWS), MapOptions(header=False)).columns == ("1", "2", "3")


def test_a_sample_shows_how_the_rows_begin(tmp_path: Path) -> None:
    source = sniff(write(tmp_path, "customer,at\n a ,\n"))
    assert source.sample == (("a", None),)


def test_the_table_has_the_name_of_the_file_without_its_endings(tmp_path: Path) -> None:
    assert sniff(write(tmp_path, gzip.compress(ROWS.encode()), "orders.csv.gz")).table == "orders"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    text = "клиент;дата;сумма\nИван Петров;01.02.2024;5\nПётр Иванов;02.02.2024;6\n"
    source = sniff(write(tmp_path, text.encode(encoding)))
    assert source.columns == ("клиент", "дата", "сумма")
    assert source.sample[0][0] == "Иван Петров"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "rows.csv", "empty_file"),
        (b" \r\n\n", "rows.csv", "empty_file"),
        (b"\xef\xbb\xbf", "rows.csv", "empty_file"),
        (b"customer,at\n", "rows.csv", "header_only"),
        (b"%PDF-1.7 ...", "rows.csv", "not_this_format"),
        (b"SQLite format 3\0....", "rows.db", "not_this_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "rows.xls", "not_this_format"),
        (bytes(range(256)) * 40, "rows.csv", "not_this_format"),
        (b'[{"a": 1}]', "rows.json", "not_this_format"),
        (b"PAR1 and no more", "rows.parquet", "cut_file"),
        (gzip.compress(ROWS.encode(), mtime=0)[:30], "rows.csv.gz", "cut_file"),
        (gzip.compress(gzip.compress(b"a", mtime=0), mtime=0), "rows.csv.gz", "not_this_format"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        sniff(write(tmp_path, content, name))
    assert refusal.value.code == code
    assert all(str(part) for part in (refusal.value.found, refusal.value.expected, refusal.value.remedy))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        sniff(tmp_path / "none.csv")
    assert refusal.value.code == "no_file"


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        sniff(write(tmp_path, ROWS), MapOptions(encoding="klingon"))
    assert refusal.value.code == "unknown_encoding"


@given(st.lists(st.text(max_size=8), min_size=1, max_size=12), st.booleans())
def test_names_of_columns_are_never_empty_and_never_twice(first: list[str], header: bool) -> None:
    names = column_names(first, header=header)
    assert len(names) == len(set(names)) == len(first)
    assert all(names)


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\"'"),
    max_size=6,
)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_a_quoted_table_gives_its_delimiter_away(rows: list[list[str]], delimiter: str) -> None:
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in [["a", "b", "c"], *rows])
    assert find_delimiter(text) == delimiter
    assert split_rows(text, delimiter, '"')[0] == ["a", "b", "c"]


def test_a_header_is_words_and_a_row_is_values() -> None:
    assert has_header([["customer", "2023", "note"]])
    assert not has_header([["17", "2024-01-31", "a@b.c"]])
    assert not has_header([["x", "x", "x"]])


def test_titles_above_a_table_are_counted_in_lines(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"Report\x0cPage 1\r\n\r\ncustomer,at\r\na,2025-01-01\r\nb,2025-01-02\r\n")
    found = sniff(path, MapOptions(first_row=3))
    assert (found.columns, found.first_line) == (("customer", "at"), 4)
    plain = make_plain(found, tmp_path)
    assert plain.path.read_text(encoding="utf-8").split() == ["customer,at", "a,2025-01-01", "b,2025-01-02"]
