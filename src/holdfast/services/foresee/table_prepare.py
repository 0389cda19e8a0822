"""A labelled table made ready: who left, whose rows these are, what can be learned from and what not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.table_columns import (
    Floats,
    Remark,
    TableColumn,
    names_a_customer,
    nothing_to_learn,
    read_column,
)
from holdfast.services.foresee.table_dates import days_of_rows
from holdfast.services.foresee.table_file import Cell, WrittenTable, read_table
from holdfast.services.foresee.table_leaks import differences, find_leaks
from holdfast.services.foresee.table_notes import (
    Note,
    notes_on_columns,
    notes_on_rows,
    unseen_levels,
)
from holdfast.services.foresee.table_outcome import FEWEST, Outcome, column_named, listed, read_outcome
from holdfast.services.foresee.table_words import Learned, column_title, days_between


@dataclass(frozen=True, slots=True)
class Asked:
    """What to foresee from ``path``.

    ``positive`` is the value of ``target`` that means left (or a condition, ">0"), ``id_column`` names
    whose row it is, ``keep`` columns that are learned from although they seem to leak. ``by_date``
    names the column with the day of each row: earlier rows teach, later ones test. ``repeats`` None:
    by the number of rows.
    """

    path: Path
    target: str
    positive: str | None = None
    id_column: str | None = None
    out: Path | None = None
    keep: Sequence[str] = ()
    folds: int = 5
    repeats: int | None = None
    seed: int = 0
    by_date: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table made ready: who left, what is learned from, what is not and why.

    ``days`` of the rows whose outcome is known where they are tested in the order of ``by_date``.
    """

    table: WrittenTable
    target: str
    outcome: Outcome
    id_name: str | None
    ids: list[Cell] | None
    groups: NDArray[np.intp] | None
    learned: tuple[Learned, ...]
    dropped: tuple[Remark, ...]
    leaks: tuple[Remark, ...]
    by_date: str | None
    days: Floats | None
    notes: tuple[Note, ...] = field(default=())


def prepare(asked: Asked) -> Prepared:
    """Read the file, find outcome, ids, leaks and what can be learned from.

    Raises ``Refusal``: what reading a file raises, ``unknown_column``, ``no_outcome``, ``one_outcome``,
    ``positive_needed``, ``unknown_positive``, ``not_enough_data``, ``nothing_to_learn``.
    """
    table = read_table(asked.path)
    names = list(table.columns)
    target = column_named(names, asked.target)
    id_name = None if asked.id_column is None else column_named(names, asked.id_column)
    keep = {column_named(names, name) for name in asked.keep}
    by_date = None if asked.by_date is None else column_named(names, asked.by_date)
    outcome = read_outcome(target, table.columns[target], asked.positive)
    read = [
        read_column(name, cells) for name, cells in table.columns.items() if name not in (target, id_name)
    ]
    dropped = [remark for column in read if (remark := nothing_to_learn(column)) is not None]
    dropped = [r for r in dropped if r.column not in keep or r.code in ("empty", "constant")]
    gone = {remark.column for remark in dropped}
    columns = [column for column in read if column.name not in gone]
    known = outcome.known
    days = None if by_date is None else days_of_rows(by_date, read, known)
    leaks = find_leaks(target, [_rows(c, known) for c in columns], outcome.left[known], asked.seed)
    kept_leaks = [remark for remark in leaks if remark.column in keep]
    leaks = [remark for remark in leaks if remark.column not in keep]
    out = {remark.column for remark in leaks}
    columns = [column for column in columns if column.name not in out]
    if not {column.name for column in columns} - {by_date}:
        raise _nothing(dropped, leaks)
    id_name, ids = _ids(table, id_name, dropped)
    groups = _groups(ids, outcome)
    learned = tuple(each for each in _learned(columns) if each.name != by_date)
    notes = [
        *notes_on_rows(table, outcome, ids if groups is not None else None, by_date),
        *notes_on_columns(columns, kept_leaks, by_date),
        *unseen_levels(learned, known),
    ]
    return Prepared(
        *(table, target, outcome, id_name, ids, groups, learned, tuple(dropped), tuple(leaks)),
        by_date=by_date,
        days=days,
        notes=tuple(notes),
    )


def _rows(column: TableColumn, rows: NDArray[np.bool_]) -> TableColumn:
    return TableColumn(column.name, column.kind, column.values[rows], column.endless, column.unread)


def _nothing(dropped: Sequence[Remark], leaks: Sequence[Remark]) -> Refusal:
    return Refusal(
        "nothing_to_learn",
        found=Text(
            "No column is left to learn from. Left out: {dropped}. Leaking: {leaks}.",
            dropped=listed([remark.column for remark in dropped]) or "-",
            leaks=listed([remark.column for remark in leaks]) or "-",
        ),
        expected=Text("At least one column that was known before the customer left."),
        remedy=Text("Add such columns; `--keep COLUMN` keeps one that only seems to leak."),
    )


def _ids(
    table: WrittenTable, named: str | None, dropped: Sequence[Remark]
) -> tuple[str | None, list[Cell] | None]:
    """The named id column, else the first one that was left out as an id of customers, else of rows."""
    found = [remark.column for remark in dropped if remark.code == "id"]
    name = named or next((each for each in found if names_a_customer(each)), found[0] if found else None)
    return name, None if name is None else table.columns[name]


def _groups(ids: Sequence[Cell] | None, outcome: Outcome) -> NDArray[np.intp] | None:
    """The customer of each row whose outcome is known, where some have several rows; else ``None``."""
    if ids is None:
        return None
    names = [each if each is not None else f"\0{row}" for row, each in enumerate(ids)]
    known = [name for name, is_known in zip(names, outcome.known, strict=True) if is_known]
    if len(set(known)) == len(known):
        return None
    groups: NDArray[np.intp] = np.unique(np.array(known, dtype=object), return_inverse=True)[1]
    left = outcome.left[outcome.known]
    fewest = min(len(np.unique(groups[left])), len(np.unique(groups[~left])))
    if fewest < FEWEST:
        raise Refusal(
            "not_enough_data",
            found=Text(
                "Only {n} different id has one of the two outcomes.",
                "Only {n} different ids have one of the two outcomes.",
                n=fewest,
            ),
            expected=Text("At least {n} of each; from about 200 on it becomes reliable.", n=FEWEST),
            remedy=Text("Bring more customers, or name another column as --id."),
        )
    return groups


def _learned(columns: Sequence[TableColumn]) -> tuple[Learned, ...]:
    """Columns as the model sees them, and the days between dates."""
    told = [Learned(c.name, column_title(c), c.values, c.kind == "day") for c in columns]
    between = [
        Learned(column.name, days_between(first, second), column.values)
        for column, first, second in differences(columns)
        if len(np.unique(column.values[column.known])) > 1
    ]
    return (*told, *between)
