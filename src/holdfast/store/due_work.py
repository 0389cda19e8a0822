"""Customers to be looked at again, for whoever looks: the longest due first, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import InterfaceError, OperationalError, connection

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_AT_ONCE = 2_000

NOT_THEIRS: tuple[type[Exception], ...] = (OperationalError, InterfaceError, OSError)
"""Errors of a database or a disk: no customer is the reason, so nobody is put off for them."""

Done = tuple[int, int, int | None]
"""Unit, its mark when the look began, and when to look again (``None``: not before something happens)."""


def due(settings: Settings, now_us: int, most: int) -> list[tuple[int, int]]:
    """(unit, mark) of at most ``most`` customers who are due, the longest due first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT unit_id, mark FROM due_unit WHERE due_us <= %s ORDER BY due_us, unit_id LIMIT %s",
        (now_us, most),
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
    with sql.short_write(), connection.cursor() as cursor:
        if dated:
            cursor.executemany("UPDATE due_unit SET due_us = %s WHERE unit_id = %s AND mark = %s", dated)
        if cleared:
            cursor.executemany("DELETE FROM due_unit WHERE unit_id = %s AND mark = %s", cleared)


def plan_checks(settings: Settings, checks: Iterable[tuple[int, int]], *, now_us: int) -> None:
    """Let (unit, moment) be all looks to come: those planned before go, who is due already stays so."""
    store.connect(settings)
    sql.fill("planned_check", {"unit_id": "BIGINT", "due_us": "BIGINT"}, checks)
    while True:
        gone = sql.write(
            "DELETE FROM due_unit WHERE unit_id IN "
            f"(SELECT unit_id FROM due_unit WHERE due_us > %s LIMIT {_AT_ONCE})",
            (now_us,),
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
