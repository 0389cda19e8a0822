"""On which day each customer took each step: asked of the log, as known at the beginning of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import taken
from holdfast.analytics.emit import emit
from holdfast.analytics.journey import STEPS
from holdfast.analytics.local_days import day_start_us, local_day
from holdfast.analytics.spec import (
    Choice,
    Column,
    Every,
    Expression,
    Least,
    Literal,
    Not,
    OneOf,
    Query,
    Some,
    StartsWith,
    Window,
    equals,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History
    from holdfast.services.measure.source import Part
    from holdfast.settings import Settings

_TRIAL = Every((equals("name", taken.STARTED), StartsWith(Column("code"), taken.TRIAL)))


def first_days(
    settings: Settings, history: History, day: int
) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
    """All units of whom anything is known before ``day``, sorted, and for each step the day of each."""
    from holdfast.store import readers

    until = day_start_us(day, settings.zone)
    links = readers.unit_links(settings, as_of_us=until)
    of_unit = dict(zip(links.subject_id.tolist(), links.unit_id.tolist(), strict=True))
    steps, purchases = [], []
    for part in history.source.parts:
        steps.append(_asked(history, part, until, _kinds(history), None))
        purchases.append(_asked(history, part, until, {"purchase": _purchase(history)}, Column("object_id")))
    step = _together(steps, of_unit)
    bought = _together(purchases, of_unit)
    units = np.unique(step["unit"])
    found = {each.key: np.full(len(units), np.nan) for each in STEPS}
    for number, key in enumerate(_kinds(history)):
        rows = np.flatnonzero(step["kind"] == number)
        if key in found:
            np.fmin.at(
                found[key], np.searchsorted(units, step["unit"][rows]), step["day"][rows].astype(float)
            )
    found["came"] = np.full(len(units), np.nan)
    np.fmin.at(found["came"], np.searchsorted(units, step["unit"]), step["day"].astype(float))
    order = np.lexsort((bought["day"], bought["unit"]))
    unit, on = bought["unit"][order], bought["day"][order]
    first = np.searchsorted(unit, units)
    for each in STEPS:
        if each.nth:
            place = first + each.nth - 1
            there = place < len(unit)
            own = np.zeros(len(units), bool)
            own[there] = unit[place[there]] == units[there]
            found[each.key][own] = on[place[own]]
    return units, found


def _kinds(history: History) -> dict[str, Expression]:
    """What sorts a row into a step, in the order of the steps; "other" is everything else."""
    kinds: dict[str, Expression] = {}
    for each in STEPS:
        if each.names:
            named: Expression = OneOf(Column("name"), each.names)
            kinds[each.key] = Some((named, _TRIAL)) if each.key == "trial" else named
    return {**kinds, "other": Literal(1)}


def _purchase(history: History) -> Expression:
    """A purchase, or the beginning of a subscription that is no trial."""
    begun = Every((equals("name", taken.STARTED), Not(StartsWith(Column("code"), taken.TRIAL))))
    return Some((OneOf(Column("name"), history.basis.receipts), begun))


def _asked(
    history: History, part: Part, until: int, kinds: Mapping[str, Expression], of: Expression | None
) -> Mapping[str, NDArray[Any]]:
    """The first moment of each customer and kind (and object) before ``until``, as a day."""
    known = Window(Column("at_us"), None, Literal(until), Column("known_us"), Literal(until))
    basis, engine = history.basis, history.ready.engine
    only = next(iter(kinds.values())) if "other" not in kinds else None
    cases = tuple((where, Literal(at)) for at, where in enumerate(kinds.values()) if where != Literal(1))
    keys: dict[str, Expression] = {
        "subject": Column("subject_id"),
        "kind": Choice(cases, Literal(len(kinds) - 1)),
    }
    if of is not None:
        keys["object"] = of
    first = {"day": Least(local_day(Column("at_us"), basis.zone, basis.first_us, basis.last_us))}
    query = Query("events", keys, first, where=known if only is None else Every((known, only)))
    return engine.columns(emit(part.narrowed(query), engine.dialect), {"events": part.events})


def _together(
    answers: list[Mapping[str, NDArray[Any]]], of_unit: Mapping[int, int]
) -> dict[str, NDArray[np.int64]]:
    whole = {
        name: np.concatenate([np.empty(0, np.int64), *(np.asarray(each[name], np.int64) for each in answers)])
        for name in ("subject", "kind", "day")
    }
    unit = np.array([of_unit.get(each, each) for each in whole.pop("subject").tolist()], np.int64)
    return {"unit": unit, **whole}
