"""The distributed engine: a Spark session over the same Parquet files, with the same interface."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.java import find_java
from holdfast.engines.tables import Held, ParquetFiles, Rows, Stacked, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ARROW_TYPES = {
    "BIGINT": "int64",
    "INTEGER": "int32",
    "SMALLINT": "int16",
    "TINYINT": "int8",
    "DOUBLE": "float64",
    "BOOLEAN": "bool_",
    "VARCHAR": "string",
    "BLOB": "binary",
}

_CONFIGURATION = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "true",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


_SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}
"""For a few thousand rows it costs more to make code than to run without."""


def start_session(
    *, temp: Path, threads: int = 2, memory_mb: int = 1024, for_small_data: bool = False
) -> Any:
    """A Spark session in this machine, on ``threads`` cores; the caller stops it.

    ``temp`` is where it spills; ``for_small_data`` halves the time of a query over a few thousand
    rows (tests) and multiplies that of one over many. On a cluster, make the session yourself and hand it to
    :class:`SparkEngine`. Refuses where pyspark or Java are missing.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise Refusal(
            "no_spark",
            found=Text("Spark is not installed."),
            expected=Text("The distributed engine needs the packages pyspark and pyarrow."),
            remedy=Text("Install `holdfast[spark]`, or leave out --engine spark."),
        ) from error
    temp.mkdir(parents=True, exist_ok=True)
    os.environ["JAVA_HOME"] = str(find_java(temp))
    builder = SparkSession.builder.master(f"local[{threads}]").appName("holdfast")
    local = {
        "spark.driver.memory": f"{memory_mb}m",
        "spark.local.dir": str(temp),
        "spark.sql.warehouse.dir": str(temp / "warehouse"),
        "spark.sql.shuffle.partitions": str(threads),
        "spark.default.parallelism": str(threads),
    }
    for name, value in {**_CONFIGURATION, **local, **(_SMALL if for_small_data else {})}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


class SparkEngine:
    """Queries over Parquet files and small tables, answered by Spark.

    Use it as a context manager. Without a ``session`` it starts one and stops it at the end; a
    session that was handed in stays open.
    """

    dialect = "spark"

    def __init__(self, *, temp: Path, session: Any = None, threads: int = 2, memory_mb: int = 1024) -> None:
        self._temp, self._threads, self._memory_mb = temp, threads, memory_mb
        self._session, self._own = session, session is None
        self._bound: dict[str, Table] = {}

    def __enter__(self) -> Self:
        if self._session is None:
            self._session = start_session(temp=self._temp, threads=self._threads, memory_mb=self._memory_mb)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own and self._session is not None:
            self._session.stop()
            self._session = None
        self._bound.clear()

    def rows(self, sql: str, tables: Mapping[str, Table]) -> list[tuple[Any, ...]]:
        """The answer as Python rows; for small answers."""
        return [tuple(row) for row in self._answer(sql, tables).collect()]

    def columns(self, sql: str, tables: Mapping[str, Table]) -> dict[str, NDArray[np.generic]]:
        """The answer as numpy columns by name; a column with nulls is a masked array."""
        answer = self._answer(sql, tables).toArrow()
        return {name: _as_numpy(answer.column(name)) for name in answer.column_names}

    def write(self, sql: str, tables: Mapping[str, Table], path: Path) -> int:
        """Write the answer to one Parquet file (zstd), in the order of the query, and count its rows."""
        from pyarrow.parquet import read_metadata

        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent, prefix=".writing-") as beside:
            self._answer(sql, tables).coalesce(1).write.mode("overwrite").parquet(f"file://{beside}/out")
            (part,) = Path(beside, "out").glob("part-*.parquet")
            shutil.move(part, path)
        return int(read_metadata(path).num_rows)

    def _answer(self, sql: str, tables: Mapping[str, Table]) -> Any:
        if self._session is None:
            raise RuntimeError("the engine is used outside its with block")
        for name, table in tables.items():
            # A view is kept while the very same table is asked again: listing files costs most.
            if self._bound.get(name) is not table:
                view = self._view(table)
                view.createOrReplaceTempView(name)
                self._bound[name] = table
        return self._session.sql(sql)

    def _view(self, table: Table) -> Any:
        if isinstance(table, Held):
            return self._session.table(table.name)
        if isinstance(table, Stacked):
            return self._files(table.files).unionByName(self._memory(table.rows))
        return self._files(table) if isinstance(table, ParquetFiles) else self._memory(table)

    def _files(self, table: ParquetFiles) -> Any:
        if not table.paths:
            return self._memory(Rows({column: [] for column in table.types}, table.types))
        reader = self._session.read
        if table.hive:
            # Without the base the partition column would vanish when single files are named.
            reader = reader.option("basePath", table.paths[0].partition("/bucket=")[0])
        view = reader.parquet(*table.paths)
        return view.where(table.where) if table.where else view

    def _memory(self, table: Rows) -> Any:
        import pyarrow as pa

        arrays = {
            column: _as_arrow(values, table.types.get(column)) for column, values in table.columns.items()
        }
        return self._session.createDataFrame(pa.table(arrays))


def _as_arrow(values: Any, kind: str | None) -> Any:
    import numpy as np
    import pyarrow as pa

    wanted = getattr(pa, _ARROW_TYPES[kind])() if kind else None
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.filled(values.dtype.type()), mask=np.ma.getmaskarray(values), type=wanted)
    array = pa.array(values, type=wanted)
    if array.null_count == len(array) and kind is None:
        return array.cast(pa.string())
    return array


def _as_numpy(column: Any) -> NDArray[np.generic]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not whole.null_count:
        plain: NDArray[np.generic] = whole.to_numpy(zero_copy_only=False)
        return plain
    mask = np.asarray(whole.is_null().to_numpy(zero_copy_only=False))
    text = pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type)
    filled = pc.fill_null(whole, "" if text else 0)
    return np.ma.MaskedArray(filled.to_numpy(zero_copy_only=False), mask=mask)
