"""Scripts of calls that people of a workspace wrote or changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

Content = Mapping[str, Mapping[str, str]]
"""Language to ``title`` and ``text``."""


@dataclass(frozen=True, slots=True)
class KeptScript:
    """One script; see :class:`holdfast.store.models.CallScript`."""

    key: str
    content: Content
    number: int
    changed_us: int
    changed_by: str


def listed(settings: Settings) -> list[KeptScript]:
    """Every script that was kept here, by key."""
    store.connect(settings)
    rows = sql.read("SELECT key, content, number, changed_us, changed_by FROM call_script ORDER BY key")
    return [KeptScript(key, sql.json_value(content), *rest) for key, content, *rest in rows]


def keep(settings: Settings, key: str, content: Content, number: int, *, by: str, now_us: int) -> bool:
    """Keep a script; whether nobody else did since it was of ``number`` (0: there was none)."""
    store.connect(settings)
    written = json.dumps(content, ensure_ascii=False)
    with sql.short_write():
        if number:
            changed = sql.write(
                "UPDATE call_script SET content = %s, number = number + 1, changed_us = %s, changed_by = %s "
                "WHERE key = %s AND number = %s",
                (written, now_us, by, key, number),
            )
        else:
            changed = sql.write(
                "INSERT INTO call_script (key, content, number, changed_us, changed_by) "
                "VALUES (%s, %s, 1, %s, %s) ON CONFLICT (key) DO NOTHING",
                (key, written, now_us, by),
            )
    return changed == 1


def remove(settings: Settings, key: str) -> bool:
    """Forget a script; whether there was one."""
    store.connect(settings)
    with sql.short_write():
        return sql.write("DELETE FROM call_script WHERE key = %s", (key,)) == 1
