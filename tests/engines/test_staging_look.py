"""A query joins the files that were named, and reaches nothing else (A1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.domain.imports import TabularSource
from holdfast.domain.refusals import Refusal
from stage_files import rows_of, stage_paths, table_in, write

JOIN = """
SELECT o.buyer AS customer, o."day" AS "at", o.id AS order_id, l.price * l.qty + l.freight AS amount
FROM orders o JOIN lines l ON l.order_id = o.id -- both files
"""


@pytest.fixture
def shop(tmp_path: Path) -> list[Path]:
    orders = "id,buyer,day,zip\n1,a,2024-01-31,00123\n2,b,2024-02-01,00456\n"
    lines = "order_id,price,qty,freight\n1,199.90,1,18.14\n1,0.10,3,\n2,1000000,5000000.5,0\n"
    return [write(tmp_path, orders, "orders.csv"), write(tmp_path, lines, "lines.csv")]


def answer(shop: list[Path], folder: Path, query: str) -> TabularSource:
    return table_in(shop, folder / "look", None, query)


def test_columns_have_the_types_of_their_values(tmp_path: Path, shop: list[Path]) -> None:
    source = answer(
        shop, tmp_path, "SELECT typeof(id), typeof(day), typeof(zip), typeof(buyer) FROM orders LIMIT 1"
    )
    assert source.sample == (("BIGINT", "TIMESTAMP", "VARCHAR", "VARCHAR"),)
    source = answer(
        shop, tmp_path / "2", "SELECT typeof(price), typeof(qty), typeof(freight) FROM lines LIMIT 1"
    )
    assert source.sample == (("DECIMAL(18,2)", "DECIMAL(18,1)", "DECIMAL(18,2)"),)


def test_a_join_becomes_one_table(tmp_path: Path, shop: list[Path]) -> None:
    staged = stage_paths(shop, "orders", tmp_path, query=JOIN)
    assert staged.rows_read == 3
    assert rows_of(
        staged.events, "subject_key, object_id, amount_minor", "object_id, amount_minor NULLS FIRST"
    ) == [
        ("a", "1", None),
        ("a", "1", 21_804),
        ("b", "2", 500_000_050_000_000),
    ]


def test_one_file_may_be_queried_too(tmp_path: Path, shop: list[Path]) -> None:
    assert answer(shop[:1], tmp_path, "FROM orders").columns == ("id", "buyer", "day", "zip")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_parquet('{folder}/secret.parquet')", "SELECT * FROM glob('/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')", "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')", "ATTACH '{folder}/other.db'",
        "INSTALL httpfs", "LOAD icu", "COPY orders TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/out.csv'", "EXPORT DATABASE '{folder}/out'",
        "SET enable_external_access = true", "RESET lock_configuration", "PRAGMA version",
        "CALL pragma_version()", "SELECT 1; SELECT 2",
        "SELECT 1) TO '{folder}/out.csv' (FORMAT csv); --", "CREATE TABLE x AS SELECT 1",
        "INSERT INTO orders SELECT * FROM orders", "DELETE FROM orders", "DROP VIEW orders",
        "EXPLAIN SELECT 1", "SELECT * FROM shop", "SELECT getenv('HOME')", "", "SELEC 1",
        "SELECT * FROM nothing", "SELECT 1/0 FROM",
    ],
)  # fmt: skip
def test_nothing_else_can_be_reached(tmp_path: Path, shop: list[Path], query: str) -> None:
    (tmp_path / "secret.parquet").write_bytes(b"PAR1")
    with pytest.raises(Refusal) as refusal:
        answer(shop, tmp_path, query.replace("{folder}", str(tmp_path)))
    assert refusal.value.code == "bad_query"
    assert not list(tmp_path.glob("out*"))


def test_a_query_without_rows(tmp_path: Path, shop: list[Path]) -> None:
    with pytest.raises(Refusal) as refusal:
        answer(shop, tmp_path, "SELECT * FROM orders WHERE id > 5")
    assert refusal.value.code == "header_only"


def test_two_files_of_one_name(tmp_path: Path, shop: list[Path]) -> None:
    (tmp_path / "more").mkdir()
    again = write(tmp_path / "more", "id\n1\n", "Orders.csv")
    with pytest.raises(Refusal) as refusal:
        answer([*shop, again], tmp_path, "SELECT 1")
    assert refusal.value.code == "same_name"


def test_several_files_need_a_query(tmp_path: Path, shop: list[Path]) -> None:
    with pytest.raises(Refusal) as refusal:
        table_in(shop, tmp_path / "look")
    assert refusal.value.code == "several_files"
