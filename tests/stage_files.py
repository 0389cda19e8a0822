"""Files written by tests, staged as an import would, and what came of them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from holdfast.connectors.files import sniff
from holdfast.connectors.guessing import guess_map
from holdfast.connectors.maps import map_of, read_map
from holdfast.connectors.plain import make_plain
from holdfast.domain.imports import ColumnMap, Guess, ImportKind, Staged, TabularSource
from holdfast.engines.staging import look, stage
from holdfast.registry import parts
from holdfast.settings import Settings

NOW_US = 1_760_000_000_000_000
"""9 October 2025."""


def kind_named(name: str) -> ImportKind:
    declared = parts("imports")[name].declared
    assert isinstance(declared, ImportKind)
    return declared


def write(folder: Path, content: str | bytes, name: str = "rows.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def table_in(
    paths: Sequence[Path], folder: Path, given: ColumnMap | None = None, query: str | None = None
) -> TabularSource:
    options = given.options if given else None
    plain = [make_plain(sniff(path, options), folder / str(number)) for number, path in enumerate(paths)]
    return look(plain, query, folder)


def guessed(path: Path, kind: str, folder: Path) -> Guess:
    return guess_map(kind_named(kind), table_in([path], folder))


def stage_paths(
    paths: Sequence[Path],
    kind: str,
    folder: Path,
    *,
    columns: dict[str, Any] | Path | None = None,
    query: str | None = None,
    **settings: Any,
) -> Staged:
    """Stage files; ``columns`` is a map as TOML reads it, the path of one, or None to guess."""
    given = read_map(columns) if isinstance(columns, Path) else map_of(columns, "map") if columns else None
    table = table_in(paths, folder, given, query)
    declared = kind_named(kind)
    if given is None or not (given.columns or given.derive):
        given = guess_map(declared, table, given.options if given else None).map
    workspace = Settings(folder, **{"currency": "EUR", **settings})
    return stage([table], declared, given, settings=workspace, folder=folder / "stage", now_us=NOW_US)


def stage_text(
    folder: Path, content: str | bytes, kind: str = "orders", *, name: str = "rows.csv", **how: Any
) -> Staged:
    """Stage one file with this content."""
    return stage_paths([write(folder, content, name)], kind, folder, **how)


def rows_of(path: Path | None, columns: str, order: str = "line") -> list[tuple[Any, ...]]:
    """Columns of a staged file, in order."""
    import duckdb

    if path is None:
        return []
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM read_parquet('{path}') ORDER BY {order}").fetchall()


def rejects_of(staged: Staged) -> list[tuple[int, str]]:
    """Line and code of the rejected rows."""
    return [(int(row[0]), row[1]) for row in reject_rows(staged)[1:]]


def reject_rows(staged: Staged) -> list[list[str]]:
    """The file of rejected rows with its header; empty without one."""
    if staged.rejects is None:
        return []
    with gzip.open(staged.rejects, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def suspicious(staged: Staged) -> dict[str, int]:
    return {suspicion.code: suspicion.count for suspicion in staged.suspicious}
