"""How much in each period: bars from zero, each period's number at its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Size, text_width
from holdfast.web.charts.scales import labels_with_room, round_step

TOP, BOTTOM = 14.0, 24.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: ``label`` in a word, ``long_label`` with its year, and how many."""

    label: str
    long_label: str
    count: int


def bars_over_time(
    bars: Sequence[Bar],
    size: Size,
    finding: str,
    say_number: Callable[[int], str],
    *,
    mirrored: bool = False,
) -> Markup:
    """The picture; nothing to count gives an empty one. A period without any is an empty place."""
    if not any(bar.count > 0 for bar in bars):
        return Markup("")
    canvas = Canvas(size, finding, mirrored)
    ticks = whole_ticks(max(bar.count for bar in bars))
    begin = max(text_width(say_number(tick)) for tick in ticks) + 10
    floor = size.height - BOTTOM
    place = (size.width - begin) / len(bars)

    def y(count: int) -> float:
        return floor - (floor - TOP) * count / ticks[-1]

    for tick in ticks:
        canvas.line((begin, y(tick)), (size.width, y(tick)), "chart-grid" if tick else "chart-axis")
        canvas.words((begin - 8, y(tick) + 4), say_number(tick), anchor="end")
    for number, bar in enumerate(bars):
        if bar.count > 0:
            width = min(24.0, place * 0.7)
            canvas.box(
                (begin + place * (number + 0.5) - width / 2, y(bar.count)),
                width,
                floor - y(bar.count),
                "chart-1",
            )
    _labels(canvas, bars, begin, place)
    return canvas.svg()


def _labels(canvas: Canvas, bars: Sequence[Bar], begin: float, place: float) -> None:
    """As many as have room; the last with its year, however little room that leaves the one before."""
    size = canvas.size
    taken_from = size.width
    for number in reversed(labels_with_room([text_width(bar.label) for bar in bars], place)):
        text = bars[number].long_label if number == len(bars) - 1 else bars[number].label
        end = min(size.width, begin + place * (number + 0.5) + text_width(text) / 2)
        if end < taken_from or number == len(bars) - 1:
            canvas.words((end - text_width(text) / 2, size.height - 6), text, anchor="middle")
            taken_from = end - text_width(text) - 8


def whole_ticks(highest: int, lines: int = 3) -> list[int]:
    """Ticks in whole numbers from 0 to at least ``highest``; at most ``lines`` steps above 0."""
    step = max(1, math.ceil(round_step(highest / lines)))
    return list(range(0, highest + step, step))
