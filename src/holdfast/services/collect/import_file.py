"""Import files, or the answer to a query, into the customer base."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from holdfast.connectors.files import sniff
from holdfast.connectors.guessing import guess_map
from holdfast.connectors.maps import read_map
from holdfast.connectors.plain import make_plain
from holdfast.domain.imports import ColumnMap, Guess, ImportKind, Staged, TabularSource
from holdfast.domain.maps import missing_columns
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.staging import look, stage
from holdfast.registry import parts
from holdfast.services.collect.report import ImportReport
from holdfast.services.collect.scratch import scratch_folder
from holdfast.services.collect.take_in import Intake, take_in
from holdfast.services.full_disk import refused_when_full
from holdfast.services.progress import Progress
from holdfast.settings import Settings

__all__ = ["ImportReport", "import_file"]

Choose = Callable[[Guess], ColumnMap | None]
"""Shows a guessed map to someone; ``None`` means that it is not to be used."""

_STEPS = {"read": Text("Reading the file"), "stage": Text("Understanding the rows")}


@dataclass(frozen=True, slots=True)
class _Request:
    """What was asked for, with the words of the command line turned into values."""

    paths: Sequence[Path]
    kind: ImportKind
    given: ColumnMap | None
    query: str | None
    database: str | None


def import_file(
    settings: Settings,
    paths: Sequence[Path],
    kind: str,
    *,
    map_path: Path | None = None,
    query: str | None = None,
    database: str | None = None,
    column_map: ColumnMap | None = None,
    begun: Callable[[int], None] = lambda import_id: None,
    choose: Choose,
    progress: Progress,
    now: datetime,
) -> ImportReport:
    """Import ``paths`` as ``kind``, as a whole or not at all, and tell what became of the rows.

    ``map_path`` says which column is which; without columns in it they are guessed and ``choose``
    is asked; ``column_map`` is such a map in memory. ``begun`` is told the import's number, as soon as it
    has one. ``query`` runs over the files (each a table of its name), or over ``database`` (a
    URL). ``now``, an aware moment, is when what has no date of its own became known.
    The same file twice, or overlapping ones, change nothing. Refuses files, maps and queries that
    cannot be used, a full disk, and a workspace in which another import goes on ("busy").
    """
    given = read_map(map_path) if map_path else column_map
    if bool(paths) == (database is not None):
        raise _one_of_two()
    request = _Request(paths, import_kind(kind), given, query, database)
    with refused_when_full(settings), scratch_folder(settings) as folder:
        table = _look(request, folder, progress)
        agreed = _columns(request, table, choose)
        intake = Intake(
            kind=request.kind.name,
            source=agreed.options.source or request.kind.name,
            files=tuple(path.name for path in paths) or (_without_password(database or ""),),
            stage=partial(_stage, table, request.kind, agreed, microseconds(now), progress),
            about_customers=request.kind.rest == "traits",
            begun=begun,
        )
        return take_in(settings, intake, now_us=microseconds(now), progress=progress)


def _one_of_two() -> Refusal:
    return Refusal(
        "files_or_database",
        found=Text("Files and a database were named, or neither."),
        expected=Text("Files, perhaps with a query over them; or a database with a query."),
        remedy=Text("Import them one after the other; nothing was imported."),
    )


def import_kind(name: str) -> ImportKind:
    """The kind of import called ``name``. Refuses ("unknown_kind") one that nobody knows."""
    known = parts("imports")
    if name in known:
        declared = known[name].declared
        assert isinstance(declared, ImportKind)  # noqa: S101  (what the family asks for)
        return declared
    near = get_close_matches(name, known, n=1)
    raise Refusal(
        "unknown_kind",
        found=Text("There is no kind {name}.", name=name),
        expected=Text("One of {names}.", names=", ".join(known)),
        remedy=Text("Did you mean {near}?", near=near[0]) if near else Text("Nothing was imported."),
    )


def _look(request: _Request, folder: Path, progress: Progress) -> TabularSource:
    """The one table to import, in a form that the engine reads, with its columns and first rows."""
    options = request.given.options if request.given else None
    report = partial(_tell, progress)
    if request.database is not None:
        from holdfast.connectors.sql import fetch

        return look([fetch(request.database, request.query or "", folder, report)], None, folder)
    plain = [
        make_plain(sniff(path, options), folder / str(number), report)
        for number, path in enumerate(request.paths)
    ]
    return look(plain, request.query, folder)


def _columns(request: _Request, table: TabularSource, choose: Choose) -> ColumnMap:
    """The map that was given, or the guessed one that was agreed to."""
    given = request.given
    if given is not None and (given.columns or given.derive):
        return given
    guess = guess_map(request.kind, table, given.options if given else None)
    if guess.missing:
        raise missing_columns(request.kind, guess.missing, table.columns, guess.looks_like)
    chosen = choose(guess)
    if chosen is None:
        raise Refusal(
            "columns_not_agreed",
            found=Text("The guessed columns were not agreed to."),
            expected=Text("A map that says which column is which."),
            remedy=Text("Write MAP.toml and add --map MAP.toml; nothing was imported."),
        )
    return chosen


def _stage(
    table: TabularSource,
    kind: ImportKind,
    column_map: ColumnMap,
    now_us: int,
    progress: Progress,
    settings: Settings,
    folder: Path,
) -> Staged:
    return stage(
        [table],
        kind,
        column_map,
        settings=settings,
        folder=folder,
        now_us=now_us,
        report=partial(_tell, progress),
    )


def _tell(progress: Progress, step: str, done: int, total: int) -> None:
    progress.step(_STEPS[step], done, total or None)


def _without_password(url: str) -> str:
    """The URL as it may be kept: where from, not as whom and with which password."""
    return re.sub(r"//[^/]*@", "//", url).partition("?")[0]
