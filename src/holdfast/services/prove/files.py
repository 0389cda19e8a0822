"""Files to fetch: asked for on a page, written by the worker, told by mail, deleted after a week (N4)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.exporting import Column, FileFormat, export_sql, write_file
from holdfast.services.prove.tables import KINDS, Table, table
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.store.export_files import ExportFile

FORMATS: tuple[FileFormat, ...] = ("csv", "xlsx", "parquet")
KEPT_DAYS = 7
MOST_WAITING = 10
"""Files that one person may wait for at once."""

READY = "export_ready"
"""The sort of the mails that a file is ready."""

_KEPT_NOTES_DAYS = 30
_ROWS_AT_ONCE = 20_000
_STORED = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "day": "INTEGER",
    "money": "BIGINT",
}
_DAY_US = 86_400_000_000

Whole = Callable[[Settings, str, Path], int]
"""Writes all of a kind into a file, for kinds that this package does not make; how many rows."""


def ask(
    settings: Settings,
    person_id: int,
    kind: str,
    asked: Mapping[str, Any],
    file_format: str,
    *,
    also: Iterable[str] = (),
    now: datetime | None = None,
) -> int:
    """Ask for a file; its number. ``also`` are further kinds that somebody else writes.

    Refuses what cannot be saved or in no such format ("bad_export"), and too many at once ("too_many_files").
    """
    from holdfast.store import export_files

    if kind not in (*KINDS, *also) or file_format not in FORMATS:
        raise Refusal(
            "bad_export",
            found=Text("{kind} cannot be saved as {format}.", kind=kind[:40], format=file_format[:10]),
            expected=Text("One of {formats}.", formats=", ".join(FORMATS)),
            remedy=Text("Choose one of these."),
        )
    if export_files.waiting(settings, person_id) >= MOST_WAITING:
        raise Refusal(
            "too_many_files",
            found=Text(
                "{n} file of yours is being written.", "{n} files of yours are being written.", n=MOST_WAITING
            ),
            expected=Text("At most {most} at once.", most=MOST_WAITING),
            remedy=Text("Wait until some of them are ready."),
        )
    return export_files.ask(
        settings, person_id, kind, asked, file_format, now_us=microseconds(now or datetime.now(UTC))
    )


def is_waiting(settings: Settings, now_us: int) -> bool:
    """Whether there is a file to write, or one whose time is over: a small question."""
    from holdfast.store import sql

    row = sql.one(
        "SELECT 1 FROM export_file WHERE state = 'waiting' OR (state = 'running' AND held_until_us < %s) "
        "OR (state = 'ready' AND ends_us < %s) LIMIT 1",
        (now_us, now_us),
    )
    return row is not None


def write_next(settings: Settings, whole: Whole, now: datetime) -> bool:
    """Write the file that waits longest, and tell who asked; whether there was one."""
    from holdfast.store import export_files

    found = export_files.claim(settings, microseconds(now))
    if found is None:
        return False
    try:
        stored, rows = _written(settings, found, whole, now)
    except Refusal as refusal:
        trouble = Text("{found} {remedy}", found=refusal.found, remedy=refusal.remedy)
        export_files.fail(settings, found.id, trouble, again=False)
    except Exception as error:
        again = found.tries < export_files.MOST_TRIES
        trouble = Text("It failed: {error}.", error=type(error).__name__)
        export_files.fail(settings, found.id, trouble, again=again)
        raise
    else:
        _ready(settings, found, stored, rows, now)
    return True


def clear(settings: Settings, now: datetime) -> int:
    """Delete files whose time is over, and what lies there that no row names; how many files."""
    from holdfast.store import export_files

    gone = 0
    for each in export_files.ended(settings, microseconds(now)):
        (folder(settings) / each.stored).unlink(missing_ok=True)
        export_files.forget(settings, each.id)
        gone += 1
    export_files.sweep(settings, microseconds(now) - _KEPT_NOTES_DAYS * _DAY_US)
    return gone + _remove_strays(settings, older_than=(microseconds(now) - _DAY_US) / 1_000_000)


def _remove_strays(settings: Settings, *, older_than: float) -> int:
    """Delete what a process left that was killed between a file and its row; younger ones are being made."""
    from holdfast.store import export_files

    place = folder(settings)
    old = [path for path in place.iterdir() if path.stat().st_mtime < older_than] if place.is_dir() else []
    known = export_files.known(settings, [path.name for path in old])
    strays = [path for path in old if path.name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def folder(settings: Settings) -> Path:
    """Where the files lie: nobody but the workspace's own user reads there."""
    return settings.folder / "exports"


def path_of(settings: Settings, found: ExportFile) -> Path | None:
    """Where a ready file lies; ``None`` where it is gone."""
    if found.state != "ready" or not found.stored:
        return None
    path = folder(settings) / found.stored
    return path if path.is_file() else None


