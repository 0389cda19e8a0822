"""Look at a brought file: how it is written, what it looks like, and what is odd about its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from holdfast.connectors.archives import is_archive, unpack
from holdfast.connectors.delimited import has_header
from holdfast.connectors.files import sniff
from holdfast.connectors.guessing import looks_like
from holdfast.connectors.maps import map_of
from holdfast.connectors.plain import make_plain
from holdfast.domain.imports import ColumnMap, MapOptions, TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.staging import look as look_at
from holdfast.services.collect.scratch import scratch_folder
from holdfast.services.collect.uploads import files
from holdfast.services.full_disk import refused_when_full
from holdfast.settings import Settings
from holdfast.store import saved_maps, uploads
from holdfast.store.uploads import NewUpload, UploadRecord

AT_ONCE = 8 << 20
"""Packed files up to this size are looked at while the page waits; larger ones by the worker."""

LONGEST_CELL = 200
MOST_COLUMNS = 300
"""More columns than this are no table for people."""

FILE_OPTIONS = ("encoding", "delimiter", "quote", "header", "sheet", "first_row")
"""Options of a map that say how the file is written; the others say what its values mean."""

_READ_WHOLE = (b"PK\x03\x04", b"PAR1")


def is_quick(path: Path) -> bool:
    """Whether a look is done in a moment: of text, packed or not, only the head is read."""
    if not path.is_file() or path.stat().st_size <= AT_ONCE:
        return True
    with path.open("rb") as file:
        return file.read(4) not in _READ_WHOLE


def look(settings: Settings, number: int, *, now_us: int) -> list[int]:
    """Find out how the file is written; an archive becomes its files, whose numbers are answered.

    What is in the way is kept as the file's trouble, for its page to say. May be repeated.
    """
    record = uploads.get(settings, number)
    path = files.path_of(settings, record)
    try:
        if not path.is_file():
            raise gone(record)
        with refused_when_full(settings):
            if is_archive(path):
                return _take_apart(settings, record, path, now_us)
            _look_at_one(settings, record, path, now_us)
    except Refusal as refusal:
        state = "gone" if refusal.code == "file_gone" else "refused"
        uploads.change(settings, number, now_us=now_us, state=state, trouble=said(refusal))
    return [number]


def said(refusal: Refusal) -> Text:
    """A refusal as one text, to be kept and said later in any language."""
    return Text(
        "{found} {expected} {remedy}",
        found=refusal.found,
        expected=refusal.expected,
        remedy=refusal.remedy,
    )


def _take_apart(settings: Settings, record: UploadRecord, path: Path, now_us: int) -> list[int]:
    with scratch_folder(settings) as folder:
        # All of it first: of an archive that is refused in its middle nothing is kept.
        parts = list(unpack(path, folder, most_bytes=2 * files.MOST_BYTES))
        numbers = [
            files.receive(
                settings,
                unpacked,
                NewUpload(name, unpacked.stat().st_size),
                by_id=record.by_id,
                now_us=now_us,
            )
            for name, unpacked in parts
        ]
    files.forget(settings, record.id)
    for number in numbers:
        look(settings, number, now_us=now_us)
    return numbers


def _look_at_one(settings: Settings, record: UploadRecord, path: Path, now_us: int) -> None:
    options = map_in(record).options
    with scratch_folder(settings) as folder:
        found = sniff(path, options)
        if found.format == "parquet":
            found = look_at([make_plain(found, folder)], None, folder)
    _check_width(path, found.columns)
    kind = record.kind or looks_like(found)
    layout = _layout(found)
    files.write_first(settings, record.id, [_cut(row) for row in found.sample])
    chosen = record.chosen
    if not chosen.get("columns") and (kept := saved_maps.fitting(settings, found.columns)):
        kind, chosen = record.kind or kept.kind, {**kept.chosen, "by": kept.name}
    uploads.change(
        settings, record.id, now_us=now_us, state="looked", kind=kind, layout=layout, chosen=chosen
    )


def map_in(record: UploadRecord) -> ColumnMap:
    """The map that was chosen for a file so far."""
    written = {key: value for key, value in record.chosen.items() if key != "by"}
    return map_of(written, record.name)


def source_of(settings: Settings, record: UploadRecord) -> TabularSource:
    """The file as a table with its columns and first rows, as they were found."""
    layout = record.layout
    return TabularSource(
        files.path_of(settings, record),
        layout["format"],
        tuple(layout["columns"]),
        layout["table"],
        delimiter=layout["delimiter"],
        encoding=layout["encoding"],
        header=layout["header"],
        sheet=layout["sheet"],
        sample=tuple(tuple(row) for row in files.first_rows(settings, record.id)),
    )


def _layout(found: TabularSource) -> dict[str, Any]:
    return {
        "format": found.format,
        "columns": list(found.columns),
        "table": found.table,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "header": found.header,
        "sheet": found.sheet,
        "sheets": list(_sheets(found)),
        "odd": [code for code, is_so in _ODD.items() if is_so(found)],
    }


def _sheets(found: TabularSource) -> Sequence[str]:
    if found.format != "xlsx":
        return ()
    from holdfast.connectors.sheets import sheet_names

    return sheet_names(found)


def _one_column(found: TabularSource) -> bool:
    """One column where lines are full of signs that could part them: the delimiter was not found."""
    if found.format != "csv" or len(found.columns) > 1:
        return False
    cells = [row[0] or "" for row in found.sample[:20]]
    return any(
        sum(cell.count(sign) > 0 for cell in cells) * 2 > len(cells)
        for sign in (";", "\t", "|", ",", "^", "~")
    )


def _second_header(found: TabularSource) -> bool:
    """The first row names things as a header does, and the rows below it hold values."""
    if len(found.sample) < 3 or not found.header or len(found.columns) < 2:
        return False
    first, *rest = [[cell or "" for cell in row] for row in found.sample[:50]]
    return _is_header(first) and not any(_is_header(row) for row in rest)


def _is_header(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return (
        len(filled) * 2 > len(row)
        and has_header([list(row)])
        and not any(any(sign.isdecimal() for sign in cell) for cell in filled)
    )


def _title_above(found: TabularSource) -> bool:
    """The header is mostly empty, or has far fewer cells than the rows: it is a title."""
    unnamed = sum(name == str(at) for at, name in enumerate(found.columns, start=1))
    wide = [sum(cell is not None for cell in row) for row in found.sample[:20]]
    return (
        found.header
        and len(found.columns) > 2
        and unnamed * 2 >= len(found.columns)
        and max(wide, default=0) > 2
    )


def _no_header(found: TabularSource) -> bool:
    return found.format in ("csv", "xlsx") and not found.header


def _replaced(found: TabularSource) -> bool:
    """Letters that the encoding does not have."""
    return any("\ufffd" in (cell or "") for row in found.sample for cell in row)


_ODD = {
    "one_column": _one_column,
    "second_header": _second_header,
    "title_above": _title_above,
    "no_header": _no_header,
    "replaced": _replaced,
}
"""What may be wrong with how a file is written, found out from its head."""


def _cut(row: Sequence[str | None]) -> list[str | None]:
    return [None if cell is None else cell[:LONGEST_CELL] for cell in row]


def _check_width(path: Path, columns: Sequence[str]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise Refusal(
            "too_many_columns",
            found=Text("{file} has {n} columns.", file=path.name, n=len(columns)),
            expected=Text("A table of up to {most} columns.", most=MOST_COLUMNS),
            remedy=Text("Export the columns that matter; nothing was imported."),
        )


def gone(record: UploadRecord) -> Refusal:
    """The refusal for a file that was deleted meanwhile."""
    return Refusal(
        "file_gone",
        found=Text("{file} is not here any more.", file=record.name),
        expected=Text("A file waits {n} days to be imported.", n=files.KEPT_DAYS),
        remedy=Text("Bring it again; nothing was imported."),
    )


def as_chosen(column_map: ColumnMap) -> Mapping[str, Any]:
    """A map in the plain values that are kept with a file."""
    options = {
        name: value
        for name, value in asdict(column_map.options).items()
        if value != _PLAIN[name] and name != "lag_us"
    }
    if column_map.options.lag_us:
        options["lag"] = f"{column_map.options.lag_us // 1_000_000} seconds"
    chosen: dict[str, Any] = {"columns": dict(column_map.columns), "options": options}
    if column_map.derive:
        chosen["derive"] = dict(column_map.derive)
    if column_map.immutable:
        chosen["immutable"] = {"traits": list(column_map.immutable)}
    return chosen


_PLAIN = asdict(MapOptions())


def look_anew(settings: Settings, record: UploadRecord, options: Mapping[str, Any], *, now_us: int) -> None:
    """Look at a file again under other options of how it is written; columns are mapped afresh."""
    kept = {
        name: value for name, value in record.chosen.get("options", {}).items() if name not in FILE_OPTIONS
    }
    chosen = {"options": {**kept, **options}}
    map_of(chosen, record.name)  # refuses options that mean nothing before anything is changed
    uploads.change(settings, record.id, now_us=now_us, state="new", kind="", chosen=chosen)
    if is_quick(files.path_of(settings, record)):
        look(settings, record.id, now_us=now_us)


def without_file_options(column_map: ColumnMap) -> ColumnMap:
    """The map for rows that were taken out of their file: what its values mean, not how it was written."""
    plain = MapOptions()
    return replace(
        column_map,
        options=replace(column_map.options, **{name: getattr(plain, name) for name in FILE_OPTIONS}),
    )
