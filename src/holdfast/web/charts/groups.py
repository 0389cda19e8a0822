"""A rate in several groups: a dot with its interval each, against the rate of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Size, text_width
from holdfast.web.charts.scales import digits_for, ticks_between

HEAD, ROW, FOOT = 22.0, 38.0, 26.0
LONGEST_NAME = 130.0


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group: its name, its rate 0..1 with interval, and whether it differs by more than chance."""

    name: str
    share: float
    low: float
    high: float
    differs: bool = False


@dataclass(frozen=True, slots=True)
class GroupWords:
    """The finding, and what stands over the line of all ("all 2.3%")."""

    finding: str
    overall: str


def rates_by_group(
    groups: Sequence[GroupRate],
    overall: float,
    size: Size,
    words: GroupWords,
    say_share: Callable[[float, int], str],
    *,
    mirrored: bool = False,
) -> Markup:
    """The picture, one row a group in the given order; no groups give an empty one.

    ``size.height`` is ignored: the height follows from the groups.
    """
    if not groups:
        return Markup("")
    height = HEAD + ROW * len(groups) + FOOT
    canvas = Canvas(Size(size.width, height, size.css), words.finding, mirrored)
    ticks = ticks_between(min([overall, *(g.low for g in groups)]), max([overall, *(g.high for g in groups)]))
    digits = digits_for(ticks)
    begin = min(LONGEST_NAME, max(text_width(group.name) for group in groups)) + 16
    end = size.width - max(text_width(say_share(group.share, 1)) for group in groups) - 18
    scale = (end - begin) / (ticks[-1] - ticks[0])

    def x(share: float) -> float:
        return begin + (min(share, ticks[-1]) - ticks[0]) * scale

    for tick in ticks:
        canvas.line((x(tick), HEAD), (x(tick), height - FOOT), "chart-grid")
        canvas.words((x(tick), height - 8), say_share(tick, digits), anchor="middle")
    canvas.line((x(overall), HEAD), (x(overall), height - FOOT), "chart-6", 1.25, "5 4")
    canvas.words((x(overall), 14), words.overall, anchor="middle")
    for number, group in enumerate(groups):
        middle = HEAD + ROW * number + ROW / 2
        colour = "chart-5" if group.differs else "chart-1"
        canvas.words(
            (0, middle + 4), shortened(group.name, LONGEST_NAME), css="said" if group.differs else ""
        )
        canvas.whisker((x(group.low), middle), (x(group.high), middle), colour)
        canvas.dot((x(group.share), middle), 5.5, colour)
        canvas.words((size.width, middle + 4), say_share(group.share, 1), anchor="end", css="said")
    return canvas.svg()


def shortened(text: str, width: float) -> str:
    """``text`` cut so that it fits ``width`` pixels, with an ellipsis where it was cut."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) > width - 8:
        text = text[:-1]
    return text.rstrip() + "…"
