"""Dashboards: whose they are, their tiles, and who gets them by mail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.dashboards import Tile, tile_from
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard; see :class:`holdfast.store.models.Dashboard`. ``maker`` is a name or ""."""

    id: int
    title: str
    person_id: int | None
    maker: str
    shared: bool
    period_kind: str
    periods: int
    segment_key: str
    tiles: tuple[Tile, ...]
    version: int
    made_us: int
    changed_us: int
    deleted_us: int | None

    def is_seen_by(self, person_id: int) -> bool:
        """Whether somebody may look at it: its maker, and everybody where it is shared."""
        return self.shared or self.person_id == person_id


def listed(settings: Settings, person_id: int) -> list[Dashboard]:
    """Those that somebody may look at, their own first, by title."""
    store.connect(settings)
    rows = sql.read(
        f"{_SELECT} WHERE d.deleted_us IS NULL AND (d.shared OR d.person_id = %s) "
        "ORDER BY CASE WHEN d.person_id = %s THEN 0 ELSE 1 END, LOWER(d.title), d.id",
        (person_id, person_id),
    )
    return [_dashboard(row) for row in rows]


def one(settings: Settings, dashboard_id: int) -> Dashboard | None:
    """One dashboard, a deleted one too; ``None`` when there is none."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE d.id = %s", (dashboard_id,))
    return None if row is None else _dashboard(row)


def add(
    settings: Settings,
    title: str,
    person_id: int | None,
    tiles: Sequence[Tile],
    *,
    shared: bool,
    now_us: int,
    period_kind: str = "month",
    periods: int = 12,
) -> int:
    """Make a dashboard; its id."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO dashboard (title, person_id, shared, period_kind, periods, segment_key, tiles, version, "
        "made_us, changed_us) VALUES (%s, %s, %s, %s, %s, '', %s, 1, %s, %s) RETURNING id",
        (title, person_id, shared, period_kind, periods, _json(tiles), now_us, now_us),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def change(
    settings: Settings,
    dashboard: Dashboard,
    *,
    now_us: int,
    tiles: Sequence[Tile] | None = None,
    **values: Any,
) -> bool:
    """Set columns and tiles; whether nobody else had changed it since it was read."""
    store.connect(settings)
    given = dict(values)
    if tiles is not None:
        given["tiles"] = _json(tiles)
    listed_columns = "".join(f"{name} = %s, " for name in given)
    changed = sql.write(
        f"UPDATE dashboard SET {listed_columns}version = version + 1, changed_us = %s "
        "WHERE id = %s AND version = %s",
        (*given.values(), now_us, dashboard.id, dashboard.version),
    )
    return changed == 1


def delete(settings: Settings, dashboard_id: int, *, now_us: int) -> None:
    """Take a dashboard away; it can be brought back until it is swept."""
    store.connect(settings)
    sql.write(
        "UPDATE dashboard SET deleted_us = %s WHERE id = %s AND deleted_us IS NULL", (now_us, dashboard_id)
    )


def restore(settings: Settings, dashboard_id: int) -> None:
    """Bring a deleted dashboard back."""
    store.connect(settings)
    sql.write("UPDATE dashboard SET deleted_us = NULL WHERE id = %s", (dashboard_id,))


def sweep(settings: Settings, before_us: int) -> int:
    """Forget for good what was deleted before a moment, with its digests; how many dashboards."""
    store.connect(settings)
    with sql.short_write():
        gone = "(SELECT id FROM dashboard WHERE deleted_us < %s)"
        digests = f"(SELECT id FROM digest WHERE dashboard_id IN {gone})"
        sql.write(f"DELETE FROM digest_reader WHERE digest_id IN {digests}", (before_us,))
        sql.write(f"DELETE FROM digest WHERE dashboard_id IN {gone}", (before_us,))
        return sql.write("DELETE FROM dashboard WHERE deleted_us < %s", (before_us,))


def segments_looked_at(settings: Settings) -> list[str]:
    """The keys of the segments that dashboards tell of."""
    store.connect(settings)
    rows = sql.read(
        "SELECT DISTINCT segment_key FROM dashboard WHERE segment_key <> '' AND deleted_us IS NULL "
        "ORDER BY segment_key"
    )
    return [key for (key,) in rows]


_SELECT = (
    "SELECT d.id, d.title, d.person_id, COALESCE(NULLIF(p.name, ''), p.email, ''), d.shared, d.period_kind, "
    "d.periods, d.segment_key, d.tiles, d.version, d.made_us, d.changed_us, d.deleted_us "
    "FROM dashboard d LEFT JOIN person p ON p.id = d.person_id"
)


def _dashboard(row: sql.Row) -> Dashboard:
    values = list(row)
    values[4] = bool(values[4])
    kept = json.loads(values[8]) if isinstance(values[8], str) else values[8]
    values[8] = tuple(tile_from(each) for each in kept)
    return Dashboard(*values)


def _json(tiles: Sequence[Tile]) -> str:
    return json.dumps([tile.as_json() for tile in tiles], ensure_ascii=False)
