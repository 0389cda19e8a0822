"""One version of the model: what is learnt of a panel, and what it says of customers.

A pickle of it is what a version's file holds, so nothing in it may be a function of a feature's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.texts import Text
from holdfast.learning.risk import FEWEST, RiskClassifier
from holdfast.services.foresee.likely_time import LikelyTime

if TYPE_CHECKING:
    from holdfast.services.foresee.snapshots import Panel

    Floats = NDArray[np.float64]

MOST_ROWS = 12_000
"""So many rows at most are learnt from, drawn at random: more make it slower and hardly better."""

SEED = 20_241
_REFERENCE_ROWS = 2_000
_FOLDS = 3


class NotEnough(Exception):  # noqa: N818  (an answer, not a defect)
    """There is no model, and ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Examples:
    """Rows to learn from: features, and whether each customer left within the horizon.

    ``departed`` are days from the moment to the departure, ``nan`` for who stayed.
    """

    unit_id: NDArray[np.int64]
    columns: Mapping[str, NDArray[Any]]
    left: NDArray[np.bool_]
    departed: Floats

    def __len__(self) -> int:
        return len(self.left)

    def only(self, rows: NDArray[Any]) -> Examples:
        """The rows that ``rows`` marks or names by position."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Examples(self.unit_id[rows], columns, self.left[rows], self.departed[rows])


def examples(panel: Panel, rows: NDArray[np.bool_] | None = None) -> Examples:
    """The rows of a panel, or the marked ones."""
    days = np.asarray(panel.departed_day, np.float64) - np.asarray(panel.table.at_day, np.float64)
    departed = np.where(panel.left, np.maximum(days, 0), np.nan)
    whole = Examples(panel.table.unit_id, panel.table.columns, np.asarray(panel.left, bool), departed)
    return whole if rows is None else whole.only(rows)


@dataclass(frozen=True)
class RiskModel:
    """What was learnt. ``usual`` is the middle value of each feature, ``reference`` what customers
    looked like (one row each) and ``reference_risk`` what was said of them, for the alarms.
    """

    classifier: RiskClassifier
    names: tuple[str, ...]
    usual: Mapping[str, float | str | None]
    reference: Mapping[str, NDArray[Any]]
    reference_risk: Floats
    likely_time: LikelyTime
    horizon_days: int
    rows: int

    def probabilities(self, columns: Mapping[str, NDArray[Any]]) -> Floats:
        """How likely each customer is to leave within the horizon."""
        risk: Floats = self.classifier.predict_proba(self._table(columns))[:, 1]
        return risk

    def effects(self, columns: Mapping[str, NDArray[Any]]) -> tuple[float, tuple[str, ...], Floats]:
        """Log-odds of the average customer, names, and what each adds for every customer."""
        found = self.classifier.explain(self._table(columns))
        return found.base, found.names, found.effects

    def importance(self) -> Mapping[str, float]:
        """The mean size of each feature's effect among the customers of the reference."""
        _, names, effects = self.effects(self.reference)
        return dict(zip(names, np.abs(effects).mean(axis=0).tolist(), strict=True))

    def _table(self, columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        rows = len(next(iter(columns.values()))) if columns else 0
        return {name: columns.get(name, self._unknown(name, rows)) for name in self.names}

    def _unknown(self, name: str, rows: int) -> NDArray[Any]:
        """A feature that the company no longer has is not known of anybody."""
        if self.reference[name].dtype == object:
            return np.full(rows, None, object)
        return np.full(rows, np.nan)


def learn(told: Examples, horizon_days: int, seed: int = SEED) -> RiskModel:
    """Learn from examples; raises :class:`NotEnough` where they are too few."""
    check_enough(told.unit_id, told.left)
    told = drawn(told, seed)
    names = tuple(name for name, column in told.columns.items() if _varies(column))
    if not names:
        raise NotEnough(Text("Not enough data: nothing tells one customer from another."))
    columns = {name: told.columns[name] for name in names}
    classifier = RiskClassifier(folds=_FOLDS, random_state=seed).fit(
        columns, told.left, customers=told.unit_id
    )
    one_each = _one_row_each(told.unit_id, seed)
    reference = {name: column[one_each] for name, column in columns.items()}
    risk = classifier.out_of_fold_
    return RiskModel(
        classifier=classifier,
        names=names,
        usual={name: _middle(column) for name, column in reference.items()},
        reference=reference,
        reference_risk=risk[one_each],
        likely_time=LikelyTime(horizon_days).fit(risk, told.departed),
        horizon_days=horizon_days,
        rows=len(told),
    )


def check_enough(unit_id: NDArray[np.int64], left: NDArray[np.bool_]) -> None:
    """Raise :class:`NotEnough` where too few customers left, or too few stayed."""
    losses, stayed = len(np.unique(unit_id[left])), len(np.unique(unit_id[~left]))
    if losses < FEWEST:
        raise NotEnough(
            Text(
                "Not enough data: {n} loss is known so far, a model needs {least}.",
                "Not enough data: {n} losses are known so far, a model needs {least}.",
                n=losses,
                least=FEWEST,
            )
        )
    if stayed < FEWEST:
        raise NotEnough(
            Text(
                "Not enough data: {n} customer is known to have stayed, a model needs {least}.",
                "Not enough data: {n} customers are known to have stayed, a model needs {least}.",
                n=stayed,
                least=FEWEST,
            )
        )


def drawn(told: Examples, seed: int, most: int = MOST_ROWS) -> Examples:
    """At most ``most`` rows, each as likely as any other, in their order."""
    if len(told) <= most:
        return told
    rows = np.random.default_rng(seed).choice(len(told), most, replace=False)
    return told.only(np.sort(rows))


def _one_row_each(unit_id: NDArray[np.int64], seed: int) -> NDArray[np.intp]:
    """The last row of each unit, of some units only where there are many."""
    _, first_from_end = np.unique(unit_id[::-1], return_index=True)
    rows = len(unit_id) - 1 - first_from_end
    if len(rows) > _REFERENCE_ROWS:
        rows = np.random.default_rng(seed).choice(rows, _REFERENCE_ROWS, replace=False)
    return np.sort(rows)


def _varies(column: NDArray[Any]) -> bool:
    """Whether enough rows differ from the most frequent value: what few have, none may have in a fold."""
    if column.dtype == object:
        known = np.array([value for value in column.tolist() if value is not None])
    else:
        known = column[np.isfinite(column)]
    if not len(known):
        return False
    return int(len(known) - np.unique(known, return_counts=True)[1].max()) >= FEWEST


def _middle(column: NDArray[Any]) -> float | str | None:
    """The median, or the most frequent word; ``None`` where nothing is known of most customers."""
    if column.dtype == object:
        words: Sequence[str] = [value for value in column.tolist() if value is not None]
        return max(sorted(set(words)), key=words.count) if words else None
    finite = column[np.isfinite(column)]
    return float(np.median(finite)) if len(finite) else None
