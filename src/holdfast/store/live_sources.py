"""Where live events come from; each has an import that is always done, whose rows everybody sees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql

LIVE = "live"
"""The kind of the import in which a source's rows are kept; it is never finished and never undone."""


@dataclass(frozen=True, slots=True)
class LiveSource:
    """A source of live events.

    ``kind`` is "segment" or a connector's name; ``namespace`` that of its customers' ids; ``options``
    what the connector needs beside its secrets; ``last_us`` when its last event came, ``trouble`` a
    sentence about what is wrong with it now.
    """

    id: int
    name: str
    kind: str
    namespace: str
    import_id: int
    options: Mapping[str, Any]
    enabled: bool
    last_us: int | None
    trouble: Text | None


_COLUMNS = "id, name, kind, namespace, import_id, options, enabled, last_us, trouble"


def ensure(
    settings: Settings,
    name: str,
    kind: str,
    *,
    namespace: str = "customer",
    options: Mapping[str, Any] | None = None,
    now_us: int,
) -> LiveSource:
    """The source called ``name``, made where there is none yet. Refuses a name that another kind has."""
    store.connect(settings)
    with sql.short_write():
        found = by_name(settings, name)
        if found is None:
            (import_id,) = _returned(
                "INSERT INTO import (kind, source, files, state, report, started_us, finished_us, swept) "
                "VALUES (%s, %s, '[]', 'done', '{}', %s, %s, %s) RETURNING id",
                (LIVE, name, now_us, now_us, True),
            )
            sql.write(
                "INSERT INTO live_source "
                "(name, kind, namespace, import_id, options, sealed, enabled, created_us) "
                "VALUES (%s, %s, %s, %s, %s, '', %s, %s)",
                (name, kind, namespace, import_id, json.dumps(dict(options or {})), True, now_us),
            )
            found = by_name(settings, name)
    if found is None or found.kind != kind:
        raise Refusal(
            "name_taken",
            found=Text("There is a source called {name} already.", name=name),
            expected=Text("Each source has a name of its own."),
            remedy=Text("Choose another name."),
        )
    return found


def by_name(settings: Settings, name: str) -> LiveSource | None:
    """The source with this name."""
    store.connect(settings)
    return _one("name = %s", name)


def by_id(settings: Settings, source_id: int) -> LiveSource | None:
    """The source with this id."""
    store.connect(settings)
    return _one("id = %s", source_id)


def listed(settings: Settings) -> list[LiveSource]:
    """Every source, by name."""
    store.connect(settings)
    return [_source(row) for row in sql.read(f"SELECT {_COLUMNS} FROM live_source ORDER BY name")]


def change(
    settings: Settings,
    source_id: int,
    *,
    options: Mapping[str, Any] | None = None,
    enabled: bool | None = None,
) -> None:
    """Change what a connector needs to know, or switch it on or off."""
    store.connect(settings)
    if options is not None:
        sql.write("UPDATE live_source SET options = %s WHERE id = %s", (json.dumps(dict(options)), source_id))
    if enabled is not None:
        sql.write("UPDATE live_source SET enabled = %s WHERE id = %s", (enabled, source_id))


def note_trouble(settings: Settings, source_id: int, trouble: Text | None) -> None:
    """Say what is wrong with a source now; ``None`` when nothing is."""
    from holdfast.store.written import as_json

    store.connect(settings)
    written = None if trouble is None else json.dumps(as_json(trouble))
    sql.write("UPDATE live_source SET trouble = %s WHERE id = %s", (written, source_id))


def _one(condition: str, value: object) -> LiveSource | None:
    row = sql.one(f"SELECT {_COLUMNS} FROM live_source WHERE {condition}", (value,))
    return None if row is None else _source(row)


def _source(row: sql.Row) -> LiveSource:
    from holdfast.store.written import from_json

    id_, name, kind, namespace, import_id, options, enabled, last_us, trouble = row
    said = None if trouble is None else from_json(sql.json_value(trouble))
    return LiveSource(
        id_, name, kind, namespace, import_id, sql.json_value(options), bool(enabled), last_us, said
    )


def _returned(statement: str, values: tuple[object, ...]) -> sql.Row:
    row = sql.one(statement, values)
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return row
