"""What a dashboard shows, as it is answered."""

from __future__ import annotations

from itertools import groupby, islice

from holdfast.domain.figures import Figure as Measured
from holdfast.domain.period import date_of
from holdfast.services.foresee import reading
from holdfast.services.prove.look import Look, Seen
from holdfast.services.warn.reading import WEEK, open_episodes
from holdfast.web.api.contract import Answered, Call, Money
from holdfast.web.api.operations.figures import Period, period_of, said_of
from holdfast.web.api.operations.risks import Risk, risk_of
from holdfast.web.api.operations.segments import DayOfSegment
from holdfast.web.api.operations.signals import Episode, Storm, episode_of, storms_of
from holdfast.web.pages.dashboards.words import WARNINGS_READ, Reading, title_of


class TileFigure(Answered, frozen=True):
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


class TileResult(Answered, frozen=True):
    """What a tile shows; what does not belong to its kind is null or empty.

    ``figure`` is that of the period, ``before`` of the one before; ``trend`` the last periods, ``groups``
    the figures by country or source; ``size`` and ``days`` are of a segment; ``customers`` those at risk
    that the key may see, ``customers_in_all`` how many there are. ``warnings`` are early warnings that are
    open, of the customers to call first; those of ``storms`` of the last week are left out.
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


class DashboardResults(Answered, frozen=True):
    """A dashboard for a period, null before anything was measured; ``periods`` are those to look at.

    Where it tells of a segment, ``customers`` is of how many; ``waiting``: its figures are being computed;
    ``failed``: they could not be.
    """

    period: Period | None
    periods: list[Period]
    customers: int | None
    waiting: bool
    failed: bool
    tiles: list[TileResult]


def results_of(call: Call, seen: Look, who: Reading) -> DashboardResults:
    """A dashboard with what its tiles show."""
    return DashboardResults(
        period=None if seen.period is None else period_of(seen.period),
        periods=[period_of(each) for each in seen.periods],
        customers=seen.customers,
        waiting=seen.waiting,
        failed=seen.failed,
        tiles=[_result(call, each, who) for each in seen.tiles],
    )


def _result(call: Call, seen: Seen, who: Reading) -> TileResult:
    tile = seen.tile
    customers, in_all, reason = _at_risk(call, seen) if tile.kind == "at_risk" else ([], None, None)
    return TileResult(
        id=tile.id,
        kind=tile.kind,
        title=title_of(tile, who, seen),
        figure=_figure(call, seen.figure),
        before=_figure(call, seen.before),
        trend=[_said(call, each) for each in seen.trend],
        groups=[_said(call, each) for each in seen.groups],
        segment=None if seen.segment is None else seen.segment.key,
        size=seen.segment.size if seen.segment is not None and tile.kind == "segment" else None,
        days=[
            DayOfSegment(day=date_of(each.day), size=each.size, entered=each.entered, left=each.left)
            for each in seen.counts
        ],
        customers=customers,
        customers_in_all=in_all,
        warnings=_warnings(call, tile.rows) if tile.kind == "warnings" else [],
        storms=storms_of(call, WEEK) if tile.kind == "warnings" else [],
        reason=reason,
    )


def _at_risk(call: Call, seen: Seen) -> tuple[list[Risk], int, str | None]:
    segment = None if seen.segment is None else seen.segment.id
    found = reading.at_risk(call.settings, top=seen.tile.rows, segment=segment, among=call.theirs)
    criteria = reading.read_criteria(call.settings)
    rows = [risk_of(call, row, criteria) for row in found.rows]
    return rows, found.total, None if found.reason is None else call.say(found.reason)


def _warnings(call: Call, customers: int) -> list[Episode]:
    """The open warnings of so many customers, those with most at stake first."""
    page = open_episodes(call.settings, call.theirs, now=call.actual, limit=WARNINGS_READ)
    by_customer = (list(rows) for _, rows in groupby(page.rows, key=lambda row: row.unit_id))
    return [episode_of(call, row) for rows in islice(by_customer, customers) for row in rows]


def _figure(call: Call, figure: Measured | None) -> TileFigure | None:
    return None if figure is None else _said(call, figure)


def _said(call: Call, figure: Measured) -> TileFigure:
    return TileFigure(**said_of(call, figure))
