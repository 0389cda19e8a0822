"""Dashboards: made, their tiles put in order, shared, taken away and brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.dashboards import (
    LOOK_BACK,
    MOST_ROWS,
    MOST_TILES,
    PERIOD_KINDS,
    TILE_KINDS,
    TILE_SIZES,
    TRAITS,
    USUAL_SIZE,
    Tile,
)
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.measure.answer import metrics
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.dashboards import Dashboard

LONGEST_TITLE = 120

FIRST_TILES: tuple[Tile, ...] = (
    Tile(1, "figure", "churn_rate", "lost_of_start", size="small"),
    Tile(2, "figure", "money_lost", "actual", size="small"),
    Tile(3, "figure", "active_customers", "at_end", size="small"),
    Tile(4, "trend", "churn_rate", "lost_of_start", size="wide"),
    Tile(5, "at_risk", size="wide"),
)
"""What a new dashboard begins with; each tile can be taken off."""


def make(
    settings: Settings, title: str, *, person_id: int, shared: bool, now: datetime, empty: bool = False
) -> int:
    """Make a dashboard, with some tiles to begin with; its number. Refuses an empty title ("bad_title")."""
    from holdfast.store import dashboards

    tiles = () if empty else FIRST_TILES
    return dashboards.add(
        settings, checked_title(title), person_id, tiles, shared=shared, now_us=microseconds(now)
    )


def describe(
    settings: Settings,
    dashboard: Dashboard,
    *,
    title: str,
    shared: bool,
    period_kind: str,
    periods: int,
    segment_key: str,
    now: datetime,
) -> None:
    """Change what holds for the whole dashboard.

    Refuses a title, a period or a segment that is none ("bad_title", "bad_period", "no_such_segment") and
    a dashboard that somebody changed meanwhile ("changed_meanwhile").
    """
    if period_kind not in PERIOD_KINDS or periods not in LOOK_BACK:
        raise _none_of("bad_period", f"{periods} {period_kind}", [*PERIOD_KINDS, *map(str, LOOK_BACK)])
    if segment_key:
        check_segment(settings, segment_key)
    _save(
        settings,
        dashboard,
        now,
        title=checked_title(title),
        shared=shared,
        period_kind=period_kind,
        periods=periods,
        segment_key=segment_key,
    )


def add_tile(settings: Settings, dashboard: Dashboard, wanted: Tile, *, now: datetime) -> int:
    """Put a tile at the end; its number. Refuses what cannot be a tile ("bad_tile"), and too many."""
    if len(dashboard.tiles) >= MOST_TILES:
        raise Refusal(
            "too_many_tiles",
            found=Text("The dashboard has {n} tile.", "The dashboard has {n} tiles.", n=len(dashboard.tiles)),
            expected=Text("At most {most}.", most=MOST_TILES),
            remedy=Text("Take one off, or make another dashboard."),
        )
    _check_tile(settings, wanted)
    number = 1 + max((tile.id for tile in dashboard.tiles), default=0)
    tile = replace(wanted, id=number, rows=min(max(wanted.rows, 1), MOST_ROWS))
    _save(settings, dashboard, now, tiles=[*dashboard.tiles, tile])
    return number


def move_tile(settings: Settings, dashboard: Dashboard, tile_id: int, by: int, *, now: datetime) -> None:
    """Move a tile up (-1) or down (+1); at either end it stays."""
    tiles = list(dashboard.tiles)
    at = _place(dashboard, tile_id)
    to = min(max(at + by, 0), len(tiles) - 1)
    tiles.insert(to, tiles.pop(at))
    _save(settings, dashboard, now, tiles=tiles)


def change_tile(
    settings: Settings, dashboard: Dashboard, tile_id: int, *, size: str, title: str, now: datetime
) -> None:
    """Give a tile another size and title ("" for its usual one)."""
    wanted = next((known for known in TILE_SIZES if known == size), None)
    if wanted is None:
        raise _none_of("bad_tile", size, TILE_SIZES)
    name = " ".join(title.split())[:LONGEST_TITLE]

    def changed(tile: Tile) -> Tile:
        return replace(tile, size=wanted, title=name) if tile.id == tile_id else tile

    _each(settings, dashboard, tile_id, changed, now)


def take_off(settings: Settings, dashboard: Dashboard, tile_id: int, *, now: datetime) -> None:
    """Take a tile off."""
    _place(dashboard, tile_id)
    _save(settings, dashboard, now, tiles=[tile for tile in dashboard.tiles if tile.id != tile_id])


def usual(kind: str) -> str:
    """The size in which a tile of a kind begins."""
    return next((size for known, size in USUAL_SIZE.items() if known == kind), "medium")


def checked_title(written: str) -> str:
    """A title of one line. Refuses an empty and an endless one ("bad_title")."""
    kept = " ".join("".join(each if each >= " " else " " for each in written).split())
    if kept and len(kept) <= LONGEST_TITLE:
        return kept
    raise Refusal(
        "bad_title",
        found=Text("The title has {n} letter.", "The title has {n} letters.", n=len(kept)),
        expected=Text("One to {most} letters.", most=LONGEST_TITLE),
        remedy=Text("Give it a short name."),
    )


def _check_tile(settings: Settings, tile: Tile) -> None:
    if tile.kind not in TILE_KINDS or tile.size not in TILE_SIZES:
        raise _none_of("bad_tile", f"{tile.kind} {tile.size}", [*TILE_KINDS, *TILE_SIZES])
    if tile.kind in ("figure", "trend", "groups"):
        known = [metric.name for metric in metrics()]
        if tile.metric not in known:
            raise _none_of("bad_tile", tile.metric, known)
    if tile.kind == "groups" and tile.group not in TRAITS:
        raise _none_of("bad_tile", tile.group, TRAITS)
    if tile.segment or tile.kind == "segment":
        check_segment(settings, tile.segment)


def check_segment(settings: Settings, key: str) -> None:
    """Refuse a key that no segment of this workspace has ("no_such_segment")."""
    from holdfast.store import segments

    if segments.by_key(settings, key) is None:
        raise Refusal(
            "no_such_segment",
            found=Text("There is no segment {key}.", key=key[:80] or '""'),
            expected=Text("The key of a segment of this workspace."),
            remedy=Text("Choose one of the list, or make it first."),
        )


def _each(
    settings: Settings,
    dashboard: Dashboard,
    tile_id: int,
    changed: Callable[[Tile], Tile],
    now: datetime,
) -> None:
    _place(dashboard, tile_id)
    _save(settings, dashboard, now, tiles=[changed(tile) for tile in dashboard.tiles])


def _place(dashboard: Dashboard, tile_id: int) -> int:
    for at, tile in enumerate(dashboard.tiles):
        if tile.id == tile_id:
            return at
    raise _changed()


def _save(
    settings: Settings,
    dashboard: Dashboard,
    now: datetime,
    *,
    tiles: Sequence[Tile] | None = None,
    **values: object,
) -> None:
    from holdfast.store import dashboards

    if not dashboards.change(settings, dashboard, now_us=microseconds(now), tiles=tiles, **values):
        raise _changed()


def _changed() -> Refusal:
    return Refusal(
        "changed_meanwhile",
        found=Text("The dashboard was changed meanwhile."),
        expected=Text("The dashboard that you see."),
        remedy=Text("Load the page again, and change what stands there now."),
    )


def _none_of(code: str, found: str, known: Iterable[str]) -> Refusal:
    return Refusal(
        code,
        found=Text("{found} is none of them.", found=found[:40] or '""'),
        expected=Text("One of {known}.", known=", ".join(known)),
        remedy=Text("Choose one of these; nothing was changed."),
    )
