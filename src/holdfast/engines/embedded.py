"""The embedded engine: DuckDB in this process, in memory, spilling into a folder of its own."""

from __future__ import annotations

import atexit
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from holdfast.engines.tables import Held, ParquetFiles, Rows, Stacked, Table

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

ROW_GROUP = 30_720
"""Rows in a row group of Parquet: 15 vectors of DuckDB; small ones let readers skip most of a file."""


class EmbeddedEngine:
    """Queries over Parquet files and small tables, answered by DuckDB in this process.

    Use it as a context manager. ``temp`` is the folder (made if need be) under which what does
    not fit into ``memory_mb`` is spilled; it is emptied at the end. Extensions are neither
    installed nor loaded from the network.

    ``kept_open`` shares one database among all who ask for it in this process, and leaves it open
    for the next: for short questions of a page, where opening and closing (28 ms) is most of the
    work. What a block makes is its own and goes with it; ``memory_mb`` is then that of all together.
    """

    dialect = "duckdb"

    def __init__(
        self, *, temp: Path, memory_mb: int = 700, threads: int = 2, kept_open: bool = False
    ) -> None:
        self._temp, self._memory_mb, self._threads = temp, memory_mb, threads
        self._kept_open = kept_open
        self._database: _Database | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        if self._kept_open:
            self._connection = _kept(self._temp, self._memory_mb, self._threads).connection.cursor()
        else:
            self._database = _Database(self._temp, self._memory_mb, self._threads)
            self._connection = self._database.connection
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._database is not None:
            self._database.close()
        self._connection = self._database = None

    def rows(self, sql: str, tables: Mapping[str, Table]) -> list[tuple[Any, ...]]:
        """The answer as Python rows; for small answers. Sums of integers are exact."""
        self._bind(tables)
        return self._open.execute(sql).fetchall()

    def columns(self, sql: str, tables: Mapping[str, Table]) -> dict[str, NDArray[np.generic]]:
        """The answer as numpy columns by name; a column with nulls is a masked array.

        Sums of integers (128 bits in the engine) come back as int64, and raise where they do not
        fit; decimals come back as floats: cast them to integers of the smallest unit first.
        """
        self._bind(tables)
        relation = self._open.sql(sql)
        wide = [
            name for name, kind in zip(relation.columns, relation.types, strict=True) if kind == "HUGEINT"
        ]
        if wide:
            narrowed = ", ".join(f"CAST({quoted(name)} AS BIGINT) AS {quoted(name)}" for name in wide)
            relation = relation.project(f"* REPLACE ({narrowed})")
        return dict(relation.fetchnumpy())

    def write(self, sql: str, tables: Mapping[str, Table], path: Path) -> int:
        """Write the answer to one Parquet file (zstd), in the order of the query, and count its rows.

        The file is not synced to disk: who needs it to outlive a power cut does so.
        """
        self._bind(tables)
        path.parent.mkdir(parents=True, exist_ok=True)
        answer = self._open.execute(
            f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, "
            f"COMPRESSION_LEVEL 1, PARQUET_VERSION v2, ROW_GROUP_SIZE {ROW_GROUP}, PRESERVE_ORDER true)"
        ).fetchall()
        return int(answer[0][0])

    def stream(
        self, sql: str, tables: Mapping[str, Table], size: int = 20_000
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The answer as lists of at most ``size`` Python rows, for answers that may not fit in memory.

        Nothing else can be asked of the engine until the last list was taken.
        """
        self._bind(tables)
        self._open.execute(sql)
        while rows := self._open.fetchmany(size):
            yield rows

    def run(self, sql: str, tables: Mapping[str, Table]) -> None:
        """Run a statement for its effect inside the engine (a temporary table, say)."""
        self._bind(tables)
        self._open.execute(sql)

    def hold(self, name: str, sql: str, tables: Mapping[str, Table]) -> Held:
        """Keep the answer in memory as the table ``name``, in the place of the one before it."""
        self._bind(tables)
        self._open.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {sql}")
        return Held(name)

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Work on one core inside the block: many small pieces then cost a quarter less of CPU."""
        self._open.execute("SET threads = 1")
        try:
            yield
        finally:
            self._open.execute(f"SET threads = {self._threads}")

    @property
    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise RuntimeError("the engine is used outside its with block")
        return self._connection

    def _bind(self, tables: Mapping[str, Table]) -> None:
        for name, table in tables.items():
            source = self._source(name, table)
            self._open.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {source}")

    def _source(self, name: str, table: Table) -> str:
        if isinstance(table, Held):
            return f"SELECT * FROM {quoted(table.name)}"
        if isinstance(table, Stacked):
            return f"{self._files(table.files)} UNION ALL BY NAME {self._memory(name, table.rows)}"
        return self._files(table) if isinstance(table, ParquetFiles) else self._memory(name, table)

    def _files(self, table: ParquetFiles) -> str:
        if not table.paths:
            return _no_rows(table.types)
        paths = ", ".join(literal(path) for path in table.paths)
        hive = ", hive_partitioning = true, hive_types = {'bucket': INTEGER}" if table.hive else ""
        where = f" WHERE {table.where}" if table.where else ""
        return f"SELECT * FROM read_parquet([{paths}]{hive or ', hive_partitioning = false'}){where}"

    def _memory(self, name: str, table: Rows) -> str:
        if not table.columns:
            raise ValueError(f"table {name} has no columns")
        arrays, types = {}, {}
        for column, values in table.columns.items():
            arrays[column], types[column] = _as_array(values, table.types.get(column))
        if not len(next(iter(arrays.values()))):
            return _no_rows(types)
        held = f"held {name}"
        self._open.register(held, arrays)
        chosen = (f"CAST({quoted(column)} AS {kind}) AS {quoted(column)}" for column, kind in types.items())
        return f"SELECT {', '.join(chosen)} FROM {quoted(held)}"


class _Database:
    """A database in memory and the folder that it spills into."""

    def __init__(self, temp: Path, memory_mb: int, threads: int) -> None:
        import duckdb

        temp.mkdir(parents=True, exist_ok=True)
        self.spill = TemporaryDirectory(dir=temp, prefix="spill-", ignore_cleanup_errors=True)
        self.connection = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "memory_limit": f"{memory_mb}MB",
                "temp_directory": self.spill.name,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def close(self) -> None:
        """Close it, with all that was opened from it, and remove its folder."""
        self.connection.close()
        self.spill.cleanup()


_kept_database: tuple[tuple[int, Path, int, int], _Database] | None = None
_keeping = Lock()


def _kept(temp: Path, memory_mb: int, threads: int) -> _Database:
    """The open database of this process; another folder or another bound takes its place.

    One that was opened before a fork belongs to the other process.
    """
    global _kept_database
    key = (os.getpid(), temp, memory_mb, threads)
    with _keeping:
        if _kept_database is not None:
            known, database = _kept_database
            if known == key and Path(database.spill.name).is_dir():
                return database
            if known[0] == key[0]:
                database.spill.cleanup()  # who still asks it goes on: closing it here would cut them off
        else:
            atexit.register(_close_kept)
        opened = _Database(temp, memory_mb, threads)
        _kept_database = (key, opened)
        return opened


def _close_kept() -> None:
    if _kept_database is not None and _kept_database[0][0] == os.getpid():
        _kept_database[1].close()


def quoted(name: str) -> str:
    """``name`` as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``text`` as a SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _no_rows(types: Mapping[str, str]) -> str:
    if not types:
        raise ValueError("a table without rows needs its types")
    return (
        f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {quoted(c)}' for c, kind in types.items())} WHERE false"
    )


_ARRAY_TYPES = (
    (r"bool", "BOOLEAN"),
    (r"u?int(8|16|32)", "INTEGER"),
    (r"u?int64", "BIGINT"),
    (r"float\d+", "DOUBLE"),
)


def _as_array(values: Sequence[object] | NDArray[np.generic], kind: str | None) -> tuple[Any, str]:
    """The values as an array that DuckDB scans, and the SQL type they have."""
    import numpy as np

    if not isinstance(values, np.ndarray):
        return _from_list(values, kind)
    if values.dtype.kind in "US":
        values = values.astype(object)
    for pattern, found in _ARRAY_TYPES:
        if re.fullmatch(pattern, str(values.dtype)):
            return values, kind or found
    return _from_list(values.tolist(), kind)


def _from_list(values: Sequence[object], kind: str | None) -> tuple[Any, str]:
    import numpy as np

    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array, kind or _kind_of(next((value for value in values if value is not None), ""))


def _kind_of(value: object) -> str:
    from decimal import Decimal

    kinds = (
        (bool, "BOOLEAN"),
        (int, "BIGINT"),
        (float, "DOUBLE"),
        (bytes, "BLOB"),
        (Decimal, "DECIMAL(38,4)"),
    )
    return next((kind for python, kind in kinds if isinstance(value, python)), "VARCHAR")
