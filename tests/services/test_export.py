from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from brought import bring
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.refusals import Refusal
from holdfast.domain.spreadsheets import FORMULA_SIGNS
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import ParquetFiles
from holdfast.services import sheets
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.keep.export import export, kinds
from holdfast.settings import Settings
from holdfast.store import figures, imports, side_tables
from staged_lines import DAY_US, NOW_US, Line, import_lines, keys_of

LINES = [
    Line("ann", -2, 500, email="ann@x.org", own_id="m-1", text="Hello"),
    Line("ann", 0, -250),
    Line("=cmd()", 1, 100),
]


def unpacked(path: Path) -> io.StringIO:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return io.StringIO(text, newline="")


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(unpacked(path)))


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in unpacked(path)]


def read_parquet(path: Path) -> list[dict[str, Any]]:
    with EmbeddedEngine(temp=path.parent / "spill") as engine:
        engine.run("SET TimeZone = 'UTC'", {})
        head = [row[0] for row in engine.rows("DESCRIBE SELECT * FROM t", {"t": ParquetFiles((str(path),))})]
        return [
            dict(zip(head, row, strict=True))
            for row in engine.rows("SELECT * FROM t", {"t": ParquetFiles((str(path),))})
        ]


def read_xlsx(path: Path) -> list[dict[str, Any]]:
    import openpyxl

    workbook = openpyxl.load_workbook(path, read_only=True)
    with contextlib.closing(workbook):  # else it keeps the file open until it is collected
        head, *rows = workbook.active.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("ending", "read"),
    [
        (".csv", read_csv),
        (".csv.gz", read_csv),
        (".jsonl", read_jsonl),
        (".jsonl.gz", read_jsonl),
        (".parquet", read_parquet),
        (".xlsx", read_xlsx),
    ],
)
def test_n4_events_in_every_format(
    workspace: Settings, tmp_path: Path, ending: str, read: Callable[[Path], list[dict[str, Any]]]
) -> None:
    report = import_lines(workspace, LINES)
    file = tmp_path / f"events{ending}"
    done = export(workspace, "events", file)
    rows = read(file)
    assert (done.rows, done.file) == (3, file)
    assert [row["event_key"] for row in rows] == [key.hex() for key in keys_of(LINES)], "in the order of time"
    assert [str(row["import_id"]) for row in rows] == [str(report.import_id)] * 3
    assert [Decimal(str(row["amount"])) for row in rows] == [
        Decimal("5.00"),
        Decimal("-2.50"),
        Decimal("1.00"),
    ]
    assert rows[0]["message_id"] == "m-1"
    harmless = "'=cmd()" if ending.startswith((".csv", ".xlsx")) else "=cmd()"
    assert [row["customer"] for row in rows] == ["ann", "ann", harmless]
    at = datetime.fromtimestamp((NOW_US - 2 * DAY_US) / 1e6, UTC)
    written = rows[0]["at"]
    if isinstance(written, datetime):
        assert written.replace(tzinfo=UTC) == at
    else:
        assert datetime.fromisoformat(written) == at
        assert written.endswith("Z")


def test_events_of_an_undone_import_are_not_exported(workspace: Settings, tmp_path: Path) -> None:
    report = import_lines(workspace, LINES)
    undo_import(workspace, report.import_id)
    assert export(workspace, "events", tmp_path / "e.csv").rows == 0
    assert (tmp_path / "e.csv").read_text().startswith("customer,namespace,")


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet", ".xlsx"])
def test_n4_every_kind_can_be_exported_also_when_there_is_nothing(
    workspace: Settings, tmp_path: Path, ending: str
) -> None:
    for kind in kinds():
        assert export(workspace, kind, tmp_path / f"{kind}{ending}").rows == 0
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_each_kind_says_what_the_base_knows(workspace: Settings, tmp_path: Path) -> None:
    bring(
        workspace,
        {"ann": {"email": "ann@x.org", "phone": "+40711", "name": "Ann", "account": "acme"}, "bob": {}},
        traits=[("ann", "country", "RO", 0), ("ann", "country", "BG", 86_400_000_000)],
        texts=[(b"k" * 16, "ann", 5, "Hello")],
    )
    side = imports.begin(workspace, "costs", "", [], 1)
    side_tables.load_table(workspace, side, "costs", [(0, "ads", "JPY", 500), (1, "ads", "EUR", 1234)])
    side_tables.load_table(workspace, side, "products", [("p", "Cup", "cups", 1234, "KWD")])
    side_tables.load_table(workspace, side, "rates", [(0, "JPY", "EUR", Decimal("0.0061"))])
    side_tables.load_table(workspace, side, "series", [("rating", 0, 4.5)])
    imports.finish(workspace, side, {"rows_read": 2}, 2)
    year = Period(date(2023, 1, 1), date(2024, 1, 1), "year")
    figures.save_figures(
        workspace,
        [
            Figure(
                "churn", "of the start", year, 0.25, "share", Text("{a} / {b}", a=1, b=4), low=0.1, high=0.4
            )
        ],
        as_of=date(2024, 6, 1),
        now_us=5,
    )

    def rows(kind: str) -> list[dict[str, str]]:
        export(workspace, kind, tmp_path / f"{kind}.csv")
        return read_csv(tmp_path / f"{kind}.csv")

    ann = rows("customers")[0]
    assert (ann["ids"], ann["name"], ann["country"]) == ("customer:ann", "Ann", "BG")
    assert (ann["emails"], ann["phones"], ann["orders"]) == ("ann@x.org", "'+40711", "")
    assert [row["id"] for row in rows("subjects")] == ["ann", "bob"]
    assert [(row["value"], row["valid_from"][:10], row["valid_to"][:10]) for row in rows("traits")] == [
        ("RO", "1970-01-01", "1970-01-02"),
        ("BG", "1970-01-02", ""),
        ("Ann", "1970-01-01", ""),
    ]
    assert rows("texts")[0]["text"] == "Hello"
    assert [(row["date"], row["amount"]) for row in rows("costs")] == [
        ("1970-01-01", "500"),
        ("1970-01-02", "12.34"),
    ]
    assert rows("products")[0]["unit_cost"] == "1.234"
    assert rows("rates")[0]["rate"] == "0.0061"
    assert rows("series") == [{"name": "rating", "date": "1970-01-01", "value": "4.5"}]
    assert rows("figures")[0]["value"] == "0.25"
    assert rows("figures")[0]["formula"] == "1 / 4"
    assert [row["kind"] for row in rows("imports")] == ["costs", "customers"]


