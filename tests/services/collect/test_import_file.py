"""Files from end to end: looked at, agreed on, staged, taken in, and taken back."""

from __future__ import annotations

import dataclasses
import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.domain.imports import ColumnMap, Guess
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.import_file import ImportReport, import_file
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.progress import Silent
from holdfast.settings import Settings, read_settings, write_settings
from workspace_state import left_over, state_of

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
ORDERS = """order_id,customer_id,order_date,product,quantity,unit_price
1,anna,2024-01-05,tea,2,3.50
1,anna,2024-01-05,cup,1,8.00
2,boris,2024-01-06,tea,1,3.50
3,anna,2024-02-01,tea,-1,3.50
4,,2024-02-02,tea,1,3.50
5,cai,not a date,tea,1,3.50
"""
CUSTOMERS = """customer_id,email,country,signed up at
anna,anna@example.org,RO,2023-12-01
boris,boris@example.org,BG,2023-12-02
"""


def agreed(guess: Guess) -> ColumnMap | None:
    return guess.map


def take(settings: Settings, path: Path | list[Path], kind: str, **more: object) -> ImportReport:
    paths = path if isinstance(path, list) else [path]
    return import_file(
        settings,
        paths,
        kind,
        **{"choose": agreed, "progress": Silent(), "now": NOW, **more},  # type: ignore[arg-type]
    )


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a1_orders_from_a_file_to_the_base(workspace: Settings, tmp_path: Path) -> None:
    report = take(workspace, written(tmp_path, "orders.csv", ORDERS), "orders")
    assert (report.rows_read, report.rows_taken, report.rows_rejected, report.duplicates) == (6, 4, 2, 0)
    assert (
        report.reject_reasons.keys() == {"no_customer", "not_a_moment"}
        or "no_customer" in report.reject_reasons
    )
    assert report.customers == 2
    assert report.rejects_file is not None
    assert len(gzip.decompress(report.rejects_file.read_bytes()).decode().splitlines()) == 3
    assert {str(amount) for amount in report.unattributed_revenue.values()} == {"3.50"}
    events = state_of(workspace)["events"]
    assert len(events) == 4
    assert left_over(workspace) == []


def test_the_report_is_kept_with_the_import(workspace: Settings, tmp_path: Path) -> None:
    from holdfast.store import imports

    report = take(workspace, written(tmp_path, "orders.csv", ORDERS), "orders")
    kept = imports.get(workspace, report.import_id)
    assert kept.state == "done"
    assert kept.files == ("orders.csv",)
    assert kept.report == json.loads(json.dumps(report.as_kept()))


@pytest.mark.parametrize(("kind", "text"), [("orders", ORDERS), ("customers", CUSTOMERS)])
def test_a1_the_same_file_twice_changes_nothing(
    workspace: Settings, tmp_path: Path, kind: str, text: str
) -> None:
    path = written(tmp_path, "file.csv", text)
    first = take(workspace, path, kind)
    before = state_of(workspace)
    again = take(workspace, path, kind)
    assert (again.rows_taken, again.duplicates) == (0, first.rows_taken)
    after = state_of(workspace)
    assert {name: after[name] for name in ("events", "traits", "points", "links")} == {
        name: before[name] for name in ("events", "traits", "points", "links")
    }
    undo_import(workspace, first.import_id)
    alone = state_of(workspace)
    assert alone["events"] == before["events"]
    assert alone["points"] == before["points"]


def test_a_customer_of_whom_one_thing_is_new_is_taken(workspace: Settings, tmp_path: Path) -> None:
    take(workspace, written(tmp_path, "customers.csv", CUSTOMERS), "customers")
    moved = take(
        workspace, written(tmp_path, "moved.csv", CUSTOMERS.replace("boris@", "b.petrov@")), "customers"
    )
    assert (moved.rows_taken, moved.duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("products", "product_id,name,category,unit_cost\ntea,Tea,drinks,1.20\ncup,Cup,things,\n"),
        ("costs", "date,source,amount\n2024-01-01,ads,100\n2024-01-01,ads,50\n"),
        ("rates", "date,from,to,rate\n2024-01-01,USD,EUR,0.9217\n"),
        ("series", "date,name,value\n2024-01-01,mood,4.2\n"),
    ],
)
def test_a_table_of_facts_twice_and_undone(workspace: Settings, tmp_path: Path, kind: str, text: str) -> None:
    from holdfast.store import side_tables

    path = written(tmp_path, f"{kind}.csv", text)
    rows = len(text.splitlines()) - 1
    first = take(workspace, path, kind)
    assert (first.rows_read, first.rows_taken) == (rows, rows)
    there = side_tables.visible(kind)
    assert there
    again = take(workspace, path, kind)
    assert (again.rows_taken, again.duplicates) == (0, rows)
    assert side_tables.visible(kind) == there
    undo_import(workspace, again.import_id)
    assert side_tables.visible(kind) == there


