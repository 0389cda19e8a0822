"""Honest repeated cross-validation: every row is foreseen by models that have never seen it.

Rows of one id stay together, so that nobody is foreseen by what is known of the same customer.
Whatever looks at the outcome (choosing among very many columns, choosing the one best column) is
done anew inside each fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from holdfast.learning.grading import Grade, grade
from holdfast.learning.risk import RiskClassifier
from holdfast.learning.samples import SampleReader
from holdfast.learning.screening import MOST_COLUMNS, Screening
from holdfast.services.foresee.table_columns import Floats
from holdfast.services.foresee.table_dates import expanding
from holdfast.services.foresee.table_rivals import RIVALS

MEASURES = ("auc", "average_precision", "log_loss", "calibration_error", "lift_top_decile")
_DRAWS = 200
_MOST = {"auc": 1.0, "average_precision": 1.0, "calibration_error": 1.0}

Features = Mapping[str, NDArray[np.float64] | NDArray[np.object_]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How often and into how many parts the rows are divided, and by which seed."""

    folds: int = 5
    repeats: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Graded:
    """Each measure as the mean over the repeats, with its 95 % interval."""

    values: Mapping[str, float | None]
    intervals: Mapping[str, tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Validated:
    """What cross-validation found.

    ``odds`` are out-of-fold log-odds per row (mean over repeats), ``effects`` (rows x names) what each
    column adds to ``base`` in them. ``risks`` holds, per model ("model" and each rival), the
    probabilities of each repeat (repeats x rows). ``tested`` rows are those for which all this holds:
    all of them, or where earlier rows teach and later ones test, all but the earliest.
    """

    odds: Floats
    base: Floats
    names: tuple[str, ...]
    effects: Floats
    risks: Mapping[str, Floats]
    tested: NDArray[np.bool_]

    def where_tested(self) -> Validated:
        """The same of the tested rows only."""
        rows = self.tested
        risks = {name: risk[:, rows] for name, risk in self.risks.items()}
        return Validated(
            self.odds[rows], self.base[rows], self.names, self.effects[rows], risks, self.tested[rows]
        )


Step = Callable[[int, int], None]


def chosen_columns(features: Features, left: NDArray[np.bool_]) -> list[str]:
    """All columns, or of very many the ones that tell most about these rows, as the model chooses."""
    names = list(features)
    if len(names) <= MOST_COLUMNS:
        return names
    reader = SampleReader().fit(features)
    screening = Screening(reader.read(features), reader.categorical)
    best = screening.best(np.arange(len(left)), left.astype(np.intp))
    return [reader.features_[j].name for j in best]


def risk_model(columns: int, seed: int) -> RiskClassifier:
    """The model to learn with; of very many columns with fewer inner folds, so that it ends in a minute."""
    return RiskClassifier(folds=5 if columns <= MOST_COLUMNS else 3, random_state=seed)


def rows_of(features: Features, rows: NDArray[np.intp]) -> Features:
    """Some rows of the table."""
    return {name: values[rows] for name, values in features.items()}


def cross_validate(
    features: Features,
    left: NDArray[np.bool_],
    plan: Plan,
    groups: NDArray[np.intp] | None = None,
    step: Step = lambda done, total: None,
    days: Floats | None = None,
) -> Validated:
    """Foresee every row ``plan.repeats`` times by models that were fitted without it (or its group).

    With ``days`` by models of earlier days only, the earliest rows not at all. Raises ``Refusal`` as
    :func:`holdfast.services.foresee.table_dates.expanding` does.
    """
    rows, names = len(left), tuple(features)
    odds, base, effects = np.zeros(rows), np.zeros(rows), np.zeros((rows, len(names)))
    risks = {name: np.zeros((plan.repeats, rows)) for name in ("model", *RIVALS, "prevalence")}
    tested = np.zeros(rows, dtype=bool)
    place = {name: number for number, name in enumerate(names)}
    splits = _splits(left, plan, groups, days)
    for done, (repeat, train, held_out) in enumerate(splits):
        step(done, len(splits))
        tested[held_out] = True
        learned, asked = rows_of(features, train), rows_of(features, held_out)
        model = risk_model(len(names), plan.seed + repeat)
        model.fit(learned, left[train], None if groups is None else groups[train])
        drivers = model.explain(asked)
        column = np.array([place[name] for name in drivers.names], dtype=np.intp)
        found = drivers.base + drivers.effects.sum(axis=1)
        risks["model"][repeat, held_out] = expit(found)
        odds[held_out] += found / plan.repeats
        base[held_out] += drivers.base / plan.repeats
        effects[np.ix_(held_out, column)] += drivers.effects / plan.repeats
        for name, risk in _by_rivals(learned, left[train], asked).items():
            risks[name][repeat, held_out] = risk
        risks["prevalence"][repeat, held_out] = left.mean() if days is None else left[train].mean()
    step(len(splits), len(splits))
    return Validated(odds, base, names, effects, risks, tested)


def _by_rivals(
    learned: Features, left: NDArray[np.bool_], asked: Features, rivals: Iterable[str] = tuple(RIVALS)
) -> dict[str, Floats]:
    chosen = chosen_columns(learned, left)
    reader = SampleReader().fit({name: learned[name] for name in chosen})
    known, foreseen = reader.read(learned), reader.read(asked)
    return {name: RIVALS[name](known, left, foreseen, reader.categorical) for name in rivals}


def foreseen_by(rival: str, learned: Features, left: NDArray[np.bool_], asked: Features) -> Floats:
    """The risk of rows by one plain rival."""
    if rival == "prevalence":
        return np.full(len(next(iter(asked.values()))), left.mean())
    return _by_rivals(learned, left, asked, [rival])[rival]


def _splits(
    left: NDArray[np.bool_], plan: Plan, groups: NDArray[np.intp] | None, days: Floats | None
) -> list[tuple[int, NDArray[np.intp], NDArray[np.intp]]]:
    if days is not None:
        return [(0, before, after) for before, after in expanding(left, days, plan.folds)]
    cut = StratifiedKFold if groups is None else StratifiedGroupKFold
    return [
        (repeat, train, held_out)
        for repeat in range(plan.repeats)
        for train, held_out in cut(plan.folds, shuffle=True, random_state=plan.seed + repeat).split(
            left, left, groups
        )
    ]


def graded(left: NDArray[np.bool_], risks: Floats, groups: NDArray[np.intp] | None, seed: int) -> Graded:
    """Grade the repeats: mean of each measure, interval by drawing rows (or groups) with replacement.

    The interval says what other customers would have changed, not what other learning rows would.
    """
    values = _mean([grade(left, risk) for risk in risks])
    draw = np.random.default_rng(seed)
    unit = np.arange(len(left)) if groups is None else groups
    units = int(unit.max()) + 1
    members = _members(unit, units)
    drawn: dict[str, list[float]] = {name: [] for name in MEASURES}
    for number in range(_DRAWS):
        picked = draw.integers(0, units, units)
        rows = picked if groups is None else np.concatenate([members[each] for each in picked])
        if not 0 < left[rows].sum() < len(rows):
            continue
        found = _mean([grade(left[rows], risks[number % len(risks)][rows])])
        for name in MEASURES:
            if (value := found[name]) is not None:
                drawn[name].append(value)
    return Graded(
        values, {name: _around(values[name], drawn[name], _MOST.get(name, np.inf)) for name in MEASURES}
    )


def _members(unit: NDArray[np.intp], units: int) -> list[NDArray[np.intp]]:
    order = np.argsort(unit, kind="stable")
    ends = np.cumsum(np.bincount(unit, minlength=units))
    return np.split(order, ends[:-1])


def _mean(grades: list[Grade]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in MEASURES:
        values = [getattr(each, name) for each in grades]
        found[name] = None if any(value is None for value in values) else float(np.mean(values))
    return found


def _around(value: float | None, drawn: list[float], most: float) -> tuple[float, float] | None:
    """Percentile interval, moved so that its middle is the figure.

    Drawing the same row twice makes calibration look worse than it is; the move takes that back.
    """
    if value is None or len(drawn) < _DRAWS // 2:
        return None
    low, middle, high = np.quantile(drawn, [0.025, 0.5, 0.975])
    return max(float(low - middle) + value, 0.0), min(float(high - middle) + value, most)
