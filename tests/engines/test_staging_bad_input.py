"""Bad input: a clear refusal or rejected rows with their lines, never half a file (A1)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from holdfast.domain.refusals import Refusal
from holdfast.domain.rejects import REASONS
from stage_files import reject_rows, rejects_of, rows_of, stage_paths, stage_text, write

HEAD = "customer,at,amount\n"


def refused(folder: Path, content: str | bytes, kind: str = "orders", **how: object) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        stage_text(folder, content, kind, **how)
    return refusal.value


def test_wrong_kind_and_missing_columns(tmp_path: Path) -> None:
    refusal = refused(tmp_path, "name,email,phone\nA,a@b.io,+40722123456\n")
    assert refusal.code == "missing_columns"
    assert "Orders need at" in str(refusal.expected)


def test_a_map_for_another_file(tmp_path: Path) -> None:
    refusal = refused(
        tmp_path, HEAD + "a,2024-01-31,1\n", columns={"columns": {"customer": "Kunde", "at": "at"}}
    )
    assert refusal.code == "unknown_source_column"


def test_rows_with_several_kinds_of_faults(tmp_path: Path) -> None:
    text = (
        HEAD
        + ",2024-01-31,1\na,,1\nb,soon,1\nc,2024-01-31,five\nd,2024-01-31,6\ne,2024-01-31,"
        + "9" * 20
        + "\n"
    )
    staged = stage_text(tmp_path, text)
    assert rejects_of(staged) == [
        (2, "no_customer"),
        (3, "no_date"),
        (4, "bad_date"),
        (5, "bad_amount"),
        (7, "amount_too_large"),
    ]
    assert rows_of(staged.events, "line") == [(6,)]


def test_the_file_of_rejects_has_line_reason_and_the_raw_row(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, 'customer,at,amount\na,"so, on",1\nb,2024-01-31\nc,2024-01-31,1\n')
    assert reject_rows(staged) == [
        ["line", "code", "reason", "row"],
        ["2", "bad_date", str(REASONS["bad_date"]), '{"customer": "a", "at": "so, on", "amount": "1"}'],
        ["3", "too_few_cells", str(REASONS["too_few_cells"]), "b,2024-01-31"],
    ]
    assert staged.rejects is not None
    first = staged.rejects.read_bytes()
    again = stage_text(tmp_path / "again", 'customer,at,amount\na,"so, on",1\nb,2024-01-31\nc,2024-01-31,1\n')
    assert again.rejects is not None and again.rejects.read_bytes() == first


def test_lines_with_too_few_or_too_many_cells(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, HEAD + "a,2024-01-31\nb,2024-01-31,1,2\nc,soon,1\nd,2024-01-31,1\n")
    assert rejects_of(staged) == [(2, "too_few_cells"), (3, "too_many_cells"), (4, "bad_date")]
    assert rows_of(staged.events, "line, subject_key") == [(5, "d")]


def test_an_open_quote_does_not_swallow_the_rest(tmp_path: Path) -> None:
    text = (
        HEAD + 'a,2024-01-31,1\n"b,2024-01-31,1\nc,2024-01-31,1\n"d,2024-01-31,1\ne,2024-01-31,1\nf,soon,1\n'
    )
    staged = stage_text(tmp_path, text)
    assert staged.rows_read == 6
    assert [row[1] for row in rows_of(staged.events, "line, subject_key")] == ["a", "c", "e"]
    assert rejects_of(staged) == [(3, "broken_quotes"), (5, "broken_quotes"), (7, "bad_date")]


def test_a_file_cut_within_a_quoted_cell(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, HEAD + 'a,2024-01-31,1\nb,2024-01-31,"1')
    assert (staged.rows_read, rejects_of(staged)) == (2, [(3, "cut_line")])


def test_a_file_cut_within_a_line(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, HEAD + "a,2024-01-31\nb,2024-01-31,1\nc,2024-0")
    assert rejects_of(staged) == [(2, "too_few_cells"), (4, "cut_line")]


def test_mixed_encodings_in_one_file(tmp_path: Path) -> None:
    text = (HEAD + "é,2024-01-31,1\nç,2024-01-31,1\nü,2024-01-31,1\n").encode() + "ö,2024-01-31,1\n".encode(
        "cp1252"
    )
    staged = stage_text(tmp_path, text + b"z,soon,1\n")
    assert rejects_of(staged) == [(5, "not_in_encoding"), (6, "bad_date")]
    assert rows_of(staged.events, "line, subject_key") == [(2, "é"), (3, "ç"), (4, "ü")]


def test_nul_bytes_and_a_line_of_ten_megabytes(tmp_path: Path) -> None:
    text = HEAD + "a,2024-01-31,1\nb\0,2024-01-31,1\n" + "x" * 10_000_000 + ",2024-01-31,1\nc,2024-01-31,1\n"
    staged = stage_text(tmp_path, text)
    assert rejects_of(staged) == [(3, "nul_byte"), (4, "line_too_long")]
    assert rows_of(staged.events, "line, subject_key") == [(2, "a"), (5, "c")]
    assert all(len(row[3]) <= 2_000 for row in reject_rows(staged))


def test_cells_with_line_ends_make_rows_of_lines(tmp_path: Path) -> None:
    text = 'customer,at,amount,note\na,2024-01-31,1,"x\ny"\nb,soon,1,z\n'
    staged = stage_text(tmp_path, text)
    assert (staged.numbered_by, rejects_of(staged)) == ("row", [(2, "bad_date")])
    assert reject_rows(staged)[0][0] == "row"
    assert rows_of(staged.events, "details") == [('{"note": "x\\ny"}',)]


def test_lines_stay_exact_in_packed_and_recoded_files(tmp_path: Path) -> None:
    rows = "".join(f"ц{n},{'soon' if n % 1_000 == 0 else '2024-01-31'},1\n" for n in range(3_000))
    staged = stage_text(tmp_path, (HEAD + rows).encode("cp1251"))
    assert rejects_of(staged) == [(2, "bad_date"), (1_002, "bad_date"), (2_002, "bad_date")]


MANY = 300_000
FAULTY = (2, 100_000, 123_456, 250_001, MANY + 1)


def test_lines_are_exact_in_files_of_many_rows(tmp_path: Path) -> None:
    """Readers work in parallel; rows are numbered as they stand in the file all the same."""
    lines = ["customer,at,amount,currency,returned,joined,channel"]
    lines += [
        f"c{n},{'soon' if n in FAULTY else '2024-01-31'},{n % 97}.5,EUR,no,{n},web"
        for n in range(2, MANY + 2)
    ]
    staged = stage_text(tmp_path, "\n".join(lines))
    assert rejects_of(staged) == [(line, "bad_date") for line in FAULTY]
    assert [row[3].split('"')[3] for row in reject_rows(staged)[1:]] == [f"c{line}" for line in FAULTY]
    wrong = "COUNT(*) FILTER (WHERE subject_key <> 'c' || line OR details NOT LIKE '%\"' || line || '\"%')"
    assert rows_of(staged.events, f"COUNT(*), {wrong}", "1") == [(MANY - len(FAULTY), 0)]


def test_rows_are_exact_in_parquet_of_many_groups(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'c' || i AS customer, "
            "CASE WHEN i % 50000 <> 7 THEN TIMESTAMP '2024-01-31' END AS \"at\" "
            f"FROM range(1, {MANY}) t(i)) TO '{path}' (ROW_GROUP_SIZE 20480)"
        )
    staged = stage_paths([path], "orders", tmp_path)
    assert rejects_of(staged) == [(row, "no_date") for row in range(7, MANY, 50_000)]
    assert rows_of(staged.events, "COUNT(*) FILTER (WHERE subject_key <> 'c' || line)", "1") == [(0,)]


def test_json_lines_reject_by_line(tmp_path: Path) -> None:
    text = (
        '{"customer": "a", "at": "2024-01-31", "amount": 1}\n\n{"customer"\n{"customer": "b", "at": "soon"}\n'
    )
    staged = stage_text(tmp_path, text, name="rows.jsonl")
    assert (staged.rows_read, rejects_of(staged)) == (3, [(3, "not_json"), (4, "bad_date")])


def test_customers_without_any_id(tmp_path: Path) -> None:
    staged = stage_text(
        tmp_path, "customer,name\n,Ana\n,Bob\n", "customers", columns={"columns": {"customer": "customer"}}
    )
    assert staged.reject_reasons == {"no_customer": 2}
    assert (staged.events, staged.subjects, staged.traits) == (None, None, None)


def test_a_parquet_damaged_in_the_middle(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'c' || hash(i) AS customer, TIMESTAMP '2024-01-31' AS \"at\" "
            f"FROM range(200000) t(i)) TO '{path}'"
        )
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + os.urandom(50_000) + whole[middle + 50_000 :])
    with pytest.raises(Refusal) as refusal:
        stage_paths([path], "orders", tmp_path)
    assert refusal.value.code in ("cut_file", "unreadable_file")


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([["\r"]])
@example([["\r\x00"]])
@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=8))
def test_whatever_stands_in_a_file_the_rows_add_up(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]
) -> None:
    """A1: every row is taken or rejected with a known reason, or the file is refused as a whole."""
    folder = tmp_path_factory.mktemp("any")
    text = HEAD + "good,2024-01-31,1\n" + "\n".join(",".join(line) for line in lines)
    columns = {"columns": {"customer": "customer", "at": "at", "amount": "amount"}}
    try:
        staged = stage_text(folder, text, columns=columns)
    except Refusal as refusal:
        assert refusal.code
        return
    assert set(staged.reject_reasons) <= set(REASONS)
    assert sum(staged.reject_reasons.values()) == staged.rows_rejected == len(rejects_of(staged))
    taken = {row[0] for row in rows_of(staged.events, "line")}
    assert len(taken) == staged.rows_read - staged.rows_rejected


def test_a_file_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "a,2024-01-31,1\n")
    with pytest.raises(Refusal) as refusal:
        stage_paths([path, path], "orders", tmp_path)
    assert refusal.value.code == "several_files"
