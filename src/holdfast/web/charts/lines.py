"""How several ways of telling did at several moments: a line each, named at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Size, text_width
from holdfast.web.charts.scales import digits_for, labels_with_room, ticks_between

TOP, BOTTOM, LINE_HEIGHT = 14.0, 26.0, 16.0


@dataclass(frozen=True, slots=True)
class Line:
    """One way: its name, its colour, and its figure at each moment (``None``: not clear)."""

    name: str
    colour: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class _Plot:
    canvas: Canvas
    begin: float
    end: float
    lowest: float
    highest: float
    count: int

    def x(self, index: int) -> float:
        if self.count < 2:
            return (self.begin + self.end) / 2
        return self.begin + (self.end - self.begin) * index / (self.count - 1)

    def y(self, value: float) -> float:
        floor = self.canvas.size.height - BOTTOM
        return floor - (floor - TOP) * (value - self.lowest) / (self.highest - self.lowest)


def lines_over_moments(
    lines: Sequence[Line],
    moments: Sequence[str],
    size: Size,
    finding: str,
    say_number: Callable[[float, int], str],
    *,
    mirrored: bool = False,
) -> Markup:
    """The picture, moments from the oldest; without a single figure an empty one.

    The axis encloses the figures and need not start at 0: they are places, not lengths.
    """
    known = [value for line in lines for value in line.values if value is not None]
    if not known:
        return Markup("")
    ticks = ticks_between(min(known), max(known))
    canvas = Canvas(size, finding, mirrored)
    digits = 2 if digits_for(ticks) == 0 else 3
    begin = max(text_width(say_number(tick, digits)) for tick in ticks) + 10
    end = size.width - max(text_width(line.name) for line in lines) - 14
    plot = _Plot(canvas, begin, end, ticks[0], ticks[-1], len(moments))
    for tick in ticks:
        canvas.line((begin, plot.y(tick)), (end, plot.y(tick)), "chart-grid")
        canvas.words((begin - 8, plot.y(tick) + 4), say_number(tick, digits), anchor="end")
    _moments(plot, moments)
    for line in lines:
        _line(plot, line)
    _names(plot, lines)
    return canvas.svg()


def _moments(plot: _Plot, moments: Sequence[str]) -> None:
    spacing = (plot.end - plot.begin) / max(1, len(moments) - 1)
    for index in labels_with_room([text_width(word) for word in moments], spacing):
        plot.canvas.words((plot.x(index), plot.canvas.size.height - 6), moments[index], anchor="middle")


def _line(plot: _Plot, line: Line) -> None:
    points = [(plot.x(index), plot.y(value)) for index, value in enumerate(line.values) if value is not None]
    if len(points) > 1:
        plot.canvas.curve(points, line.colour)
    for point in points:
        plot.canvas.dot(point, 4, line.colour)


def _names(plot: _Plot, lines: Sequence[Line]) -> None:
    """The names at the ends of their lines, moved down where two would stand on each other."""
    ends = sorted(
        (plot.y(known[-1]), line.name, number)
        for number, line in enumerate(lines)
        if (known := [value for value in line.values if value is not None])
    )
    free_from = 0.0
    for height, name, number in ends:
        at = max(height + 4, free_from)
        plot.canvas.words((plot.end + 10, at), name, css="said" if number == 0 else "")
        free_from = at + LINE_HEIGHT
