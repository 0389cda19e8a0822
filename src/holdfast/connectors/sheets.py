"""XLSX workbooks, read without running anything in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.connectors import delimited
from holdfast.connectors.refusals import cut_file, empty_file, header_only, not_this_format, zip_bomb
from holdfast.connectors.rows import DroppedRows, plain_rows
from holdfast.connectors.streams import chunks_of
from holdfast.domain.imports import MapOptions, TabularSource
from holdfast.domain.maps import unknown_name
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LARGEST = 400 << 20
"""Bytes that the parts of a workbook may have unpacked: about a million rows of eight cells."""

MOST_TIMES = 100
"""How many times a part may grow once it is larger than 10 MB; sheets grow 5 to 30 times."""

_SMALL = 10 << 20


def sniff_sheet(source: TabularSource, options: MapOptions) -> TabularSource:
    """Columns and sample of the sheet that ``[options] sheet`` names, else of the first with rows."""
    rows: list[list[str]] = []
    sheet = ""
    workbook = _workbook(source)
    for sheet in _wanted_sheets(workbook, options.sheet):
        rows = [row for _, row in _rows(workbook, sheet, most=201, first=options.first_row)]
        if rows:
            break
    if not rows:
        raise empty_file(source.path)
    header = options.header if options.header is not None else delimited.has_header(rows)
    width = max(len(row) for row in rows)
    columns = delimited.column_names(rows[0] + [""] * (width - len(rows[0])), header=header)
    body = rows[1:] if header else rows
    if not body:
        raise header_only(source.path, columns)
    sample = delimited.as_sample(body, len(columns))
    return replace(
        source,
        sheet=sheet,
        header=header,
        columns=columns,
        sample=sample,
        skipped=options.first_row - 1,
    )


def sheet_names(source: TabularSource) -> tuple[str, ...]:
    """The names of all sheets of a workbook, in order."""
    names: list[str] = _workbook(source).sheet_names
    return tuple(names)


def plain_sheet(source: TabularSource, folder: Path) -> TabularSource:
    """The sheet as a plain table, numbered by the rows of the sheet."""
    workbook = _workbook(source)
    width = len(source.columns)
    with DroppedRows(folder, source.table) as dropped, plain_rows(folder, source.table) as written:
        rows = _rows(workbook, source.sheet, first=source.skipped + 1)
        if source.header:
            next(rows, None)
        for number, cells in rows:
            written.write(number, cells[:width] + [""] * (width - len(cells)))
    return written.source(source, source.columns, dropped)


def _workbook(source: TabularSource) -> CalamineWorkbook:
    """The opened workbook; refuses damaged ones and those that would swell."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    unpacked = io.BytesIO(b"".join(chunks_of(source.path, packed=bool(source.compression))))
    _refuse_swelling(source.path, unpacked)
    try:
        return CalamineWorkbook.from_filelike(unpacked)
    except PasswordError as error:
        raise not_this_format(
            source.path,
            Text("locked with a password"),
            Text("Save it without a password; nothing was imported."),
        ) from error
    except (CalamineError, OSError) as error:
        raise cut_file(source.path) from error


def _refuse_swelling(path: Path, unpacked: io.BytesIO) -> None:
    """Refuse a zip whose parts grow beyond measure, before anything is unpacked."""
    try:
        with zipfile.ZipFile(unpacked) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise cut_file(path) from error
    unpacked.seek(0)
    if not any(part.filename.endswith("workbook.xml") for part in parts):
        raise not_this_format(
            path, Text("a ZIP archive without a workbook"), Text("Unpack it and import the files in it.")
        )
    swelling = (part.file_size > max(_SMALL, MOST_TIMES * part.compress_size) for part in parts)
    if any(swelling) or sum(part.file_size for part in parts) > LARGEST:
        raise zip_bomb(path, MOST_TIMES)


def _wanted_sheets(workbook: CalamineWorkbook, named: str) -> list[str]:
    names: list[str] = workbook.sheet_names
    if named and named not in names:
        raise unknown_name("unknown_sheet", Text("The sheet"), named, names)
    return [named] if named else names


def _rows(
    workbook: CalamineWorkbook, sheet: str, most: int | None = None, first: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """The rows that have a value, with their numbers in the sheet."""
    found = 0
    table = workbook.get_sheet_by_name(sheet)
    for number, row in enumerate(table.iter_rows(), start=1):
        cells = [_cell(value) for value in row]
        if number >= first and any(cells):
            found += 1
            yield number, cells
            if most is not None and found >= most:
                return


def _cell(value: object) -> str:
    """A cell as text that reads back the same: ISO dates, whole numbers without a point."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value.total_seconds())
    return str(value)
