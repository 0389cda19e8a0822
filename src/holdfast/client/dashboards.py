"""Dashboards: put together of tiles, shared or one's own, and what they show.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import DayOfSegment, Episode, Money, Period, Risk, Storm


class Dashboard(TypedDict):
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
    made_at: str
    changed_at: str


class DashboardResults(TypedDict):
    """A dashboard for a period, null before anything was measured; ``periods`` are those to look at.

    Where it tells of a segment, ``customers`` is of how many; ``waiting``: its figures are being
    computed; ``failed``: they could not be.
    """

    period: Period | None
    periods: list[Period]
    customers: int | None
    waiting: bool
    failed: bool
    tiles: list[TileResult]


class Tile(TypedDict):
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


class TileFigure(TypedDict):
    """A figure of a tile; ``value`` is null where ``reason`` says why, or where it is an ``amount``."""

    metric: str
    definition: str
    group: str | None
    period: Period
    value: float | None
    amount: Money | None
    low: float | None
    high: float | None
    unit: str
    formula: str
    reason: str | None


class TileResult(TypedDict):
    """What a tile shows; what does not belong to its kind is null or empty.

    ``figure`` is that of the period, ``before`` of the one before; ``trend`` the last periods, ``groups``
    the figures by country or source; ``size`` and ``days`` are of a segment; ``customers`` those at risk
    that the key may see, ``customers_in_all`` how many there are. ``warnings`` are early warnings that
    are open, of the customers to call first; those of ``storms`` of the last week are left out.
    """

    id: int
    kind: str
    title: str
    figure: TileFigure | None
    before: TileFigure | None
    trend: list[TileFigure]
    groups: list[TileFigure]
    segment: str | None
    size: int | None
    days: list[DayOfSegment]
    customers: list[Risk]
    customers_in_all: int | None
    warnings: list[Episode]
    storms: list[Storm]
    reason: str | None


class DashboardsArea:
    """Dashboards: put together of tiles, shared or one's own, and what they show."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_dashboards(self, *, limit: int | None = None) -> Iterator[Dashboard]:
        """List one's own dashboards and those that are shared, by number."""
        return self._connection.pages("/dashboards", {"limit": limit})

    def create_dashboard(
        self, *, title: str, shared: bool | LeftOut = LEFT_OUT, empty: bool | LeftOut = LEFT_OUT
    ) -> Dashboard:
        """Make a dashboard; it is of whom the key acts for."""
        return cast(
            "Dashboard",
            self._connection.ask(
                "POST", "/dashboards", body={"title": title, "shared": shared, "empty": empty}
            ),
        )

    def get_dashboard(self, dashboard_id: int) -> Dashboard:
        """Get one dashboard and its tiles."""
        return cast("Dashboard", self._connection.ask("GET", f"/dashboards/{dashboard_id}"))

    def update_dashboard(
        self,
        dashboard_id: int,
        *,
        title: str | LeftOut | None = LEFT_OUT,
        shared: bool | LeftOut | None = LEFT_OUT,
        period_kind: Literal["month", "quarter", "year"] | LeftOut | None = LEFT_OUT,
        periods: int | LeftOut | None = LEFT_OUT,
        segment: str | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Dashboard:
        """Change what holds for a whole dashboard."""
        return cast(
            "Dashboard",
            self._connection.ask(
                "PATCH",
                f"/dashboards/{dashboard_id}",
                body={
                    "title": title,
                    "shared": shared,
                    "period_kind": period_kind,
                    "periods": periods,
                    "segment": segment,
                },
                if_match=if_match,
            ),
        )

    def delete_dashboard(self, dashboard_id: int, *, if_match: str | None = None) -> None:
        """Take a dashboard away; for a month it can be brought back."""
        self._connection.ask("DELETE", f"/dashboards/{dashboard_id}", if_match=if_match)

    def restore_dashboard(self, dashboard_id: int) -> Dashboard:
        """Bring a deleted dashboard back."""
        return cast("Dashboard", self._connection.ask("POST", f"/dashboards/{dashboard_id}/restore"))

    def get_dashboard_results(self, dashboard_id: int, *, start: str | None = None) -> DashboardResults:
        """Get what a dashboard shows, as the last run saved it."""
        return cast(
            "DashboardResults",
            self._connection.ask("GET", f"/dashboards/{dashboard_id}/results", query={"start": start}),
        )

    def add_tile(
        self,
        dashboard_id: int,
        *,
        kind: Literal["at_risk", "figure", "groups", "segment", "trend", "warnings"],
        metric: str | LeftOut = LEFT_OUT,
        definition: str | LeftOut = LEFT_OUT,
        group: str | LeftOut = LEFT_OUT,
        segment: str | LeftOut = LEFT_OUT,
        size: Literal["medium", "small", "wide"] | LeftOut | None = LEFT_OUT,
        rows: int | LeftOut = LEFT_OUT,
        title: str | LeftOut = LEFT_OUT,
    ) -> Tile:
        """Put a tile on a dashboard, at its end."""
        return cast(
            "Tile",
            self._connection.ask(
                "POST",
                f"/dashboards/{dashboard_id}/tiles",
                body={
                    "kind": kind,
                    "metric": metric,
                    "definition": definition,
                    "group": group,
                    "segment": segment,
                    "size": size,
                    "rows": rows,
                    "title": title,
                },
            ),
        )

    def update_tile(
        self,
        dashboard_id: int,
        tile_id: int,
        *,
        size: Literal["medium", "small", "wide"] | LeftOut | None = LEFT_OUT,
        title: str | LeftOut | None = LEFT_OUT,
    ) -> Tile:
        """Give a tile another size or title."""
        return cast(
            "Tile",
            self._connection.ask(
                "PATCH", f"/dashboards/{dashboard_id}/tiles/{tile_id}", body={"size": size, "title": title}
            ),
        )

    def take_tile_off(self, dashboard_id: int, tile_id: int) -> None:
        """Take a tile off a dashboard."""
        self._connection.ask("DELETE", f"/dashboards/{dashboard_id}/tiles/{tile_id}")

    def move_tile(self, dashboard_id: int, tile_id: int, *, place: int) -> Dashboard:
        """Put a tile at another place."""
        return cast(
            "Dashboard",
            self._connection.ask(
                "POST", f"/dashboards/{dashboard_id}/tiles/{tile_id}/move", body={"place": place}
            ),
        )
