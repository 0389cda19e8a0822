"""The plain rivals beside which a risk model has to stand; scikit-learn only, nothing tuned."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from holdfast.learning.samples import Floats
from holdfast.services.foresee.table_leaks import area

_MOST_LEVELS = 50


class Rival(Protocol):
    """Learns from one part of the rows and says the probability of the other."""

    def __call__(
        self,
        train: Floats,
        left: NDArray[np.bool_],
        asked: Floats,
        categorical: NDArray[np.bool_],
    ) -> Floats:
        """Probability of leaving per row of ``asked``; categories are codes, missing is ``nan``."""
        ...


def one_column(
    train: Floats, left: NDArray[np.bool_], asked: Floats, categorical: NDArray[np.bool_]
) -> Floats:
    """The one column that ranks the learning rows best, and a logistic regression on it."""
    best = max(range(train.shape[1]), key=lambda j: strength(train[:, j], left, bool(categorical[j])))
    pick = [best]
    return logistic(train[:, pick], left, asked[:, pick], categorical[pick])


def logistic(train: Floats, left: NDArray[np.bool_], asked: Floats, categorical: NDArray[np.bool_]) -> Floats:
    """Plain logistic regression: scaled numbers, a step per level, one for what is missing."""
    learned, asked_design = _design(train, asked, categorical)
    model = LogisticRegression(max_iter=2000).fit(learned, left)
    told: Floats = model.predict_proba(asked_design)[:, 1]
    return told


def boosted_trees(
    train: Floats, left: NDArray[np.bool_], asked: Floats, categorical: NDArray[np.bool_]
) -> Floats:
    """scikit-learn's boosted trees as they come."""
    model = HistGradientBoostingClassifier(
        categorical_features=np.flatnonzero(categorical) if categorical.any() else None, random_state=0
    )
    with threadpool_limits(1, user_api="openmp"):
        model.fit(train, left)
        told: Floats = model.predict_proba(asked)[:, 1]
    return told


RIVALS: dict[str, Rival] = {
    "one_column": one_column,
    "logistic": logistic,
    "boosted_trees": boosted_trees,
}
"""Name of the rival in the answer, and how it learns.

One more needs no learning: "prevalence" gives every row the share of those who left.
"""


def strength(column: Floats, left: NDArray[np.bool_], categorical: bool) -> float:
    """How well one column ranks the rows it is asked on: area under the curve, at least .5."""
    known = ~np.isnan(column)
    if not categorical:
        middle = float(np.median(column[known])) if known.any() else 0.0
        found = area(left, np.where(known, column, middle))
        return max(found, 1 - found)
    codes = np.where(known, column, -1).astype(np.intp) + 1
    rows = np.bincount(codes)
    share = (np.bincount(codes, left) + 5 * left.mean()) / (rows + 5)
    return max(area(left, share[codes]), 0.5)


def _design(train: Floats, asked: Floats, categorical: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    learned: list[Floats] = []
    told: list[Floats] = []
    for place in range(train.shape[1]):
        make = _steps if categorical[place] else _scaled
        for matrix in make(train[:, place], asked[:, place]):
            learned.append(matrix[: len(train)])
            told.append(matrix[len(train) :])
    return np.column_stack(learned), np.column_stack(told)


def _steps(train: Floats, asked: Floats) -> list[Floats]:
    both = np.concatenate([train, asked])
    levels, counts = np.unique(train[~np.isnan(train)], return_counts=True)
    levels = levels[np.argsort(-counts, kind="stable")][:_MOST_LEVELS]
    steps: Floats = (both[:, None] == levels).astype(np.float64)
    return [steps, np.isnan(both).astype(np.float64)[:, None]]


def _scaled(train: Floats, asked: Floats) -> list[Floats]:
    both = np.concatenate([train, asked])
    known = train[~np.isnan(train)]
    middle = float(np.median(known)) if len(known) else 0.0
    spread = float(np.std(known)) if len(known) else 0.0
    filled: Floats = (np.where(np.isnan(both), middle, both) - middle) / (spread if spread > 1e-12 else 1.0)
    return [np.clip(filled, -10, 10)[:, None], np.isnan(both).astype(np.float64)[:, None]]
