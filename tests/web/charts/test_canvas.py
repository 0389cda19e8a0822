"""The canvas runs in the direction of reading, and lets nothing through unescaped."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from holdfast.web.charts.canvas import Canvas, Size, text_width

SIZE = Size(664, 292, "when-wide")
places = st.floats(0, 664)


def xs(svg: str, name: str = "x") -> list[float]:
    return [float(found) for found in re.findall(rf' {name}="([0-9.]+)"', svg)]


@given(st.floats(0, 600), places, st.floats(1, 50))
def test_n3_a_mirrored_box_covers_the_mirrored_place(x: float, y: float, width: float) -> None:
    plain, mirrored = Canvas(SIZE, "a"), Canvas(SIZE, "a", mirrored=True)
    for canvas in (plain, mirrored):
        canvas.box((x, y), width, 10, "chart-1")
    assert abs(xs(plain.svg())[0] + xs(mirrored.svg())[0] + width - 664) < 0.2


@given(places, st.sampled_from(["start", "middle", "end"]))
def test_n3_words_keep_their_side_when_mirrored(x: float, anchor: str) -> None:
    mirrored = Canvas(SIZE, "a", mirrored=True)
    mirrored.words((x, 10), "مهر ۱۴۰۵", anchor=anchor)
    wanted = {"start": "end", "end": "start", "middle": "middle"}[anchor]
    assert f'text-anchor="{wanted}"' in mirrored.svg()
    assert "\u2067مهر ۱۴۰۵\u2069" in mirrored.svg()


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_whatever_a_customer_typed_stays_text(typed: str) -> None:
    canvas = Canvas(SIZE, typed)
    canvas.words((0, 0), typed, css="said")
    root = ElementTree.fromstring(str(canvas.svg()))  # noqa: S314  (our own)
    assert root.attrib["aria-label"] == typed
    assert [child.tag for child in root] == ["text"]
    assert root[0].text == typed


def test_a_picture_says_its_finding_and_uses_tokens_only() -> None:
    canvas = Canvas(SIZE, "Churn rose")
    canvas.line((0, 0), (10, 10), "chart-axis", dashes="2 3")
    canvas.dot((5, 5), 3, "chart-1")
    canvas.band([(0, 0), (5, 5)], [(0, 5), (5, 9)], "chart-band")
    svg = canvas.svg()
    assert svg.startswith('<svg class="when-wide" viewBox="0 0 664 292" role="img" aria-label="Churn rose">')
    assert "style=" not in svg
    assert "#" not in svg


def test_wide_letters_take_more_room_than_marks() -> None:
    assert text_width("客户") == 24
    assert text_width("\u200f") == 0
    assert text_width("ii") < text_width("nn")
