"""Write risks into a table of somebody else's SQL database, so that their own programs can use them.

One transaction: whoever reads the table sees the scores of one moment, the ones before until it ends. A row
is one id of a customer; who is no longer scored is no longer there.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from holdfast.connectors.sql import ANSWER_WITHIN, unknown_database, unreachable
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

TABLE = "holdfast_scores"
"""What the table is called where nobody chose a name."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?")


@dataclass(frozen=True, slots=True)
class Score:
    """One row: an id of a customer, and what is foreseen of the unit that it belongs to.

    ``band`` is calm, watch, high or urgent; ``value_at_risk`` is in major units of ``currency``;
    ``drivers`` are the reasons in words, the strongest first.
    """

    namespace: str
    customer_id: str
    unit: int
    name: str
    risk: float
    band: str
    value_at_risk: Decimal
    currency: str
    drivers: str
    as_of: date
    model_version: str
    written_at: datetime


_COLUMNS = tuple(each.name for each in fields(Score))
_AS_ROW = attrgetter(*_COLUMNS)
_MONEY, _DAY, _STAMP = (_COLUMNS.index(name) for name in ("value_at_risk", "as_of", "written_at"))
_TYPES = {
    "unit": "BIGINT",
    "risk": "DOUBLE PRECISION",
    "value_at_risk": "NUMERIC(20, 4)",
    "as_of": "DATE",
    "written_at": "TIMESTAMP WITH TIME ZONE",
}


def check_table(name: str) -> str:
    """``name`` if a table can be called so, perhaps with its schema. Refuses ("bad_table") others."""
    if _NAME.fullmatch(name):
        return name
    raise Refusal(
        "bad_table",
        found=Text("{name} cannot be the name of a table.", name=repr(name[:60])),
        expected=Text("Letters, digits and underscores, perhaps a schema and a dot before them."),
        remedy=Text("Choose another name, like {name}.", name=TABLE),
    )


def prepare(url: str, table: str) -> None:
    """Make the table where it is missing, and see that it can be written.

    Refuses ("unknown_database", "database_unreachable", "missing_driver", "other_table", "not_writable").
    """
    write(url, table, None)


def write(url: str, table: str, batches: Iterable[Sequence[Score]] | None) -> int:
    """Replace what the table holds by ``batches``, as a whole or not at all; how many rows.

    ``None`` only looks whether it could be done. Refuses like :func:`prepare`.
    """
    check_table(table)
    match urlsplit(url).scheme.partition("+")[0]:
        case "sqlite":
            return _sqlite(url, table, batches)
        case "postgresql" | "postgres":
            return _postgresql(url, table, batches)
        case scheme:
            raise unknown_database(scheme)


def _sqlite(url: str, table: str, batches: Iterable[Sequence[Score]] | None) -> int:
    path = Path(unquote(urlsplit(url).path.removeprefix("/")))
    if not path.is_file():
        raise unreachable(Text("There is no file {file}.", file=str(path)))
    with closing(sqlite3.connect(path, timeout=ANSWER_WITHIN, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table.rpartition('.')[2]})")]
            _make_ready(connection, table, columns)
            rows = 0 if batches is None else _sqlite_rows(connection, table, batches)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise _not_writable(table, str(error)) from error
    return rows


def _postgresql(url: str, table: str, batches: Iterable[Sequence[Score]] | None) -> int:
    from holdfast.connectors.sql import postgresql_driver

    psycopg = postgresql_driver()
    try:
        connection = psycopg.connect(
            url.replace("postgresql+psycopg", "postgresql", 1), connect_timeout=ANSWER_WITHIN
        )
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()
        raise unreachable(Text("{reason}", reason=reason[0] if reason else type(error).__name__)) from error
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute "
                "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
                (table,),
            )
            columns = [name for (name,) in cursor.fetchall()]
            if columns:  # two of us would take each other's rows for old ones
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE".encode())
            _make_ready(cursor, table, columns)
            return 0 if batches is None else _postgresql_rows(cursor, table, batches)
    except psycopg.Error as error:
        raise _not_writable(table, str(error)) from error
    finally:
        connection.close()


def _make_ready(cursor: Any, table: str, columns: Sequence[str]) -> None:
    if not columns:
        shape = ", ".join(f"{name} {_TYPES.get(name, 'TEXT')} NOT NULL" for name in _COLUMNS)
        cursor.execute(f"CREATE TABLE {table} ({shape}, PRIMARY KEY (namespace, customer_id))")
    elif missing := set(_COLUMNS) - set(columns):
        raise _other_table(table, missing)


def _sqlite_rows(connection: sqlite3.Connection, table: str, batches: Iterable[Sequence[Score]]) -> int:
    """Put the rows in beside what is there, then take away what was not among them."""
    statement = _upsert(table, f"VALUES ({', '.join('?' * len(_COLUMNS))})")
    rows, stamp = 0, ""
    for batch in batches:
        for score in batch[:1]:
            stamp = score.written_at.isoformat()
        connection.executemany(statement, map(_plain, batch))
        rows += len(batch)
    connection.execute(f"DELETE FROM {table} WHERE written_at <> ?", (stamp,))
    return rows


def _postgresql_rows(cursor: Any, table: str, batches: Iterable[Sequence[Score]]) -> int:
    """Copy the rows beside the table, then let the table be them in two statements."""
    names = ", ".join(_COLUMNS)
    cursor.execute(
        f"CREATE TEMPORARY TABLE holdfast_staged ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0"
    )
    rows = 0
    with cursor.copy(f"COPY holdfast_staged ({names}) FROM STDIN") as copy:
        for batch in batches:
            for score in batch:
                copy.write_row(_AS_ROW(score))
            rows += len(batch)
    cursor.execute(_upsert(table, f"SELECT {names} FROM holdfast_staged"))
    cursor.execute(
        f"DELETE FROM {table} old WHERE NOT EXISTS (SELECT 1 FROM holdfast_staged new "
        "WHERE new.namespace = old.namespace AND new.customer_id = old.customer_id)"
    )
    return rows


def _upsert(table: str, rows: str) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])
    return (
        f"INSERT INTO {table} ({', '.join(_COLUMNS)}) {rows} "
        f"ON CONFLICT (namespace, customer_id) DO UPDATE SET {sets}"
    )


def _plain(score: Score) -> tuple[Any, ...]:
    """A row as SQLite keeps it: dates as text, and money as a number."""
    row = list(_AS_ROW(score))
    row[_MONEY], row[_DAY], row[_STAMP] = (
        float(score.value_at_risk),
        score.as_of.isoformat(),
        score.written_at.isoformat(),
    )
    return tuple(row)


def _other_table(table: str, missing: set[str]) -> Refusal:
    return Refusal(
        "other_table",
        found=Text(
            "There is a table {table} without {names}.", table=table, names=", ".join(sorted(missing))
        ),
        expected=Text("A table of ours, or none of that name."),
        remedy=Text("Choose another name; nothing was written."),
    )


def _not_writable(table: str, reason: str) -> Refusal:
    first = (reason.strip().splitlines() or ["?"])[0]
    return Refusal(
        "not_writable",
        found=Text("The table {table} cannot be written: {reason}.", table=table, reason=first.rstrip(".")),
        expected=Text("A user who may create and write that table."),
        remedy=Text("Grant it, or choose another name; nothing was written."),
    )
