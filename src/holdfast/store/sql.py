"""Raw SQL for the hot paths, the same text on SQLite and PostgreSQL.

What differs between the two is here: how many rows get in fast, and how a write stays short.
Placeholders are ``%s``; a ``%`` that means itself is written ``%%``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction

RANGE = 5_000
"""Rows that one write transaction touches: on SQLite it then holds the write lock well under 100 ms."""

_BATCH = 20_000

Row = tuple[Any, ...]


def is_sqlite() -> bool:
    """Whether the connected database is SQLite (else it is PostgreSQL)."""
    return connection.vendor == "sqlite"


def blob() -> str:
    """The type of a column of bytes."""
    return "BLOB" if is_sqlite() else "BYTEA"


def read(sql: str, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
        return rows


def one(sql: str, values: Sequence[Any] = ()) -> Row | None:
    """The first row of the answer, or ``None``."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: Row | None = cursor.fetchone()
        return row


def different(table: str, column: str) -> str:
    """The query of each word of an indexed column once, in order, from one to the next."""
    return (
        f"WITH RECURSIVE hop(word) AS (SELECT MIN({column}) FROM {table} UNION ALL "
        f"SELECT (SELECT MIN(t.{column}) FROM {table} t WHERE t.{column} > hop.word) "
        "FROM hop WHERE hop.word IS NOT NULL) SELECT word FROM hop WHERE word IS NOT NULL"
    )


def stream(sql: str, values: Sequence[Any] = (), size: int = 10_000) -> Iterator[list[Row]]:
    """The rows of the answer in lists of ``size``, for answers that may not fit in memory.

    On PostgreSQL through a cursor of the server, which lives in one read transaction.
    """
    if is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            while rows := cursor.fetchmany(size):
                yield rows
        return
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="holdfast") as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(size):
            yield rows


def write(sql: str, values: Sequence[Any] = ()) -> int:
    """Run one statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@contextmanager
def short_write() -> Iterator[None]:
    """One transaction that takes the write lock at once, and rolls back as a whole."""
    with transaction.atomic():
        yield


def fill(name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
    """Put ``rows`` into the temporary table ``name`` of this connection; how many they were.

    The table is made anew: ``n`` counts its rows from 1, then come ``columns`` (name to SQL
    type). It is no part of the database's own file, so filling it locks nobody out.
    """
    counted = "n INTEGER PRIMARY KEY" if is_sqlite() else "n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    shape = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    write(f"DROP TABLE IF EXISTS {_temporary(name)}")
    write(f"CREATE TEMPORARY TABLE {name} ({counted}, {shape})")
    if is_sqlite():
        _fill_sqlite(name, tuple(columns), rows)
    else:
        _fill_postgresql(name, tuple(columns), rows)
        write(f"ANALYZE {name}")
    (count,) = read(f"SELECT COUNT(*) FROM {name}")[0]
    return int(count)


def drop(name: str) -> None:
    """Forget the temporary table ``name``."""
    write(f"DROP TABLE IF EXISTS {_temporary(name)}")


def json_value(value: Any) -> Any:
    """A JSON column as it was read: PostgreSQL's driver may have taken it apart already."""
    return json.loads(value) if isinstance(value, str) else value


def ranges(count: int, size: int = RANGE) -> Iterator[tuple[int, int]]:
    """``(first, last)`` of stretches of ``size`` that cover 1..count."""
    return between(1, count, size)


def between(first: int, last: int, size: int = RANGE) -> Iterator[tuple[int, int]]:
    """``(first, last)`` of stretches of ``size`` that cover first..last; both ends belong to it."""
    for start in range(first, last + 1, size):
        yield start, min(start + size - 1, last)


def hidden(but: int = 0) -> str:
    """The imports whose rows may exist and are not visible, as a SQL list; without import ``but``."""
    found = read(
        "SELECT id FROM import WHERE state <> 'done' AND id <> %s "
        "AND (state IN ('staging', 'committing') OR NOT swept)",
        (but,),
    )
    return f"({', '.join(str(id_) for (id_,) in found) or 0})"


def _temporary(name: str) -> str:
    return f"temp.{name}" if is_sqlite() else f"pg_temp.{name}"


def _fill_sqlite(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    raw = connection.connection
    own = not raw.in_transaction
    if own:
        raw.execute("BEGIN DEFERRED")  # the temporary database only: no lock on the workspace's
    try:
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)
    except BaseException:
        if own:
            raw.execute("ROLLBACK")
        raise
    if own:
        raw.execute("COMMIT")


def _fill_postgresql(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """In batches: whoever yields the rows may ask this connection too, which a COPY would not let it."""
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        with (
            connection.connection.cursor() as cursor,
            cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in batch:
                copy.write_row(row)
