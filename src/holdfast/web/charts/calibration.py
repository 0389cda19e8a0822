"""What was foretold against what came true: a dot with its interval for each band of probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Size, text_width
from holdfast.web.charts.scales import digits_for, ticks_from_zero

HEAD, FOOT = 28.0, 42.0
LEAST_SPACE = 46.0
"""Pixels that two labels below the picture need at least between their middles."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """Customers of about the same probability: the mean of it, the share who left, its interval."""

    probability: float
    share_left: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationWords:
    """The finding, the names of both axes, and what stands at the line of perfect foresight."""

    finding: str
    foretold: str
    came_true: str
    exact: str


@dataclass(frozen=True, slots=True)
class _Square:
    canvas: Canvas
    begin: float
    end: float
    highest: float

    @property
    def floor(self) -> float:
        return self.canvas.size.height - FOOT

    def x(self, share: float) -> float:
        return self.begin + (self.end - self.begin) * min(share, self.highest) / self.highest

    def y(self, share: float) -> float:
        return self.floor - (self.floor - HEAD) * min(share, self.highest) / self.highest


def calibration(
    groups: Sequence[Foretold],
    size: Size,
    words: CalibrationWords,
    say_share: Callable[[float, int], str],
    *,
    mirrored: bool = False,
) -> Markup:
    """The picture; without groups an empty one. On the dashed line what was foretold came true.

    Both axes start at 0 and are equally long in per cent, so that the line is the diagonal.
    """
    if not groups:
        return Markup("")
    ticks = ticks_from_zero(max(max(group.probability, group.share_left) for group in groups))
    digits = digits_for(ticks)
    canvas = Canvas(size, words.finding, mirrored)
    begin = max(text_width(say_share(tick, digits)) for tick in ticks) + 12
    square = _Square(canvas, begin, size.width - 22, ticks[-1])
    _axes(square, ticks, [say_share(tick, digits) for tick in ticks], words)
    canvas.line((square.x(0), square.y(0)), (square.end, square.y(square.highest)), "chart-6", 1.25, "5 4")
    canvas.words((square.end - 6, square.y(square.highest) - 8), words.exact, anchor="end")
    for group in groups:
        at = square.x(group.probability)
        canvas.whisker((at, square.y(group.high)), (at, square.y(group.low)), "chart-1")
        canvas.dot((at, square.y(group.share_left)), 5, "chart-1")
    return canvas.svg()


def _axes(square: _Square, ticks: Sequence[float], said: Sequence[str], words: CalibrationWords) -> None:
    canvas, floor = square.canvas, square.floor
    every = 1 if (square.end - square.begin) / max(1, len(ticks) - 1) >= LEAST_SPACE else 2
    for number, (tick, word) in enumerate(zip(ticks, said, strict=True)):
        height = square.y(tick)
        canvas.line((square.begin, height), (square.end, height), "chart-grid" if tick else "chart-axis")
        canvas.words((square.begin - 8, height + 4), word, anchor="end")
        if number % every == 0:
            canvas.words((square.x(tick), floor + 18), word, anchor="middle")
    canvas.words((0, 12), words.came_true)
    canvas.words((square.end, canvas.size.height - 6), words.foretold, anchor="end")
