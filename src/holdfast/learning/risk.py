"""The probability that a customer leaves, calibrated, with reasons that add up.

Three members look at the same table: a smooth additive model (splines, logistic), and two boosted
forests, one of small and one of larger trees. Each is judged on folds it has not seen; a logistic
model with weights from 0 upwards combines their log-odds, and so calibrates them. Since every member
is a sum in log-odds, so is the whole, and each customer's risk splits exactly into what each feature
adds to it.

Below 200 losses what tells customers apart counts less, and the company's own rate more; see
:mod:`holdfast.learning.shrink`.

Sources: Wolpert (1992), Stacked generalization; Breiman (1996), Stacked regressions (non-negative
weights); Lundberg, Erion, Lee (2018) for the shares of the trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedKFold

from holdfast.domain.texts import Text
from holdfast.learning.members import BoostedTrees, Member, SplineLogit, fit_together
from holdfast.learning.preparing import Preparation
from holdfast.learning.samples import Floats, SampleReader
from holdfast.learning.screening import MOST_COLUMNS, Screening
from holdfast.learning.shrink import kept_share, said, shrunk_intercept

FEWEST = 10
"""Fewer leavers (or stayers) than this say nothing about a table of features."""


class NotEnoughData(ValueError):  # noqa: N818  (it is an answer, not a defect)
    """``losses`` of the rarer outcome are known; at least ``needed`` are needed to learn anything."""

    def __init__(self, losses: int, needed: int = FEWEST) -> None:
        super().__init__(
            f"not enough data: only {losses} rows of the rarer outcome, at least {needed} are needed; "
            "wait for more outcomes, or take a longer history"
        )
        self.losses, self.needed = losses, needed


@dataclass(frozen=True, slots=True)
class Drivers:
    """Why each row has its risk, in log-odds.

    ``base`` is the log-odds of the average row; ``names`` the features or groups; ``effects`` has a
    row per customer and a column per name: positive raises the risk. ``base`` plus a row's effects
    is the log-odds of its probability, exactly.
    """

    base: float
    names: tuple[str, ...]
    effects: Floats


class RiskClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Calibrated probability of leaving from a table of features.

    Parameters
    ----------
    folds
        Inner folds on which members are judged and combined.
    pace
        How fast forests grow: at 2 of half as many trees that each count twice. Faster is coarser.
    most_rows
        Of more rows, a sample of this many is learned from, drawn by ``random_state``.
    random_state
        Seed of folds, samples and forests; printed in model cards, kept in ``random_state``.

    Learned: ``classes_``, ``weights_`` (member name -> weight), ``inner_log_loss_`` (per member and
    "combined"), ``feature_names_in_``, ``n_features_in_``; ``shrunk_`` (0..1, what the differences
    between customers count: 1 from 200 losses on), ``losses_``; ``out_of_fold_`` (risk of each row of
    ``rows_`` by members that had not seen it); ``notes_`` (what a reader of the model should know).
    """

    weights_: dict[str, float]
    inner_log_loss_: dict[str, float]
    shrunk_: float

    def __init__(
        self, *, folds: int = 5, pace: float = 1.0, most_rows: int = 200_000, random_state: int = 0
    ) -> None:
        self.folds = folds
        self.pace = pace
        self.most_rows = most_rows
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, customers: ArrayLike | None = None) -> Self:  # noqa: N803
        """Learn from a table (rows = customers at a moment) and whether each left (two classes).

        ``customers`` says whose row each is, where some have several: members are then judged on
        customers they have not seen, else they learn faces and take that for foresight, and a customer
        lost counts once. Missing values and categories are welcome, infinities count as missing. Raises
        ``ValueError`` when one class is absent, when outcomes are missing or columns hold dates, and
        :class:`NotEnoughData` when either class has fewer than ten rows (customers).
        """
        outcome = self._outcome(y)
        self._reader = SampleReader().fit(X)
        matrix = self._reader.read(X)
        if len(matrix) != len(outcome):
            raise ValueError(f"{len(matrix)} rows but {len(outcome)} outcomes")
        units = _units(customers, len(outcome))
        self.losses_ = _enough(outcome, units)
        self.n_features_in_ = matrix.shape[1]
        self.feature_names_in_ = np.array(self._reader.names_in_, dtype=object)
        self.rows_ = self._sample(len(outcome))
        rows, matrix = len(matrix), matrix[self.rows_]
        self._learn(matrix, outcome[self.rows_], units if units is None else units[self.rows_])
        self._note(matrix, rows)
        return self

    def _learn(self, matrix: Floats, outcome: NDArray[np.intp], units: NDArray[np.intp] | None) -> None:
        screening = Screening(matrix, self._reader.categorical) if matrix.shape[1] > MOST_COLUMNS else None
        told = self._out_of_fold(matrix, outcome, units, screening)
        names = list(self._members(self._reader.categorical))
        self._combine(names, told, outcome)
        self._shrink(told, outcome, 1.0 if units is None else len(np.unique(units)) / len(units))
        self._prepared = self._preparation(screening, np.arange(len(outcome)), outcome)
        seen = self._prepared.fit_read(matrix, outcome, self.random_state)
        members = self._members(self._prepared.categorical)
        wanted = {name: members[name] for name, weight in self.weights_.items() if weight > 0}
        self._fitted = fit_together(wanted, seen, outcome)

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """Probabilities per row: of the first class and of the second (leaving), adding up to 1."""
        risk = expit(self._log_odds(self._matrix(X)))
        return np.column_stack([1 - risk, risk])

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """The more likely class per row. Decide by ``predict_proba`` and what a mistake costs."""
        chosen: NDArray[Any] = self.classes_[(self.predict_proba(X)[:, 1] > 0.5).astype(int)]
        return chosen

    def explain(self, X: Any, groups: Mapping[str, str] | None = None) -> Drivers:  # noqa: N803
        """What each feature (or group of features, by ``groups``) adds to each row's log-odds."""
        matrix = self._matrix(X)
        names = [feature.name for feature in self._reader.features_]
        group_names = tuple(dict.fromkeys((groups or {}).get(name, name) for name in names))
        place = {name: i for i, name in enumerate(group_names)}
        group_of = np.array([place[(groups or {}).get(name, name)] for name in names])
        matrix, group_of = self._prepared.read(matrix), group_of[self._prepared.kept]
        base, effects = self._intercept, np.zeros((len(matrix), len(group_names)))
        for name, member in self._fitted.items():
            member_base, member_effects = member.explain(matrix, group_of, len(group_names))
            base += self.weights_[name] * member_base
            effects += self.weights_[name] * member_effects
        return Drivers(float(base), group_names, effects)

    def _outcome(self, y: ArrayLike) -> NDArray[np.intp]:
        told = np.asarray(y)
        missing = (
            np.isnan(told) if told.dtype.kind == "f" else np.array([_absent(v) for v in told], dtype=bool)
        )
        if missing.any():
            raise ValueError(
                f"{int(missing.sum())} of {len(told)} outcomes are missing: train on the rows whose outcome "
                "is known"
            )
        self.classes_, coded = np.unique(told, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(
                f"a risk needs two outcomes, left and stayed; found {len(self.classes_)}: "
                f"{', '.join(str(value) for value in self.classes_[:5])}"
            )
        return coded

    def _sample(self, rows: int) -> NDArray[np.intp]:
        if rows <= self.most_rows:
            return np.arange(rows)
        draw = np.random.default_rng(self.random_state)
        return np.sort(draw.choice(rows, self.most_rows, replace=False))

    def _note(self, matrix: Floats, rows: int) -> None:
        """Keep in words what is odd about the table, and what is done about it."""
        notes = [said(self.losses_, self.shrunk_)]
        constant = [
            feature.name for j, feature in enumerate(self._reader.features_) if _constant(matrix[:, j])
        ]
        if constant:
            names = ", ".join(constant[:5])
            notes.append(
                Text(
                    "One column holds the same value everywhere and says nothing: {names}.",
                    "{n} columns hold the same value everywhere and say nothing: {names}.",
                    n=len(constant),
                    names=names,
                )
            )
        if self._reader.infinite_:
            notes.append(
                Text(
                    "One value is infinite and counts as not known.",
                    "{n} values are infinite and count as not known.",
                    n=self._reader.infinite_,
                )
            )
        if matrix.shape[1] > MOST_COLUMNS:
            notes.append(
                Text(
                    "Of {columns} columns the model looks at the {kept} that tell most on their own.",
                    columns=matrix.shape[1],
                    kept=len(self._prepared.kept),
                )
            )
        if len(matrix) < rows:
            notes.append(Text("Learned from {rows} rows drawn from {all}.", rows=len(matrix), all=rows))
        self.notes_ = tuple(note for note in notes if note is not None)

    def _members(self, categorical: NDArray[np.bool_]) -> dict[str, Member]:
        return {
            "additive": SplineLogit(categorical),
            "small trees": BoostedTrees(
                categorical,
                max_depth=3,
                leaves=4,
                rounds=round(250 / self.pace),
                learning_rate=0.08 * self.pace,
                features_at_once=0.5,
                l2=5.0,
                seed=self.random_state,
            ),
            "larger trees": BoostedTrees(
                categorical,
                max_depth=6,
                leaves=12,
                rounds=round(200 / self.pace),
                learning_rate=0.05 * self.pace,
                features_at_once=0.5,
                l2=5.0,
                seed=self.random_state + 1,
            ),
        }

    def _out_of_fold(
        self,
        matrix: Floats,
        outcome: NDArray[np.intp],
        units: NDArray[np.intp] | None,
        screening: Screening | None,
    ) -> Floats:
        told = np.empty((len(matrix), len(self._members(self._reader.categorical))))
        for train, held_out in self._folds(outcome, units):
            prepared = self._preparation(screening, train, outcome)
            seen = prepared.fit_read(matrix[train], outcome[train], self.random_state)
            unseen = prepared.read(matrix[held_out])
            fitted = fit_together(self._members(prepared.categorical), seen, outcome[train])
            for place, member in enumerate(fitted.values()):
                told[held_out, place] = member.log_odds(unseen)
        return told

    def _folds(
        self, outcome: NDArray[np.intp], units: NDArray[np.intp] | None
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Rows to learn from and rows to judge by; leavers are spread evenly, customers never split."""
        number = min(self.folds, FEWEST)
        if units is None:
            dealt = StratifiedKFold(number, shuffle=True, random_state=self.random_state)
            yield from dealt.split(outcome, outcome)
            return
        rows, left = np.bincount(units), np.bincount(units, outcome)
        order = np.random.default_rng(self.random_state).permutation(len(rows))
        order = order[np.lexsort((rows[order], left[order]))]
        fold_of = np.empty(len(rows), dtype=np.intp)
        fold_of[order] = np.arange(len(order)) % number
        for fold in range(number):
            held_out = fold_of[units] == fold
            yield np.flatnonzero(~held_out), np.flatnonzero(held_out)

    def _preparation(
        self, screening: Screening | None, rows: NDArray[np.intp], outcome: NDArray[np.intp]
    ) -> Preparation:
        kept = np.arange(self.n_features_in_) if screening is None else screening.best(rows, outcome)
        return Preparation(self._reader.categorical, kept)

    def _shrink(self, told: Floats, outcome: NDArray[np.intp], per_customer: float) -> None:
        """Let few losses count less, and the company's own rate the rest; see ``learning.shrink``."""
        share = float(outcome.mean())
        alone = -(share * np.log(share) + (1 - share) * np.log1p(-share))
        gain = 2 * len(outcome) * per_customer * (alone - self.inner_log_loss_["combined"])
        self.shrunk_ = kept_share(self.losses_, gain, told.shape[1])
        self.weights_ = {n: weight * self.shrunk_ for n, weight in self.weights_.items()}
        differences = np.clip(told, -12, 12) @ np.array(list(self.weights_.values()))
        if self.shrunk_ < 1:
            self._intercept = shrunk_intercept(differences, share)
        self.out_of_fold_: Floats = expit(self._intercept + differences)

    def _combine(self, names: list[str], told: Floats, outcome: NDArray[np.intp]) -> None:
        """Weights from 0 and an intercept that make the held-out log loss smallest."""
        told = np.clip(told, -12, 12)

        def objective(parameters: Floats) -> tuple[float, Floats]:
            odds = parameters[0] + told @ parameters[1:]
            slope = (expit(odds) - outcome) / len(outcome)
            loss = np.mean(np.logaddexp(0, odds) - outcome * odds)
            return float(loss), np.concatenate([[slope.sum()], told.T @ slope])

        start = np.concatenate([[0.0], np.full(len(names), 1 / len(names))])
        bounds = [(None, None)] + [(0.0, None)] * len(names)
        answer = minimize(
            objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12}
        )
        self._intercept = float(answer.x[0])
        weights = np.where(answer.x[1:] < 0.02, 0.0, answer.x[1:])
        if not weights.any():
            weights[int(np.argmax(answer.x[1:]))] = max(float(answer.x[1:].max()), 1e-6)
        self.weights_ = dict(zip(names, (float(w) for w in weights), strict=True))
        losses = np.mean(np.logaddexp(0, told) - outcome[:, None] * told, axis=0)
        self.inner_log_loss_ = {
            **dict(zip(names, (float(v) for v in losses), strict=True)),
            "combined": float(answer.fun),
        }

    def _matrix(self, X: Any) -> Floats:  # noqa: N803
        if not hasattr(self, "_fitted"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError("fit the RiskClassifier before asking it")
        return self._reader.read(X)

    def _log_odds(self, matrix: Floats) -> Floats:
        matrix = self._prepared.read(matrix)
        odds = np.full(len(matrix), self._intercept)
        for name, member in self._fitted.items():
            odds += self.weights_[name] * member.log_odds(matrix)
        return odds


def _units(customers: ArrayLike | None, rows: int) -> NDArray[np.intp] | None:
    """Customers by number, or ``None`` when each has one row."""
    if customers is None:
        return None
    names, units = np.unique(np.asarray(customers), return_inverse=True)
    if len(units) != rows:
        raise ValueError(f"{rows} rows but {len(units)} customers")
    return None if len(names) == rows else units


def _enough(outcome: NDArray[np.intp], units: NDArray[np.intp] | None) -> int:
    """Customers of the rarer outcome, or a refusal when they are too few."""
    counts = [
        int((outcome == kind).sum()) if units is None else len(np.unique(units[outcome == kind]))
        for kind in (0, 1)
    ]
    if min(counts) < FEWEST:
        raise NotEnoughData(min(counts))
    return min(counts)


def _constant(column: Floats) -> bool:
    first = column[0]
    return bool(np.isnan(column).all() if np.isnan(first) else (column == first).all())


def _absent(value: object) -> bool:
    return value is None or str(value) in {"", "nan", "NaN", "NaT", "<NA>", "None"}
