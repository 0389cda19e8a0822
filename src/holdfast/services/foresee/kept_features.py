"""Features of everybody, kept when they are scored, so that a rule about one reads a column.

The table is of one morning. Whoever was looked at since is laid over it (``feature_now``): the pulse
hands the features it has computed to :func:`note`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.emit import emit
from holdfast.analytics.segment_columns import Column, Numbers, word_column
from holdfast.analytics.spec import Column as Named
from holdfast.analytics.spec import OneOf, Query, columns
from holdfast.engines.tables import ParquetFiles, Rows
from holdfast.services.whole_files import write_whole
from holdfast.store import segment_leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.settings import Settings


def keep(settings: Settings, table: FeatureTable, *, now_us: int) -> None:
    """Let ``table`` be the features of everybody as of ``now_us``."""
    from holdfast.engines.embedded import EmbeddedEngine

    held: dict[str, NDArray[Any]] = {"unit_id": table.unit_id}
    kinds = {"unit_id": "BIGINT"}
    for feature in table.features:
        held[feature.name] = table.columns[feature.name]
        kinds[feature.name] = "VARCHAR" if feature.unit == "category" else "DOUBLE"
    here = _folder(settings)
    here.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=here, suffix=".new", delete=False) as file:
        beside = Path(file.name)
    with EmbeddedEngine(temp=settings.measured) as engine:
        engine.write("SELECT * FROM kept", {"kept": Rows(held, types=kinds)}, beside)
    beside.replace(here / "features.parquet")
    names = {name: kind for name, kind in kinds.items() if name != "unit_id"}
    write_whole(here / "about.json", json.dumps({"computed_us": now_us, "names": names}, ensure_ascii=False))
    segment_leaves.forget_features_before(settings, now_us)


def note(settings: Settings, table: FeatureTable, *, now_us: int) -> None:
    """Lay the features of some customers over the kept table: they were computed at ``now_us``."""
    names = [feature.name for feature in table.features]
    told = [table.columns[name].tolist() for name in names]
    segment_leaves.keep_features_now(
        settings,
        (
            (int(unit), now_us, json.dumps(_known(names, row), ensure_ascii=False))
            for unit, *row in zip(table.unit_id.tolist(), *told, strict=True)
        ),
    )


def names(settings: Settings) -> dict[str, str]:
    """The features that are kept, by name, each with its SQL type; none before anybody was scored."""
    try:
        about = json.loads((_folder(settings) / "about.json").read_text(encoding="utf-8"))
        return dict(about["names"])
    except (OSError, ValueError, KeyError):
        return {}


def column(
    settings: Settings,
    engine: EmbeddedEngine,
    name: str,
    units: NDArray[np.int64],
    some: Collection[int] | None,
) -> Column:
    """A feature of each of the sorted ``units``; ``some`` where they are not everybody."""
    kind = names(settings).get(name)
    values = _values(settings, engine, name, kind, units, some)
    for unit, content in segment_leaves.features_now(settings, some):
        place = int(np.searchsorted(units, unit))
        if place < len(units) and units[place] == unit:
            values[place] = json.loads(content).get(name)
    if kind == "DOUBLE" or (kind is None and not any(isinstance(each, str) for each in values.tolist())):
        return Numbers(np.array(values, np.float64))
    return word_column([None if each is None else str(each) for each in values.tolist()])


def _values(
    settings: Settings,
    engine: EmbeddedEngine,
    name: str,
    kind: str | None,
    units: NDArray[np.int64],
    some: Collection[int] | None,
) -> NDArray[Any]:
    """The kept column by unit: floats, or objects with ``None``."""
    found: NDArray[Any] = (
        np.full(len(units), np.nan) if kind == "DOUBLE" else np.full(len(units), None, object)
    )
    if kind is None or not len(units):
        return found
    where = None if some is None else OneOf(Named("unit_id"), tuple(int(unit) for unit in some))
    query = Query("kept", columns("unit_id", name), where=where)
    answer = engine.columns(
        emit(query, engine.dialect),
        {"kept": ParquetFiles((str(_folder(settings) / "features.parquet"),))},
    )
    own = np.ma.getdata(answer["unit_id"]).astype(np.int64)
    place = np.minimum(np.searchsorted(units, own), len(units) - 1)
    known = units[place] == own
    told = np.ma.getdata(answer[name])
    missing = np.ma.getmaskarray(answer[name])
    if kind != "DOUBLE":
        told = told.astype(object)
        told[missing] = None
    elif missing.any():
        told = np.where(missing, np.nan, told)
    found[place[known]] = told[known]
    return found


def _known(names_: list[str], row: list[Any]) -> dict[str, float | str]:
    return {
        name: value
        for name, value in zip(names_, row, strict=True)
        if value is not None and not (isinstance(value, float) and np.isnan(value))
    }


def _folder(settings: Settings) -> Path:
    return settings.measured / "features"
