"""What a chart is drawn on: an SVG whose x runs in the direction of reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

Point = tuple[float, float]

ISOLATE, END_ISOLATE = "\u2067", "\u2069"
"""Right-to-left isolate and its end: they keep a percent sign or a sentence in its own order."""


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
    _shapes: list[Markup] = field(default_factory=list)

    def line(self, start: Point, end: Point, colour: str, width: float = 1, dashes: str = "") -> None:
        """A straight line; ``dashes`` as in SVG ("2 3")."""
        (x1, y1), (x2, y2) = start, end
        self._add(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>'),
            self._x(x1),
            _short(y1),
            self._x(x2),
            _short(y2),
            paint(colour),
            _short(width),
            _dashed(dashes),
        )

    def whisker(self, start: Point, end: Point, colour: str) -> None:
        """An interval: a thick line with round ends."""
        self._add(
            Markup(
                '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="2.5"'
                ' stroke-linecap="round"/>'
            ),
            self._x(start[0]),
            _short(start[1]),
            self._x(end[0]),
            _short(end[1]),
            paint(colour),
        )

    def words(self, at: Point, text: str, *, anchor: str = "start", css: str = "") -> None:
        """Words at a place; ``anchor`` is start, middle or end in the direction of reading."""
        if self.mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
            text = text if text.isdecimal() else f"{ISOLATE}{text}{END_ISOLATE}"
        self._add(
            Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>'),
            self._x(at[0]),
            _short(at[1]),
            anchor,
            Markup(' class="{}"').format(css) if css else "",
            text,
        )

    def box(self, at: Point, width: float, height: float, colour: str) -> None:
        """A rounded rectangle whose corner nearest the beginning of reading is ``at``."""
        x = at[0] + width if self.mirrored else at[0]
        self._add(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" rx="3"/>'),
            self._x(x),
            _short(at[1]),
            _short(width),
            _short(height),
            paint(colour),
        )

    def dot(self, at: Point, radius: float, colour: str) -> None:
        """A point with a rim of the sheet's colour, so that it stands off the line."""
        self._add(
            Markup('<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="var(--surface)" stroke-width="2"/>'),
            self._x(at[0]),
            _short(at[1]),
            _short(radius),
            paint(colour),
        )

    def curve(self, points: Sequence[Point], colour: str, width: float = 2.25) -> None:
        """A line through ``points``."""
        self._add(
            Markup(
                '<path d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"'
                ' stroke-linecap="round"/>'
            ),
            self._path(points),
            paint(colour),
            _short(width),
        )

    def band(self, upper: Sequence[Point], lower: Sequence[Point], colour: str) -> None:
        """The area between two lines, an interval along a curve."""
        self._add(Markup('<path d="{}Z" fill="{}"/>'), self._path([*upper, *reversed(lower)]), paint(colour))

    def svg(self) -> Markup:
        """The picture."""
        css = Markup(' class="{}"').format(self.size.css) if self.size.css else Markup("")
        opening = Markup('<svg{} viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            css, _short(self.size.width), _short(self.size.height), self.label
        )
        return opening + Markup("").join(self._shapes) + Markup("</svg>")

    def _add(self, template: Markup, *values: object) -> None:
        self._shapes.append(template.format(*values))

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


def _dashed(dashes: str) -> Markup:
    return Markup(' stroke-dasharray="{}"').format(escape(dashes)) if dashes else Markup("")
