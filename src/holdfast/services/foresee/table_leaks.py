"""Columns that know the answer: what was written down only after the customer had left.

A column leaks when it says almost by itself who left, when it is filled for one outcome only, when
its name says that it was made from the outcome, or when two dates together give the outcome away.
Source: Kaufman, Rosset, Perlich, Stitelman (2012), Leakage in data mining.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.search import fold
from holdfast.domain.texts import Text
from holdfast.services.foresee.table_columns import Floats, Remark, TableColumn, folded, words_of

NEAR_PERFECT = 0.98
"""From this area under the curve on, one column alone knows the answer."""

SUSPECT, FAR_ABOVE = 0.9, 0.1
"""A column from here on leaks when everything else together is this much worse."""

_BINS, _FOLDS, _PRIOR = 20, 5, 5.0
_MOST_DATES = 5

_OUTCOME_WORDS = folded(
    """
    churn churned churner attrition attrited exited cancel cancelled canceled cancellation cancelation leaver
    lapsed terminated termination deactivated deactivation unsubscribed offboarding
    plecat plecare reziliere reziliat anulare отток ушёл расторжение расторгнут отпаднал отпадане прекратяване
    прекратен напуснал ریزش لغو فسخ
    """
)
_MADE_WORDS = folded(
    """
    prediction predicted propensity probability predictie probabilitate прогноз вероятность вероятност
    پیش‌بینی احتمال
    """
)
_JUDGED_WORDS = folded("score reason motiv motivul scor причина оценка скор امتیاز دلیل علت")
_SQUARE_WORDS, _SQUARE_JUDGED = ("流失", "退订", "注销", "预测", "概率"), ("原因", "评分")
_NOT_A_NAME = frozenset(
    {"status", "class", "label", "target", "y", "outcome", "flag", "value", "type", "is", "has"}
)


def alone(column: TableColumn, left: NDArray[np.bool_], folds: NDArray[np.intp]) -> float:
    """Area under the curve of one column by itself, on folds it was not learned on; at least .5.

    The column is cut into at most 20 levels (numbers at quantiles, missing is a level), each level
    stands for its share of leavers in the other folds.
    """
    codes = _levels(column)
    size = int(codes.max()) + 1
    rows_of = np.zeros((_FOLDS, size))
    left_of = np.zeros((_FOLDS, size))
    np.add.at(rows_of, (folds, codes), 1)
    np.add.at(left_of, (folds, codes), left)
    other_rows, other_left = rows_of.sum(axis=0) - rows_of, left_of.sum(axis=0) - left_of
    base = other_left.sum(axis=1, keepdims=True) / np.maximum(other_rows.sum(axis=1, keepdims=True), 1)
    share = (other_left + _PRIOR * base) / (other_rows + _PRIOR)
    return max(area(left, share[folds, codes]), 0.5)


def area(left: NDArray[np.bool_], score: Floats) -> float:
    """Chance that a leaver stands above a stayer; .5 where one of them is missing."""
    gone = int(left.sum())
    stayed = len(left) - gone
    if not gone or not stayed:
        return 0.5
    _, place, rows = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(rows) - (rows - 1) / 2)[place]
    return float((ranks[left].sum() - gone * (gone + 1) / 2) / (gone * stayed))


def folds_of(left: NDArray[np.bool_], seed: int) -> NDArray[np.intp]:
    """A fold per row, outcomes spread evenly."""
    draw = np.random.default_rng(seed)
    folds = np.empty(len(left), dtype=np.intp)
    for outcome in (False, True):
        rows = draw.permutation(np.flatnonzero(left == outcome))
        folds[rows] = np.arange(len(rows)) % _FOLDS
    return folds


def _levels(column: TableColumn) -> NDArray[np.intp]:
    known = column.known
    codes = np.zeros(len(known), dtype=np.intp)
    if not known.any():
        return codes
    if column.kind == "category":
        codes[known] = np.unique(column.values[known].astype(str), return_inverse=True)[1] + 1
        return codes
    values = column.values.astype(np.float64)[known]
    distinct = np.unique(values)
    edges = (
        distinct
        if len(distinct) <= 2 * _BINS
        else np.unique(np.quantile(values, np.linspace(0, 1, _BINS + 1)))
    )
    codes[known] = np.searchsorted(edges, values, side="left") + 1
    return codes


def differences(columns: Sequence[TableColumn]) -> list[tuple[TableColumn, str, str]]:
    """Days from one date to another, for each pair of the first few dates, with the two names."""
    dates = [column for column in columns if column.kind == "day"][:_MOST_DATES]
    return [
        (
            TableColumn(f"{first.name} → {second.name}", "number", second.values - first.values),
            first.name,
            second.name,
        )
        for first, second in combinations(dates, 2)
    ]


def named(target: str, column: TableColumn) -> Remark | None:
    """A leak that the name alone gives away ("Churn Reason", "Cancellation Date", "流失评分")."""
    words = words_of(column.name)
    letters = fold(column.name)
    asked = [word for word in words_of(target) if word not in _NOT_A_NAME]
    outcome = any(word in _OUTCOME_WORDS for word in words) or any(word in letters for word in _SQUARE_WORDS)
    made = any(word in _MADE_WORDS for word in words)
    told = bool(asked) and all(word in words for word in asked)
    if not (outcome or made or told):
        return None
    return Remark(
        column.name,
        "named",
        Text("Its name says that it was written down after the outcome, or made from it."),
    )


def judged(column: TableColumn, strength: float) -> Remark | None:
    """A field of reasons or scores that also knows a good deal about the outcome."""
    letters = fold(column.name)
    says_so = any(word in _JUDGED_WORDS for word in words_of(column.name)) or any(
        word in letters for word in _SQUARE_JUDGED
    )
    if not says_so or strength < 0.8:
        return None
    return Remark(
        column.name,
        "judged",
        Text("It is a score or a reason, and by itself tells who left (AUC {auc}).", auc=round(strength, 3)),
    )


def one_sided(column: TableColumn, left: NDArray[np.bool_]) -> Remark | None:
    """A column that is filled (or other than 0) for one outcome only."""
    known = column.known
    sides = [
        (
            known,
            Text("It is filled only for customers who left."),
            Text("It is filled only for customers who stayed."),
        )
    ]
    if column.kind == "number":
        other = known & (column.values.astype(np.float64) != 0)
        sides.append(
            (
                other,
                Text("It is other than 0 only for customers who left."),
                Text("It is other than 0 only for customers who stayed."),
            )
        )
    for filled, for_left, for_stayed in sides:
        if filled.all():
            continue
        for side, words in ((left, for_left), (~left, for_stayed)):
            if _only_for(filled, side):
                return Remark(column.name, "one_sided", words)
    return None


def _only_for(filled: NDArray[np.bool_], side: NDArray[np.bool_]) -> bool:
    """Whether a mark stands at one side and practically never at the other, beyond what chance brings."""
    inside, outside = int(filled[side].sum()), int(filled[~side].sum())
    expected = (inside + outside) * float((~side).mean())
    common = inside >= 20 and inside >= 0.05 * int(side.sum())
    return (
        common
        and expected >= 10
        and outside <= 0.005 * max(int((~side).sum()), 1)
        and outside <= 0.02 * expected
    )


def near_perfect(name: str, strength: float) -> Remark:
    """The remark for a column that alone knows the answer."""
    return Remark(
        name,
        "near_perfect",
        Text("By itself it tells who left almost without a mistake (AUC {auc}).", auc=round(strength, 3)),
    )


def two_dates(name: str, other: str, strength: float) -> Remark:
    """The remark for a date that with another one knows the answer."""
    return Remark(
        name,
        "dates",
        Text(
            "The days between {other} and it tell who left almost without a mistake (AUC {auc}).",
            other=other,
            auc=round(strength, 3),
        ),
    )


def far_above(name: str, strength: float, rest: float) -> Remark:
    """The remark for a column that knows far more than all others together."""
    return Remark(
        name,
        "far_above",
        Text(
            "By itself it reaches an AUC of {auc}, everything else together only {rest}.",
            auc=round(strength, 3),
            rest=round(rest, 3),
        ),
    )


def find_leaks(
    target: str, columns: Sequence[TableColumn], left: NDArray[np.bool_], seed: int
) -> list[Remark]:
    """The columns that leak the outcome, each once, with why. Rows are those whose outcome is known."""
    folds = folds_of(left, seed)
    strength = {column.name: alone(column, left, folds) for column in columns}
    found = {remark.column: remark for remark in _one_by_one(target, columns, left, strength)}
    rest = [column for column in columns if column.name not in found]
    for remark in _dates(rest, left, folds):
        found.setdefault(remark.column, remark)
    rest = [column for column in columns if column.name not in found]
    for remark in _far_above(rest, left, folds, strength):
        found.setdefault(remark.column, remark)
    return [found[column.name] for column in columns if column.name in found]


def _one_by_one(
    target: str, columns: Sequence[TableColumn], left: NDArray[np.bool_], strength: dict[str, float]
) -> Iterator[Remark]:
    for column in columns:
        if strength[column.name] >= NEAR_PERFECT:
            yield near_perfect(column.name, strength[column.name])
            continue
        remark = one_sided(column, left) or named(target, column) or judged(column, strength[column.name])
        if remark is not None:
            yield remark


def _dates(columns: Sequence[TableColumn], left: NDArray[np.bool_], folds: NDArray[np.intp]) -> list[Remark]:
    """Of dates that leak in pairs, the one in most pairs; of equals the less often known, the later."""
    told: dict[str, tuple[str, float]] = {}
    pairs = [
        (first, second, strength)
        for column, first, second in differences(columns)
        if (strength := alone(column, left, folds)) >= NEAR_PERFECT
    ]
    late = {
        column.name: (float(np.mean(~column.known)), float(np.nanmax(column.values)))
        for column in columns
        if column.kind == "day"
    }
    while pairs:
        names = [name for first, second, _ in pairs for name in (first, second)]
        worst = max(set(names), key=lambda name: (names.count(name), late[name], name))
        first, second, strength = next(pair for pair in pairs if worst in pair[:2])
        told[worst] = (second if worst == first else first, strength)
        pairs = [pair for pair in pairs if worst not in pair[:2]]
    return [two_dates(name, other, strength) for name, (other, strength) in told.items()]


def _far_above(
    columns: Sequence[TableColumn],
    left: NDArray[np.bool_],
    folds: NDArray[np.intp],
    strength: dict[str, float],
) -> list[Remark]:
    suspects = [column for column in columns if strength[column.name] >= SUSPECT]
    others = sorted(
        (column for column in columns if strength[column.name] < SUSPECT),
        key=lambda column: -strength[column.name],
    )[:100]
    if not suspects:
        return []
    rest = _together(others, left, folds) if others else 0.5
    return [
        far_above(column.name, strength[column.name], rest)
        for column in suspects
        if strength[column.name] - rest >= FAR_ABOVE
    ]


def _together(columns: Sequence[TableColumn], left: NDArray[np.bool_], folds: NDArray[np.intp]) -> float:
    """Area under the curve of all columns together, out of fold, by boosted trees as they come."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    matrix: Any = np.column_stack([_levels(column).astype(np.float64) for column in columns])
    told = np.empty(len(left))
    with threadpool_limits(1, user_api="openmp"):
        for fold_number in range(_FOLDS):
            held_out = folds == fold_number
            model = HistGradientBoostingClassifier(max_iter=60, early_stopping=False, random_state=0)
            model.fit(matrix[~held_out], left[~held_out])
            told[held_out] = model.decision_function(matrix[held_out])
    return area(left, told)
