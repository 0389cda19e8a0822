"""Queries on databases only read, and a database that does not answer is said so (A1)."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from holdfast.connectors import sql
from holdfast.connectors.sql import fetch
from holdfast.domain.refusals import Refusal
from stage_files import rows_of


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE orders (id INTEGER, customer TEXT, at TEXT, amount REAL, raw BLOB)")
    rows = [(i, f"c{i % 7}", "2024-01-31 10:00:00", 1.25, b"x" if i else None) for i in range(12_000)]
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def test_an_answer_becomes_a_plain_numbered_table(tmp_path: Path, shop: str) -> None:
    told: list[int] = []
    source = fetch(
        shop, "SELECT id, raw, amount FROM orders", tmp_path, lambda step, done, total: told.append(done)
    )
    assert (source.columns, source.plain, source.numbered, source.table) == (
        ("id", "raw", "amount"),
        True,
        True,
        "query",
    )
    assert source.sample[0] == ("0", None, "1.25") and source.sample[1] == ("1", "x", "1.25")
    assert told == [5_000, 10_000, 12_000]
    assert source.path.read_text(encoding="utf-8").count("\n") == 12_000


@pytest.mark.parametrize(
    "query",
    [
        "", " ", "DELETE FROM orders", "UPDATE orders SET id = 1", "DROP TABLE orders",
        "CREATE TABLE x AS SELECT 1", "ATTACH '/tmp/other.db' AS other", "PRAGMA table_info(orders)",
        "SELECT load_extension('x')", "SELECT 1; SELECT 2", "SELECT * FROM nothing", "SELEC 1",
        "VACUUM INTO '/tmp/copy.db'", "SELECT * FROM pragma_database_list",
    ],
)  # fmt: skip
def test_nothing_but_reading_is_allowed(tmp_path: Path, shop: str, query: str) -> None:
    with pytest.raises(Refusal) as refusal:
        fetch(shop, query, tmp_path)
    assert refusal.value.code == "bad_query"


def test_an_answer_without_rows(tmp_path: Path, shop: str) -> None:
    with pytest.raises(Refusal) as refusal:
        fetch(shop, "SELECT * FROM orders WHERE id < 0", tmp_path)
    assert refusal.value.code == "header_only"


def test_a_query_that_breaks_on_the_way(tmp_path: Path, shop: str) -> None:
    with pytest.raises(Refusal) as refusal:
        fetch(
            shop,
            "SELECT abs(CASE WHEN id < 6000 THEN id ELSE -9223372036854775808 END) FROM orders",
            tmp_path,
        )
    assert refusal.value.code == "bad_query"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite:////nowhere/shop.db", "database_unreachable"),
        ("sqlite:///{folder}/text.db", "database_unreachable"),
        ("mysql://root@localhost/shop", "unknown_database"),
        ("shop.db", "unknown_database"),
        ("postgresql://nobody@127.0.0.1:1/shop", "database_unreachable"),
    ],
)
def test_a_database_that_is_not_there(tmp_path: Path, url: str, code: str) -> None:
    (tmp_path / "text.db").write_text("no database at all, but long enough to have a header" * 20)
    with pytest.raises(Refusal) as refusal:
        fetch(url.replace("{folder}", str(tmp_path)), "SELECT 1", tmp_path)
    assert refusal.value.code == code


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_database_that_does_not_answer(
    tmp_path: Path, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "ANSWER_WITHIN", 2)
    with pytest.raises(Refusal) as refusal:
        fetch(f"postgresql://nobody@127.0.0.1:{silent_port}/shop", "SELECT 1", tmp_path)
    assert refusal.value.code == "database_unreachable"


def test_values_of_all_kinds_become_text() -> None:
    assert [sql._cell(value) for value in (None, True, 5, date(2024, 1, 31), b"a\0b", "c\0d")] == [
        None, "true", "5", "2024-01-31", "ab", "cd",
    ]  # fmt: skip


def test_the_answer_can_be_staged(tmp_path: Path, shop: str) -> None:
    from holdfast.connectors.guessing import guess_map
    from holdfast.engines.staging import stage
    from holdfast.settings import Settings
    from stage_files import NOW_US, kind_named

    source = fetch(shop, "SELECT customer, at, amount FROM orders LIMIT 10", tmp_path)
    kind = kind_named("orders")
    staged = stage(
        [source],
        kind,
        guess_map(kind, source).map,
        settings=Settings(tmp_path),
        folder=tmp_path / "stage",
        now_us=NOW_US,
    )
    assert (staged.rows_read, staged.rows_rejected) == (10, 0)
    assert rows_of(staged.events, "line, amount_minor")[:2] == [(1, 125), (2, 125)]


@pytest.fixture(scope="module")
def live() -> Iterator[str]:
    """The URL of a running PostgreSQL server with a table of orders."""
    import psycopg

    import postgresql_server
    from machine import Missing, unavailable

    try:
        with postgresql_server.running() as server:
            url = server.create("shop")
            with psycopg.connect(url) as connection:
                connection.execute(
                    "CREATE TABLE orders (id BIGINT, customer TEXT, at TIMESTAMPTZ, amount NUMERIC)"
                )
                connection.execute(
                    "INSERT INTO orders SELECT i, 'c' || i % 7, '2024-01-31 10:00+02', i / 4.0 "
                    "FROM generate_series(1, 12000) i"
                )
            yield url
    except Missing as missing:
        unavailable(missing)


def test_postgresql_is_read_in_batches(tmp_path: Path, live: str) -> None:
    told: list[int] = []
    query = "SELECT customer, at AT TIME ZONE 'UTC' AS at, amount FROM orders ORDER BY id"
    source = fetch(live, query, tmp_path, lambda step, done, total: told.append(done))
    assert told == [5_000, 10_000, 12_000]
    assert source.columns == ("customer", "at", "amount")
    assert source.sample[1] == ("c2", "2024-01-31 08:00:00", "0.50000000000000000000")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM orders",
        "SELECT 1; SELECT 2",
        "SELECT nextval('x')",
        "SELECT * FROM nothing",
        "CREATE TABLE x (i INT)",
    ],
)
def test_postgresql_is_only_read(tmp_path: Path, live: str, query: str) -> None:
    with pytest.raises(Refusal) as refusal:
        fetch(live, query, tmp_path)
    assert refusal.value.code == "bad_query"
