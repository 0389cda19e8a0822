"""The probability that a customer leaves, calibrated, with reasons that add up.

Three members look at the same table: a smooth additive model (splines, logistic), and two small
boosted forests, one of pairs and one of up to four conditions. Each is judged on folds it has not
seen; a logistic model with weights from 0 upwards combines their log-odds, and so calibrates them.
Since every member is a sum in log-odds, so is the whole, and each customer's risk splits exactly
into what each feature adds to it.

Sources: Wolpert (1992), Stacked generalization; Breiman (1996), Stacked regressions (non-negative
weights); Lundberg, Erion, Lee (2018) for the shares of the trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from holdfast.learning.members import BoostedTrees, Member, SplineLogit
from holdfast.learning.samples import Floats, SampleReader

FEWEST = 10
"""Fewer leavers (or stayers) than this say nothing about a table of features."""


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
    random_state
        Seed of folds and forests; printed in model cards, kept in ``random_state``.

    Learned: ``classes_``, ``weights_`` (member name -> weight), ``inner_log_loss_`` (per member and
    "combined"), ``feature_names_in_``, ``n_features_in_``.
    """

    def __init__(self, *, folds: int = 5, random_state: int = 0) -> None:
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, customers: ArrayLike | None = None) -> Self:  # noqa: N803
        """Learn from a table (rows = customers at a moment) and whether each left (two classes).

        ``customers`` says whose row each is, where some have several: members are then judged on
        customers they have not seen, else they learn faces and take that for foresight. Missing values
        and categories are welcome. Raises ``ValueError`` when one class is absent, when either has fewer
        than ten rows, or when outcomes are missing.
        """
        outcome = self._outcome(y)
        self._reader = SampleReader().fit(X)
        matrix = self._reader.read(X)
        if len(matrix) != len(outcome):
            raise ValueError(f"{len(matrix)} rows but {len(outcome)} outcomes")
        self.n_features_in_ = matrix.shape[1]
        self.feature_names_in_ = np.array(self._reader.names_in_, dtype=object)
        members = self._members()
        told = self._out_of_fold(members, matrix, outcome, customers)
        self._combine(list(members), told, outcome)
        chosen = [name for name, weight in self.weights_.items() if weight > 0]
        self._fitted = {name: members[name].fit(matrix, outcome) for name in chosen}
        return self

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
        base, effects = self._intercept, np.zeros((len(matrix), len(group_names)))
        for name, member in self._fitted.items():
            member_base, member_effects = member.explain(matrix, group_of, len(group_names))
            base += self.weights_[name] * member_base
            effects += self.weights_[name] * member_effects
        return Drivers(float(base), group_names, effects)

    def _outcome(self, y: ArrayLike) -> NDArray[np.intp]:
        told = np.asarray(y)
        missing = np.isnan(told).any() if told.dtype.kind == "f" else any(value is None for value in told)
        if missing:
            raise ValueError("some outcomes are missing: train on rows whose outcome is known")
        self.classes_, coded = np.unique(told, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"a risk needs two outcomes, left and stayed; found {len(self.classes_)}")
        rarest = int(np.bincount(coded).min())
        if rarest < FEWEST:
            raise ValueError(
                f"not enough data: only {rarest} rows of the rarer outcome, at least {FEWEST} are needed"
            )
        return coded

    def _members(self) -> dict[str, Member]:
        categorical = self._reader.categorical
        return {
            "additive": SplineLogit(categorical),
            "pairs": BoostedTrees(
                categorical, max_depth=2, rounds=300, learning_rate=0.1, l2=1.0, seed=self.random_state
            ),
            "small trees": BoostedTrees(
                categorical, max_depth=4, rounds=250, learning_rate=0.05, l2=5.0, seed=self.random_state
            ),
        }

    def _out_of_fold(
        self,
        members: Mapping[str, Member],
        matrix: Floats,
        outcome: NDArray[np.intp],
        customers: ArrayLike | None,
    ) -> Floats:
        told = np.empty((len(matrix), len(members)))
        for train, held_out in self._parts(outcome, customers):
            for place, member in enumerate(members.values()):
                told[held_out, place] = member.fit(matrix[train], outcome[train]).log_odds(matrix[held_out])
        return told

    def _parts(
        self, outcome: NDArray[np.intp], customers: ArrayLike | None
    ) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Rows to learn from and rows to judge on, per inner fold."""
        if customers is not None:
            unit = np.unique(np.asarray(customers), return_inverse=True)[1]
            fewest = min(len(np.unique(unit[outcome == kind])) for kind in (0, 1))
            if fewest >= 2:
                grouped = StratifiedGroupKFold(
                    min(self.folds, fewest), shuffle=True, random_state=self.random_state
                )
                return list(grouped.split(outcome, outcome, unit))
        plain = StratifiedKFold(
            min(self.folds, int(np.bincount(outcome).min())), shuffle=True, random_state=self.random_state
        )
        return list(plain.split(outcome, outcome))

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
        odds = np.full(len(matrix), self._intercept)
        for name, member in self._fitted.items():
            odds += self.weights_[name] * member.log_odds(matrix)
        return odds
