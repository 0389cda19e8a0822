"""The embedded engine: exact answers over small tables and Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.engines.embedded import ROW_GROUP, EmbeddedEngine, literal, quoted
from holdfast.engines.tables import ParquetFiles, Rows


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path / "spill") as opened:
        yield opened


def test_one_that_is_kept_open_keeps_nothing_of_its_blocks(tmp_path: Path) -> None:
    def opened(folder: Path) -> EmbeddedEngine:
        return EmbeddedEngine(temp=folder, memory_mb=200, kept_open=True)

    here, there = tmp_path / "here", tmp_path / "there"
    with opened(here) as one, opened(here) as beside:
        one.run("CREATE TEMP TABLE theirs AS SELECT 1 AS x", {})
        beside.run("CREATE TEMP TABLE theirs AS SELECT 2 AS x", {})
        assert one.rows("SELECT x FROM theirs", {}) == [(1,)]
        assert beside.rows("SELECT x FROM theirs", {}) == [(2,)]
    with opened(here) as later:
        assert later.rows("SELECT COUNT(*) FROM duckdb_tables()", {}) == [(0,)]
        with opened(there) as other:
            assert other.rows("SELECT 3", {}) == [(3,)]
        assert later.rows("SELECT 4", {}) == [(4,)]
    assert [list(folder.iterdir()) == [] for folder in (here, there)] == [True, False]


def test_values_come_back_as_they_went_in(engine: EmbeddedEngine) -> None:
    columns = {
        "whole": [1, None, 3],
        "text": ["x", None, "é"],
        "bytes": [b"\x00\xff" * 8, None, b""],
        "exact": [Decimal("1.5"), None, None],
        "yes": [True, None, False],
        "nothing": [None, None, None],
        "many": np.array([1, 2, 3]),
        "few": np.array([1, 2, 3], dtype=np.int32),
        "masked": np.ma.masked_array([1.5, 2, 3], mask=[0, 1, 0]),
        "words": np.array(["p", "q", "r"]),
    }
    rows = engine.rows("SELECT * FROM t", {"t": Rows(columns)})
    assert rows[0] == (1, "x", b"\x00\xff" * 8, Decimal("1.5"), True, None, 1, 1, 1.5, "p")
    assert rows[1] == (None, None, None, None, None, None, 2, 2, None, "q")
    kinds = [row[1] for row in engine.rows("DESCRIBE t", {"t": Rows(columns)})]
    assert kinds[:5] == ["BIGINT", "VARCHAR", "BLOB", "DECIMAL(38,4)", "BOOLEAN"]
    assert kinds[6:] == ["BIGINT", "INTEGER", "DOUBLE", "VARCHAR"]


def test_empty_tables_have_types(engine: EmbeddedEngine) -> None:
    tables = {
        "a": Rows({"day": [], "n": np.array([], dtype=np.int64)}, types={"day": "DATE"}),
        "b": ParquetFiles((), types={"x": "BIGINT"}),
    }
    assert engine.rows("SELECT * FROM a, b", tables) == []
    assert [row[1] for row in engine.rows("DESCRIBE a", tables)] == ["DATE", "BIGINT"]
    with pytest.raises(ValueError, match="needs its types"):
        engine.rows("SELECT * FROM b", {"b": ParquetFiles(())})
    with pytest.raises(ValueError, match="no columns"):
        engine.rows("SELECT * FROM c", {"c": Rows({})})


def test_sums_of_integers_are_exact_or_refused(engine: EmbeddedEngine) -> None:
    table = {"t": Rows({"n": [2**62, 2**62 - 1]})}
    assert engine.columns("SELECT SUM(n) AS s FROM t", table)["s"].tolist() == [2**63 - 1]
    assert engine.rows("SELECT SUM(n) FROM t", table) == [(2**63 - 1,)]
    with pytest.raises(Exception, match="out of range"):
        engine.columns("SELECT SUM(n) AS s FROM t", {"t": Rows({"n": [2**62, 2**62]})})


def test_nulls_are_masked(engine: EmbeddedEngine) -> None:
    answer = engine.columns("SELECT n, t FROM r ORDER BY t", {"r": Rows({"n": [1, None], "t": ["a", "b"]})})
    assert answer["n"].tolist() == [1, None]
    assert answer["t"].tolist() == ["a", "b"]


def test_files_are_written_in_order_in_small_row_groups(engine: EmbeddedEngine, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "it's.parquet"
    assert engine.write("SELECT i FROM range(100000) t(i) ORDER BY i DESC", {}, path) == 100_000
    # Reading without an order gives none: the place in the file is asked for.
    rows = f"read_parquet({literal(str(path))}, file_row_number = true)"
    first = engine.rows(f"SELECT i FROM {rows} ORDER BY file_row_number LIMIT 2", {})
    assert first == [(99_999,), (99_998,)]
    assert engine.rows(f"SELECT COUNT(*) FROM {rows} WHERE i + file_row_number <> 99999", {}) == [(0,)]
    groups = engine.rows(
        f"SELECT DISTINCT row_group_num_rows, compression FROM parquet_metadata({literal(str(path))})", {}
    )
    assert (ROW_GROUP, "ZSTD") in groups
    assert engine.rows("SELECT COUNT(*) FROM t", {"t": ParquetFiles((str(path),), where="i < 10")}) == [(10,)]


def test_a_stream_gives_all_rows_in_lists(engine: EmbeddedEngine) -> None:
    lists = list(engine.stream("SELECT i FROM range(25) t(i) ORDER BY i", {}, size=10))
    assert [len(rows) for rows in lists] == [10, 10, 5]
    assert [row[0] for rows in lists for row in rows] == list(range(25))


def test_outside_its_block_it_refuses(tmp_path: Path) -> None:
    engine = EmbeddedEngine(temp=tmp_path)
    with pytest.raises(RuntimeError, match="with block"):
        engine.rows("SELECT 1", {})


def test_it_spills_where_it_was_told_and_leaves_nothing(tmp_path: Path) -> None:
    with EmbeddedEngine(temp=tmp_path / "spill", memory_mb=100) as engine:
        (count,) = engine.rows(
            "SELECT COUNT(*) FROM (SELECT i, ROW_NUMBER() OVER (ORDER BY HASH(i)) FROM range(3000000) t(i))",
            {},
        )[0]
        assert count == 3_000_000
    assert list((tmp_path / "spill").iterdir()) == []


def test_nothing_is_fetched_from_a_network(engine: EmbeddedEngine) -> None:
    with pytest.raises(Exception, match=r"(?i)httpfs|extension"):
        engine.rows("SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')", {})


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_name_and_any_text_can_be_written_in_sql(engine: EmbeddedEngine, text: str) -> None:
    assert engine.rows(f"SELECT {literal(text)} AS {quoted(text)}", {}) == [(text,)]
