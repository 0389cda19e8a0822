"""What a labelled table's columns and drivers are called in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.texts import Text
from holdfast.services.foresee.table_columns import TableColumn

_EPOCH = date(1970, 1, 1)
MISSING = Text("missing")

MODEL_NAMES: Mapping[str, Text] = {
    "model": Text("Holdfast"),
    "prevalence": Text("The same risk for everybody"),
    "one_column": Text("The best single column"),
    "logistic": Text("Plain logistic regression"),
    "boosted_trees": Text("Boosted trees as they come (scikit-learn)"),
}
MEASURE_NAMES: Mapping[str, Text] = {
    "auc": Text("AUC"),
    "average_precision": Text("Average precision"),
    "log_loss": Text("Log loss"),
    "calibration_error": Text("Calibration error"),
    "lift_top_decile": Text("Lift of the riskiest tenth"),
}


@dataclass(frozen=True, slots=True)
class Learned:
    """One column that the model learns from.

    ``values`` as the model sees them; ``title`` in words; ``dated`` when the values are days since
    1970.
    """

    name: str
    title: Text
    values: NDArray[np.float64] | NDArray[np.object_]
    dated: bool = False

    def value(self, row: int) -> Text | float | str | date:
        """The value of a row, as a sentence writes it."""
        return self._written(self.values[row])

    def usual(self) -> Text | float | str | date:
        """The value in the middle of numbers and dates, the most frequent one of categories."""
        if self.values.dtype == object:
            counts = Counter(value for value in self.values if value is not None)
            return counts.most_common(1)[0][0] if counts else MISSING
        known = self.values.astype(np.float64)
        known = known[~np.isnan(known)]
        return self._written(np.quantile(known, 0.5, method="nearest")) if len(known) else MISSING

    def _written(self, value: object) -> Text | float | str | date:
        if value is None or value != value:
            return MISSING
        if isinstance(value, str):
            return value
        number = float(value)  # type: ignore[arg-type]
        if self.dated:
            return _EPOCH + timedelta(days=int(number))
        return int(number) if number.is_integer() and abs(number) < 1e15 else number


def column_title(column: TableColumn) -> Text:
    """A column under its own name."""
    return Text("{name}", name=column.name)


def days_between(first: str, second: str) -> Text:
    """The title of the days from one date to another."""
    return Text("days from {first} to {second}", first=first, second=second)


def driver_words(learned: Learned, row: int, usual: object, effect: float) -> Text:
    """One driver of one row: "Contract: Month-to-month (usual: Two year) raises the risk"."""
    value = learned.value(row)
    if effect > 0:
        return Text(
            "{title}: {value} (usual: {usual}) raises the risk", title=learned.title, value=value, usual=usual
        )
    return Text(
        "{title}: {value} (usual: {usual}) lowers the risk", title=learned.title, value=value, usual=usual
    )
