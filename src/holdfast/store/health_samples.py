"""A company's own weighing of health, and the nameless past customers on whom it is tested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holdfast import store
from holdfast.domain.bands import USUAL
from holdfast.settings import Settings
from holdfast.store import sql

_USUAL_HOURS = 0.5


def save_own(settings: Settings, own: Mapping[str, Any] | None, *, now_us: int) -> None:
    """Keep the weighing (``None``: none any more); thresholds that the team decided stay."""
    store.connect(settings)
    sql.write(
        "INSERT INTO risk_criteria (id, act_from, watch_from, hours_per_customer, changed_us, own_health) "
        "VALUES (1, %s, %s, %s, %s, %s) "
        "ON CONFLICT (id) DO UPDATE SET own_health = excluded.own_health, changed_us = excluded.changed_us",
        (*USUAL, _USUAL_HOURS, now_us, "" if own is None else json.dumps(own, ensure_ascii=False)),
    )


def save_samples(settings: Settings, samples: Mapping[int, Any]) -> None:
    """Let ``samples`` (by day) be all there are."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM health_sample")
        for day, content in samples.items():
            sql.write("INSERT INTO health_sample (day, content) VALUES (%s, %s)", (day, json.dumps(content)))


def samples(settings: Settings) -> dict[int, Any]:
    """What was kept, by day, oldest first."""
    store.connect(settings)
    rows = sql.read("SELECT day, content FROM health_sample ORDER BY day")
    return {int(day): sql.json_value(kept) for day, kept in rows}
