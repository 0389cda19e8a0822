"""Rows in the order of time: earlier ones teach, later ones test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.table_columns import Floats, TableColumn
from holdfast.services.foresee.table_outcome import FEWEST


def days_of_rows(name: str, columns: Sequence[TableColumn], known: NDArray[np.bool_]) -> Floats:
    """The day of each row whose outcome is known.

    Raises ``Refusal``: ``no_dates`` where the column holds none, ``dates_missing`` where some of these
    rows have none.
    """
    column = next((each for each in columns if each.name == name), None)
    if column is None or column.kind != "day":
        raise Refusal(
            "no_dates",
            found=Text("{name} is not a column of dates.", name=name),
            expected=Text("The day from which each row foresees, such as 2025-03-31."),
            remedy=Text("Name a column of dates as --by-date, or leave it away."),
        )
    days = column.values.astype(np.float64)[known]
    if lost := int(np.isnan(days).sum()):
        raise Refusal(
            "dates_missing",
            found=Text(
                "{n} row with an outcome has no date in {name}.",
                "{n} rows with an outcome have no date in {name}.",
                n=lost,
                name=name,
            ),
            expected=Text("The day from which each row foresees, such as 2025-03-31."),
            remedy=Text("Fill the dates in, or name another column as --by-date."),
        )
    return days


def expanding(
    left: NDArray[np.bool_], days: Floats, parts: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows to learn from and later rows to test on, the window growing; rows of a day stay together.

    The first part of the rows is only learned from, and so is what comes before enough have left and
    stayed. Raises ``Refusal`` ``not_enough_data`` where no window has enough before and after it.
    """
    windows = list(_windows(left, days, parts))
    tested = left[np.concatenate([after for _, after in windows])] if windows else left[:0]
    if min(int(tested.sum()), int((~tested).sum())) < FEWEST:
        raise Refusal(
            "not_enough_data",
            found=Text("Too few rows left or stayed, either before or after each date at which to divide."),
            expected=Text("At least {n} of each; from about 200 on it becomes reliable.", n=FEWEST),
            remedy=Text("Bring more history, or leave --by-date away."),
        )
    return windows


def _windows(
    left: NDArray[np.bool_], days: Floats, parts: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    shares = np.linspace(0, 1, parts + 2)[1:-1]
    starts = np.unique(np.quantile(days, shares, method="higher"))
    for start, end in zip(starts, [*starts[1:], np.inf], strict=True):
        before, after = np.flatnonzero(days < start), np.flatnonzero((days >= start) & (days < end))
        if min(int(left[before].sum()), int((~left[before]).sum())) >= FEWEST:
            yield before, after
