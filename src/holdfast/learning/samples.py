"""Tables as models need them: numbers with gaps, categories as codes, remembered from the fit.

Takes anything that narwhals reads (pandas, Polars, Arrow), plain numpy arrays, and a mapping of names
to numpy arrays (text and gaps as objects).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DATE = re.compile(r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(\D.*)?$")

MAX_LEVELS = 200
"""Categories beyond the most frequent ones share one code: "all others"."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A column as learned: its name, and for categories their levels by frequency (else ``None``)."""

    name: str
    levels: tuple[str, ...] | None


class SampleReader:
    """Turns tables into a matrix of floats: categories first, then numbers; missing is ``nan``.

    Learned by ``fit``: ``features_`` in the order of the matrix. A category never seen in ``fit``
    reads as missing; infinities read as missing and are counted in ``infinite_``.
    """

    def fit(self, table: Any) -> SampleReader:
        """Learn columns and levels. Raises ``ValueError`` for no rows, no columns or doubled names."""
        columns = _columns(table)
        if not columns or not len(next(iter(columns.values()))):
            raise ValueError("the table has no rows or no columns to learn from")
        told = [Feature(name, _levels(column, name)) for name, column in columns.items()]
        self.features_ = [f for f in told if f.levels is not None] + [f for f in told if f.levels is None]
        self.names_in_ = list(columns)
        return self

    @property
    def categorical(self) -> NDArray[np.bool_]:
        """Which columns of the matrix are codes of categories."""
        return np.array([feature.levels is not None for feature in self.features_])

    def read(self, table: Any) -> Floats:
        """The matrix of ``table`` (rows x features), columns found by name.

        Raises ``ValueError`` naming the columns that the fit knew and this table lacks.
        """
        columns = _columns(table)
        missing = [feature.name for feature in self.features_ if feature.name not in columns]
        if missing:
            raise ValueError(
                f"the table lacks columns that the model was fitted on: {', '.join(missing[:5])}"
            )
        rows = len(next(iter(columns.values()))) if columns else 0
        matrix = np.empty((rows, len(self.features_)), order="F")
        self.infinite_ = 0
        for place, feature in enumerate(self.features_):
            matrix[:, place] = (
                _codes(columns[feature.name], feature)
                if feature.levels is not None
                else _numbers(columns[feature.name], feature.name)
            )
        endless = np.isinf(matrix)
        self.infinite_ = int(endless.sum())
        matrix[endless] = np.nan
        return matrix


def _columns(table: Any) -> dict[str, NDArray[Any]]:
    if isinstance(table, np.ndarray):
        if table.ndim != 2:
            raise ValueError(f"a table has rows and columns; got an array of {table.ndim} dimensions")
        return {f"x{i}": table[:, i] for i in range(table.shape[1])}
    if isinstance(table, Mapping):
        return _arrays(table)
    import narwhals as nw

    frame = nw.from_native(table, eager_only=True)
    if len(set(frame.columns)) != len(frame.columns):
        raise ValueError("two columns of the table have the same name")
    return {name: _plain(frame[name]) for name in frame.columns}


def _arrays(table: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    lengths = {len(column) for column in table.values()}
    if len(lengths) > 1:
        raise ValueError(f"the columns of a table have one length; found {sorted(lengths)}")
    return {
        str(name): column if column.dtype == object else column.astype(np.float64)
        for name, column in table.items()
    }


def _plain(series: Any) -> NDArray[Any]:
    import narwhals as nw

    if series.dtype == nw.Boolean or series.dtype.is_numeric():
        numbers: NDArray[Any] = series.cast(nw.Float64).to_numpy().astype(np.float64)
        return numbers
    if series.dtype.is_temporal():
        raise ValueError(
            f"column {series.name!r} holds dates: turn it into a length of time up to the moment of asking"
        )
    return np.array(
        [None if value is None or value != value else str(value) for value in series.to_list()], dtype=object
    )


def _levels(column: NDArray[Any], name: str) -> tuple[str, ...] | None:
    if column.dtype != object:
        return None
    names, counts = np.unique([value for value in column if value is not None], return_counts=True)
    if len(names) > 1 and np.mean([bool(_DATE.match(word)) for word in names[:500]]) > 0.9:
        raise ValueError(
            f"column {name!r} holds dates written as text ({names[0]}): turn it into a length of time up to "
            "the moment of asking, or leave it out"
        )
    order = np.lexsort((names, -counts))[:MAX_LEVELS]
    return tuple(str(name) for name in names[order])


def _codes(column: NDArray[Any], feature: Feature) -> Floats:
    assert feature.levels is not None  # noqa: S101  (asked of categories only)
    code_of = {level: float(code) for code, level in enumerate(feature.levels)}
    return np.array([code_of.get(str(value), np.nan) if value is not None else np.nan for value in column])


def _numbers(column: NDArray[Any], name: str) -> Floats:
    try:
        return np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"column {name!r} held numbers when the model was fitted and holds text now"
        ) from error
