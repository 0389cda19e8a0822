"""Dashboards: put together of tiles, shared or one's own, and what they show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from holdfast.domain.dashboards import (
    LOOK_BACK,
    MOST_ROWS,
    MOST_TILES,
    USUAL_SIZE,
    PeriodKind,
    TileKind,
    TileSize,
)
from holdfast.domain.dashboards import Tile as OurTile
from holdfast.domain.period import day_number
from holdfast.services.prove import dashboards as acts
from holdfast.services.prove.look import look
from holdfast.store import dashboards as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import EXPORTERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    not_here,
    operation,
)
from holdfast.web.api.dashboard_shapes import DashboardResults, results_of
from holdfast.web.api.seeing import check_acts, own_id
from holdfast.web.pages.dashboards.view import may_change
from holdfast.web.pages.dashboards.words import Reading

Title = Annotated[str, Meta(min_length=1, max_length=acts.LONGEST_TITLE)]
TileTitle = Annotated[str, Meta(max_length=acts.LONGEST_TITLE, description='"" takes the usual title.')]
Name = Annotated[str, Meta(max_length=100)]
Periods = Annotated[int, Meta(description=f"Over how many periods: one of {', '.join(map(str, LOOK_BACK))}.")]


class Tile(Answered, frozen=True):
    """A tile: ``metric`` and ``definition`` name a figure, ``group`` by what it is shown."""

    id: int
    kind: str
    title: str
    metric: str
    definition: str
    group: str
    segment: str
    size: str
    rows: int


class Dashboard(Answered, frozen=True):
    """A dashboard: of everybody, or of the segment whose key it names; its tiles in their order."""

    id: int
    title: str
    person_id: int | None
    maker: str
    shared: bool
    may_change: bool
    period_kind: str
    periods: int
    segment: str
    tiles: list[Tile]
    version: int
    made_at: datetime
    changed_at: datetime


class NewDashboard(Asked, kw_only=True, frozen=True):
    """A dashboard to be made; it begins with some usual tiles unless it is to be ``empty``."""

    title: Title
    shared: bool = False
    empty: bool = False


class DashboardChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; what is left out stays. ``segment`` "" is everybody."""

    title: Title | None = None
    shared: bool | None = None
    period_kind: PeriodKind | None = None
    periods: Periods | None = None
    segment: Name | None = None


class NewTile(Asked, kw_only=True, frozen=True):
    """A tile to be put at the end; which fields it needs goes by its kind."""

    kind: TileKind
    metric: Name = ""
    definition: Name = ""
    group: Annotated[str, Meta(max_length=20, description="For groups: country or source.")] = ""
    segment: Name = ""
    size: TileSize | None = None
    rows: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 10
    title: TileTitle = ""


class TileChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; what is left out stays."""

    size: TileSize | None = None
    title: TileTitle | None = None


class TilePlace(Asked, kw_only=True, frozen=True):
    """Where a tile is to stand, counted from 1; behind the last one is the end."""

    place: Annotated[int, Meta(ge=1, le=MOST_TILES)]


class ResultQuery(Asked, kw_only=True, frozen=True):
    """For which period: the one that begins on ``start``; the last that is over without it."""

    start: date | None = None


@operation("GET", "/dashboards", scope=READ)
def list_dashboards(call: Call, query: Paging) -> Page[Dashboard]:
    """List one's own dashboards and those that are shared, by number."""
    return cursors.page_of(
        call,
        query,
        stored.listed(call.settings, own_id(call)),
        kind=int,
        place=lambda each: each.id,
        show=lambda each: _dashboard(call, each),
    )


@operation("POST", "/dashboards", scope=WRITE, roles=EXPORTERS, status=201)
def create_dashboard(call: Call, body: NewDashboard) -> Dashboard:
    """Make a dashboard; it is of whom the key acts for."""
    made = acts.make(
        call.settings,
        body.title,
        person_id=check_acts(call),
        shared=body.shared,
        now=call.now,
        empty=body.empty,
    )
    return get_dashboard(call, made)


@operation("GET", "/dashboards/{dashboard_id}", scope=READ)
def get_dashboard(call: Call, dashboard_id: Id) -> Dashboard:
    """Get one dashboard and its tiles."""
    return _dashboard(call, seen_dashboard(call, dashboard_id))


@operation("PATCH", "/dashboards/{dashboard_id}", scope=WRITE, roles=EXPORTERS)
def update_dashboard(call: Call, dashboard_id: Id, body: DashboardChanged) -> Dashboard:
    """Change what holds for a whole dashboard."""
    found = changeable(call, dashboard_id)
    acts.describe(
        call.settings,
        found,
        title=body.title or found.title,
        shared=found.shared if body.shared is None else body.shared,
        period_kind=body.period_kind or found.period_kind,
        periods=found.periods if body.periods is None else body.periods,
        segment_key=found.segment_key if body.segment is None else body.segment,
        now=call.now,
    )
    return get_dashboard(call, dashboard_id)


@operation("DELETE", "/dashboards/{dashboard_id}", scope=WRITE, roles=EXPORTERS)
def delete_dashboard(call: Call, dashboard_id: Id) -> None:
    """Take a dashboard away; for a month it can be brought back."""
    stored.delete(call.settings, changeable(call, dashboard_id).id, now_us=call.actual_us)


