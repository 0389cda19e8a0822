"""Writes a table as XLSX, row by row, in memory that does not grow with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MOST_ROWS = 1_048_575
"""Rows that a sheet can hold beside its head. Source: Microsoft, "Excel specifications and limits"."""

LONGEST_CELL = 32_767
"""Characters that a cell can hold; longer texts are cut there."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def write_sheet(path: Path, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write one sheet called ``title``; how many rows it has beside its head.

    Numbers are numbers, everything else is text; ``None`` is an empty cell. At most
    :data:`MOST_ROWS` rows: the caller counts before.
    """
    count = 0
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in _PARTS.items():
            package.writestr(name, content)
        package.writestr("xl/workbook.xml", _workbook(title))
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            sheet.write(_row(head).encode())
            for piece, number in _pieces(rows):
                sheet.write(piece.encode())
                count += number
            sheet.write(b"</sheetData></worksheet>")
    return count


def _workbook(title: str) -> str:
    name = escape(title[:31], {'"': "&quot;"})
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _pieces(rows: Iterable[Sequence[object]], size: int = 1_000) -> Iterator[tuple[str, int]]:
    piece: list[str] = []
    for row in rows:
        piece.append(_row(row))
        if len(piece) == size:
            yield "".join(piece), size
            piece.clear()
    yield "".join(piece), len(piece)


def _row(cells: Sequence[object]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f"<c><v>{value}</v></c>"
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    written = escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text[:LONGEST_CELL]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'