def test_a_query_joins_files(workspace: Settings, tmp_path: Path) -> None:
    heads = written(tmp_path, "heads.csv", "id,who,day\n1,anna,2024-01-05\n2,boris,2024-01-06\n")
    lines = written(tmp_path, "lines.csv", "id,amount\n1,7.00\n1,8.00\n2,3.50\n")
    query = (
        "SELECT heads.id AS order_id, who AS customer_id, day AS order_date, amount "
        "FROM heads JOIN lines ON lines.id = heads.id"
    )
    assert take(workspace, [heads, lines], "orders", query=query).rows_taken == 3


def test_a_query_on_a_database(workspace: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop:
        shop.execute("CREATE TABLE sale (customer_id TEXT, order_date TEXT, amount REAL)")
        shop.execute("INSERT INTO sale VALUES ('anna', '2024-01-05', 7.0), ('boris', '2024-01-06', 3.5)")
        shop.commit()
    report = take(
        workspace, [], "orders", database=f"sqlite:///{tmp_path}/shop.db", query="SELECT * FROM sale"
    )
    assert report.rows_taken == 2
    from holdfast.store import imports

    assert imports.get(workspace, report.import_id).files == (f"sqlite:///{tmp_path}/shop.db",)


def test_the_currency_of_the_first_amounts_becomes_the_workspaces(
    workspace: Settings, tmp_path: Path
) -> None:
    bare = dataclasses.replace(workspace, currency="")
    write_settings(bare)
    text = (
        "customer_id,order_date,amount,currency\na,2024-01-01,5,RON\nb,2024-01-02,6,RON\nc,2024-01-03,7,EUR\n"
    )
    take(bare, written(tmp_path, "orders.csv", text), "orders")
    assert read_settings(bare.folder).currency == "RON"
    without = written(tmp_path, "more.csv", "customer_id,order_date,amount\nd,2024-01-01,5\n")
    assert take(bare, without, "orders").currencies == {"RON": 1}, "the settings of now count, not older ones"


def test_without_any_currency_the_next_import_decides(workspace: Settings, tmp_path: Path) -> None:
    bare = dataclasses.replace(workspace, currency="")
    write_settings(bare)
    take(bare, written(tmp_path, "orders.csv", ORDERS), "orders")
    assert read_settings(bare.folder).currency == ""
    named = "customer_id,order_date,amount,currency\nz,2024-01-01,5,RON\n"
    take(bare, written(tmp_path, "named.csv", named), "orders")
    assert read_settings(bare.folder).currency == "RON"


def test_what_is_refused_leaves_no_trace(workspace: Settings, tmp_path: Path) -> None:
    orders = written(tmp_path, "orders.csv", ORDERS)
    before = state_of(workspace)
    refusals = {
        "unknown_kind": lambda: take(workspace, orders, "order"),
        "no_file": lambda: take(workspace, tmp_path / "none.csv", "orders"),
        "empty_file": lambda: take(workspace, written(tmp_path, "empty.csv", ""), "orders"),
        "header_only": lambda: take(
            workspace, written(tmp_path, "head.csv", "customer,at,amount\n"), "orders"
        ),
        "several_files": lambda: take(workspace, [orders, orders], "orders"),
        "columns_not_agreed": lambda: take(workspace, orders, "orders", choose=lambda guess: None),
        "files_or_database": lambda: take(workspace, orders, "orders", database="sqlite:///x.db"),
    }
    for code, attempt in refusals.items():
        with pytest.raises(Refusal) as caught:
            attempt()
        assert caught.value.code == code
    with pytest.raises(Refusal, match="Did you mean orders"):
        take(workspace, orders, "order")
    assert state_of(workspace) == before
    assert left_over(workspace) == []
    assert not list(workspace.imports.glob("looking-*"))


def test_progress_is_told_in_words(workspace: Settings, tmp_path: Path) -> None:
    told: list[str] = []

    class Listening:
        def step(self, name: Text, done: int, total: int | None) -> None:
            assert total is None or 0 <= done <= total
            told.append(str(name))

    take(workspace, written(tmp_path, "orders.csv", ORDERS), "orders", progress=Listening())
    assert "Understanding the rows" in told
    assert told[-1] == "Making the import visible"


def test_a_password_is_not_kept(workspace: Settings) -> None:
    from holdfast.services.collect.import_file import _without_password

    assert (
        _without_password("postgresql://u:se@cret@host:5432/shop?password=x") == "postgresql://host:5432/shop"
    )
    assert _without_password("sqlite:////shop.db") == "sqlite:////shop.db"
