"""The charts of a dashboard's tiles: a figure over time, by group, and the size of a segment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from holdfast.domain.dashboards import TileSize
from holdfast.domain.figures import Figure
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.web.charts import groups, over_time
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.figures import (
    country_name,
    figure_value,
    period_with_year,
    readable,
    share_digits,
    short_period,
)

if TYPE_CHECKING:
    from holdfast.services.prove.look import Seen

WIDTHS: Mapping[TileSize, int] = {"small": 358, "medium": 524, "wide": 1040}
_HEIGHT, _NARROW = 220, Size(358, 220, "when-narrow")
_SCALES: tuple[tuple[float, Text], ...] = (
    (1e9, Text("in millions")),
    (1e6, Text("in thousands")),
)


def trend_chart(seen: Seen, name: str, reader: Reader, calendar: str) -> Chart | None:
    """A figure over the periods, with its interval where it has one; ``None`` where nothing is known."""
    known = [figure for figure in seen.trend if figure.value is not None]
    if not known:
        return None
    scale, words = _scale(known, reader)
    points = tuple(_point(figure, scale, reader, calendar) for figure in seen.trend)
    first, last = known[0], known[-1]
    finding = Text(
        "{name}: {first} in {begin}, {last} in {end}",
        name=name,
        first=figure_value(first, reader),
        begin=period_with_year(first.period, calendar, reader.code),
        last=figure_value(last, reader),
        end=period_with_year(last.period, calendar, reader.code),
    )
    series = over_time.RateSeries(points, None, "", reader.say(finding))
    wide, narrow = (
        over_time.rate_over_time(series, size, _say(known[0], reader), mirrored=_mirrored(reader))
        for size in _sizes(seen.tile.size)
    )
    return Chart(
        Picture(wide, narrow),
        words,
        tuple(map(reader.gettext, ("Period", "Value", "Low", "High"))),
        tuple(_row(figure, reader, calendar) for figure in reversed(seen.trend)),
    )


def groups_chart(seen: Seen, trait: str, reader: Reader) -> Chart | None:
    """Shares by country or source, against the share of all; ``None`` where there are no groups."""
    whole = seen.figure
    if not seen.groups or whole is None or whole.value is None or whole.unit != "share":
        return None
    shown = [
        groups.GroupRate(
            group_name(figure, trait, reader),
            float(figure.value or 0),
            float(figure.low if figure.low is not None else figure.value or 0),
            float(figure.high if figure.high is not None else figure.value or 0),
        )
        for figure in seen.groups
    ]
    finding = Text(
        "{group}: {share}, all: {whole}",
        group=shown[0].name,
        share=Share(shown[0].share),
        whole=Share(float(whole.value)),
    )
    words = groups.GroupWords(
        reader.say(finding), reader.say(Text("all {share}", share=Share(float(whole.value))))
    )
    wide, narrow = (
        groups.rates_by_group(
            shown, float(whole.value), size, words, reader.share, mirrored=_mirrored(reader)
        )
        for size in _sizes(seen.tile.size)
    )
    head = tuple(map(reader.gettext, ("Group", "Value", "Low", "High")))
    rows = tuple((group_name(figure, trait, reader), *_values(figure, reader)) for figure in seen.groups)
    return Chart(Picture(wide, narrow), reader.gettext("Dot: rate; line: 95% interval."), head, rows)


def group_name(figure: Figure, trait: str, reader: Reader) -> str:
    """A group as the reader calls it."""
    value = (figure.group or "").partition("=")[2]
    if not value:
        return reader.gettext("not known")
    return country_name(value, reader.code) if trait == "country" else readable(value)


def _sizes(size: TileSize) -> tuple[Size, Size]:
    return Size(WIDTHS[size], _HEIGHT, "when-wide"), _NARROW


def _scale(known: Sequence[Figure], reader: Reader) -> tuple[float, str]:
    """By how much values are divided, and how that is said: figures of millions have no room on an axis."""
    highest = max(abs(float(figure.value or 0)) for figure in known)
    unit = known[0].unit
    currency = unit if len(unit) == 3 and unit.isupper() else ""
    for limit, words in _SCALES:
        if highest >= limit:
            return limit / 1_000, " ".join(part for part in (currency, reader.say(words)) if part)
    return 1.0, currency


def _say(figure: Figure, reader: Reader) -> Callable[[float, int], str]:
    if figure.unit == "share":
        return reader.share
    return lambda value, _: reader.number(value, 0 if value == round(value) or abs(value) >= 100 else 1)


def _point(figure: Figure, scale: float, reader: Reader, calendar: str) -> over_time.RatePoint:
    value, low, high = (
        None if each is None else float(each) / scale for each in (figure.value, figure.low, figure.high)
    )
    return over_time.RatePoint(
        short_period(figure.period, calendar, reader.code),
        period_with_year(figure.period, calendar, reader.code),
        value,
        low,
        high,
    )


def _row(figure: Figure, reader: Reader, calendar: str) -> tuple[str, ...]:
    return period_with_year(figure.period, calendar, reader.code), *_values(figure, reader)


def _values(figure: Figure, reader: Reader) -> tuple[str, str, str]:
    return (
        figure_value(figure, reader),
        _bound(figure.low, figure, reader),
        _bound(figure.high, figure, reader),
    )


def _bound(value: object, figure: Figure, reader: Reader) -> str:
    if value is None:
        return ""
    number = float(str(value))
    return reader.share(number, share_digits(number)) if figure.unit == "share" else reader.number(number)


def _mirrored(reader: Reader) -> bool:
    return reader.language.direction == "rtl"
