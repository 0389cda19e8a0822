"""A database open for a copy: a SQLite file, or one on a PostgreSQL server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.store.copying import MOVED, NOT_COPIED, Base, Row, Table

if TYPE_CHECKING:
    import psycopg

_ROWS_AT_ONCE = 5_000


def open_sqlite(path: Path) -> Base:
    """The SQLite file at ``path``."""
    return _SQLite(path)


def open_postgresql(url: str) -> Base:
    """The database at ``url``; what is read of it is of one moment."""
    return _PostgreSQL(url)


class _SQLite(Base):
    """A SQLite file."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._open = True
        self._raw.executescript("PRAGMA foreign_keys=OFF; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL")

    def rows(self, table: Table) -> Iterator[Row]:
        read = [_FROM_SQLITE.get(kind) for _, kind in table.columns]
        cursor = self._raw.execute(f"SELECT {_listed(table.names)} FROM {_quoted(table.name)}")
        while some := cursor.fetchmany(_ROWS_AT_ONCE):
            for row in some:
                yield tuple(
                    value if way is None or value is None else way(value)
                    for value, way in zip(row, read, strict=True)
                )

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {_quoted(table.name)} ({_listed(table.names)}) VALUES ({marks})"
        rest = iter(rows)
        while some := list(islice(rest, _ROWS_AT_ONCE)):
            self._raw.executemany(statement, [tuple(map(_to_sqlite, row)) for row in some])

    def empty(self, tables: Sequence[Table]) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        for table in tables:
            self._raw.execute(f"DELETE FROM {_quoted(table.name)}")

    def counters(self, tables: Sequence[Table]) -> dict[str, int]:
        known = dict(self._raw.execute("SELECT name, seq FROM sqlite_sequence"))
        return {table.name: int(known[table.name]) for table in tables if table.name in known}

    def count_on(self, table: Table, last: int) -> None:
        self._raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        self._raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))

    def hold(self, tables: Sequence[Table]) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        for table in tables:
            for event in ("INSERT", "UPDATE", "DELETE"):
                self._raw.execute(f"DROP TRIGGER IF EXISTS {_quoted(f'moved {table.name} {event}')}")

    def close_down(self, tables: Sequence[Table]) -> None:
        for table in tables:
            if table.name in NOT_COPIED:
                continue
            for event in ("INSERT", "UPDATE", "DELETE"):
                self._raw.execute(
                    f"CREATE TRIGGER {_quoted(f'moved {table.name} {event}')} BEFORE {event} "
                    f"ON {_quoted(table.name)} BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
                )
        self._raw.execute("COMMIT")

    def mark(self, whose: str | None) -> None:
        """A file takes its place when it is whole: nothing has to be said."""

    def marked(self) -> str | None:
        return None

    def keep(self) -> None:
        self._raw.execute("COMMIT")

    def let_go(self) -> None:
        if self._open:
            self._open = False
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")
            self._raw.close()


def _from_text(written: str) -> datetime:
    """A moment as Django writes it into SQLite: UTC, without saying so."""
    at = datetime.fromisoformat(written)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


_FROM_SQLITE: dict[str, Callable[[Any], Any]] = {
    "BooleanField": bool,
    "BinaryField": bytes,
    "DecimalField": lambda value: Decimal(str(value)),
    "DateTimeField": _from_text,
    "FloatField": float,
    "TextField": lambda value: value.replace("\x00", "\ufffd") if isinstance(value, str) else value,
    "CharField": lambda value: value.replace("\x00", "\ufffd") if isinstance(value, str) else value,
}


