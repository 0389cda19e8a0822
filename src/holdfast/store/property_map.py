"""Which property of an event fills which column of the event log, as the workspace has mapped it."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

Maps = dict[str, dict[str, str]]
"""Event name -> column ("code", "score", "amount", "quantity", "object_id", ...) -> path of the property."""


def maps(settings: Settings) -> Maps:
    """All that is mapped."""
    store.connect(settings)
    return _maps('SELECT event_name, "column", property_path FROM property_map ORDER BY 1, 2', ())


def set_map(settings: Settings, event_name: str, column: str, path: str) -> None:
    """Map a property from now on; rows from before are filled with the next compaction."""
    store.connect(settings)
    sql.write(
        'INSERT INTO property_map (event_name, "column", property_path, refilled) VALUES (%s, %s, %s, %s) '
        'ON CONFLICT (event_name, "column") DO UPDATE SET property_path = excluded.property_path, '
        "refilled = excluded.refilled",
        (event_name, column, path, False),
    )


def clear_map(settings: Settings, event_name: str, column: str) -> bool:
    """Map it no longer; what was filled stays. Whether it was mapped."""
    store.connect(settings)
    return bool(
        sql.write('DELETE FROM property_map WHERE event_name = %s AND "column" = %s', (event_name, column))
    )


def pending(settings: Settings) -> Maps:
    """What is mapped and not yet filled in rows from before."""
    store.connect(settings)
    return _maps(
        'SELECT event_name, "column", property_path FROM property_map WHERE refilled = %s ORDER BY 1, 2',
        (False,),
    )


def note_refilled(settings: Settings, done: Mapping[str, Mapping[str, str]]) -> None:
    """Say that rows from before are filled; a map that changed meanwhile stays to be done."""
    store.connect(settings)
    for name, columns in done.items():
        for column, path in columns.items():
            sql.write(
                "UPDATE property_map SET refilled = %s "
                'WHERE event_name = %s AND "column" = %s AND property_path = %s',
                (True, name, column, path),
            )


def _maps(statement: str, values: tuple[object, ...]) -> Maps:
    found: Maps = {}
    for name, column, path in sql.read(statement, values):
        found.setdefault(name, {})[column] = path
    return found
