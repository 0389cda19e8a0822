"""What a dashboard shows: read from what the loop and the worker have saved, never computed on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from holdfast.domain.dashboards import Tile
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.dashboards import Dashboard
    from holdfast.store.segments import DayCount, KeptSegment

_DAYS: Mapping[str, int] = {"month": 31, "quarter": 92, "year": 366}


@dataclass(frozen=True, slots=True)
class Seen:
    """A tile with what it shows; what does not belong to its kind is empty.

    ``figure`` is that of the period, ``before`` of the period before it; ``trend`` holds the last periods,
    the oldest first; ``groups`` the figures by country or source. ``counts`` are sizes of a segment by day.
    Of a list of customers at risk only the ``segment`` is here: who they are is asked with the risks.
    """

    tile: Tile
    figure: Figure | None = None
    before: Figure | None = None
    trend: tuple[Figure, ...] = ()
    groups: tuple[Figure, ...] = ()
    segment: KeptSegment | None = None
    counts: tuple[DayCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A dashboard as of one ``period``, ``None`` where nothing was measured yet.

    ``periods`` are those that can be looked at, the newest first. ``waiting`` says that the figures of its
    segment are still to be computed, ``failed`` that they could not be; ``customers`` of how many they are.
    """

    period: Period | None
    periods: tuple[Period, ...]
    tiles: tuple[Seen, ...]
    segment: KeptSegment | None = None
    waiting: bool = False
    failed: bool = False
    customers: int | None = None


def look(
    settings: Settings,
    dashboard: Dashboard,
    *,
    start: date | None = None,
    today: int,
) -> Look:
    """The dashboard for the period that begins on ``start``; without one, for the last that is over.

    ``today`` counts days from 1970.
    """
    from holdfast.store import segment_figures, segments

    of = segments.by_key(settings, dashboard.segment_key) if dashboard.segment_key else None
    measured = segment_figures.measured(settings, of.id) if of is not None else None
    known = _periods(settings, dashboard, of)
    over = [each for each in known if each.end <= _date(today)]
    period = next((each for each in known if each.start == start), None) or next(iter(over or known), None)
    figures = _figures(settings, dashboard, of, known, period)
    tiles = tuple(
        _segment(settings, tile, period, today, of)
        if tile.kind in _OF_SEGMENTS
        else _seen(tile, figures, period)
        for tile in dashboard.tiles
    )
    return Look(
        period,
        tuple(known),
        tiles,
        of,
        waiting=bool(dashboard.segment_key) and measured is None,
        failed=measured is not None and bool(measured.trouble),
        customers=measured.customers if measured else None,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """A figure that a tile can show: of a metric by one definition, ``figure`` being the latest one.

    ``grouped`` says that it is there by country or source too.
    """

    metric: str
    definition: str
    figure: Figure
    grouped: bool


def offered(settings: Settings, period_kind: str) -> list[Offer]:
    """Every figure that was computed for this kind of period, by metric and definition."""
    from holdfast.store import figures

    latest = next(iter(figures.periods(settings, period_kind)), None)
    if latest is None:
        return []
    found: dict[tuple[str, str], Figure] = {}
    grouped: set[tuple[str, str]] = set()
    for kept in figures.read_figures(settings, period_kind, from_day=latest.start):
        key = kept.figure.metric, kept.figure.definition
        if kept.figure.group:
            grouped.add(key)
        elif not kept.figure.rows:
            found[key] = kept.figure
    return [Offer(*key, figure, key in grouped) for key, figure in sorted(found.items())]


def _periods(settings: Settings, dashboard: Dashboard, of: KeptSegment | None) -> list[Period]:
    from holdfast.store import figures, segment_figures

    if of is None:
        return figures.periods(settings, dashboard.period_kind)
    return segment_figures.periods(settings, of.id, dashboard.period_kind)


def _figures(
    settings: Settings,
    dashboard: Dashboard,
    of: KeptSegment | None,
    known: Sequence[Period],
    period: Period | None,
) -> list[Figure]:
    """Every figure that any tile needs: one statement."""
    from holdfast.store import figures, segment_figures

    metrics = sorted({tile.metric for tile in dashboard.tiles if tile.metric})
    if period is None or not metrics:
        return []
    shown = [each for each in reversed(known) if each.start <= period.start][-max(dashboard.periods, 2) :]
    days = {"from_day": shown[0].start, "to_day": period.end}
    if of is not None:
        return segment_figures.read(settings, of.id, dashboard.period_kind, metrics=metrics, **days)
    kept = figures.read_figures(settings, dashboard.period_kind, metrics=metrics, **days)
    return [each.figure for each in kept]


def _seen(tile: Tile, figures: Sequence[Figure], period: Period | None) -> Seen:
    theirs = [each for each in figures if (each.metric, each.definition) == (tile.metric, tile.definition)]
    whole = [each for each in theirs if not each.group]
    now = next((each for each in whole if each.period == period), None)
    if tile.kind == "groups":
        return Seen(tile, figure=now, groups=_groups(theirs, tile, period))
    before = next((each for each in whole if period and each.period.end == period.start), None)
    return Seen(tile, figure=now, before=before, trend=tuple(whole) if tile.kind == "trend" else ())


def _groups(figures: Iterable[Figure], tile: Tile, period: Period | None) -> tuple[Figure, ...]:
    found = [
        each
        for each in figures
        if each.period == period
        and (each.group or "").startswith(f"{tile.group}=")
        and each.value is not None
    ]
    return tuple(sorted(found, key=lambda each: -float(each.value or 0))[: tile.rows])


_OF_SEGMENTS = ("segment", "at_risk", "warnings")


def _segment(
    settings: Settings, tile: Tile, period: Period | None, today: int, of: KeptSegment | None
) -> Seen:
    from holdfast.store import segments

    found = segments.by_key(settings, tile.segment) if tile.segment else None
    if tile.kind == "warnings":
        return Seen(tile)
    if tile.kind == "at_risk":
        return Seen(tile, segment=found or of)
    if found is None:
        return Seen(tile)
    days = 3 * _DAYS.get(period.kind if period else "month", 31)
    return Seen(
        tile, segment=found, counts=tuple(segments.counts(settings, found.id, since_day=today - days))
    )


def _date(day: int) -> date:
    from holdfast.domain.period import date_of

    return date_of(day)