def _to_sqlite(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return value


class _PostgreSQL(Base):
    """A database on a PostgreSQL server; what is read is of one moment."""

    def __init__(self, url: str) -> None:
        import psycopg

        self._raw: psycopg.Connection[Any] = psycopg.connect(url)
        self._raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._number = 0

    def rows(self, table: Table) -> Iterator[Row]:
        read = [_FROM_POSTGRESQL.get(kind) for _, kind in table.columns]
        chosen = ", ".join(
            f"{_quoted(name)}::text" if kind == "JSONField" else _quoted(name) for name, kind in table.columns
        )
        self._number += 1
        with self._raw.cursor(name=f"copy_{self._number}") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(f"SELECT {chosen} FROM {_quoted(table.name)}".encode())
            for row in cursor:
                yield tuple(
                    value if way is None or value is None else way(value)
                    for value, way in zip(row, read, strict=True)
                )

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        with (
            self._raw.cursor() as cursor,
            cursor.copy(
                f"COPY {_quoted(table.name)} ({_listed(table.names)}) FROM STDIN".encode()
            ) as copying,
        ):
            for row in rows:
                copying.write_row(row)

    def empty(self, tables: Sequence[Table]) -> None:
        named = ", ".join(_quoted(table.name) for table in tables)
        self._raw.execute(f"TRUNCATE {named}".encode())

    def counters(self, tables: Sequence[Table]) -> dict[str, int]:
        found = {}
        for table in tables:
            if table.counter is not None:
                last, called = self._raw.execute(
                    f"SELECT last_value, is_called FROM {self._sequence(table)}".encode()
                ).fetchone() or (1, False)
                if called:
                    found[table.name] = int(last)
        return found

    def count_on(self, table: Table, last: int) -> None:
        self._raw.execute("SELECT setval(%s, %s)", (self._sequence(table), max(last, 1)))

    def _sequence(self, table: Table) -> str:
        row = self._raw.execute(
            "SELECT pg_get_serial_sequence(%s, %s)", (_quoted(table.name), table.counter)
        ).fetchone()
        if row is None or row[0] is None:
            raise RuntimeError(f"{table.name}.{table.counter} counts by no sequence")
        return str(row[0])

    def hold(self, tables: Sequence[Table]) -> None:
        named = ", ".join(_quoted(table.name) for table in tables)
        self._raw.execute(f"LOCK TABLE {named} IN EXCLUSIVE MODE".encode())
        # Dropping one that is not there would keep readers out as well.
        closed = self._raw.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = 'holdfast_moved'"
        )
        for (name,) in closed.fetchall():
            self._raw.execute(f"DROP TRIGGER holdfast_moved ON {_quoted(name)}".encode())

    def close_down(self, tables: Sequence[Table]) -> None:
        self._raw.execute(
            "CREATE OR REPLACE FUNCTION holdfast_moved() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MOVED}'; END $$".encode()
        )
        for table in tables:
            if table.name not in NOT_COPIED:
                self._raw.execute(
                    "CREATE TRIGGER holdfast_moved BEFORE INSERT OR UPDATE OR DELETE "
                    f"ON {_quoted(table.name)} FOR EACH STATEMENT EXECUTE FUNCTION holdfast_moved()".encode()
                )
        self._raw.commit()

    def mark(self, whose: str | None) -> None:
        self._raw.execute("DROP TABLE IF EXISTS holdfast_moving")
        if whose is not None:
            self._raw.execute("CREATE TABLE holdfast_moving (whose TEXT)")
            self._raw.execute("INSERT INTO holdfast_moving VALUES (%s)", (whose,))

    def marked(self) -> str | None:
        if not (self._raw.execute("SELECT to_regclass('holdfast_moving')").fetchone() or (None,))[0]:
            return None
        row = self._raw.execute("SELECT whose FROM holdfast_moving").fetchone()
        return None if row is None else str(row[0])

    def keep(self) -> None:
        self._raw.commit()

    def let_go(self) -> None:
        if not self._raw.closed:
            self._raw.rollback()
            self._raw.close()


_FROM_POSTGRESQL: dict[str, Callable[[Any], Any]] = {
    "BinaryField": bytes,
    "DateTimeField": lambda value: value.astimezone(UTC),
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
