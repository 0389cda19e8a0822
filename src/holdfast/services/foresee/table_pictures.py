"""Pictures of the report, as SVG in the colours of the design; x runs in the direction of reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.learning.calibration import Bin
from holdfast.services.foresee.table_columns import Floats

WIDTH, HEIGHT = 480.0, 320.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 16.0, 12.0, 44.0
_ISOLATE, _END = "\u2067", "\u2069"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the table behind it, all in words."""

    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Sheet:
    """Collects shapes on a square from 0 to 1 in both directions (and in pixels for bars)."""

    def __init__(self, reader: Reader, height: float = HEIGHT) -> None:
        self.reader, self.height = reader, height
        self.mirrored = reader.language.direction == "rtl"
        self.shapes: list[str] = []

    def x(self, share: float) -> float:
        return self._flip(_LEFT + share * (WIDTH - _LEFT - _RIGHT))

    def y(self, share: float) -> float:
        return self.height - _BOTTOM - share * (self.height - _TOP - _BOTTOM)

    def _flip(self, x: float) -> float:
        return WIDTH - x if self.mirrored else x

    def line(self, start: tuple[float, float], end: tuple[float, float], css: str) -> None:
        x1, y1, x2, y2 = self.x(start[0]), self.y(start[1]), self.x(end[0]), self.y(end[1])
        self.shapes.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>')

    def curve(self, points: Sequence[tuple[float, float]], css: str) -> None:
        path = "L".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        self.shapes.append(f'<path d="M{path}" class="{css}"/>')

    def dot(self, x: float, y: float, css: str) -> None:
        self.shapes.append(f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="5" class="{css}"/>')

    def bar(self, top: float, start: float, width: float, css: str) -> None:
        x = self._flip(start + width) if self.mirrored else start
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="14" rx="2" class="{css}"/>'
        )

    def words(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        """``x`` and ``y`` in pixels from where reading begins; ``anchor`` in the direction of reading."""
        if self.mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
            text = f"{_ISOLATE}{text}{_END}"
        self.shapes.append(
            f'<text x="{self._flip(x):.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def axes(self, across: Text, top: float) -> None:
        """A grid of shares, from 0 to ``top`` both ways."""
        step = 0.25 if top > 0.5 else 0.1
        for share in np.arange(0, top + 0.01, step).tolist():
            tick = share / top
            self.line((0, tick), (1, tick), "grid")
            self.words(_LEFT - 8, self.y(tick) + 4, self.reader.share(share, 0), "end")
            place = _LEFT + tick * (WIDTH - _LEFT - _RIGHT)
            self.words(place, self.height - _BOTTOM + 18, self.reader.share(share, 0), "middle")
        self.words(_LEFT + (WIDTH - _LEFT - _RIGHT) / 2, self.height - 6, self.reader.say(across), "middle")

    def svg(self, label: Text) -> Markup:
        said = escape(self.reader.say(label))
        view = f"0 0 {WIDTH:.0f} {self.height:.0f}"
        opening = f'<svg viewBox="{view}" role="img" aria-label="{said}" direction="ltr">'
        return Markup(f"{opening}{''.join(self.shapes)}</svg>")  # noqa: S704  (words were escaped when put in)


def calibration(bins: Sequence[Bin], reader: Reader) -> Picture:
    """What was said across, what happened up, with intervals; on the dotted line both agree."""
    sheet = _Sheet(reader)
    most = max([max(each.mean_probability, each.high) for each in bins], default=1.0)
    top = float(np.ceil(most * 4) / 4) if most > 0.5 else float(np.ceil(most * 10) / 10)
    sheet.axes(Text("Risk as stated"), top)
    sheet.line((0, 0), (1, 1), "even")
    for each in bins:
        x = each.mean_probability / top
        sheet.line((x, each.low / top), (x, min(each.high / top, 1.0)), "whisker")
    for each in bins:
        sheet.dot(each.mean_probability / top, each.share_left / top, "dot")
    head = _said(
        reader, Text("Rows"), Text("Risk as stated"), Text("Share that left"), Text("From"), Text("To")
    )
    rows = tuple(
        (
            reader.number(each.rows),
            reader.share(each.mean_probability),
            reader.share(each.share_left),
            reader.share(each.low),
            reader.share(each.high),
        )
        for each in bins
    )
    label = Text("Share that left beside the stated risk, in {n} groups of rows.", n=len(bins))
    return Picture(sheet.svg(label), head, rows)


def _said(reader: Reader, *words: Text) -> tuple[str, ...]:
    return tuple(reader.say(each) for each in words)


def caught(left: NDArray[np.bool_], risk: Floats) -> Floats:
    """Share of the leavers among the riskiest tenth, two tenths, ... all; equal risks in file order."""
    order = np.argsort(-risk, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(left[order])]) / max(int(left.sum()), 1)
    places = np.ceil(np.linspace(0, 1, 11) * len(left)).astype(np.intp)
    shares: Floats = running[places]
    return shares


def lift(left: NDArray[np.bool_], risk: Floats, reader: Reader) -> Picture:
    """Of those who left, how many stand among the riskiest tenth, two tenths, ..."""
    shares, tenths = caught(left, risk), np.linspace(0, 1, 11)
    sheet = _Sheet(reader)
    sheet.axes(Text("Share of rows, the riskiest first"), 1.0)
    sheet.line((0, 0), (1, 1), "even")
    sheet.curve(list(zip(tenths.tolist(), shares.tolist(), strict=True)), "curve")
    for tenth, share in zip(tenths[1:], shares[1:], strict=True):
        sheet.dot(float(tenth), float(share), "dot")
    head = _said(
        reader, Text("Riskiest rows"), Text("Share of the leavers"), Text("Times as many as drawn blindly")
    )
    rows = tuple(
        (
            reader.share(float(tenth), 0),
            reader.share(float(share)),
            reader.number(round(float(share / tenth), 2)),
        )
        for tenth, share in zip(tenths[1:], shares[1:], strict=True)
    )
    label = Text(
        "The riskiest tenth of the rows holds {share} of those who left.", share=Share(float(shares[1]))
    )
    return Picture(sheet.svg(label), head, rows)


_NAMES = 200.0


def importance(drivers: Sequence[tuple[str, Text, float]], reader: Reader) -> Picture:
    """The strongest columns: by how much each moves the log-odds of a row on average."""
    shown = drivers[:12]
    sheet = _Sheet(reader, height=24.0 * max(len(shown), 1) + 8)
    longest = max((size for _, _, size in shown), default=1.0)
    for place, (_, title, size) in enumerate(shown):
        top = 24.0 * place + 6
        sheet.words(_NAMES - 10, top + 11, _short(reader.say(title)), "end")
        width = max(size / longest * (WIDTH - _NAMES - 60), 1.0)
        sheet.bar(top, _NAMES, width, "bar")
        sheet.words(_NAMES + width + 6, top + 11, reader.number(size, 2))
    head = _said(reader, Text("Column"), Text("Mean effect (log-odds)"))
    rows = tuple((reader.say(title), reader.number(size, 3)) for _, title, size in drivers)
    label = (
        Text("The strongest driver is {column}.", column=shown[0][1])
        if shown
        else Text("No column tells anything about who left.")
    )
    return Picture(sheet.svg(label), head, rows)


def _short(title: str, most: int = 30) -> str:
    return title if len(title) <= most else title[: most - 1] + "…"
