"""Asking every metric: its queries go to an engine, their answers through its pure function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from holdfast.analytics.asked import Asked
from holdfast.analytics.emit import emit
from holdfast.analytics.metric import Metric
from holdfast.domain.figures import Figure
from holdfast.engines.tables import Table
from holdfast.registry import parts
from holdfast.services.measure.build import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def metrics() -> tuple[Metric, ...]:
    """Every metric of this installation, by name."""
    return tuple(cast(Metric, part.declared) for part in parts("metrics").values())


def answer(
    engine: Engine, tables: Mapping[str, Table], asked: Asked, chosen: Iterable[Metric]
) -> list[Figure]:
    """The figures of the ``chosen`` metrics, over the kept tables; none where there is no event.

    A query that several metrics share is asked once.
    """
    if not asked.periods:
        return []
    held: dict[str, dict[str, NDArray[np.int64]]] = {}
    figures: list[Figure] = []
    for metric in chosen:
        counted = {}
        for name, query in metric.needs(asked).items():
            sql = emit(query, engine.dialect)
            if sql not in held:
                held[sql] = _columns(engine.columns(sql, tables))
            counted[name] = held[sql]
        figures += metric.answer(counted, asked)
    return figures


def _columns(answered: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.int64]]:
    import numpy as np

    return {name: np.asarray(values, np.int64) for name, values in answered.items()}
