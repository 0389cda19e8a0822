"""The answer to a query on a SQL database, fetched in batches into a plain table.

Only reading: the transaction is read-only, and on SQLite everything but SELECT is denied to the
query.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from holdfast.connectors.delimited import column_names
from holdfast.connectors.rows import DroppedRows, plain_rows
from holdfast.domain.imports import TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

Report = Callable[[str, int, int], None]
Row = Sequence[Any]

BATCH = 5_000
"""Rows fetched at once."""

ANSWER_WITHIN = 20
"""Seconds in which a database has to answer a knock."""

_SAMPLE = 200
_READING = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)


def fetch(url: str, query: str, folder: Path, report: Report | None = None) -> TabularSource:
    """The answer to ``query`` on the database at ``url``, as a plain table in ``folder``.

    ``url`` is ``sqlite:///shop.db`` (four slashes for an absolute path) or
    ``postgresql://user:password@host:5432/name``. ``report`` is told "read" and the rows so far
    (their total is not known: 0). Raises ``Refusal``: ``unknown_database``,
    ``database_unreachable``, ``missing_driver``, ``bad_query``, ``header_only``.
    """
    if not query.strip():
        raise _bad_query(Text("there is none"))
    names, rows = _open(url, query)
    with closing(rows):
        return _kept(names, rows, folder, report or (lambda step, done, total: None))


def first_row(url: str, query: str) -> Row | None:
    """The first row of the answer to ``query``, values as they come; refuses like :func:`fetch`."""
    _, rows = _open(url, query)
    with closing(rows):
        return next((row for batch in rows for row in batch), None)


def _open(url: str, query: str) -> tuple[tuple[str, ...], Rows]:
    match urlsplit(url).scheme.partition("+")[0]:
        case "sqlite":
            return _sqlite(url, query)
        case "postgresql" | "postgres":
            return _postgresql(url, query)
        case scheme:
            raise unknown_database(scheme)


class Rows:
    """Rows of an answer, in batches, and what has to be closed after them."""

    def __init__(self, batches: Iterator[Sequence[Row]], close: Callable[[], None]) -> None:
        self._batches, self._close = batches, close

    def __iter__(self) -> Iterator[Sequence[Row]]:
        return self._batches

    def close(self) -> None:
        """Close the connection."""
        self._close()


def _kept(names: tuple[str, ...], rows: Rows, folder: Path, report: Report) -> TabularSource:
    columns = column_names(names, header=True)
    sample: list[tuple[str | None, ...]] = []
    with DroppedRows(folder, "query") as dropped, plain_rows(folder, "query") as written:
        for batch in rows:
            for row in batch:
                cells = [_cell(value) for value in row]
                written.write(written.count + 1, cells)
                if len(sample) < _SAMPLE:
                    sample.append(tuple(cells))
            report("read", written.count, 0)
    if not written.count:
        raise Refusal(
            "header_only",
            found=Text("The query has no rows (columns: {columns}).", columns=", ".join(columns)),
            expected=Text("At least one row."),
            remedy=Text("Mend the query; nothing was imported."),
        )
    source = TabularSource(written.path, "csv", columns, "query", sample=tuple(sample))
    return written.source(source, columns, dropped)


def _cell(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", errors="replace").replace("\0", "")
    return str(value).replace("\0", "")


def _sqlite(url: str, query: str) -> tuple[tuple[str, ...], Rows]:
    path = Path(unquote(urlsplit(url).path.removeprefix("/")))
    if not path.is_file():
        raise unreachable(Text("There is no file {file}.", file=str(path)))
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=ANSWER_WITHIN)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise unreachable(Text("{file}: {reason}.", file=path.name, reason=str(error))) from error
    try:
        connection.set_authorizer(_only_reading)
        cursor = connection.execute(query)
    except (sqlite3.Error, sqlite3.Warning) as error:
        connection.close()
        raise _bad_query(str(error)) from error
    if cursor.description is None:
        connection.close()
        raise _bad_query(Text("it answers with no table"))
    names = tuple(str(column[0]) for column in cursor.description)
    return names, Rows(_batches(cursor.fetchmany, sqlite3.Error), connection.close)


def _only_reading(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and second == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _batches(fetch_many: Callable[[int], Sequence[Row]], errors: type[Exception]) -> Iterator[Sequence[Row]]:
    """Batch after batch; what breaks on the way is a refusal."""
    while True:
        try:
            rows = fetch_many(BATCH)
        except errors as error:
            raise _bad_query(str(error)) from error
        if not rows:
            return
        yield rows


def _postgresql(url: str, query: str) -> tuple[tuple[str, ...], Rows]:
    psycopg = postgresql_driver()
    plain = url.replace("postgresql+psycopg", "postgresql", 1)
    try:
        connection = psycopg.connect(plain, connect_timeout=ANSWER_WITHIN)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()
        raise unreachable(Text("{reason}", reason=reason[0] if reason else type(error).__name__)) from error
    connection.read_only = True
    cursor = connection.cursor(name="holdfast")

    def close() -> None:
        cursor.close()
        connection.close()

    try:
        cursor.execute(query.encode())
        first = cursor.fetchmany(BATCH)
    except psycopg.Error as error:
        close()
        raise _bad_query(str(error)) from error
    names = tuple(column.name for column in cursor.description or ())
    return names, Rows(chain([first] if first else [], _batches(cursor.fetchmany, psycopg.Error)), close)


def postgresql_driver() -> Any:
    """psycopg. Refuses ("missing_driver") where it is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise Refusal(
            "missing_driver",
            found=Text("The driver for PostgreSQL is not installed."),
            expected=Text("The package psycopg."),
            remedy=Text("Install it: pip install 'holdfast[postgresql]'."),
        ) from error
    return psycopg


def unknown_database(scheme: str) -> Refusal:
    """The refusal of a URL of a kind that is not known."""
    return Refusal(
        "unknown_database",
        found=Text("Databases of the kind {kind} cannot be read.", kind=repr(scheme)),
        expected=Text("sqlite:///FILE or postgresql://USER@HOST/NAME."),
        remedy=Text("Export the table to CSV or Parquet and import that."),
    )


def unreachable(reason: Text) -> Refusal:
    """The refusal of a database that does not answer."""
    return Refusal(
        "database_unreachable",
        found=Text("The database does not answer: {reason}", reason=reason),
        expected=Text("A database that can be reached and read."),
        remedy=Text("Check address, name and password, and whether it runs; nothing was imported."),
    )


def _bad_query(reason: str | Text) -> Refusal:
    first = reason.strip().splitlines()[0] if isinstance(reason, str) and reason.strip() else reason
    return Refusal(
        "bad_query",
        found=Text("The query cannot be answered: {reason}.", reason=first),
        expected=Text("One SELECT that the database understands."),
        remedy=Text("Mend the query; nothing was imported."),
    )