def delete(settings: Settings, found: ExportFile) -> None:
    """Delete a file before its time."""
    from holdfast.store import export_files

    path = path_of(settings, found)
    if path is not None:
        path.unlink(missing_ok=True)
    export_files.forget(settings, found.id)


def _written(settings: Settings, found: ExportFile, whole: Whole, now: datetime) -> tuple[str, int]:
    place = folder(settings)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored = f"{secrets.token_urlsafe(24).lstrip('-_')}.{found.file_format}"
    if found.kind not in KINDS:
        return stored, whole(settings, found.kind, place / stored)
    beside = place / f".{stored}"
    try:
        today = day_number(settings.now(now).astimezone(settings.zone).date())
        rows = write(settings, table(settings, found.kind, found.asked, today=today), beside)
        beside.replace(place / stored)
    finally:
        beside.unlink(missing_ok=True)
    return stored, rows


def write(settings: Settings, what: Table, path: Path) -> int:
    """Write a table into a file whose ending says the format; how many rows.

    In CSV and XLSX no cell can become a formula. Refuses more rows than a sheet holds ("too_many_rows").
    """
    from holdfast.engines.embedded import EmbeddedEngine

    file_format: FileFormat = next(each for each in FORMATS if path.name.endswith(f".{each}"))
    spill = settings.folder / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=spill, prefix="export-") as temp,
        EmbeddedEngine(temp=Path(temp), memory_mb=300) as engine,
    ):
        shape = {"n": "BIGINT"} | {each.name: _STORED[each.type] for each in what.columns}
        tables = {"exported": _put_down(engine, what.rows, shape, Path(temp))}
        sql = export_sql(what.columns, "FROM exported ORDER BY n", file_format)
        if file_format == "xlsx":
            return _sheet(engine, sql, tables, path, what.columns)
        return write_file(engine, sql, tables, path, file_format)


def _put_down(
    engine: EmbeddedEngine, rows: Iterable[tuple[Any, ...]], shape: Mapping[str, str], temp: Path
) -> Any:
    from holdfast.engines.tables import ParquetFiles, Rows

    paths: list[str] = []
    for batch in _batches((number, *row) for number, row in enumerate(rows)):
        path = temp / f"rows-{len(paths)}.parquet"
        columns = dict(zip(shape, map(list, zip(*batch, strict=True)), strict=True))
        engine.write("SELECT * FROM batch", {"batch": Rows(columns, types=shape)}, path)
        paths.append(str(path))
    return ParquetFiles(tuple(paths), types=shape)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield batch


def _sheet(
    engine: EmbeddedEngine, sql: str, tables: Mapping[str, Any], path: Path, columns: tuple[Column, ...]
) -> int:
    from holdfast.services.sheets import MOST_ROWS, write_sheet

    ((count,),) = engine.rows(f"SELECT COUNT(*) FROM ({sql}) counted", tables)
    if count > MOST_ROWS:
        raise Refusal(
            "too_many_rows",
            found=Text("There are {n} row.", "There are {n} rows.", n=count),
            expected=Text("A sheet holds at most {most} rows.", most=MOST_ROWS),
            remedy=Text("Save it as CSV or Parquet instead."),
        )
    rows = (row for rows in engine.stream(sql, tables) for row in rows)
    return write_sheet(path, "Holdfast", [column.name for column in columns], rows)


def _ready(settings: Settings, found: ExportFile, stored: str, rows: int, now: datetime) -> None:
    from holdfast.store import export_files, sql

    size = (folder(settings) / stored).stat().st_size
    with sql.short_write():
        export_files.finish(
            settings,
            found.id,
            stored=stored,
            rows=rows,
            size=size,
            now_us=microseconds(now),
            ends_us=microseconds(now) + KEPT_DAYS * _DAY_US,
        )
        _tell(settings, found, rows, now)


def _tell(settings: Settings, found: ExportFile, rows: int, now: datetime) -> None:
    """Ask for the mail that a file is ready: without what is in it, with the way to it."""
    from holdfast.language import Reader, preferred
    from holdfast.language.letters import Line, Way
    from holdfast.services.prove.mails import Mail, ask_for
    from holdfast.store import mail_choices, message_settings, staff

    person = staff.colleague(settings, found.person_id)
    if person is None or not mail_choices.wants(settings, person.id, READY, otherwise=True):
        return
    base = message_settings.rules(settings).public_url
    reader = Reader(person.language or preferred(""), settings.zone)
    said = Text(
        "It has {n} row and can be fetched until {day}.",
        "It has {n} rows and can be fetched until {day}.",
        n=rows,
        day=datetime.fromtimestamp(microseconds(now) / 1e6 + KEPT_DAYS * 86_400, settings.zone).date(),
    )
    mail = Mail(
        f"export {found.id}",
        READY,
        reader.gettext("Your file is ready"),
        (Line(reader.say(said)), Way(reader.gettext("Fetch it"), f"{base}/exports" if base else "")),
        Text("You get this because you asked for a file in Holdfast."),
    )
    ask_for(settings, person, mail, reader, now_us=microseconds(now))
