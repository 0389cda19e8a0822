"""The members of the risk model. Each is a sum in log-odds and can say of what."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import SplineTransformer
from threadpoolctl import threadpool_limits

from holdfast.learning.samples import Floats
from holdfast.learning.tree_drivers import Node, TreeTable, explain, tree_tables

_SMOOTH_FROM = 12
"""A number with fewer distinct values is taken as steps, not as a curve."""

_SHARED_FROM = 100_000
"""From this many rows on, asking the trees is shared among all cores."""

_MAX_CODES = 30
"""The additive model gives its own weight to this many levels of a category."""

_MOST_ROWS = 50_000
"""The additive model learns from at most this many rows (drawn by a fixed seed): its curves need no more."""

_ROWS_AT_ONCE = 20_000


class Member(Protocol):
    """What the combination asks of a member. ``matrix``: categories as codes, missing as ``nan``."""

    def fit(self, matrix: Floats, outcome: NDArray[np.intp]) -> Self:
        """Learn."""
        ...

    def log_odds(self, matrix: Floats) -> Floats:
        """Log-odds of leaving per row."""
        ...

    def explain(self, matrix: Floats, group_of: NDArray[np.intp], groups: int) -> tuple[float, Floats]:
        """Log-odds of the average row, and what each group adds to it (rows x groups)."""
        ...


def fit_together(
    members: Mapping[str, Member], matrix: Floats, outcome: NDArray[np.intp]
) -> dict[str, Member]:
    """Fit members on the same rows, as many at a time as there are cores: most work is outside of Python.

    Of tables so large that one forest keeps all cores busy, one after the other.
    """
    workers = min(len(members), os.cpu_count() or 1) if len(matrix) < _SHARED_FROM else 1
    if workers < 2:
        return {name: member.fit(matrix, outcome) for name, member in members.items()}
    with ThreadPoolExecutor(workers) as threads:
        # The slowest stand last and start first.
        tasks = {name: threads.submit(members[name].fit, matrix, outcome) for name in reversed(list(members))}
        return {name: tasks[name].result() for name in members}


class AdditiveDesign:
    """Columns for a model in which each feature adds on its own: curves for numbers, steps for categories.

    Learned from a matrix; every column then has mean 0 and spread 1 there. ``owner`` names the feature
    (its place in the matrix) of each column.
    """

    def __init__(self, matrix: Floats, categorical: NDArray[np.bool_]) -> None:
        self._blocks = [_block(matrix[:, j], bool(categorical[j])) for j in range(matrix.shape[1])]
        parts = [block(matrix[:, j]) for j, block in enumerate(self._blocks)]
        self.owner = [j for j, part in enumerate(parts) for _ in range(part.shape[1])]
        design = np.column_stack(parts) if self.owner else np.zeros((len(matrix), 0))
        self._centre, spread = design.mean(axis=0), design.std(axis=0)
        self._scale = np.where(spread > 1e-12, spread, np.inf)

    def __call__(self, matrix: Floats) -> Floats:
        """The columns of new rows."""
        if not self.owner:
            return np.zeros((len(matrix), 0))
        parts = [block(matrix[:, j]) for j, block in enumerate(self._blocks)]
        told: Floats = (np.column_stack(parts) - self._centre) / self._scale
        return told


class SplineLogit:
    """Each feature adds a curve (numbers) or a step per level (categories); nothing interacts."""

    def __init__(self, categorical: NDArray[np.bool_]) -> None:
        self.categorical = categorical

    def fit(self, matrix: Floats, outcome: NDArray[np.intp]) -> Self:
        """Learn knots, levels and weights."""
        if len(matrix) > _MOST_ROWS:
            drawn = np.random.default_rng(0).choice(len(matrix), _MOST_ROWS, replace=False)
            matrix, outcome = matrix[drawn], outcome[drawn]
        self._design = AdditiveDesign(matrix, self.categorical)
        model = LogisticRegression(C=0.1, max_iter=400)
        with threadpool_limits(1, user_api="blas"):  # more threads wait for each other here
            model.fit(self._design(matrix), outcome)
        self._weights, self._base = model.coef_[0], float(model.intercept_[0])
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        """Log-odds of leaving per row."""
        odds = np.empty(len(matrix))
        for start in range(0, len(matrix), _ROWS_AT_ONCE):
            design = self._design(matrix[start : start + _ROWS_AT_ONCE])
            odds[start : start + _ROWS_AT_ONCE] = design @ self._weights + self._base
        return odds

    def explain(self, matrix: Floats, group_of: NDArray[np.intp], groups: int) -> tuple[float, Floats]:
        """Log-odds of the average row, and what each group adds to it (rows x groups)."""
        effects = np.zeros((len(matrix), groups))
        for start in range(0, len(matrix), _ROWS_AT_ONCE):
            parts = self._design(matrix[start : start + _ROWS_AT_ONCE]) * self._weights
            for column, owner in enumerate(self._design.owner):
                effects[start : start + _ROWS_AT_ONCE, group_of[owner]] += parts[:, column]
        return self._base, effects


class _Steps:
    """A column of 0 and 1 per level, and one for "missing" where the fit saw any."""

    def __init__(self, column: Floats) -> None:
        levels, counts = np.unique(column[~np.isnan(column)], return_counts=True)
        self.levels = np.sort(levels[np.argsort(-counts, kind="stable")][:_MAX_CODES])
        self.missing = bool(np.isnan(column).any())

    def __call__(self, column: Floats) -> Floats:
        steps = (column[:, None] == self.levels).astype(np.float64)
        return np.column_stack([steps, np.isnan(column)]) if self.missing else steps


class _Curve:
    """A cubic spline with knots at quantiles, straight beyond them; missing is a step of its own."""

    def __init__(self, column: Floats) -> None:
        known = column[~np.isnan(column)]
        self.median = float(np.median(known))
        self.missing = bool(np.isnan(column).any())
        self.spline = SplineTransformer(8, knots="quantile", extrapolation="linear", include_bias=False)
        knots = np.unique(np.quantile(known, np.linspace(0, 1, 8)))
        self.spline.set_params(knots=knots[:, None]).fit(known[:, None])

    def __call__(self, column: Floats) -> Floats:
        known = np.where(np.isnan(column), self.median, column)
        curve: Floats = self.spline.transform(known[:, None])
        return np.column_stack([curve, np.isnan(column)]) if self.missing else curve


def _block(column: Floats, categorical: bool) -> _Steps | _Curve:
    known = column[~np.isnan(column)]
    distinct = len(np.unique(known))
    if (
        categorical
        or distinct <= _SMOOTH_FROM
        or len(np.unique(np.quantile(known, np.linspace(0, 1, 8)))) < 4
    ):
        return _Steps(column)
    return _Curve(column)


class BoostedTrees:
    """A forest of small trees grown one after another (scikit-learn's histogram boosting)."""

    def __init__(
        self,
        categorical: NDArray[np.bool_],
        *,
        max_depth: int,
        leaves: int,
        rounds: int,
        learning_rate: float,
        features_at_once: float,
        l2: float,
        seed: int,
    ) -> None:
        self._forest = HistGradientBoostingClassifier(
            max_depth=max_depth,
            max_iter=rounds,
            learning_rate=learning_rate,
            max_leaf_nodes=leaves,
            l2_regularization=l2,
            max_features=features_at_once,
            early_stopping=False,
            random_state=seed,
            categorical_features=np.flatnonzero(categorical) if categorical.any() else None,
        )

    def fit(self, matrix: Floats, outcome: NDArray[np.intp]) -> Self:
        """Grow the forest, on one core: tables of this size are too small to share the work."""
        with threadpool_limits(1 if len(matrix) < _SHARED_FROM else None, user_api="openmp"):
            self._forest.fit(matrix, outcome)
        self._tables: dict[tuple[int, ...], list[TreeTable]] = {}
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        """Log-odds of leaving per row."""
        with threadpool_limits(1 if len(matrix) < _SHARED_FROM else None, user_api="openmp"):
            odds: Floats = self._forest.decision_function(matrix)
        return odds

    def explain(self, matrix: Floats, group_of: NDArray[np.intp], groups: int) -> tuple[float, Floats]:
        """Log-odds of the average row, and what each group adds to it (rows x groups)."""
        grouping = tuple(int(group) for group in group_of)
        if grouping not in self._tables:
            self._tables = {grouping: tree_tables(self._trees(), grouping)}
        tables = self._tables[grouping]
        binned = np.asfortranarray(self._binned(matrix))
        base = float(self._forest._baseline_prediction.item()) + sum(table.expected for table in tables)
        return base, explain(tables, binned, groups)

    def _binned(self, matrix: Floats) -> NDArray[np.uint8]:
        if self._forest._preprocessor is not None:
            matrix = self._forest._preprocessor.transform(matrix)
        binned: NDArray[np.uint8] = self._forest._bin_mapper.transform(matrix)
        return binned

    def _trees(self) -> list[list[Node]]:
        missing_bin = int(self._forest._bin_mapper.missing_values_bin_idx_)
        return [_nodes(step[0], missing_bin) for step in self._forest._predictors]


def _nodes(predictor: Any, missing_bin: int) -> list[Node]:
    told = []
    for node in predictor.nodes:
        if node["is_leaf"]:
            told.append(Node(rows=float(node["count"]), value=float(node["value"])))
            continue
        if node["is_categorical"]:
            words = predictor.binned_left_cat_bitsets[node["bitset_idx"]]
            goes_left = np.array([bool(int(words[code // 32]) >> (code % 32) & 1) for code in range(256)])
        else:
            goes_left = np.arange(256) <= int(node["bin_threshold"])
        goes_left[missing_bin] = bool(node["missing_go_to_left"])
        told.append(
            Node(
                int(node["feature_idx"]),
                goes_left,
                int(node["left"]),
                int(node["right"]),
                float(node["count"]),
            )
        )
    return told
