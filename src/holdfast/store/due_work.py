"""Customers to be looked at again, for whoever looks: the longest due first, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import InterfaceError, OperationalError, connection

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_AT_ONCE = 2_000

_A_MINUTE_US = 60_000_000

NOT_THEIRS: tuple[type[Exception], ...] = (OperationalError, InterfaceError, OSError)
"""Errors of a database or a disk: no customer is the reason, so nobody is put off for them."""

Done = tuple[int, int, int | None]
"""Unit, its mark when the look began, and when to look again (``None``: not before something happens)."""


def due(settings: Settings, now_us: int, most: int | None = None) -> list[tuple[int, int]]:
    """(unit, mark) of at most ``most`` customers who are due, the longest due first."""
    store.connect(settings)
    limit = "" if most is None else f" LIMIT {int(most)}"
    rows = sql.read(
        f"SELECT unit_id, mark FROM due_unit WHERE due_us <= %s ORDER BY due_us, unit_id{limit}", (now_us,)
    )
    return [(int(unit), int(mark)) for unit, mark in rows]


def waiting(settings: Settings, now_us: int) -> tuple[int, int | None]:
    """How many customers are due, and since when the one who waits longest; ``None`` for nobody."""
    store.connect(settings)
    row = sql.one("SELECT COUNT(*), MIN(due_us) FROM due_unit WHERE due_us <= %s", (now_us,))
    return (0, None) if row is None else (int(row[0]), row[1])


def settle(settings: Settings, done: Sequence[Done]) -> None:
    """Take who was looked at off the list, or date them anew; who was touched meanwhile stays due.

    A unit that was merged away is settled like any other, without a date.
    """
    store.connect(settings)
    dated = [(again, unit, mark) for unit, mark, again in done if again is not None]
    cleared = [(unit, mark) for unit, mark, again in done if again is None]
    _each("UPDATE due_unit SET due_us = %s WHERE unit_id = %s AND mark = %s", dated)
    _each("DELETE FROM due_unit WHERE unit_id = %s AND mark = %s", cleared)


def _each(statement: str, rows: Sequence[tuple[int, ...]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        with sql.short_write(), connection.cursor() as cursor:
            cursor.executemany(statement, rows[first : first + _AT_ONCE])


def touch_many(settings: Settings, units: Iterable[int], now_us: int) -> int:
    """:func:`holdfast.store.due.touch` for whole imports, in short transactions; how many.

    Before the first run nobody is touched: it looks at everybody anyway. ``units`` may be any ids of the
    customers: whoever looks finds out whose they are.
    """
    store.connect(settings)
    if sql.one("SELECT 1 FROM company_basis") is None:
        return 0
    count = sql.fill("touched_now", {"unit_id": "BIGINT"}, ((unit,) for unit in units))
    for first, last in sql.ranges(count, _AT_ONCE):
        sql.write(
            "INSERT INTO due_unit (unit_id, due_us, mark) "
            "SELECT unit_id, CAST(%s AS BIGINT), 1 FROM touched_now WHERE n BETWEEN %s AND %s "
            "ON CONFLICT (unit_id) DO UPDATE SET mark = due_unit.mark + 1, due_us = "
            "CASE WHEN due_unit.due_us < excluded.due_us THEN due_unit.due_us ELSE excluded.due_us END",
            (now_us, first, last),
        )
    sql.drop("touched_now")
    return count


def named_by(settings: Settings, import_id: int) -> list[int]:
    """The subjects of whom an import has a row."""
    store.connect(settings)
    rows = sql.read("SELECT subject_id FROM sighting WHERE import_id = %s", (import_id,))
    return [int(subject) for (subject,) in rows]


def plan_checks(settings: Settings, checks: Iterable[tuple[int, int]], *, now_us: int) -> None:
    """Let (unit, moment) be all looks to come: those planned before go, who is due already stays so.

    ``now_us`` is the actual time: whoever is dated later was planned, not touched. A minute counts as
    now, since the clocks of two machines may differ.
    """
    store.connect(settings)
    sql.fill("planned_check", {"unit_id": "BIGINT", "due_us": "BIGINT"}, checks)
    while True:
        gone = sql.write(
            "DELETE FROM due_unit WHERE unit_id IN "
            f"(SELECT unit_id FROM due_unit WHERE due_us > %s LIMIT {_AT_ONCE})",
            (now_us + _A_MINUTE_US,),
        )
        if gone < _AT_ONCE:
            break
    (count,) = sql.read("SELECT COUNT(*) FROM planned_check")[0]
    for first, last in sql.ranges(count, _AT_ONCE):
        sql.write(
            "INSERT INTO due_unit (unit_id, due_us, mark) "
            "SELECT unit_id, due_us, 0 FROM planned_check WHERE n BETWEEN %s AND %s "
            "ON CONFLICT (unit_id) DO NOTHING",
            (first, last),
        )
    sql.drop("planned_check")
