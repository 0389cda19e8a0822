"""Maps of columns under a name, for the next file of the same sort."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class KeptMap:
    """A map as it was kept: for files of ``kind`` with these ``columns``."""

    id: int
    name: str
    kind: str
    columns: tuple[str, ...]
    chosen: Mapping[str, Any]


def keep(settings: Settings, kept: KeptMap, *, by_id: int | None, now_us: int) -> None:
    """Keep a map under its name; the one that had the name is replaced."""
    store.connect(settings)
    sql.write(
        "INSERT INTO saved_map (name, kind, columns, chosen, by_id, made_us) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, columns = excluded.columns, "
        "chosen = excluded.chosen, by_id = excluded.by_id, made_us = excluded.made_us",
        (kept.name, kept.kind, json.dumps(kept.columns), json.dumps(kept.chosen), by_id, now_us),
    )


def listed(settings: Settings) -> list[KeptMap]:
    """Every kept map, by name."""
    store.connect(settings)
    rows = sql.read("SELECT id, name, kind, columns, chosen FROM saved_map ORDER BY name")
    return [
        KeptMap(number, name, kind, tuple(sql.json_value(columns)), sql.json_value(chosen))
        for number, name, kind, columns, chosen in rows
    ]


def fitting(settings: Settings, columns: Sequence[str]) -> KeptMap | None:
    """The map that was kept last for a file with just these columns, in any order."""
    alike = [kept for kept in listed(settings) if set(kept.columns) == set(columns)]
    return max(alike, key=lambda kept: kept.id, default=None)
