"""Who left, by the target column of a labelled table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.maps import nearest
from holdfast.domain.refusals import Refusal
from holdfast.domain.search import fold
from holdfast.domain.texts import Text
from holdfast.domain.written_numbers import MISSING, NO, YES, decimal_sign, read_number
from holdfast.services.foresee.table_columns import folded, read_column
from holdfast.services.foresee.table_file import Cell

FEWEST = 20
"""With fewer leavers (or stayers) than this, nothing that is learned can be checked honestly."""

_LEFT = folded(
    """
    left churn churned exited lost cancelled canceled attrited lapsed gone leaver terminated closed inactive
    plecat pierdut ушёл ушел отток отпаднал напуснал загубен ریزش رفته 流失 已流失
    """
)
_CONDITION = re.compile(r"^\s*(>=|<=|>|<|≥|≤)\s*(.+)$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """``left`` per row (meaningless where not ``known``); ``positive`` is how "left" is written."""

    left: NDArray[np.bool_]
    known: NDArray[np.bool_]
    positive: str

    @property
    def unknown(self) -> int:
        """Rows without an outcome: they are scored and not learned from."""
        return int((~self.known).sum())


def column_named(columns: Sequence[str], name: str) -> str:
    """The column called ``name`` in any case.

    Raises ``Refusal`` ``unknown_column`` with the nearest name.
    """
    if name in columns:
        return name
    alike = [column for column in columns if column.strip().casefold() == name.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    close = nearest(name, columns)
    raise Refusal(
        "unknown_column",
        found=Text("The table has no column {name}.", name=name),
        expected=Text("It has: {columns}.", columns=listed(columns)),
        remedy=Text("Did you mean {name}?", name=close) if close else Text("Name one of these columns."),
    )


def listed(names: Sequence[str], most: int = 30) -> str:
    """Names in a row, the first ``most`` of them."""
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def read_outcome(target: str, cells: Sequence[Cell], positive: str | None) -> Outcome:
    """Who left. ``positive`` is the value (or a condition on numbers, ">0") that says so.

    Without it, the value is the one of two that means yes or left. Raises ``Refusal``:
    ``no_outcome`` (the column is empty), ``one_outcome``, ``dated_outcome``, ``positive_needed``,
    ``unknown_positive``, ``not_enough_data``.
    """
    told = [None if cell is None or cell in MISSING else cell for cell in cells]
    known = np.array([cell is not None for cell in told], dtype=bool)
    counts = Counter(cell for cell in told if cell is not None)
    if not counts:
        raise Refusal(
            "no_outcome",
            found=Text("The column {name} is empty.", name=target),
            expected=Text("A column that says who left."),
            remedy=Text("Name the column with the outcome as --target."),
        )
    if positive is not None and (condition := _CONDITION.match(positive)) and positive not in counts:
        left = _by_condition(target, told, condition[1], condition[2])
        written = positive
    else:
        written = _positive(target, counts, positive)
        left = np.array([cell == written for cell in told], dtype=bool)
    _enough(target, int((left & known).sum()), int((~left & known).sum()), written)
    return Outcome(left, known, written)


def _by_condition(target: str, told: Sequence[Cell], sign: str, bound: str) -> NDArray[np.bool_]:
    point = decimal_sign([cell for cell in told if cell is not None])[0]
    limit = read_number(bound, point)
    numbers = [None if cell is None else read_number(cell, point) for cell in told]
    if limit is None or any(number is None and cell for number, cell in zip(numbers, told, strict=True)):
        raise Refusal(
            "unknown_positive",
            found=Text("{name} is not a column of numbers, or {bound} is none.", name=target, bound=bound),
            expected=Text("A condition such as --positive '>0' compares numbers."),
            remedy=Text("Name the value that means left instead."),
        )
    values = np.array([np.nan if number is None else float(number) for number in numbers])
    edge = float(limit)
    answers: dict[str, NDArray[np.bool_]] = {
        ">": values > edge,
        "<": values < edge,
        ">=": values >= edge,
        "≥": values >= edge,
        "<=": values <= edge,
        "≤": values <= edge,
    }
    return answers[sign]


def _positive(target: str, counts: Counter[str], asked: str | None) -> str:
    values = sorted(counts)
    if asked is not None:
        return _asked(target, values, asked)
    if len(values) == 1:
        raise _one_outcome(target, values[0])
    meant = [value for value in values if fold(value) in _LEFT or value.strip().casefold() in YES]
    others = [value for value in values if value not in meant]
    if (
        len(values) == 2
        and len(meant) == 1
        and (fold(meant[0]) in _LEFT or others[0].strip().casefold() in NO)
    ):
        return meant[0]
    if len(values) > 2 and read_column(target, values).kind == "day":
        raise _dated(target)
    shown = [f"{value} ({counts[value]})" for value, _ in counts.most_common()]
    raise Refusal(
        "positive_needed",
        found=Text("The column {name} has these values: {values}.", name=target, values=listed(shown, 12)),
        expected=Text("One value that means left."),
        remedy=Text("Say which: --positive VALUE; for numbers also a condition, --positive '>0'."),
    )


def _dated(target: str) -> Refusal:
    return Refusal(
        "dated_outcome",
        found=Text("The column {name} holds dates.", name=target),
        expected=Text("A column that says of each row whether the customer had left, yes or no."),
        remedy=Text(
            "Choose a day that all rows have lived through, and say for each whether that date lies before "
            "it; a date that has not come yet is no outcome."
        ),
    )


def _asked(target: str, values: Sequence[str], asked: str) -> str:
    if asked in values:
        return asked
    alike = [value for value in values if value.casefold() == asked.strip().casefold()]
    number = read_number(asked)
    same = [value for value in values if number is not None and read_number(value) == number]
    for candidates in (alike, same):
        if len(candidates) == 1:
            return candidates[0]
    close = nearest(asked, values)
    raise Refusal(
        "unknown_positive",
        found=Text("No row of {name} says {value}.", name=target, value=asked),
        expected=Text("The column says: {values}.", values=listed(values, 12)),
        remedy=Text("Did you mean {name}?", name=close) if close else Text("Name one of these values."),
    )


def _one_outcome(target: str, value: str) -> Refusal:
    return Refusal(
        "one_outcome",
        found=Text("Every row says {name} = {value}.", name=target, value=value),
        expected=Text("Rows of customers who left and of customers who stayed."),
        remedy=Text("Add the others, or name another column as --target."),
    )


def _enough(target: str, left: int, stayed: int, positive: str) -> None:
    if not left or not stayed:
        raise _one_outcome(target, positive)
    if min(left, stayed) < FEWEST:
        raise Refusal(
            "not_enough_data",
            found=Text(
                "{left} rows left ({name} = {value}), {stayed} stayed.",
                left=left,
                stayed=stayed,
                name=target,
                value=positive,
            ),
            expected=Text("At least {n} of each; from about 200 on it becomes reliable.", n=FEWEST),
            remedy=Text("Bring more history, or a longer time in which a customer can leave."),
        )
