"""What was learnt from corrections, by language: in use, or kept to go back to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Layer:
    """A learned layer: ``layer`` are its numbers (base64), ``figures`` how it did when tried."""

    id: int
    language: str
    corrections: int
    figures: dict[str, Any]
    layer: str
    enabled: bool
    made_us: int
    changed_by: str


def in_use(settings: Settings) -> list[Layer]:
    """The layers that change readings, by language."""
    return [each for each in listed(settings) if each.enabled]


def listed(settings: Settings) -> list[Layer]:
    """Every layer, the newest of each language first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, language, corrections, figures, content, enabled, made_us, changed_by "
        "FROM learnt_layer ORDER BY language, id DESC"
    )
    return [
        Layer(
            number,
            language,
            corrections,
            sql.json_value(figures),
            str(sql.json_value(content).get("layer", "")),
            bool(enabled),
            made_us,
            by,
        )
        for number, language, corrections, figures, content, enabled, made_us, by in rows
    ]


def keep(
    settings: Settings,
    language: str,
    *,
    corrections: int,
    figures: dict[str, Any],
    layer: str,
    now_us: int,
) -> int:
    """Keep what was learnt; it is used from now on where ``layer`` holds numbers ("": nothing is better)."""
    store.connect(settings)
    with sql.short_write():
        if layer:
            _off(language, now_us)
        row = sql.one(
            "INSERT INTO learnt_layer (language, corrections, figures, content, enabled, made_us, "
            "changed_us, changed_by) VALUES (%s, %s, %s, %s, %s, %s, %s, '') RETURNING id",
            (
                language,
                corrections,
                json.dumps(figures),
                json.dumps({"layer": layer}),
                bool(layer),
                now_us,
                now_us,
            ),
        )
        sql.write(
            "DELETE FROM learnt_layer WHERE language = %s AND NOT enabled AND id NOT IN "
            "(SELECT id FROM learnt_layer WHERE language = %s ORDER BY id DESC LIMIT %s)",
            (language, language, KEPT),
        )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def use(settings: Settings, number: int, *, by: str, now_us: int) -> bool:
    """Use a layer instead of the one in use; whether there is one of this number that holds anything."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one("SELECT language, content FROM learnt_layer WHERE id = %s", (number,))
        if row is None or not sql.json_value(row[1]).get("layer"):
            return False
        _off(row[0], now_us)
        sql.write(
            "UPDATE learnt_layer SET enabled = %s, changed_us = %s, changed_by = %s WHERE id = %s",
            (True, now_us, by, number),
        )
    return True


def switch_off(settings: Settings, language: str, *, by: str, now_us: int) -> bool:
    """Read by the phrases alone again; whether a layer was in use."""
    store.connect(settings)
    return bool(_off(language, now_us, by))


def _off(language: str, now_us: int, by: str = "") -> int:
    return sql.write(
        "UPDATE learnt_layer SET enabled = %s, changed_us = %s, changed_by = %s "
        "WHERE language = %s AND enabled",
        (False, now_us, by, language),
    )


KEPT = 10
"""So many layers of a language stay to go back to."""
