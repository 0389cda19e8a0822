"""What a workspace decided about contact points and needs, and how far the jobs have come."""

from __future__ import annotations

import json
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

STALE_DAYS = 365
"""Without a sign of life for so many days a contact point is stale, until a workspace says otherwise."""

JUDGE_AGAIN = "judge_again"
"""Whether everybody is to be judged anew, since somebody decided otherwise what counts."""


def read(settings: Settings, *names: str) -> dict[str, Any]:
    """What was kept under these names; those without anything are left out."""
    store.connect(settings)
    marks = ", ".join(["%s"] * len(names))
    rows = sql.read(f"SELECT name, value FROM care_setting WHERE name IN ({marks})", names)
    return {name: json.loads(value) if isinstance(value, str) else value for name, value in rows}


def write(settings: Settings, name: str, value: Any) -> None:
    """Keep a value, in place of what was there."""
    store.connect(settings)
    sql.write(
        "INSERT INTO care_setting (name, value) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, json.dumps(value, ensure_ascii=False)),
    )
