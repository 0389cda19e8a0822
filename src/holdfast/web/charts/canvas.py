"""What a chart is drawn on: an SVG whose x runs in the direction of reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

Point = tuple[float, float]

ISOLATE, END_ISOLATE = "\u2067", "\u2069"
"""Right-to-left isolate and its end: they keep a percent sign or a sentence in its own order."""


_OTHER_SIDE = {"start": "end", "end": "start"}


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in CSS pixels at which letters stand 12 px tall; ``css`` says when it is shown."""

    width: float
    height: float
    css: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in its two renderings, ready for a page."""

    wide: Markup
    narrow: Markup

    def __html__(self) -> str:
        return self.wide + self.narrow


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its caption ("" for none) and the table behind it."""

    picture: Picture
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Canvas:
    """Collects shapes; ``x`` counts from where reading begins, so that charts know no direction.

    ``label`` is what a screen reader says instead of the picture: the finding, not the parts.
    """

    size: Size
    label: str
    mirrored: bool = False
    _shapes: list[str] = field(default_factory=list)

    def line(self, start: Point, end: Point, colour: str, width: float = 1, dashes: str = "") -> None:
        """A straight line; ``dashes`` as in SVG ("2 3")."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._shapes.append(
            f'<line {self._ends(start, end)} stroke="{paint(colour)}"'
            f' stroke-width="{_short(width)}"{dashed}/>'
        )

    def whisker(self, start: Point, end: Point, colour: str) -> None:
        """An interval: a thick line with round ends."""
        self._shapes.append(
            f'<line {self._ends(start, end)} stroke="{paint(colour)}" stroke-width="2.5"'
            ' stroke-linecap="round"/>'
        )

    def words(self, at: Point, text: str, *, anchor: str = "start", css: str = "") -> None:
        """Words at a place; ``anchor`` is start, middle or end in the direction of reading.

        Words around a place near the rim move inwards: none may be cut.
        """
        if anchor == "middle":
            half = text_width(text) / 2
            at = (max(half, min(at[0], self.size.width - half)), at[1])
        if self.mirrored:
            anchor = _OTHER_SIDE.get(anchor, anchor)
            text = text if text.isdecimal() else f"{ISOLATE}{text}{END_ISOLATE}"
        named = f' class="{css}"' if css else ""
        self._shapes.append(
            f'<text x="{self._x(at[0])}" y="{_short(at[1])}" text-anchor="{anchor}"{named}>'
            f"{escape(text)}</text>"
        )

    def box(self, at: Point, width: float, height: float, colour: str) -> None:
        """A rounded rectangle whose corner nearest the beginning of reading is ``at``."""
        x = at[0] + width if self.mirrored else at[0]
        self._shapes.append(
            f'<rect x="{self._x(x)}" y="{_short(at[1])}" width="{_short(width)}" height="{_short(height)}"'
            f' fill="{paint(colour)}" rx="3"/>'
        )

    def dot(self, at: Point, radius: float, colour: str) -> None:
        """A point with a rim of the sheet's colour, so that it stands off the line."""
        self._shapes.append(
            f'<circle cx="{self._x(at[0])}" cy="{_short(at[1])}" r="{_short(radius)}" fill="{paint(colour)}"'
            ' stroke="var(--surface)" stroke-width="2"/>'
        )

    def curve(self, points: Sequence[Point], colour: str, width: float = 2.25) -> None:
        """A line through ``points``."""
        self._shapes.append(
            f'<path d="{self._path(points)}" fill="none" stroke="{paint(colour)}"'
            f' stroke-width="{_short(width)}" stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def band(self, upper: Sequence[Point], lower: Sequence[Point], colour: str) -> None:
        """The area between two lines, an interval along a curve."""
        path = self._path([*upper, *reversed(lower)])
        self._shapes.append(f'<path d="{path}Z" fill="{paint(colour)}"/>')

    def svg(self) -> Markup:
        """The picture. Numbers and colours are ours; words were escaped when they were put in."""
        css = f' class="{self.size.css}"' if self.size.css else ""
        view = f"0 0 {_short(self.size.width)} {_short(self.size.height)}"
        opening = f'<svg{css} viewBox="{view}" role="img" aria-label="{escape(self.label)}">'
        return Markup(f"{opening}{''.join(self._shapes)}</svg>")  # noqa: S704

    def _ends(self, start: Point, end: Point) -> str:
        return (
            f'x1="{self._x(start[0])}" y1="{_short(start[1])}" x2="{self._x(end[0])}" y2="{_short(end[1])}"'
        )

    def _x(self, x: float) -> str:
        return _short(self.size.width - x if self.mirrored else x)

    def _path(self, points: Sequence[Point]) -> str:
        return "M" + "L".join(f"{self._x(x)},{_short(y)}" for x, y in points)


def paint(colour: str) -> str:
    """The design token ``colour`` as SVG understands it: "chart-1" is ``var(--chart-1)``."""
    return f"var(--{colour})"


def text_width(text: str) -> float:
    """About how wide ``text`` is at 12 px, in pixels: enough to keep labels apart."""
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 12.0
    return 3.6 if letter in " .,:;'|!ilj٫٬ا" else 6.9


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
