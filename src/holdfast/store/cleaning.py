"""What a DELETE leaves in a database: old words in full-text indexes, old pages, old bytes in files."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence

from django.db import connection

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import personal, sql

_PAGES_AT_ONCE = 64
_PAGES_GIVEN_BACK = 1_000
_PATIENCE_SECONDS = 20.0
_LOOK_AGAIN_SECONDS = 0.1

_TEXT_TYPES = ("text", "char", "json", "blob", "bytea")


def merge_text_indexes(settings: Settings) -> None:
    """Let the full-text indexes drop the words of rows that are gone, in many short transactions.

    SQLite keeps the words of a deleted row until the parts of the index that hold them are merged.
    """
    store.connect(settings)
    for index in personal.text_indexes():
        name = personal.quoted(index)
        sql.write(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', %s)", (-_PAGES_AT_ONCE,))
        while True:
            before = connection.connection.total_changes
            sql.write(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', %s)", (_PAGES_AT_ONCE,))
            if connection.connection.total_changes - before < 2:
                break


def leftover_words(settings: Settings, words: Collection[str]) -> int:
    """How many of ``words`` a full-text index still holds although no row has them any more."""
    store.connect(settings)
    left = 0
    for number, index in enumerate(personal.text_indexes()):
        vocabulary = f"vocabulary_{number}"
        sql.write(f"DROP TABLE IF EXISTS temp.{vocabulary}")
        sql.write(f"CREATE VIRTUAL TABLE temp.{vocabulary} USING fts5vocab('main', '{index}', 'row')")
        for word in words:
            if sql.one(f"SELECT 1 FROM temp.{vocabulary} WHERE term = %s", (word,)) is None:
                continue
            name = personal.quoted(index)
            asked = '"' + word.replace('"', '""') + '"'
            left += sql.one(f"SELECT 1 FROM {name} WHERE {name} MATCH %s LIMIT 1", (asked,)) is None
        sql.write(f"DROP TABLE temp.{vocabulary}")
    return left


def empty_log(settings: Settings) -> bool:
    """Bring SQLite's write-ahead log into the database file and cut it to nothing; whether that was done.

    Not while others read; they are waited for, not for long. PostgreSQL keeps its own log.
    """
    store.connect(settings)
    if not sql.is_sqlite():
        return True
    _give_back_pages()
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        busy = sql.read("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        if not busy or time.monotonic() > until:
            return not busy
        time.sleep(_LOOK_AGAIN_SECONDS)


def _give_back_pages() -> None:
    """Cut unused pages off the end of SQLite's file, some at a time; files of old releases keep theirs."""
    left = sql.read("PRAGMA freelist_count")[0][0]
    while left:
        sql.read(f"PRAGMA incremental_vacuum({_PAGES_GIVEN_BACK})")
        before, left = left, sql.read("PRAGMA freelist_count")[0][0]
        if left >= before:
            return


def rewrite(settings: Settings) -> None:
    """Write the whole SQLite file anew: no byte of what was deleted is in it afterwards.

    Deleting overwrites a row, but copies of it can lie in parts of pages that were split long ago.
    Nobody else writes meanwhile: seconds for each gigabyte.
    """
    store.connect(settings)
    if sql.is_sqlite():
        sql.write("VACUUM")


def vacuum(settings: Settings, tables: Sequence[str], *, whole: bool) -> None:
    """PostgreSQL: let the space of deleted rows be used again; ``whole`` writes the tables anew instead,
    for which nobody else can use them meanwhile.
    """
    store.connect(settings)
    if sql.is_sqlite():
        return
    for table in tables:
        sql.write(f"VACUUM {'FULL ' if whole else ''}{personal.quoted(table)}")


def mentions(settings: Settings, words: Sequence[str], *, longer_than: int = 0) -> dict[str, int]:
    """In how many rows of which table one of ``words`` (in lower case) stands, whatever the column.

    Looks at every column that holds text, JSON or bytes, as text; at values of more than
    ``longer_than`` letters only.
    """
    store.connect(settings)
    found: dict[str, int] = {}
    if not words:
        return found
    for table, columns in _text_columns():
        parts = [
            f"LENGTH({text}) > {int(longer_than)} AND "
            f"({' OR '.join([f'{_position(text)} > 0'] * len(words))})"
            for text in (_as_text(column, kind) for column, kind in columns)
        ]
        row = sql.one(
            f"SELECT COUNT(*) FROM {personal.quoted(table)} WHERE {' OR '.join(parts)}",
            [word for _ in columns for word in words],
        )
        if row is not None and row[0]:
            found[table] = int(row[0])
    return found


def _text_columns() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for table in personal.tables():
        if sql.is_sqlite():
            rows = sql.read("SELECT name, type FROM pragma_table_info(%s)", (table,))
        else:
            rows = sql.read(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND table_name = %s",
                (table,),
            )
        columns = [(name, kind.lower()) for name, kind in rows if any(t in kind.lower() for t in _TEXT_TYPES)]
        if columns:
            yield table, columns


def _as_text(column: str, kind: str) -> str:
    name = personal.quoted(column)
    if kind == "bytea":
        return f"LOWER(encode({name}, 'escape'))"
    return f"LOWER(CAST({name} AS TEXT))"


def _position(text: str) -> str:
    return f"instr({text}, %s)" if sql.is_sqlite() else f"strpos({text}, %s)"
