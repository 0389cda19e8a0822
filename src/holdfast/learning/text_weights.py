"""Weights of letter sequences for classes of texts: TF-IDF of hashed n-grams and logistic regression.

The letter sequences are kept as numbers, never as letters, so that no customer's words stand in what was
learned. A :class:`TextWeights` is numbers only and can be written down without code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

HASHED_TO = 2**18
"""So many different letter sequences are told apart."""
SHORTEST, LONGEST = 2, 5
MOST_CHARACTERS = 4_000
"""So much of one text is looked at."""
EXTRA_WEIGHT = 0.05
"""What one sign that came with a text weighs beside all its letters together, whose weight is one."""
FEW_TEXTS = 20
"""From so many texts on, a letter sequence that only one of them has teaches nothing."""
TOLERANCE = 1e-4
"""Of the gradient per text: a looser one ends before the letters have their say beside the signs."""
NEVER = -50.0
"""The bias of a class that no text has."""

_UNTELLING = re.compile(r"https?://\S+|\S+@\S+|@\w+|\d{4,}")
"""Links, addresses, names of accounts, long numbers: they tell who wrote, not what of."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TextWeights:
    """For each class the weight of each letter sequence and of each extra sign."""

    NAMES: ClassVar[tuple[str, ...]] = ("columns", "rarity", "weights", "bias", "extra_weight")
    """Of the arrays that are written down."""

    columns: npt.NDArray[np.int64]
    """The hashed letter sequences that are known, ascending."""
    rarity: Floats
    """Inverse document frequency of each."""
    weights: Floats
    """Classes x (letter sequences + extra signs)."""
    bias: Floats

    extra_weight: float = EXTRA_WEIGHT

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        extra: Floats,
        classes: npt.NDArray[np.bool_],
        *,
        extra_weight: float = EXTRA_WEIGHT,
    ) -> TextWeights:
        """Learns from ``texts``; ``classes`` is texts x classes, ``extra`` texts x signs."""
        counts = _counted(texts)
        texts_with = np.bincount(counts.indices, minlength=HASHED_TO)
        columns = np.flatnonzero(texts_with >= (2 if len(texts) >= FEW_TEXTS else 1))
        rarity = np.log((1 + len(texts)) / (1 + texts_with[columns])) + 1
        matrix = _matrix(counts, columns, rarity, extra * extra_weight)
        weights, bias = _logistic(matrix, classes)
        return cls(columns.astype(np.int64), rarity, weights, bias, extra_weight)

    def scores(self, texts: Sequence[str], extra: Floats) -> Floats:
        """Texts x classes: above zero speaks for the class."""
        matrix = _matrix(_counted(texts), self.columns, self.rarity, extra * self.extra_weight)
        return np.asarray(matrix @ self.weights.T + self.bias)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What has to be written down, in half the precision."""
        return {
            "columns": self.columns.astype(np.int32),
            "rarity": self.rarity.astype(np.float32),
            "weights": self.weights.astype(np.float32),
            "bias": self.bias.astype(np.float32),
            "extra_weight": np.array([self.extra_weight], dtype=np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> TextWeights:
        """The weights from :meth:`arrays`; ValueError when they do not fit together."""
        columns = np.asarray(arrays["columns"], dtype=np.int64)
        rarity, weights, bias, extra_weight = (
            np.asarray(arrays[name], dtype=np.float64) for name in cls.NAMES[1:]
        )
        fits = (
            columns.ndim == rarity.ndim == bias.ndim == 1
            and weights.ndim == 2
            and len(columns) == len(rarity) <= weights.shape[1]
            and len(bias) == len(weights)
            and bool(np.all(np.diff(columns) > 0))
            and (not len(columns) or (columns[0] >= 0 and columns[-1] < HASHED_TO))
            and extra_weight.shape == (1,)
            and all(np.isfinite(one).all() for one in (rarity, weights, bias, extra_weight))
        )
        if not fits:
            raise ValueError("The weights do not fit together: learn them again from the corrections.")
        return cls(columns, rarity, weights, bias, float(extra_weight[0]))


def _logistic(matrix: sparse.csr_matrix, classes: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Weights and bias of each class against "none of them", all learned together (softmax).

    A text of several classes counts for each of them; rare classes weigh as much as frequent ones.
    """
    none = classes.shape[1]
    row, label = np.nonzero(np.column_stack([classes, ~classes.any(axis=1)]))
    there = np.unique(label)
    weights, bias = np.zeros((none + 1, matrix.shape[1])), np.full(none + 1, NEVER)
    bias[none] = 0.0
    bias[there] = 0.0
    if len(there) == 1:
        bias[there] = 1.0
    elif len(there) > 1:
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(class_weight="balanced", max_iter=300, tol=TOLERANCE)
        model.fit(matrix[row], label)
        learned = there[-1:] if len(there) == 2 else there  # of two the second alone has weights
        weights[learned], bias[learned] = model.coef_, model.intercept_
    return weights[:none] - weights[none], bias[:none] - bias[none]


@cache
def _hashing() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(SHORTEST, LONGEST),
        n_features=HASHED_TO,
        alternate_sign=False,
        norm=None,
        lowercase=True,
    )


def telling(text: str) -> str:
    """``text`` without links, addresses, names of accounts and long numbers."""
    return _UNTELLING.sub(" ", text)


def _counted(texts: Sequence[str]) -> sparse.csr_matrix:
    return sparse.csr_matrix(_hashing().transform([telling(text[:MOST_CHARACTERS]) for text in texts]))


def _matrix(
    counts: sparse.csr_matrix, columns: npt.NDArray[np.int64], rarity: Floats, extra: Floats
) -> sparse.csr_matrix:
    """TF-IDF of length one beside the extra signs."""
    known = counts[:, columns].astype(np.float64)
    known.data = 1 + np.log(known.data)
    known = known @ sparse.diags(rarity)
    length = np.sqrt(np.asarray(known.multiply(known).sum(axis=1)).ravel())
    known = sparse.diags(1 / np.where(length > 0, length, 1)) @ known
    return sparse.csr_matrix(sparse.hstack([known, sparse.csr_matrix(extra)]))
