"""Everything that Holdfast knows, as files that other programs read (N4)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.exporting import Column, FileFormat, export_sql, write_file
from holdfast.services.keep.exported import (
    EXPORTED,
    STORED,
    event_columns,
    in_reporting_currency,
    kinds,
)
from holdfast.services.progress import Progress, Silent
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.engines.tables import ParquetFiles, Table

_ENDINGS: dict[str, tuple[FileFormat, bool]] = {
    ".csv": ("csv", False),
    ".csv.gz": ("csv", True),
    ".jsonl": ("jsonl", False),
    ".jsonl.gz": ("jsonl", True),
    ".parquet": ("parquet", False),
    ".xlsx": ("xlsx", False),
}
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: how many rows of which kind, into which file."""

    kind: str
    rows: int
    file: Path

    def as_json(self) -> dict[str, Any]:
        """The keys that ``holdfast export --json`` documents."""
        return {"kind": self.kind, "rows": self.rows, "file": str(self.file)}


def export(settings: Settings, kind: str, to: Path, *, progress: Progress | None = None) -> ExportReport:
    """Write all of ``kind`` into ``to``; its ending says the format.

    CSV, JSON Lines (both also ``.gz``), Parquet and XLSX. Moments are UTC (ISO 8601), amounts in
    major units; in CSV and XLSX a text that a spreadsheet would take for a formula gets an
    apostrophe before it. The file appears as a whole or not at all. Refuses an unknown kind or
    ending, a folder that is not there, and more rows than a sheet can hold.
    """
    told = progress or Silent()
    file_format, gzip = _checked(kind, to)
    told.step(Text("Exporting"), 0, None)
    spill = settings.folder / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    beside = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        with TemporaryDirectory(dir=spill, prefix="export-") as folder:
            rows = _write(settings, kind, beside, Path(folder), file_format, gzip)
        _move(beside, to)
    finally:
        beside.unlink(missing_ok=True)
    told.step(Text("Exporting"), rows, rows)
    return ExportReport(kind, rows, to)


def _checked(kind: str, to: Path) -> tuple[FileFormat, bool]:
    if kind not in kinds():
        raise Refusal(
            "unknown_kind",
            found=Text("Nothing to export is called {kind}.", kind=kind),
            expected=Text("One of {kinds}.", kinds=", ".join(kinds())),
            remedy=Text("Choose one of these."),
        )
    name = to.name.lower()
    found = next((way for ending, way in _ENDINGS.items() if name.endswith(ending)), None)
    if found is None:
        raise Refusal(
            "unknown_format",
            found=Text("{file} has an ending that says no format.", file=to.name),
            expected=Text("One of {endings}.", endings=", ".join(_ENDINGS)),
            remedy=Text("Name the file so that it ends in one of these."),
        )
    if not to.parent.is_dir() or to.is_dir():
        raise Refusal(
            "no_folder",
            found=Text("{file} cannot be written.", file=str(to)),
            expected=Text("A file in a folder that is there."),
            remedy=Text("Make the folder, or name another file."),
        )
    return found


def _write(
    settings: Settings, kind: str, path: Path, folder: Path, file_format: FileFormat, gzip: bool
) -> int:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.full_disk import refused_when_full

    with refused_when_full(settings), EmbeddedEngine(temp=folder) as engine:
        if kind == "events":
            columns, rest, tables = _events(settings, engine, folder)
        else:
            columns, rest, tables = _rows(settings, engine, kind, folder)
        sql = export_sql(columns, rest, file_format)
        if file_format == "xlsx":
            return _sheet(engine, sql, tables, path, kind, [column.name for column in columns])
        return write_file(engine, sql, tables, path, file_format, gzip=gzip)


def _events(
    settings: Settings, engine: EmbeddedEngine, folder: Path
) -> tuple[tuple[Column, ...], str, Mapping[str, Table]]:
    """Every event that counts, with the customer's own id, in the order of time."""
    from holdfast.services.visible import finished_events
    from holdfast.store import whole

    shape = {"subject_id": "BIGINT", "namespace": "VARCHAR", "key": "VARCHAR", "unit_id": "BIGINT"}
    tables: dict[str, Table] = {
        "events": finished_events(settings),
        "subjects": _put_down(engine, whole.subjects(settings), shape, folder),
    }
    rest = "FROM events e LEFT JOIN subjects s USING (subject_id) ORDER BY e.at_us, e.event_key"
    return event_columns(), rest, tables


def _rows(
    settings: Settings, engine: EmbeddedEngine, kind: str, folder: Path
) -> tuple[tuple[Column, ...], str, Mapping[str, Table]]:
    """Rows out of the database, in the order in which they come."""
    wanted = EXPORTED[kind]
    shape = {"n": "BIGINT"} | {column.name: STORED[column.type] for column in wanted.columns}
    numbered = ((number, *row) for number, row in enumerate(wanted.rows(settings)))
    columns = tuple(in_reporting_currency(settings, column) for column in wanted.columns)
    return columns, "FROM exported ORDER BY n", {"exported": _put_down(engine, numbered, shape, folder)}


def _put_down(
    engine: EmbeddedEngine, rows: Iterable[tuple[Any, ...]], shape: Mapping[str, str], folder: Path
) -> ParquetFiles:
    """Write rows into files that the engine reads, some thousands at a time."""
    from holdfast.engines.tables import ParquetFiles, Rows

    paths: list[str] = []
    for batch in _batches(rows):
        path = folder / f"rows-{len(paths)}.parquet"
        columns = dict(zip(shape, map(list, zip(*batch, strict=True)), strict=True))
        engine.write("SELECT * FROM batch", {"batch": Rows(columns, types=shape)}, path)
        paths.append(str(path))
    return ParquetFiles(tuple(paths), types=shape)


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rest = iter(rows)
    while batch := list(islice(rest, _ROWS_AT_ONCE)):
        yield batch


def _sheet(
    engine: EmbeddedEngine, sql: str, tables: Mapping[str, Table], path: Path, kind: str, head: list[str]
) -> int:
    from holdfast.services.sheets import MOST_ROWS, write_sheet

    ((count,),) = engine.rows(f"SELECT COUNT(*) FROM ({sql}) counted", tables)
    if count > MOST_ROWS:
        raise Refusal(
            "too_many_rows",
            found=Text("There are {n} row.", "There are {n} rows.", n=count),
            expected=Text("A sheet holds at most {most} rows.", most=MOST_ROWS),
            remedy=Text("Export to .csv or .parquet instead."),
        )
    rows = (row for rows in engine.stream(sql, tables) for row in rows)
    return write_sheet(path, kind, head, rows)


def _move(beside: Path, to: Path) -> None:
    """Let the finished file take its place, so that it outlives a power cut."""
    from holdfast.lake.disk import sync_file, sync_folder

    sync_file(beside)
    beside.replace(to)
    sync_folder(to.parent)


__all__ = ["ExportReport", "export", "kinds"]
