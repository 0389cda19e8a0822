"""Whether the database is sound."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def damage(settings: Settings) -> list[str]:
    """What SQLite's own check says is wrong, at most ten lines; empty where nothing is.

    Pages, indexes and references between tables are checked. PostgreSQL looks after itself: there
    the answer is empty as soon as it answers at all.
    """
    store.connect(settings)
    if not sql.is_sqlite():
        sql.read("SELECT 1")
        return []
    from django.db import DatabaseError

    try:
        pages = [words for (words,) in sql.read("PRAGMA quick_check(10)") if words != "ok"]
        lost = [f"{table} row {row}" for table, row, *_ in sql.read("PRAGMA foreign_key_check")]
    except DatabaseError as error:
        return [str(error)]
    return (pages + lost)[:10]
