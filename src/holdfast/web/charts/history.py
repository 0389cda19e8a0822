"""One customer's risk over time, against the threshold from which the team acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Point, Size, text_width
from holdfast.web.charts.scales import digits_for, ticks_from_zero

TOP, BOTTOM = 22.0, 26.0


@dataclass(frozen=True, slots=True)
class Scored:
    """The probability 0..1 on one day (days since 1970)."""

    day: int
    share: float


@dataclass(frozen=True, slots=True)
class HistoryWords:
    """The finding, what stands at the threshold, and how a day (since 1970) and a share are written."""

    finding: str
    threshold: str
    say_day: Callable[[int], str]
    say_share: Callable[[float, int], str]


@dataclass(frozen=True, slots=True)
class _Plot:
    canvas: Canvas
    begin: float
    end: float
    highest: float
    first_day: int
    last_day: int

    def x(self, day: int) -> float:
        return self.begin + (self.end - self.begin) * (day - self.first_day) / (
            self.last_day - self.first_day
        )

    def y(self, share: float) -> float:
        floor = self.canvas.size.height - BOTTOM
        return floor - (floor - TOP) * share / self.highest


def risk_history(
    scored: Sequence[Scored],
    threshold: float | None,
    size: Size,
    words: HistoryWords,
    *,
    mirrored: bool = False,
) -> Markup:
    """The picture, oldest first; fewer than two different days give an empty one.

    The axis starts at 0. A threshold that lies far above everything is not drawn: it would press
    the line to the floor.
    """
    if len(scored) < 2 or scored[0].day == scored[-1].day:
        return Markup("")
    highest = max(each.share for each in scored)
    shown = threshold is not None and threshold <= max(2.5 * highest, 0.2)
    ticks = ticks_from_zero(max(highest, threshold or 0.0) if shown else highest)
    digits = digits_for(ticks)
    canvas = Canvas(size, words.finding, mirrored)
    begin = max(text_width(words.say_share(tick, digits)) for tick in ticks) + 10
    plot = _Plot(canvas, begin, size.width - 44, ticks[-1], scored[0].day, scored[-1].day)
    for tick in ticks:
        colour = "chart-grid" if tick else "chart-axis"
        canvas.line((plot.begin, plot.y(tick)), (plot.end, plot.y(tick)), colour)
        canvas.words((plot.begin - 8, plot.y(tick) + 4), words.say_share(tick, digits), anchor="end")
    _days(plot, words)
    if shown and threshold is not None:
        canvas.line((plot.begin, plot.y(threshold)), (plot.end, plot.y(threshold)), "risk-4", 1.25, "5 4")
        canvas.words((plot.begin, plot.y(threshold) - 6), words.threshold)
    _line(plot, scored, words)
    return canvas.svg()


def _line(plot: _Plot, scored: Sequence[Scored], words: HistoryWords) -> None:
    line: list[Point] = [(plot.x(each.day), plot.y(each.share)) for each in scored]
    plot.canvas.band(line, [(x, plot.y(0.0)) for x, _ in line], "chart-band")
    plot.canvas.curve(line, "chart-1")
    plot.canvas.dot(line[-1], 5, "chart-1")
    plot.canvas.words((plot.end + 9, line[-1][1] + 4), words.say_share(scored[-1].share, 0), css="said")


def _days(plot: _Plot, words: HistoryWords) -> None:
    """As many days as have room, equally far apart, the first and the last among them."""
    widest = max(text_width(words.say_day(day)) for day in (plot.first_day, plot.last_day)) + 24
    days = plot.last_day - plot.first_day
    steps = max(1, min(6, days, int((plot.end - plot.begin) / widest)))
    for number in range(steps + 1):
        day = plot.first_day + round(days * number / steps)
        anchor = "start" if number == 0 else "end" if number == steps else "middle"
        plot.canvas.words((plot.x(day), plot.canvas.size.height - 6), words.say_day(day), anchor=anchor)
