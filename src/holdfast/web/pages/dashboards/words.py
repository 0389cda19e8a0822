"""A dashboard in the reader's words: what the page, the mail and the file say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from holdfast.analytics.metric import Metric
from holdfast.domain.dashboards import TRAITS, Tile
from holdfast.domain.figures import Figure
from holdfast.domain.period import date_of
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee import reading
from holdfast.services.foresee.reading import RiskRow
from holdfast.services.measure.answer import metrics
from holdfast.services.warn import reading as warnings
from holdfast.settings import Settings
from holdfast.web.charts.canvas import Chart
from holdfast.web.episode_words import Called, called, shown_storms
from holdfast.web.figures import figure_value, readable
from holdfast.web.masking import Masks
from holdfast.web.pages.at_risk.words import ShownRow, shown_row
from holdfast.web.pages.dashboards import pictures
from holdfast.web.pages.dashboards.warnings import raised_chart
from holdfast.web.pages.segments.pictures import size_chart

if TYPE_CHECKING:
    from holdfast.services.prove.look import Look, Offer, Seen


WARNINGS_READ = 200
"""Open warnings that are read to name customers: each may have several."""

BY_TRAIT: dict[str, Text] = {
    "country": Text("{name}, by country"),
    "source": Text("{name}, by where they came from"),
}


@dataclass(frozen=True, slots=True)
class ShownTile:
    """A tile as it is written; what does not belong to its kind is empty.

    ``value`` is the large number, ``change`` what it is against the period before (``judged`` "better",
    "worse" or ""), ``below`` how it is computed. ``reason`` says why there is nothing. ``head`` and
    ``lines`` are a table, ``rows`` customers at risk.
    """

    id: int
    kind: str
    size: str
    title: str
    given: str
    url: str
    value: str = ""
    change: str = ""
    judged: str = ""
    arrow: str = ""
    below: str = ""
    reason: str = ""
    chart: Chart | None = None
    head: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    rows: tuple[ShownRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Who looks, and what they may see: names through ``masks``, customers ``among`` theirs."""

    workspace: Settings
    reader: Reader
    masks: Masks
    among: frozenset[int] | None
    today: int


def shown(look: Look, who: Reading) -> list[ShownTile]:
    """Every tile in its order."""
    return [_shown(seen, who) for seen in look.tiles]


def _shown(seen: Seen, who: Reading) -> ShownTile:
    return {
        "figure": _figure,
        "trend": _trend,
        "groups": _groups,
        "segment": _segment,
        "at_risk": _at_risk,
        "warnings": _warnings,
    }[seen.tile.kind](seen, who)


def _figure(seen: Seen, who: Reading) -> ShownTile:
    figure, reader, tile = seen.figure, who.reader, seen.tile
    change, judged, arrow = change_words(figure, seen.before, tile.metric, reader)
    return ShownTile(
        *_named(seen, who),
        value=figure_value(figure, reader) if figure else "",
        change=change,
        judged=judged,
        arrow=arrow,
        below=reader.say(figure.formula) if figure else "",
        reason=_reason(figure, reader),
    )


def _trend(seen: Seen, who: Reading) -> ShownTile:
    reader = who.reader
    title = title_of(seen.tile, who)
    chart = pictures.trend_chart(seen, title, reader, who.workspace.calendar)
    change, judged, arrow = change_words(seen.figure, seen.before, seen.tile.metric, reader)
    return ShownTile(
        *_named(seen, who),
        value=figure_value(seen.figure, reader) if seen.figure else "",
        change=change,
        judged=judged,
        arrow=arrow,
        chart=chart,
        reason="" if chart else _reason(seen.figure, reader),
    )


def _groups(seen: Seen, who: Reading) -> ShownTile:
    reader, trait = who.reader, seen.tile.group
    chart = pictures.groups_chart(seen, trait, reader)
    lines = tuple(
        (pictures.group_name(figure, trait, reader), figure_value(figure, reader)) for figure in seen.groups
    )
    return ShownTile(
        *_named(seen, who),
        chart=chart,
        head=(reader.say(TRAITS[trait]), reader.gettext("Value")),
        lines=() if chart else lines,
        reason="" if lines else reader.gettext("There are no groups in this period."),
    )


def _segment(seen: Seen, who: Reading) -> ShownTile:
    reader = who.reader
    if seen.segment is None:
        return ShownTile(*_named(seen, who), reason=reader.gettext("The segment is not there any more."))
    size = seen.segment.size
    chart = size_chart(seen.counts, who.today, seen.segment.title, reader)
    return ShownTile(
        *_named(seen, who),
        value="" if size is None else reader.number(size),
        change=_moved(seen, reader),
        chart=chart,
        reason=reader.gettext("It is being counted.") if size is None else "",
    )


def _moved(seen: Seen, reader: Reader) -> str:
    """How many came and went in the days that are shown."""
    if not seen.counts:
        return ""
    entered, left = (sum(getattr(each, name) for each in seen.counts) for name in ("entered", "left"))
    said = Text("{entered} came, {left} went in {n} day", "{entered} came, {left} went in {n} days",
                entered=entered, left=left, n=len(seen.counts))  # fmt: skip
    return reader.say(said)


