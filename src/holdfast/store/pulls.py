"""What is fetched on a schedule: kept, found when due, claimed once, noted when done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.sealed import decrypt, encrypt


@dataclass(frozen=True, slots=True)
class Pull:
    """One thing that is fetched every ``every_minutes``.

    ``kind`` is "sql" or the name of a source (``source_id`` is its row then). ``cursor`` is how far it
    came, ``result`` what the last time brought, ``trouble`` what is wrong with it now.
    """

    id: int
    name: str
    kind: str
    source_id: int | None
    options: Mapping[str, Any]
    every_minutes: int
    enabled: bool
    due_us: int
    cursor: Mapping[str, Any] | None
    last_us: int | None
    result: Mapping[str, Any] | None
    trouble: Text | None


_COLUMNS = (
    "id, name, kind, source_id, options, every_minutes, enabled, due_us, cursor, last_us, result, trouble"
)


def add(
    settings: Settings,
    name: str,
    kind: str,
    *,
    options: Mapping[str, Any],
    every_minutes: int,
    source_id: int | None = None,
    secrets: Mapping[str, str],
    now_us: int,
) -> Pull | None:
    """A new pull that is due at once; ``None`` where one has that name already."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO pull "
            "(name, kind, source_id, options, sealed, every_minutes, enabled, created_us, due_us) "
            "VALUES (%s, %s, %s, %s, '', %s, %s, %s, %s) ON CONFLICT (name) DO NOTHING RETURNING id",
            (name, kind, source_id, json.dumps(dict(options)), every_minutes, True, now_us, now_us),
        )
        if row is None:
            return None
        sql.write(
            "UPDATE pull SET sealed = %s WHERE id = %s",
            (encrypt(settings, f"pull {row[0]}", secrets), row[0]),
        )
    return by_name(settings, name)


def secrets_of(settings: Settings, pull_id: int) -> dict[str, str]:
    """The sealed values of a pull. Refuses ("sealed_elsewhere") what cannot be read."""
    store.connect(settings)
    row = sql.one("SELECT sealed FROM pull WHERE id = %s", (pull_id,))
    return decrypt(settings, f"pull {pull_id}", "" if row is None else str(row[0]))


def by_name(settings: Settings, name: str) -> Pull | None:
    """The pull with this name."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM pull WHERE name = %s", (name,))
    return None if row is None else _pull(row)


def listed(settings: Settings) -> list[Pull]:
    """Every pull, by name."""
    store.connect(settings)
    return [_pull(row) for row in sql.read(f"SELECT {_COLUMNS} FROM pull ORDER BY name")]


def due(settings: Settings, now_us: int) -> list[Pull]:
    """The pulls that are due, the longest due first."""
    store.connect(settings)
    rows = sql.read(f"SELECT {_COLUMNS} FROM pull WHERE enabled AND due_us <= %s ORDER BY due_us", (now_us,))
    return [_pull(row) for row in rows]


def claim(settings: Settings, pull: Pull, *, next_us: int) -> bool:
    """Make a pull due again at ``next_us``; whether nobody else has done so since it was read."""
    store.connect(settings)
    return (
        sql.write(
            "UPDATE pull SET due_us = %s WHERE id = %s AND due_us = %s", (next_us, pull.id, pull.due_us)
        )
        == 1
    )


def note(
    settings: Settings,
    pull_id: int,
    *,
    at_us: int,
    result: Mapping[str, Any] | None = None,
    cursor: Mapping[str, Any] | None = None,
    trouble: Text | None = None,
    again_us: int | None = None,
) -> None:
    """How it went. What is not said stays: the cursor and the last result of a pull that failed."""
    from holdfast.store.written import as_json

    store.connect(settings)
    said: list[tuple[str, object]] = [
        ("last_us", at_us),
        ("trouble", None if trouble is None else json.dumps(as_json(trouble))),
    ]
    said += [
        (name, json.dumps(value))
        for name, value in (("result", result), ("cursor", cursor))
        if value is not None
    ]
    if again_us is not None:
        said.append(("due_us", again_us))
    sets = ", ".join(f"{name} = %s" for name, _ in said)
    sql.write(f"UPDATE pull SET {sets} WHERE id = %s", [*(value for _, value in said), pull_id])


def enable(settings: Settings, pull_id: int, enabled: bool) -> None:
    """Let a pull run, or not."""
    store.connect(settings)
    sql.write("UPDATE pull SET enabled = %s WHERE id = %s", (enabled, pull_id))


def run_soon(settings: Settings, pull_id: int, *, now_us: int) -> None:
    """Make a pull due now."""
    store.connect(settings)
    sql.write("UPDATE pull SET due_us = %s WHERE id = %s", (now_us, pull_id))


def remove(settings: Settings, pull_id: int) -> None:
    """Forget a pull; what it brought stays."""
    store.connect(settings)
    sql.write("DELETE FROM pull WHERE id = %s", (pull_id,))


def _pull(row: sql.Row) -> Pull:
    from holdfast.store.written import from_json

    id_, name, kind, source_id, options, every, enabled, due_us, cursor, last_us, result, trouble = row
    said = None if trouble is None else from_json(sql.json_value(trouble))
    return Pull(
        id_,
        name,
        kind,
        source_id,
        sql.json_value(options),
        every,
        bool(enabled),
        due_us,
        sql.json_value(cursor),
        last_us,
        sql.json_value(result),
        said,
    )
