"""Take rows out of Parquet files, and look through Parquet files for what should not be there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from holdfast.domain.events import LAKE_COLUMNS, EventFile
from holdfast.engines.bucket_files import described
from holdfast.engines.embedded import EmbeddedEngine, literal, quoted
from holdfast.engines.tables import ParquetFiles, Table

WHOSE = ("subject_id", "unit_id", "account_id")
"""Columns of our own Parquet files that say whom a row is about."""

_FILES_AT_ONCE = 500


def about(subjects: Collection[int], columns: Sequence[str] = ("subject_id",)) -> str:
    """The condition that rows about ``subjects`` meet."""
    listed = ", ".join(str(int(subject)) for subject in sorted(subjects)) or "NULL"
    return " OR ".join(f"{quoted(column)} IN ({listed})" for column in columns)


def holding(engine: EmbeddedEngine, paths: Sequence[str], condition: str) -> dict[str, int]:
    """Which of the files hold rows that meet ``condition``, and how many."""
    found: dict[str, int] = {}
    for first in range(0, len(paths), _FILES_AT_ONCE):
        some = ", ".join(literal(path) for path in paths[first : first + _FILES_AT_ONCE])
        rows = engine.rows(
            f"SELECT filename, COUNT(*) FROM read_parquet([{some}], filename = true, "
            f"hive_partitioning = false) WHERE {condition} GROUP BY filename",
            {},
        )
        found |= {str(path): int(count) for path, count in rows}
    return found


def without(
    engine: EmbeddedEngine, root: Path, files: Sequence[EventFile], condition: str, prefix: str
) -> tuple[EventFile, ...]:
    """Write each of the files of the event log anew without the rows that meet ``condition``.

    Order and columns stay; a file of which nothing is left is not written. Names begin with ``prefix``.
    """
    written: dict[str, int] = {}
    for number, file in enumerate(files):
        path = f"{file.path.rpartition('/')[0]}/{prefix}{number}.parquet"
        rows = engine.write(
            f"SELECT * FROM old WHERE ({condition}) IS NOT TRUE",
            {"old": ParquetFiles((str(root / file.path),))},
            root / path,
        )
        if rows:
            written[path] = file.bucket
        else:
            (root / path).unlink()
    return described(engine, root, written)


def columns_of(engine: EmbeddedEngine, path: Path) -> dict[str, str]:
    """The columns of a Parquet file, with their SQL types."""
    rows = engine.rows(
        f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false)", {}
    )
    return {str(row[0]): str(row[1]) for row in rows}


def cut(engine: EmbeddedEngine, path: Path, beside: Path, subjects: Collection[int]) -> int:
    """Write a Parquet file of ours anew, as ``beside``, without rows about ``subjects``; how many went.

    Where none is about them, or no column says whom rows are about, nothing is written.
    """
    whose = [column for column in columns_of(engine, path) if column in WHOSE]
    if not whose:
        return 0
    return cut_where(engine, path, beside, about(subjects, whose))


def cut_where(engine: EmbeddedEngine, path: Path, beside: Path, condition: str) -> int:
    """Write a Parquet file anew, as ``beside``, without rows that meet ``condition``; how many went."""
    gone = holding(engine, [str(path)], condition).get(str(path), 0)
    if gone:
        engine.write(
            f"SELECT * FROM old WHERE ({condition}) IS NOT TRUE", {"old": ParquetFiles((str(path),))}, beside
        )
    return gone


def keys_written(engine: EmbeddedEngine, paths: Sequence[str], condition: str, to: Path) -> int:
    """Write the keys of the events in ``paths`` that meet ``condition`` into a file; how many."""
    if not paths:
        return 0
    old = ParquetFiles(tuple(paths))
    return engine.write(f"SELECT event_key FROM old WHERE {condition}", {"old": old}, to)


def counted(
    engine: EmbeddedEngine, tables: Mapping[str, Table], conditions: Mapping[str, str]
) -> dict[str, int]:
    """How many rows of the table ``events`` meet each of the named conditions."""
    if not conditions:
        return {}
    chosen = ", ".join(f"COUNT(*) FILTER (WHERE {condition})" for condition in conditions.values())
    rows = engine.rows(f"SELECT {chosen} FROM events", tables)
    return dict(zip(conditions, map(int, rows[0]), strict=True))


def mentions(engine: EmbeddedEngine, path: Path, words: Sequence[str], subjects: Collection[int]) -> int:
    """How many rows of a Parquet file are about ``subjects``, or hold one of ``words`` (in lower case)."""
    theirs, named = _conditions(columns_of(engine, path), words, subjects)
    parts = [part for part in (theirs, named) if part]
    if not parts:
        return 0
    return holding(engine, [str(path)], " OR ".join(f"({part})" for part in parts)).get(str(path), 0)


def matching(
    engine: EmbeddedEngine, paths: Sequence[str], words: Sequence[str], subjects: Collection[int]
) -> tuple[dict[str, int], int]:
    """Of files of the event log: which hold rows about ``subjects``, and how many rows of others hold one
    of ``words`` (in lower case) in any of their texts.
    """
    if not paths:
        return {}, 0
    theirs, named = _conditions(LAKE_COLUMNS, words, subjects)
    others = f"({theirs}) IS NOT TRUE AND {named}" if theirs else named
    mentioned = holding(engine, paths, others) if named else {}
    return holding(engine, paths, theirs) if theirs else {}, sum(mentioned.values())


def whole_rows_holding(engine: EmbeddedEngine, path: Path, words: Sequence[str]) -> int:
    """How many rows of a Parquet file, nested columns and all, hold one of ``words`` as text."""
    if not words:
        return 0
    pattern = literal("|".join(re.escape(word) for word in words))
    rows = engine.rows(
        f"SELECT COUNT(*) FROM read_parquet({literal(str(path))}, hive_partitioning = false) whole "
        f"WHERE regexp_matches(lower(CAST(whole AS VARCHAR)), {pattern})",
        {},
    )
    return int(rows[0][0])


def _conditions(
    columns: Mapping[str, str], words: Sequence[str], subjects: Collection[int]
) -> tuple[str, str]:
    """The conditions for rows about ``subjects``, and for rows that hold one of ``words``; "" for never.

    One regular expression over all texts of a row: the engine then reads each of them once.
    """
    whose = [column for column in columns if column in WHOSE]
    texts = [quoted(column) for column, kind in columns.items() if kind == "VARCHAR"]
    theirs = about(subjects, whose) if whose and subjects else ""
    if not texts or not words:
        return theirs, ""
    pattern = "|".join(re.escape(word) for word in words)
    return theirs, f"regexp_matches(lower(concat_ws(chr(31), {', '.join(texts)})), {literal(pattern)})"