def _at_risk(seen: Seen, who: Reading) -> ShownTile:
    reader, workspace = who.reader, who.workspace
    segment = seen.segment.id if seen.segment else None
    page = reading.at_risk(workspace, top=seen.tile.rows, segment=segment, among=who.among)
    criteria = reading.read_criteria(workspace)
    rows: Sequence[RiskRow] = [who.masks.named(row) for row in page.rows]
    return ShownTile(
        *_named(seen, who),
        rows=tuple(shown_row(row, criteria, reader) for row in rows),
        below=reader.say(Text("of {n} customer", "of {n} customers", n=page.total)) if rows else "",
        reason="" if rows else reader.say(page.reason or Text("Nobody here is likely to leave soon.")),
    )


def _warnings(seen: Seen, who: Reading) -> ShownTile:
    """Storms, a line each, then customers by the value at risk, with every warning of theirs."""
    reader, workspace, now = who.reader, who.workspace, datetime.now(UTC)
    page = warnings.open_episodes(workspace, who.among, now=now, limit=WARNINGS_READ)
    storms = warnings.storms(workspace, now=now) if who.among is None else []
    day, criteria = date_of(who.today), reading.read_criteria(workspace)
    people = called(page.rows, day, criteria, reader, who.masks)
    in_all = len(people) if page.next is None else warnings.customers_warned(workspace, who.among, now=now)
    more = in_all - seen.tile.rows
    return ShownTile(
        *_named(seen, who),
        head=(reader.gettext("Customer"), reader.gettext("Why"), reader.gettext("Value at risk")),
        lines=(
            *((each.strong, each.words, "") for each in shown_storms(storms, reader)),
            *((each.name, _why(each), each.value) for each in people[: seen.tile.rows]),
        ),
        chart=raised_chart(workspace, who, reader),
        below=reader.say(Text("and {n} more", "and {n} more", n=more)) if more > 0 else "",
        reason="" if people or storms else reader.gettext("No early warning is open."),
    )


def _why(person: Called) -> str:
    titles = "; ".join(one.title for one in person.episodes)
    return f"{titles}; {person.more}" if person.more else titles


def _named(seen: Seen, who: Reading) -> tuple[int, str, str, str, str, str]:
    tile = seen.tile
    return tile.id, tile.kind, tile.size, title_of(tile, who, seen), tile.title, _url(seen)


def _url(seen: Seen) -> str:
    """Where there is more of it; "" for a figure."""
    if seen.tile.kind == "segment" and seen.segment:
        return reverse("segment", args=[seen.segment.key])
    if seen.tile.kind == "warnings":
        return reverse("today")
    if seen.tile.kind == "at_risk":
        return reverse("at_risk") + (f"?segment={seen.segment.key}" if seen.segment else "")
    return ""


def title_of(tile: Tile, who: Reading, seen: Seen | None = None) -> str:
    """What stands over a tile: its own title, else the usual one."""
    reader = who.reader
    if tile.title:
        return tile.title
    if tile.kind == "at_risk":
        return reader.gettext("Who is next")
    if tile.kind == "warnings":
        return reader.gettext("Whom to call first")
    if tile.kind == "segment":
        return seen.segment.title if seen is not None and seen.segment else readable(tile.segment)
    name = metric_title(tile.metric, reader)
    if tile.kind == "groups":
        return reader.say(Text(BY_TRAIT[tile.group].msgid, name=name))
    return name


def change_words(
    now: Figure | None, before: Figure | None, metric: str, reader: Reader
) -> tuple[str, str, str]:
    """What a figure is against the period before, whether that is better, and the arrow for it."""
    if now is None or before is None or now.value is None or before.value is None or now.unit != before.unit:
        return "", "", ""
    difference = float(now.value) - float(before.value)
    if now.unit == "share":
        points = round(difference * 100, 1)
        size: dict[str, object] = {"size": Text("{n} point", "{n} points", n=abs(points))}
        same = points == 0
    elif not float(before.value):
        return "", "", ""
    else:
        share = difference / abs(float(before.value))
        size, same = {"size": Share(abs(share))}, round(share, 3) == 0
    if same:
        return reader.say(Text("as in {before}", before=before.period)), "", ""
    words = Text("{size} more than in {before}") if difference > 0 else Text("{size} less than in {before}")
    good = _good(metric)
    judged = "" if good is None else "better" if (good == "up") == (difference > 0) else "worse"
    said = reader.say(Text(words.msgid, **size, before=before.period))
    return said, judged, "rise" if difference > 0 else "fall"


def _good(metric: str) -> str | None:
    found = _metric(metric)
    return None if found is None else found.good


def _metric(name: str) -> Metric | None:
    return next((each for each in metrics() if each.name == name), None)


def metric_title(name: str, reader: Reader) -> str:
    """What a metric is called."""
    found = _metric(name)
    return reader.say(found.title) if found else readable(name)


def _reason(figure: Figure | None, reader: Reader) -> str:
    if figure is None:
        return reader.gettext("There is no such figure for this period.")
    return reader.say(figure.reason) if figure.value is None and figure.reason else ""


def choices(offers: Sequence[Offer], reader: Reader) -> list[tuple[str, str]]:
    """The figures that a tile can show: "metric:definition" and words."""
    several = {each.metric for each in offers if sum(other.metric == each.metric for other in offers) > 1}
    found = []
    for each in offers:
        name = metric_title(each.metric, reader)
        if each.metric in several:
            name = reader.say(Text("{name}: {formula}", name=name, formula=each.figure.formula))
        found.append((f"{each.metric}:{each.definition}", name))
    return sorted(found, key=lambda pair: reader.sort_key(pair[1]))
