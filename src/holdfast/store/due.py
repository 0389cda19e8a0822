"""Who is to be looked at again, because something happened or because silence will tell."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_AT_ONCE = 200
"""Units in one statement: four values each stay below what SQLite binds."""


def touch(settings: Settings, unit_ids: Iterable[int], now_us: int) -> None:
    """Say that something happened to these customers: they are due now, whoever looks at them already.

    Joins the transaction of the caller, where there is one.
    """
    store.connect(settings)
    units = sorted(set(unit_ids))
    for first in range(0, len(units), _AT_ONCE):
        some = units[first : first + _AT_ONCE]
        places = ", ".join(["(%s, %s, 1)"] * len(some))
        values = [value for unit in some for value in (unit, now_us)]
        sql.write(
            f"INSERT INTO due_unit (unit_id, due_us, mark) VALUES {places} "
            "ON CONFLICT (unit_id) DO UPDATE SET mark = due_unit.mark + 1, "
            "due_us = CASE WHEN due_unit.due_us < excluded.due_us "
            "THEN due_unit.due_us ELSE excluded.due_us END",
            values,
        )
