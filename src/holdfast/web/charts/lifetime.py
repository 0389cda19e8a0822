"""How long they stay: survival curves as steps, with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Point, Size, text_width

TOP, BOTTOM = 16.0, 26.0
COLOURS = ("chart-1", "chart-2", "chart-3")
BANDS = ("chart-band", "chart-band-2", "chart-band")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """At age ``age`` (in the chart's unit) the share 0..1 still here, with its interval."""

    age: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One group; ``said`` stands at its end ("Subscription 68%"), ``half`` where half are gone."""

    said: str
    points: tuple[CurvePoint, ...]
    half_age: float | None = None
    half_said: str = ""


@dataclass(frozen=True, slots=True)
class LifetimeWords:
    """The finding, and how an age on the axis is written: the last one carries the unit."""

    finding: str
    say_age: Callable[[float], str]
    say_last_age: Callable[[float], str]
    say_share: Callable[[float, int], str]


@dataclass(slots=True)
class _Plot:
    canvas: Canvas
    begin: float
    end: float
    oldest: float
    taken: list[tuple[float, float, float]]

    def x(self, age: float) -> float:
        return self.begin + (self.end - self.begin) * age / self.oldest

    def y(self, share: float) -> float:
        floor = self.canvas.size.height - BOTTOM
        return floor - (floor - TOP) * share


def lifetime_curves(
    curves: Sequence[Curve], size: Size, words: LifetimeWords, *, mirrored: bool = False
) -> Markup:
    """The picture of at most three curves; none, or none with an age above 0, gives an empty one."""
    curves = [curve for curve in curves if len(curve.points) > 1][: len(COLOURS)]
    if not curves:
        return Markup("")
    canvas = Canvas(size, words.finding, mirrored)
    oldest = max(curve.points[-1].age for curve in curves)
    begin = text_width(words.say_share(1.0, 0)) + 10
    plot = _Plot(canvas, begin, size.width - 4, oldest, [])
    _axes(plot, words)
    for index in reversed(range(len(curves))):
        _steps(plot, curves[index], index)
    for index, curve in enumerate(curves):
        _half(plot, curve, COLOURS[index])
    _names(plot, curves)
    return canvas.svg()


def _axes(plot: _Plot, words: LifetimeWords) -> None:
    for share in (0.0, 0.5, 1.0):
        height = plot.y(share)
        plot.canvas.line((plot.begin, height), (plot.end, height), "chart-grid" if share else "chart-axis")
        plot.canvas.words((plot.begin - 8, height + 4), words.say_share(share, 0), anchor="end")
    bottom = plot.canvas.size.height - 6
    step = age_step(plot.oldest)
    last_text = words.say_last_age(plot.oldest)
    last_begin = plot.end - text_width(last_text)
    ages = [step * number for number in range(int(plot.oldest / step) + 1)]
    for age in ages:
        if plot.x(age) + text_width(words.say_age(age)) / 2 + 8 < last_begin:
            plot.canvas.words((plot.x(age), bottom), words.say_age(age), anchor="middle")
    plot.canvas.words((plot.end, bottom), last_text, anchor="end")


def age_step(oldest: float) -> float:
    """Distance of the ticks on an axis of ages: at most five, in steps that people count in."""
    for step in (1, 2, 3, 6, 12, 24, 36, 60, 120, 365, 730, 1825):
        if oldest / step <= 5:
            return float(step)
    return oldest / 4


def _steps(plot: _Plot, curve: Curve, index: int) -> None:
    line, upper, lower = (
        stairs([(plot.x(point.age), plot.y(getattr(point, name))) for point in curve.points])
        for name in ("share", "high", "low")
    )
    plot.canvas.band(upper, lower, BANDS[index])
    plot.canvas.curve(line, COLOURS[index], 2)


def stairs(points: Sequence[Point]) -> list[Point]:
    """``points`` joined by level steps: each value holds until the next age."""
    path = [points[0]]
    for x, y in points[1:]:
        path += [(x, path[-1][1]), (x, y)]
    return path


def _half(plot: _Plot, curve: Curve, colour: str) -> None:
    if curve.half_age is None or curve.half_age > plot.oldest:
        return
    x, y = plot.x(curve.half_age), plot.y(0.5)
    plot.canvas.line((x, y), (x, plot.y(0)), "chart-axis", 1, "2 3")
    plot.canvas.dot((x, y), 4, colour)
    width = text_width(curve.half_said)
    anchor, begin = ("end", x - 6 - width) if x - 6 - width > plot.begin else ("start", x + 6)
    plot.canvas.words(
        (x - 6 if anchor == "end" else x + 6, y + 20), curve.half_said, anchor=anchor, css="said"
    )
    plot.taken.append((begin, begin + width, y + 20))


def _names(plot: _Plot, curves: Sequence[Curve]) -> None:
    """Each name above its curve's end where there is room, else below it, else further back."""
    for curve in sorted(curves, key=lambda curve: -curve.points[-1].share):
        if not curve.said:
            continue
        width = text_width(curve.said)
        places = [
            (end, _y_between(plot, curve, end - width, end, above) + (-8 if above else 18))
            for end, above in [
                (plot.end, True),
                (plot.end, False),
                (plot.begin + (plot.end - plot.begin) * 0.45, False),
                (plot.begin + (plot.end - plot.begin) * 0.7, True),
            ]
        ]
        end, y = next((place for place in places if _is_free(plot, curves, curve, place, width)), places[0])
        plot.canvas.words((end, y), curve.said, anchor="end", css="said")
        plot.taken.append((end - width, end, y))


def _y_between(plot: _Plot, curve: Curve, begin: float, end: float, above: bool) -> float:
    """How high (or low) the curve's interval reaches between two places, in pixels."""
    inside = [point for point in curve.points if begin <= plot.x(point.age) <= end] or [curve.points[-1]]
    before = [point for point in curve.points if plot.x(point.age) < begin][-1:]
    points = [*before, *inside]
    return (
        min(plot.y(point.high) for point in points) if above else max(plot.y(point.low) for point in points)
    )


def _is_free(
    plot: _Plot, curves: Sequence[Curve], own: Curve, place: tuple[float, float], width: float
) -> bool:
    end, y = place
    begin = end - width
    if not TOP - 6 < y < plot.y(0) - 2:
        return False
    if any(
        begin < other_end and other_begin < end and abs(y - at) < 16
        for other_begin, other_end, at in plot.taken
    ):
        return False
    others = [curve for curve in curves if curve is not own]
    return all(
        not (y - 12 <= plot.y(point.low) and plot.y(point.high) <= y + 3)
        for curve in others
        for point in curve.points
        if begin - 4 <= plot.x(point.age) <= end + 4
    )
