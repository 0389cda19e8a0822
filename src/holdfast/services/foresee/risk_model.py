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
from holdfast.services.foresee.learnt_range import LearntRange, learnt_range, outgrown
from holdfast.services.foresee.likely_time import LikelyTime

if TYPE_CHECKING:
    from holdfast.services.foresee.snapshots import Panel
    from holdfast.services.foresee.watching import Watch

    Floats = NDArray[np.float64]

MOST_ROWS = 12_000
"""So many rows at most are learnt from, drawn at random: more make it slower and hardly better."""

SEED = 20_241
_REFERENCE_ROWS = 2_000
_FOLDS, _PACE = 3, 1.6
"""Two thirds of the trees say as much of a company's customers, and every night waits for them."""


class NotEnough(Exception):  # noqa: N818  (an answer, not a defect)
    """There is no model, and ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Examples:
    """Rows to learn from: features, and whether each customer left within the horizon.

    ``at_day`` is the moment of each row, ``departed`` the days from it to the departure, ``nan`` for who
    stayed.
    """

    unit_id: NDArray[np.int64]
    at_day: NDArray[np.int32]
    columns: Mapping[str, NDArray[Any]]
    left: NDArray[np.bool_]
    departed: Floats

    def __len__(self) -> int:
        return len(self.left)

    def only(self, rows: NDArray[Any]) -> Examples:
        """The rows that ``rows`` marks or names by position."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Examples(self.unit_id[rows], self.at_day[rows], columns, self.left[rows], self.departed[rows])


def examples(panel: Panel, rows: NDArray[np.bool_] | None = None) -> Examples:
    """The rows of a panel, or the marked ones."""
    table = panel.table
    days = np.asarray(panel.departed_day, np.float64) - np.asarray(table.at_day, np.float64)
    departed = np.where(panel.left, np.maximum(days, 0), np.nan)
    whole = Examples(table.unit_id, table.at_day, table.columns, np.asarray(panel.left, bool), departed)
    return whole if rows is None else whole.only(rows)


@dataclass(frozen=True)
class RiskModel:
    """What was learnt.

    ``ranges``: which values of each feature were seen; ``usual``: the middle value among customers of
    the newest date, who are the ``reference``; ``reference_risk``: what was said of customers (one row
    each) by members that had not seen them. ``outgrown`` and ``steady`` are features that were left
    out: of the former values now lie outside what was seen, the latter hardly vary.
    """

    classifier: RiskClassifier
    ranges: Mapping[str, LearntRange]
    usual: Mapping[str, float | str | None]
    reference: Mapping[str, NDArray[Any]]
    reference_risk: Floats
    likely_time: LikelyTime
    horizon_days: int
    rows: int
    outgrown: tuple[str, ...] = ()
    steady: tuple[str, ...] = ()
    watch: Watch | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The features that the model looks at."""
        return tuple(self.ranges)

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
        return {
            name: seen.clipped(columns[name]) if name in columns else _unknown(seen, rows)
            for name, seen in self.ranges.items()
        }


def learn(
    told: Examples,
    horizon_days: int,
    asked: Mapping[str, NDArray[Any]],
    *,
    seed: int = SEED,
    most_rows: int = MOST_ROWS,
    folds: int = _FOLDS,
) -> RiskModel:
    """Learn from examples, to be asked of customers with the features ``asked``.

    Whoever is asked of has no outcome yet; only the spread of their features counts (see
    :mod:`holdfast.services.foresee.learnt_range`). Raises :class:`NotEnough` where examples are too few.
    """
    check_enough(told.unit_id, told.left)
    newest = told.only(_some(np.flatnonzero(told.at_day == told.at_day.max()), seed))
    told = drawn(told, seed, most_rows)
    ranges = {name: learnt_range(column) for name, column in told.columns.items()}
    beyond = outgrown(ranges, asked)
    columns = {name: ranges[name].clipped(column) for name, column in told.columns.items()}
    steady = tuple(name for name, column in columns.items() if not _varies(column))
    columns = {name: column for name, column in columns.items() if name not in {*beyond, *steady}}
    if not columns:
        raise NotEnough(Text("Not enough data: nothing tells one customer from another."))
    classifier = RiskClassifier(folds=folds, pace=_PACE, random_state=seed).fit(
        columns, told.left, customers=told.unit_id
    )
    reference, risk = {name: newest.columns[name] for name in columns}, classifier.out_of_fold_
    return RiskModel(
        classifier=classifier,
        ranges={name: ranges[name] for name in columns},
        usual={name: _middle(column) for name, column in reference.items()},
        reference=reference,
        reference_risk=risk[_last_row_each(told.unit_id)],
        likely_time=LikelyTime(horizon_days).fit(risk, told.departed),
        horizon_days=horizon_days,
        rows=len(told),
        outgrown=beyond,
        steady=tuple(name for name in steady if name not in beyond),
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
    return told if len(told) <= most else told.only(_some(np.arange(len(told)), seed, most))


def _last_row_each(unit_id: NDArray[np.int64]) -> NDArray[np.intp]:
    """The last row of each unit."""
    _, first_from_end = np.unique(unit_id[::-1], return_index=True)
    return np.sort(len(unit_id) - 1 - first_from_end)


def _some(rows: NDArray[np.intp], seed: int, most: int = _REFERENCE_ROWS) -> NDArray[np.intp]:
    """At most ``most`` of the rows, each as likely as any other, in their order."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _unknown(seen: LearntRange, rows: int) -> NDArray[Any]:
    """A feature that the company no longer has is not known of anybody."""
    return np.full(rows, np.nan) if seen.words is None else np.full(rows, None, object)


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
