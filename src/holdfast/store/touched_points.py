"""Customers to whose contact points something happened since a look: by cursors over tables that grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_TABLES: Mapping[str, tuple[str, str]] = {
    "events": ("log_row", "seq"),
    "points": ("contact_point", "id"),
    "links": ("identity_link", "id"),
}


def ends(settings: Settings) -> dict[str, int]:
    """Where each table ends now: what came before needs no look."""
    store.connect(settings)
    return {name: _end(table, key) for name, (table, key) in _TABLES.items()}


def since(
    settings: Settings, cursors: Mapping[str, int], events: Sequence[str], *, most: int
) -> tuple[list[int], dict[str, int]]:
    """Subjects to look at again, about ``most``, and the cursors after them.

    ``events`` are the names of events that tell something. Rows that a slower transaction commits
    behind a cursor are left to the run of the loop.
    """
    store.connect(settings)
    found: list[tuple[int, int]] = []
    now: dict[str, int] = {}
    for name, (table, key) in _TABLES.items():
        named = f"AND name IN ({', '.join(['%s'] * len(events))})" if name == "events" else ""
        after = min(int(cursors.get(name, 0)), _end(table, key))  # a table can have been emptied
        rows = sql.read(
            f"SELECT {key}, subject_id FROM {table} WHERE {key} > %s {named} "
            f"ORDER BY {key} LIMIT {int(most)}",
            (after, *(events if named else ())),
        )
        found += [(int(place), int(subject)) for place, subject in rows]
        now[name] = int(rows[-1][0]) if len(rows) == most else max(after, _end(table, key))
    return list(dict.fromkeys(subject for _, subject in found)), now


def _end(table: str, key: str) -> int:
    row = sql.one(f"SELECT COALESCE(MAX({key}), 0) FROM {table}")
    return int(row[0]) if row else 0
