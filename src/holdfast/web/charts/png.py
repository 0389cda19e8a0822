"""A chart as a picture for a mail: the same SVG, its colours and letters written out, drawn by vl-convert.

No mail program shows SVG with custom properties; PNG they all show.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

SCALE = 2.0
"""Pixels a length of one: sharp on screens of twice the density."""

_TOKEN = re.compile(r"(--[a-z0-9-]+):\s*(?:light-dark\((#[0-9a-f]+),[^)]*\)|var\((--[a-z0-9-]+)\))")
_PAINT = re.compile(r"var\((--[a-z0-9-]+)\)")
_SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_FONTS = "Noto Sans, DejaVu Sans, Vazirmatn, Noto Sans Arabic, Noto Sans CJK SC, sans-serif"


def png(svg: Markup) -> bytes:
    """The picture on white, as by day; Raises ``ValueError`` for what is no chart of ours."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(standing_alone(svg), scale=SCALE))


def standing_alone(svg: Markup) -> str:
    """The SVG with nothing left that a page would have to say about it."""
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("a chart says how large it is")
    width, height = found.groups()
    colours = light_colours()
    painted = _PAINT.sub(lambda each: colours[each[1]], str(svg))
    head, _, rest = painted.partition(">")
    opening = (
        f'{head} xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="{_FONTS}" font-size="12">'
    )
    style = (
        f"<style>text {{ fill: {colours['--chart-label']} }} "
        f".said {{ fill: {colours['--ink']}; font-weight: 600 }}</style>"
    )
    sheet = f'<rect width="{width}" height="{height}" fill="{colours["--surface"]}"/>'
    return f"{opening}{style}{sheet}{rest}"


@cache
def light_colours() -> dict[str, str]:
    """The colours by day, by the names of their tokens."""
    written = files("holdfast.web").joinpath("static/tokens.css").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for name, colour, other in _TOKEN.findall(written):
        found.setdefault(name, colour or found.get(other, "#000000"))
    return found
