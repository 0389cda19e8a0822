"""What has to be said of a labelled table before its figures are believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.texts import Text
from holdfast.learning.grading import paired_difference
from holdfast.learning.screening import MOST_COLUMNS
from holdfast.services.foresee.table_columns import Floats, Remark, TableColumn
from holdfast.services.foresee.table_file import WrittenTable
from holdfast.services.foresee.table_leaks import NEAR_PERFECT
from holdfast.services.foresee.table_outcome import Outcome, listed
from holdfast.services.foresee.table_validation import Graded, Validated
from holdfast.services.foresee.table_words import MODEL_NAMES, Learned

_EPOCH = date(1970, 1, 1)
ENOUGH = 200
"""With fewer leavers than this, figures are unsteady."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know; ``code`` is stable; ``about`` names the rival it is about, where it is."""

    code: str
    words: Text
    about: str | None = None


def notes_on_rows(
    table: WrittenTable, outcome: Outcome, ids: Sequence[str | None] | None, by_date: str | None
) -> list[Note]:
    """Rows that could not be read, have no outcome, repeat, or share an id."""
    found = []
    if lost := table.ragged + table.unreadable:
        words = Text(
            "{n} row could not be read and is left out.",
            "{n} rows could not be read and are left out.",
            n=lost,
        )
        found.append(Note("unreadable_rows", words))
    if outcome.unknown:
        words = Text(
            "{n} row has no outcome: it gets a risk, and nothing is learned from it.",
            "{n} rows have no outcome: they get a risk, and nothing is learned from them.",
            n=outcome.unknown,
        )
        found.append(Note("unknown_outcome", words))
    if alike := table.rows - len(set(zip(*table.columns.values(), strict=True))):
        words = Text(
            "{n} row repeats an earlier one in every column; repeated rows make every figure look better.",
            "{n} rows repeat an earlier one in every column; repeated rows make every figure look better.",
            n=alike,
        )
        found.append(Note("repeated_rows", words))
    if ids is not None and (again := _again(ids)):
        found.append(Note("repeated_ids", _repeated(again, by_date)))
    return found


def _repeated(again: int, by_date: str | None) -> Text:
    if by_date is not None:
        return Text(
            "{n} row has an id that another row has too; what became of a customer earlier may teach.",
            "{n} rows have an id that another row has too; what became of a customer earlier may teach.",
            n=again,
        )
    return Text(
        "{n} row has an id that an earlier row has too; rows of one id are tested together.",
        "{n} rows have an id that an earlier row has too; rows of one id are tested together.",
        n=again,
    )


def _again(ids: Sequence[str | None]) -> int:
    known = [each for each in ids if each is not None]
    return len(known) - len(set(known))


def notes_on_columns(
    columns: Sequence[TableColumn], kept_leaks: Sequence[Remark], by_date: str | None
) -> list[Note]:
    """Infinities, cells of another kind, dates, very many columns, leaks that were kept."""
    found = []
    for column in columns:
        if column.endless:
            words = Text(
                "{column}: {n} infinite value counts as missing.",
                "{column}: {n} infinite values count as missing.",
                column=column.name,
                n=column.endless,
            )
            found.append(Note("infinite", words))
        if column.unread:
            words = Text(
                "{column}: {n} value is of another kind than the rest and counts as missing.",
                "{column}: {n} values are of another kind than the rest and count as missing.",
                column=column.name,
                n=column.unread,
            )
            found.append(Note("other_kind", words))
    found += _on_dates(columns, by_date)
    if len(columns) > MOST_COLUMNS:
        words = Text(
            "With {n} columns, each model learns only from those that tell most about its own rows.",
            n=len(columns),
        )
        found.append(Note("many_columns", words))
    for remark in kept_leaks:
        words = Text(
            "{column} is kept although it seems to leak: {why}", column=remark.column, why=remark.why
        )
        found.append(Note("leak_kept", words))
    return found


def _on_dates(columns: Sequence[TableColumn], by_date: str | None) -> list[Note]:
    """What is made of dates, and which of them have not come yet."""
    dates = [column for column in columns if column.kind == "day"]
    found = []
    if dates and by_date is None:
        words = Text(
            "Dates ({columns}) are read as days, and the days between them. Rows are divided at random: if "
            "one of them is the day of the row, --by-date tests on later rows only, which is more honest "
            "and most likely looks worse.",
            columns=listed([column.name for column in dates]),
        )
        found.append(Note("dates", words))
    today = (datetime.now(UTC).date() - _EPOCH).days
    for column in dates:
        if ahead := int((column.values.astype(np.float64) > today + 1).sum()):
            words = Text(
                "{column}: {n} date has not come yet. Was it known on the day of its row?",
                "{column}: {n} dates have not come yet. Were they known on the day of their row?",
                column=column.name,
                n=ahead,
            )
            found.append(Note("future_dates", words))
    return found


def unseen_levels(learned: Sequence[Learned], known: NDArray[np.bool_]) -> list[Note]:
    """Categories that only rows without an outcome have."""
    found = []
    for each in learned:
        if each.values.dtype != object:
            continue
        seen = set(each.values[known].tolist())
        unseen = [value for value in each.values[~known].tolist() if value is not None and value not in seen]
        if unseen:
            words = Text(
                "{column}: {n} row to foresee has a new value ({values}); it counts as missing.",
                "{column}: {n} rows to foresee have new values ({values}); they count as missing.",
                column=each.name,
                n=len(unseen),
                values=listed(sorted(set(unseen)), 5),
            )
            found.append(Note("unseen_category", words))
    return found


def notes_on_figures(
    left: NDArray[np.bool_],
    found: Validated,
    model: Graded,
    rivals: Mapping[str, Graded],
    groups: NDArray[np.intp] | None,
) -> list[Note]:
    """Too few leavers, too good to be true, and whether a plain rival does as well."""
    notes = []
    losses = int(left.sum())
    if losses < ENOUGH:
        words = Text(
            "Only {n} row left: the figures are unsteady, look at their intervals.",
            "Only {n} rows left: the figures are unsteady, look at their intervals.",
            n=losses,
        )
        notes.append(Note("few_leavers", words))
    if (model.values["auc"] or 0) >= NEAR_PERFECT:
        words = Text(
            "An AUC of {auc} is too good to be true: ask of each strong driver whether it was known before.",
            auc=round(model.values["auc"] or 0, 3),
        )
        notes.append(Note("too_good", words))
    best = min(rivals, key=lambda name: rivals[name].values["log_loss"] or np.inf)
    notes.append(_beside(left, found.risks["model"], found.risks[best], best, groups))
    return notes


def _beside(
    left: NDArray[np.bool_], risks: Floats, rival: Floats, name: str, groups: NDArray[np.intp] | None
) -> Note:
    difference = paired_difference(
        left, risks.mean(axis=0), rival.mean(axis=0), "log_loss", groups=groups, draws=200
    )
    if difference.low > 0:
        words = Text("The best plain rival is clearly worse by log loss: {rival}.", rival=MODEL_NAMES[name])
        return Note("better_than_rivals", words)
    if difference.high < 0:
        words = Text(
            "A plain rival is better here: {rival}. Use it; scores.csv has its risk too (rival_probability).",
            rival=MODEL_NAMES[name],
        )
        return Note("worse_than_rival", words, name)
    words = Text(
        "A plain rival does as well, as far as these rows can tell: {rival}.", rival=MODEL_NAMES[name]
    )
    return Note("no_better_than_rival", words)
