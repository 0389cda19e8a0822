"""A rate over periods, with its interval, what is usual, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Point, Size, text_width
from holdfast.web.charts.scales import digits_for, labels_with_room, ticks_from_zero

SayShare = Callable[[float, int], str]
"""Writes a share 0..1 as a percentage with so many digits, in the reader's language."""

TOP, BOTTOM = 26.0, 26.0


@dataclass(frozen=True, slots=True)
class RatePoint:
    """One period: ``label`` in a word, ``long_label`` with its year (for the first and the last).

    ``share`` 0..1, ``None`` where the data support none: the line has a gap there.
    """

    label: str
    long_label: str
    share: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class RateSeries:
    """What the chart shows: the points, oldest first, and the usual share with its word."""

    points: tuple[RatePoint, ...]
    usual: float | None
    usual_word: str
    finding: str


@dataclass(frozen=True, slots=True)
class _Plot:
    canvas: Canvas
    begin: float
    end: float
    highest: float
    count: int

    def x(self, index: int) -> float:
        if self.count < 2:
            return (self.begin + self.end) / 2
        return self.begin + (self.end - self.begin) * index / (self.count - 1)

    def y(self, share: float) -> float:
        floor = self.canvas.size.height - BOTTOM
        return max(TOP, floor - (floor - TOP) * share / self.highest)


def rate_over_time(series: RateSeries, size: Size, say_share: SayShare, *, mirrored: bool = False) -> Markup:
    """The picture; an empty series gives an empty picture.

    The axis starts at 0 and follows the rates; an interval that is much wider than every rate is
    cut at the top instead of pressing the line to the floor.
    """
    if not any(point.share is not None for point in series.points):
        return Markup("")
    ticks = ticks_from_zero(_highest(series))
    digits = digits_for(ticks)
    canvas = Canvas(size, series.finding, mirrored)
    begin = max(text_width(say_share(tick, digits)) for tick in ticks) + 10
    plot = _Plot(canvas, begin, size.width - 46, ticks[-1], len(series.points))
    _grid(plot, ticks, [say_share(tick, digits) for tick in ticks])
    _period_labels(plot, series.points)
    if series.usual is not None and series.usual <= plot.highest:
        height = plot.y(series.usual)
        canvas.line((plot.begin, height), (plot.end, height), "chart-6", 1.25, "5 4")
    for run in _runs(series.points):
        _run(plot, series.points, run)
    _end_labels(plot, series, say_share)
    return canvas.svg()


def _highest(series: RateSeries) -> float:
    shares = [point.share for point in series.points if point.share is not None]
    highs = [point.high for point in series.points if point.high is not None]
    top = max([*shares, series.usual or 0.0])
    return max(top, min(max(highs, default=0.0), 2 * top))


def _grid(plot: _Plot, ticks: Sequence[float], words: Sequence[str]) -> None:
    for tick, word in zip(ticks, words, strict=True):
        height = plot.y(tick)
        colour = "chart-grid" if tick else "chart-axis"
        plot.canvas.line((plot.begin, height), (plot.end, height), colour)
        plot.canvas.words((plot.begin - 8, height + 4), word, anchor="end")


def _period_labels(plot: _Plot, points: Sequence[RatePoint]) -> None:
    last = len(points) - 1
    spacing = (plot.end - plot.begin) / max(1, last)
    chosen = labels_with_room([text_width(point.label) for point in points], spacing)
    if last and chosen[0] * spacing > text_width(points[0].long_label) + text_width(points[chosen[0]].label):
        chosen = [0, *chosen]
    for index in chosen:
        text = points[index].long_label if index in (0, last) else points[index].label
        plot.canvas.words((plot.x(index), plot.canvas.size.height - 6), text, anchor="middle")


def _runs(points: Sequence[RatePoint]) -> list[list[int]]:
    """Indices of the points that have a share, in unbroken stretches."""
    runs: list[list[int]] = [[]]
    for index, point in enumerate(points):
        if point.share is None:
            runs.append([])
        else:
            runs[-1].append(index)
    return [run for run in runs if run]


def _run(plot: _Plot, points: Sequence[RatePoint], run: Sequence[int]) -> None:
    line: list[Point] = []
    upper: list[Point] = []
    lower: list[Point] = []
    for index in run:
        point = points[index]
        share = point.share or 0.0
        line.append((plot.x(index), plot.y(share)))
        upper.append((plot.x(index), plot.y(share if point.high is None else point.high)))
        lower.append((plot.x(index), plot.y(share if point.low is None else point.low)))
    if upper != lower and len(run) > 1:
        plot.canvas.band(upper, lower, "chart-band")
    if len(line) > 1:
        plot.canvas.curve(line, "chart-1")
    elif upper != lower:
        plot.canvas.whisker(upper[0], lower[0], "chart-1")
    plot.canvas.dot(line[-1], 5 if run[-1] == plot.count - 1 else 3.5, "chart-1")


def _end_labels(plot: _Plot, series: RateSeries, say_share: SayShare) -> None:
    last = series.points[-1].share
    at = plot.end + 9
    said = None if last is None else plot.y(last) + 4
    if said is not None and last is not None:
        plot.canvas.words((at, said), say_share(last, 1), css="said")
    if series.usual is None or series.usual > plot.highest:
        return
    usual = plot.y(series.usual) + 4
    if said is not None and abs(usual - said) < 15:
        usual = said + (15 if usual >= said else -15)
    plot.canvas.words((at, usual), series.usual_word)
