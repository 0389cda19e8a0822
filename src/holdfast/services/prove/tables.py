"""What goes into a file: the customers of a segment, who is at risk, figures, a whole dashboard.

Column names and values are for programs (English codes, points, ISO dates), as in every file of Holdfast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from holdfast.domain.figures import Figure
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.embedded import literal
from holdfast.engines.exporting import Column
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.services.prove.look import Look, Seen
    from holdfast.store.segments import KeptSegment

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file and its rows, in their order."""

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Any, ...]]


def table(settings: Settings, kind: str, asked: Mapping[str, Any], *, today: int) -> Table:
    """The table that was asked for. Refuses a segment or dashboard that is not there ("not_there")."""
    return _KINDS[kind](settings, asked, today)


def _segment(settings: Settings, asked: Mapping[str, Any], today: int) -> Table:
    found = _kept_segment(settings, asked)
    currency = literal(settings.currency or NO_CURRENCY)
    columns = (
        Column("unit_id", "whole"),
        Column("name"),
        Column("kind"),
        Column("state"),
        Column("country"),
        Column("source"),
        Column("first_day", "day"),
        Column("last_day", "day"),
        Column("left_day", "day"),
        Column("orders", "whole"),
        Column("spent", "money", currency=currency),
    )
    return Table(columns, _members(settings, found.id))


def _members(settings: Settings, segment_id: int) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import segments
    from holdfast.store.customers import listed_among

    after: int | None = None
    while some := segments.members(settings, segment_id, after=after, limit=_BATCH):
        after = some[-1].unit_id
        for row in listed_among(settings, [each.unit_id for each in some]):
            days = row.first_day, row.last_day, row.left_day
            who = row.unit_id, row.name, row.kind, row.state, row.country, row.source
            yield (*who, *days, row.orders, row.amount_minor)


def _at_risk(settings: Settings, asked: Mapping[str, Any], today: int) -> Table:
    found = _kept_segment(settings, asked) if asked.get("segment") else None
    currency = literal(settings.currency or NO_CURRENCY)
    columns = (
        Column("unit_id", "whole"),
        Column("name"),
        Column("state"),
        Column("country"),
        Column("risk", "number"),
        Column("value", "money", currency=currency),
        Column("value_at_risk", "money", currency=currency),
        Column("likely_from", "day"),
        Column("likely_to", "day"),
        Column("as_of", "day"),
    )
    return Table(columns, _scored(settings, found.id if found else None))


def _scored(settings: Settings, segment_id: int | None) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import at_risk

    after: tuple[Any, int] | None = None
    wanted = at_risk.RiskFilter(segment=segment_id)
    while True:
        page = at_risk.list_at_risk(settings, wanted, "value_at_risk", after=after, limit=_BATCH)
        for row in page.rows:
            days = row.likely_from_day, row.likely_to_day, row.as_of_day
            money = row.value_minor, row.value_at_risk_minor
            yield (row.unit_id, row.name, row.state, row.country, row.risk, *money, *days)
        if not page.more:
            return
        last = page.rows[-1]
        after = last.sort_value("value_at_risk"), last.unit_id


_FIGURES = (
    Column("metric"),
    Column("definition"),
    Column("group"),
    Column("period"),
    Column("from", "day"),
    Column("until", "day"),
    Column("value", "number"),
    Column("low", "number"),
    Column("high", "number"),
    Column("unit"),
)


def _metrics(settings: Settings, asked: Mapping[str, Any], today: int) -> Table:
    from holdfast.store import figures

    kept = figures.read_figures(settings, str(asked.get("period", "month")))
    return Table(_FIGURES, (_figure(each.figure) for each in kept if not each.figure.rows))


def _figure(figure: Figure) -> tuple[Any, ...]:
    from holdfast.domain.period import day_number

    period = figure.period
    bounds = day_number(period.start), day_number(period.end)
    values = (_number(each) for each in (figure.value, figure.low, figure.high))
    return figure.metric, figure.definition, figure.group or "", period.kind, *bounds, *values, figure.unit


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _dashboard(settings: Settings, asked: Mapping[str, Any], today: int) -> Table:
    """Every tile of a dashboard, one below the other: figures, sizes of segments, customers at risk."""
    from holdfast.services.prove.look import look
    from holdfast.store import dashboards

    found = dashboards.one(settings, int(asked.get("dashboard", 0)))
    if found is None or found.deleted_us is not None:
        raise _not_there()
    start = date.fromisoformat(asked["from"]) if asked.get("from") else None
    columns = (
        Column("tile", "whole"),
        Column("tile_name"),
        *_FIGURES,
        Column("customer", "whole"),
        Column("name"),
    )
    return Table(columns, _tiles(settings, look(settings, found, start=start, today=today), today))


def _tiles(settings: Settings, seen: Look, today: int) -> Iterator[tuple[Any, ...]]:
    for place, each in enumerate(seen.tiles, 1):
        for row in _tile(settings, each, today):
            yield (place, each.tile.title or each.tile.metric or each.tile.segment or each.tile.kind, *row)


def _tile(settings: Settings, seen: Seen, today: int) -> Iterator[tuple[Any, ...]]:
    if seen.tile.kind == "segment":
        for each in seen.counts:
            yield ("segment", "", seen.tile.segment, "day", each.day, each.day + 1, float(each.size),
                   None, None, "customers", None, None)  # fmt: skip
    elif seen.tile.kind == "at_risk":
        yield from _risks(settings, seen)
    elif seen.tile.kind == "warnings":
        yield from _warnings(settings, seen, today)
    else:
        figures = seen.groups or seen.trend or ((seen.figure,) if seen.figure else ())
        for figure in figures:
            yield (*_figure(figure), None, None)


def _risks(settings: Settings, seen: Seen) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import at_risk

    wanted = at_risk.RiskFilter(segment=seen.segment.id if seen.segment else None)
    page = at_risk.list_at_risk(settings, wanted, "value_at_risk", limit=seen.tile.rows)
    for row in page.rows:
        days = row.as_of_day, row.as_of_day + 1
        yield ("risk", "", "", "day", *days, row.risk, None, None, "share", row.unit_id, row.name)


def _warnings(settings: Settings, seen: Seen, today: int) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import episodes_reading

    found = episodes_reading.open_ranked(settings, today=today, among=None, limit=seen.tile.rows)
    for row in found:
        days = row.began_day, row.began_day + 1
        yield ("warning", row.signal_key, "", "day", *days, row.strength, None, None, "share",
               row.unit_id, row.name)  # fmt: skip


def _kept_segment(settings: Settings, asked: Mapping[str, Any]) -> KeptSegment:
    from holdfast.store import segments

    found = segments.by_key(settings, str(asked.get("segment", "")))
    if found is None:
        raise _not_there()
    return found


def _not_there() -> Refusal:
    return Refusal(
        "not_there",
        found=Text("What was to be saved is not there any more."),
        expected=Text("A segment or dashboard that nobody has deleted."),
        remedy=Text("Ask for another file."),
    )


_KINDS: dict[str, Callable[[Settings, Mapping[str, Any], int], Table]] = {
    "segment": _segment,
    "at_risk": _at_risk,
    "metrics": _metrics,
    "dashboard": _dashboard,
}

KINDS = tuple(_KINDS)
