"""Who stays, by when they came: a heat map with the number in each cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.web.charts.canvas import Canvas, Size, text_width

ROW = 28.0
HEAD = 25.0
WIDEST_CELL = 56.0
SEQUENCE = 7
"""Shades ``--seq-1`` .. ``--seq-7``; letters change from dark to light between 4 and 5."""


@dataclass(frozen=True, slots=True)
class CohortRow:
    """Those who came in one period: its name, how many, and the share 0..1 still here per age."""

    label: str
    size: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CohortWords:
    """The finding for a screen reader, and the word over the ages ("months")."""

    finding: str
    age_word: str


def heat_map(
    rows: Sequence[CohortRow],
    size: Size,
    words: CohortWords,
    say_number: Callable[[int], str],
    *,
    columns: int,
    with_sizes: bool,
    mirrored: bool = False,
) -> Markup:
    """The picture of the newest ``rows`` and the first ``columns`` ages; no rows give an empty one.

    ``size.height`` is ignored: the height follows from the rows.
    """
    if not rows:
        return Markup("")
    ages = min(columns, max(len(row.shares) for row in rows))
    canvas = Canvas(Size(size.width, HEAD + ROW * len(rows) + 2, size.css), words.finding, mirrored)
    name_end = max([*(text_width(row.label) for row in rows), text_width(words.age_word)])
    size_end = name_end + 14 + max(text_width(row.size) for row in rows) if with_sizes else name_end
    first = size_end + 12
    cell = min(WIDEST_CELL, (size.width - first) / ages)
    canvas.words((size_end, 14), words.age_word, anchor="end")
    for age in range(ages):
        canvas.words((first + cell * (age + 0.5), 14), say_number(age), anchor="middle")
    for number, row in enumerate(rows):
        middle = HEAD + ROW * number + 17
        canvas.words((0, middle), row.label)
        if with_sizes:
            canvas.words((size_end, middle), row.size, anchor="end")
    _cells(canvas, rows, ages, first, cell, say_number)
    return canvas.svg()


def _cells(
    canvas: Canvas,
    rows: Sequence[CohortRow],
    ages: int,
    first: float,
    cell: float,
    say_number: Callable[[int], str],
) -> None:
    shade = shades([share for row in rows for share in row.shares[1:ages] if share is not None])
    for number, row in enumerate(rows):
        top = HEAD + ROW * number
        for age, share in enumerate(row.shares[:ages]):
            if share is None:
                continue
            step = SEQUENCE if age == 0 else shade(share)
            canvas.box((first + cell * age + 1, top), cell - 2, ROW - 2, f"seq-{step}")
            canvas.words(
                (first + cell * (age + 0.5), top + 17),
                say_number(round(share * 100)),
                anchor="middle",
                css="on-high" if step > 4 else "on-low",
            )


def shades(shares: Sequence[float]) -> Callable[[float], int]:
    """Which shade 1..6 a share gets, spread evenly over the shares that occur.

    A span of less than six points is not stretched: noise must not look like a pattern.
    """
    if not shares:
        return lambda _share: 1
    lowest, highest = min(shares), max(shares)
    span = max(highest - lowest, 0.06)
    return lambda share: 1 + min(5, max(0, int((share - lowest) / span * 6)))
