"""Which column is which: a guess that says how sure it is, and what it would do to the first rows."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from holdfast.connectors.guessing import guess_columns
from holdfast.connectors.maps import map_of
from holdfast.connectors.rows import DroppedRows, plain_rows
from holdfast.domain.imports import ColumnMap, ImportKind, Suspicion, TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.staging import stage
from holdfast.registry import parts
from holdfast.services.collect.import_file import import_kind
from holdfast.services.collect.scratch import scratch_folder
from holdfast.services.collect.uploads.look import FILE_OPTIONS, as_chosen, look_anew, map_in, source_of
from holdfast.settings import Settings
from holdfast.store import saved_maps, uploads
from holdfast.store.saved_maps import KeptMap
from holdfast.store.uploads import UploadRecord

EXAMPLES = 3
"""Values that are shown of a column."""

SURE = 0.75
"""A guess from here on is called sure, one below :data:`UNSURE` a mere guess."""

UNSURE = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """A canonical column: the source column for it ("" for none), how sure that is (``None``: somebody
    chose it), some of its values. ``required``: without it, or another of its group, nothing can be taken.
    """

    name: str
    meaning: Text
    required: bool
    source: str
    sure: float | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The map of a file as it stands; ``better`` is a kind that its columns fit better ("" for none)."""

    kind: ImportKind
    map: ColumnMap
    fields: tuple[Field, ...]
    unused: tuple[str, ...]
    better: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that would not be taken: where it stands, why, and its cells."""

    line: int
    code: str
    cells: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a map does to the first rows: ``taken`` of ``looked_at``; ``refused`` when it cannot be used."""

    looked_at: int = 0
    taken: int = 0
    problems: tuple[Problem, ...] = ()
    reasons: Mapping[str, int] | None = None
    suspicious: tuple[Suspicion, ...] = ()
    refused: Refusal | None = None


def kinds() -> list[ImportKind]:
    """Every kind of table that can be imported."""
    return [cast(ImportKind, part.declared) for part in parts("imports").values()]


def propose(settings: Settings, record: UploadRecord, kind_name: str = "") -> Proposal:
    """The map that was chosen for a file, else the one that is guessed for ``kind_name``.

    A kind that nobody has chosen and nothing speaks for is "orders".
    """
    kind = import_kind(kind_name or record.kind or "orders")
    source = source_of(settings, record)
    chosen = map_in(record)
    guess = guess_columns(kind, source, chosen.options)
    own = bool(chosen.columns or chosen.derive) and kind.name == record.kind
    column_map = chosen if own else guess.map
    sure = {} if own else guess.sure
    fields = [_field(source, kind, column_map, column.name, sure) for column in kind.columns]
    used = {field.source for field in fields}
    unused = tuple(column for column in source.columns if column not in used)
    better = guess.looks_like if guess.missing and guess.looks_like != kind.name else ""
    return Proposal(kind, column_map, tuple(fields), unused, better)


def _field(
    source: TabularSource, kind: ImportKind, column_map: ColumnMap, name: str, sure: Mapping[str, float]
) -> Field:
    column = kind.column(name)
    assert column is not None  # noqa: S101  (it is one of its columns)
    chosen = column_map.columns.get(name, "")
    required = any(name in group for group in kind.required)
    return Field(name, column.meaning, required, chosen, sure.get(name), examples(source, chosen))


def examples(source: TabularSource, column: str) -> tuple[str, ...]:
    """The first different values of a column."""
    if column not in source.columns:
        return ()
    at = source.columns.index(column)
    found = dict.fromkeys(cell for row in source.sample if at < len(row) and (cell := row[at]))
    return tuple(list(found)[:EXAMPLES])


def map_typed(record: UploadRecord, columns: Mapping[str, str], options: Mapping[str, str]) -> ColumnMap:
    """The map that a form says; what the form does not ask (how the file is written) stays as it was."""
    before = {name: value for name, value in record.chosen.items() if name != "by"}
    kept = {name: value for name, value in before.get("options", {}).items() if name not in options}
    said = {name: value for name, value in options.items() if value}
    return map_of(
        {
            **before,
            "columns": {name: source for name, source in columns.items() if source},
            "options": {**kept, **said},
        },
        record.name,
    )


def of_values(options: Mapping[str, Any]) -> dict[str, str]:
    """Those of the options of a map that say what values mean; the others say how the file is written."""
    return {name: str(value) for name, value in options.items() if name not in FILE_OPTIONS}


def written_so(
    settings: Settings, record: UploadRecord, options: Mapping[str, Any], *, now_us: int
) -> UploadRecord:
    """The file, looked at anew where ``options`` say that it is written otherwise than it was read.

    A look at a large file is for the worker: its state is "new" then. Refuses options that mean nothing.
    """
    before = {each: value for each, value in record.chosen.get("options", {}).items() if each in FILE_OPTIONS}
    after = before | {each: value for each, value in options.items() if each in FILE_OPTIONS}
    if after == before:
        return record
    look_anew(settings, record, after, now_us=now_us)
    return uploads.get(settings, record.id)


def check(
    settings: Settings, record: UploadRecord, kind: ImportKind, column_map: ColumnMap, *, now_us: int
) -> Checked:
    """Read the first rows by the map, as the import would, and say what becomes of them.

    Nothing of it is kept.
    """
    source = source_of(settings, record)
    try:
        with scratch_folder(settings) as folder:
            table = _sample_table(source, column_map, folder)
            staged = stage([table], kind, column_map, settings=settings, folder=folder, now_us=now_us)
            problems = _problems(staged.rejects)
    except Refusal as refusal:
        return Checked(len(source.sample), refused=refusal)
    return Checked(
        staged.rows_read,
        staged.rows_read - staged.rows_rejected,
        tuple(problems),
        staged.reject_reasons,
        staged.suspicious,
    )


def _sample_table(source: TabularSource, column_map: ColumnMap, folder: Path) -> TabularSource:
    first = (2 if source.header else 1) + column_map.options.first_row - 1
    width = len(source.columns)
    with DroppedRows(folder, "first") as dropped, plain_rows(folder, "first") as written:
        for number, row in enumerate(source.sample, start=first):
            written.write(number, [*row[:width], *[None] * (width - len(row))])
    return written.source(source, source.columns, dropped)


def _problems(rejects: Path | None) -> list[Problem]:
    if rejects is None:
        return []
    with gzip.open(rejects, "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        return [Problem(int(line), code, json.loads(raw)) for line, code, _, raw in rows]


def choose(
    settings: Settings, record: UploadRecord, kind: ImportKind, column_map: ColumnMap, *, now_us: int
) -> None:
    """Keep the map with its file."""
    uploads.change(settings, record.id, now_us=now_us, kind=kind.name, chosen=dict(as_chosen(column_map)))


def keep_map(settings: Settings, record: UploadRecord, name: str, *, by_id: int | None, now_us: int) -> None:
    """Keep the map of a file under a name, for the next file with the same columns.

    Refuses ("no_name") an empty name and one longer than 80 characters.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Refusal(
            "no_name",
            found=Text("The map has no name, or one of more than {most} characters.", most=_LONGEST_NAME),
            expected=Text("A short name, like “Orders of the till”."),
            remedy=Text("Give it one; the file can be imported without, too."),
        )
    # The sheet of a workbook and the like belong to this file; its columns are what the next one shares.
    kept = KeptMap(0, name, record.kind, tuple(record.layout["columns"]), record.chosen)
    saved_maps.keep(settings, kept, by_id=by_id, now_us=now_us)


_LONGEST_NAME = 80
