"""The columns in which the lost are compared with everybody else: what to ask of a company's own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.common import (
    CODED,
    MOST_OF_A_KIND,
    USUAL,
    bought_categories,
    bought_products,
    coded,
)
from holdfast.analytics.emit import emit
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.spec import Column, Count, Every, Missing, Not, OneOf, Query
from holdfast.services.understand.contact_points import asked_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Feature
    from holdfast.services.foresee.snapshots import History
    from holdfast.settings import Settings

AGENT = "agent"
"""The column of who of us looked after the customer."""

_FEWEST_ROWS = 30


def with_what_is_common(settings: Settings, history: History) -> tuple[History, frozenset[str]]:
    """The history, asked for what customers can have in common, and which columns are yes or no."""
    own = _own(settings, history)
    usual = tuple(each for each in history.features if each.name in USUAL or each.name.startswith("trait "))
    return replace(history, features=(*usual, *own, *asked_features())), frozenset(each.name for each in own)


def with_agents(
    settings: Settings,
    columns: Mapping[str, NDArray[Any]],
    unit: NDArray[np.int64],
    at_day: NDArray[Any],
) -> dict[str, NDArray[Any]]:
    """The columns, and who of us looked after each row's customer on its day, where anybody did."""
    from holdfast.store import owners

    held = owners.history(settings)
    found = np.full(len(unit), None, object)
    for day in np.unique(at_day).tolist() if held else ():
        at_us = day_start_us(int(day), settings.zone)
        links = dict(zip(*_links(settings, at_us), strict=True))
        on = {
            links.get(subject, subject): f"{name}"
            for subject, name, from_us, until_us in held
            if from_us < at_us and (until_us is None or until_us >= at_us)
        }
        rows = np.flatnonzero(at_day == day)
        found[rows] = [on.get(each) for each in unit[rows].tolist()]
    said = any(each is not None for each in found.tolist())
    return {**columns, AGENT: found} if said else dict(columns)


def _links(settings: Settings, at_us: int) -> tuple[list[int], list[int]]:
    from holdfast.store import readers

    links = readers.unit_links(settings, as_of_us=at_us)
    return links.subject_id.tolist(), links.unit_id.tolist()


def _own(settings: Settings, history: History) -> list[Feature]:
    """Products, categories, plans, topics and parts of the product that this company has."""
    from holdfast.store import readers

    products = {each.product_id: each for each in readers.products(settings)}
    bought = _most(history, "product_id", tuple(history.basis.receipts))
    categories: dict[str, list[str]] = {}
    for each in products.values():
        if each.category:
            categories.setdefault(each.category, []).append(each.product_id)
    few = dict(sorted(categories.items(), key=lambda one: -len(one[1]))[:MOST_OF_A_KIND])
    found = bought_products((key, products[key].name if key in products else "") for key in bought)
    found += bought_categories(few if len(few) > 1 else {})
    for event in CODED:
        found += coded(event, _most(history, "code", (event,)))
    return found


def _most(history: History, column: str, names: tuple[str, ...]) -> list[str]:
    """The values of a column of events of these names that came most often."""
    wanted = [name for name in names if history.ready.kept.names.get(name)]
    if not wanted:
        return []
    where = Every((OneOf(Column("name"), tuple(wanted)), Not(Missing(Column(column)))))
    query = Query("events", {column: Column(column)}, {"rows": Count()}, where=where)
    engine = history.ready.engine
    rows = engine.rows(emit(query, engine.dialect), {"events": history.source.events})
    counted = sorted(
        ((str(value), int(count)) for value, count in rows), key=lambda each: (-each[1], each[0])
    )
    return [value for value, count in counted if count >= _FEWEST_ROWS and value][:MOST_OF_A_KIND]