@operation("POST", "/dashboards/{dashboard_id}/restore", scope=WRITE, roles=EXPORTERS)
def restore_dashboard(call: Call, dashboard_id: Id) -> Dashboard:
    """Bring a deleted dashboard back."""
    stored.restore(call.settings, changeable(call, dashboard_id, deleted=True).id)
    return get_dashboard(call, dashboard_id)


@operation("GET", "/dashboards/{dashboard_id}/results", scope=READ)
def get_dashboard_results(call: Call, dashboard_id: Id, query: ResultQuery) -> DashboardResults:
    """Get what a dashboard shows, as the last run saved it."""
    found = seen_dashboard(call, dashboard_id)
    today = day_number(call.now.astimezone(call.settings.zone).date())
    seen = look(call.settings, found, start=query.start, today=today)
    if query.start is not None and (seen.period is None or seen.period.start != query.start):
        raise not_here("period", query.start)
    who = Reading(call.settings, call.reader, call.masks, call.theirs, today)
    return results_of(call, seen, who)


@operation("POST", "/dashboards/{dashboard_id}/tiles", scope=WRITE, roles=EXPORTERS, status=201)
def add_tile(call: Call, dashboard_id: Id, body: NewTile) -> Tile:
    """Put a tile on a dashboard, at its end."""
    found = changeable(call, dashboard_id)
    wanted = OurTile(
        0,
        body.kind,
        body.metric,
        body.definition,
        body.group,
        body.segment,
        body.size or USUAL_SIZE[body.kind],
        body.rows,
        " ".join(body.title.split()),
    )
    number = acts.add_tile(call.settings, found, wanted, now=call.now)
    return _tile_called(changeable(call, dashboard_id), number)


@operation("PATCH", "/dashboards/{dashboard_id}/tiles/{tile_id}", scope=WRITE, roles=EXPORTERS)
def update_tile(call: Call, dashboard_id: Id, tile_id: Id, body: TileChanged) -> Tile:
    """Give a tile another size or title."""
    found = changeable(call, dashboard_id)
    tile = _tile_called(found, tile_id)
    acts.change_tile(
        call.settings,
        found,
        tile_id,
        size=body.size or tile.size,
        title=tile.title if body.title is None else body.title,
        now=call.now,
    )
    return _tile_called(changeable(call, dashboard_id), tile_id)


@operation("POST", "/dashboards/{dashboard_id}/tiles/{tile_id}/move", scope=WRITE, roles=EXPORTERS)
def move_tile(call: Call, dashboard_id: Id, tile_id: Id, body: TilePlace) -> Dashboard:
    """Put a tile at another place."""
    found = changeable(call, dashboard_id)
    _tile_called(found, tile_id)
    now = 1 + [tile.id for tile in found.tiles].index(tile_id)
    acts.move_tile(call.settings, found, tile_id, body.place - now, now=call.now)
    return get_dashboard(call, dashboard_id)


@operation("DELETE", "/dashboards/{dashboard_id}/tiles/{tile_id}", scope=WRITE, roles=EXPORTERS)
def take_tile_off(call: Call, dashboard_id: Id, tile_id: Id) -> None:
    """Take a tile off a dashboard."""
    found = changeable(call, dashboard_id)
    _tile_called(found, tile_id)
    acts.take_off(call.settings, found, tile_id, now=call.now)


def seen_dashboard(call: Call, dashboard_id: int, *, deleted: bool = False) -> stored.Dashboard:
    """The dashboard where the key may look at it; with ``deleted`` also one that was taken away."""
    found = stored.one(call.settings, dashboard_id)
    if found is None or not found.is_seen_by(own_id(call)):
        raise not_here("dashboard", dashboard_id)
    if found.deleted_us is not None and not deleted:
        raise not_here("dashboard", dashboard_id)
    return found


def changeable(call: Call, dashboard_id: int, *, deleted: bool = False) -> stored.Dashboard:
    """The dashboard where the key may change it; as on the pages it is not there for others."""
    found = seen_dashboard(call, dashboard_id, deleted=deleted)
    if not may_change(call.person, found):
        raise not_here("dashboard", dashboard_id)
    return found


def _dashboard(call: Call, each: stored.Dashboard) -> Dashboard:
    return Dashboard(
        id=each.id,
        title=each.title,
        person_id=each.person_id,
        maker=each.maker,
        shared=each.shared,
        may_change=may_change(call.person, each),
        period_kind=each.period_kind,
        periods=each.periods,
        segment=each.segment_key,
        tiles=[_tile(tile) for tile in each.tiles],
        version=each.version,
        made_at=moment(each.made_us),
        changed_at=moment(each.changed_us),
    )


def _tile(tile: OurTile) -> Tile:
    return Tile(
        id=tile.id,
        kind=tile.kind,
        title=tile.title,
        metric=tile.metric,
        definition=tile.definition,
        group=tile.group,
        segment=tile.segment,
        size=tile.size,
        rows=tile.rows,
    )


def _tile_called(found: stored.Dashboard, tile_id: int) -> Tile:
    tile = next((each for each in found.tiles if each.id == tile_id), None)
    if tile is None:
        raise not_here("tile", tile_id)
    return _tile(tile)