def test_rejected_rows_of_done_imports(workspace: Settings, tmp_path: Path) -> None:
    import_id = bring(workspace, ["ann"])
    folder = workspace.imports / str(import_id)
    folder.mkdir(parents=True)
    long = "x" * 200_000
    with gzip.open(folder / "rejects.csv.gz", "wt", newline="") as file:
        csv.writer(file).writerows(
            [["line", "code", "reason", "row"], [7, "no_date", "No date.", json.dumps({"a": long})]]
        )
    export(workspace, "rejects", tmp_path / "r.jsonl")
    assert read_jsonl(tmp_path / "r.jsonl") == [
        {"import_id": import_id, "line": 7, "code": "no_date", "reason": "No date.", "row": {"a": long}}
    ]


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("evnts", "e.csv", "unknown_kind"),
        ("events", "e.doc", "unknown_format"),
        ("events", "e.parquet.gz", "unknown_format"),
        ("events", "missing/e.csv", "no_folder"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    workspace: Settings, tmp_path: Path, kind: str, name: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        export(workspace, kind, tmp_path / name)
    assert refused.value.code == code
    assert list(tmp_path.glob("*.csv*")) == []


def test_a_failed_export_leaves_the_former_file(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_lines(workspace, LINES)
    file = tmp_path / "events.xlsx"
    export(workspace, "events", file)
    before = file.read_bytes()
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with pytest.raises(Refusal) as refused:
        export(workspace, "events", file)
    assert refused.value.code == "too_many_rows"
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["events.xlsx"]


@tries(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40), min_size=1, max_size=5
    )
)
def test_n4_no_cell_becomes_a_formula_and_nothing_else_changes(
    workspace: Settings, tmp_path: Path, values: list[str]
) -> None:
    from holdfast.engines.exporting import Column, export_sql, write_file
    from holdfast.services.keep.export import _put_down
    from holdfast.services.keep.exported import STORED

    csv.field_size_limit(sys.maxsize)
    file = tmp_path / "texts.csv"
    with EmbeddedEngine(temp=tmp_path / "spill") as engine:
        shape = {"n": "BIGINT", "text": STORED["text"]}
        table = _put_down(engine, enumerate(values), shape, tmp_path)
        write_file(
            engine,
            export_sql([Column("n", "whole"), Column("text")], "FROM t ORDER BY n", "csv"),
            {"t": table},
            file,
            "csv",
        )
    read = [row["text"] for row in csv.DictReader(io.StringIO(file.read_bytes().decode(), newline=""))]
    assert not [text for text in read if text.startswith(FORMULA_SIGNS)]
    assert read == [f"'{value}" if value.startswith(FORMULA_SIGNS) else value for value in values]


def test_sheets_take_what_xml_does_not(tmp_path: Path) -> None:
    rows = [
        ["\x01<&>\"'", None, 1, 2.5, Decimal("3.10"), True, date(2024, 1, 2), " x "],
        ["y" * 40_000] + [None] * 7,
    ]
    assert sheets.write_sheet(tmp_path / "s.xlsx", 'a"<b>', list("abcdefgh"), rows) == 2
    first, second = read_xlsx(tmp_path / "s.xlsx")
    assert first == {
        "a": "\ufffd<&>\"'",
        "b": None,
        "c": 1,
        "d": 2.5,
        "e": 3.1,
        "f": True,
        "g": "2024-01-02",
        "h": " x ",
    }
    assert len(second["a"]) == sheets.LONGEST_CELL
