"""What a company's days and weeks hold: customers by event and day, purchases by country, losses by week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.churn import Ended
from holdfast.analytics.emit import emit
from holdfast.analytics.local_days import day_start_us, local_day
from holdfast.analytics.spec import (
    Column,
    Count,
    CountDistinct,
    Every,
    Expression,
    Literal,
    OneOf,
    Query,
    Window,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History
    from holdfast.settings import Settings

    Doubles = NDArray[np.float64]

WATCHED: Mapping[str, str] = {
    "Checkout Failed": "more",
    "Payment Failed": "more",
    "Renewal Failed": "more",
    "Ticket Opened": "more",
    "Ticket Reopened": "more",
    "Dispute Opened": "more",
    "Order Cancelled": "more",
    "Account Deleted": "more",
    "Feature Used": "less",
    "Signed In": "less",
    "Order Completed": "both",
    "Change Announced": "more",
    "Subscription Changed": "more",
}
"""Events whose days are watched, and whether more, less or both of them say something."""

DEEDS = frozenset({"Change Announced", "Subscription Changed"})
"""What we do to many customers at once."""

_FEWEST = 15
_TENURES = (0, 30, 60, 90, 180, 365, 730)
_COUNTRIES = 6


@dataclass(frozen=True, slots=True)
class Days:
    """``counts``: customers with an event by name and day from ``first_day`` on; ``bought`` in each country
    (the larger ones), all of them in "", and ``present`` customers at the beginning of each day.
    """

    first_day: int
    counts: Mapping[str, Doubles]
    bought: Mapping[str, Doubles]
    present: Doubles


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses by week from ``first_day`` on, and what was to be expected by how long customers were there.

    ``sort`` is "contract" or "silent"; ``country`` "" for all.
    """

    sort: str
    country: str
    first_day: int
    lost: Doubles
    expected: Doubles


def days_of(settings: Settings, history: History, day: int) -> Days:
    """The days before ``day``, as far as they were known by then."""
    first = history.ready.kept.first_day
    first = day if first is None else first
    length = day - first
    until = day_start_us(day, settings.zone)
    names = [name for name in WATCHED if history.ready.kept.names.get(name, 0) >= _FEWEST]
    counts = {name: np.zeros(length) for name in names}
    bought: dict[str, Doubles] = {"": np.zeros(length)}
    country = _countries(settings)
    for part in history.source.parts:
        for name, on, customers in _by_name(history, part, names, until) if names else ():
            if 0 <= on - first < length:
                counts[name][on - first] += customers
        subject, on_day = _purchases(history, part, until)
        inside = (on_day >= first) & (on_day < day)
        bought[""] += np.bincount(on_day[inside] - first, minlength=length)
        code = _of(country, subject[inside])
        for each in np.unique(code[code != ""]).tolist():
            own = bought.setdefault(each, np.zeros(length))
            own += np.bincount(on_day[inside][code == each] - first, minlength=length)
    large = sorted(bought, key=lambda each: -bought[each].sum())[: _COUNTRIES + 1]
    return Days(first, counts, {each: bought[each] for each in large}, _present(history, first, day))


def losses_of(settings: Settings, history: History, day: int) -> Iterator[Losses]:
    """Losses by week of contracts and by silence, of everybody and of the larger countries."""
    stays, first = history.stays, history.ready.kept.first_day
    if first is None:
        return
    country = _of(_countries(settings), stays.unit)
    codes, sizes = np.unique(country[country != ""], return_counts=True)
    large = codes[np.argsort(-sizes)][:_COUNTRIES].tolist()
    by_contract = (stays.ended == Ended.CONTRACT) | stays.held
    for sort, own, until in (
        ("contract", by_contract, day),
        ("silent", ~by_contract, day - stays.grace_days),
    ):
        for each in ("", *large):
            rows = np.flatnonzero(own & ((country == each) if each else True))
            if until - first >= 28 and len(rows):
                yield _weeks(history, sort, each, rows, first, until)


def _weeks(
    history: History, sort: str, country: str, rows: NDArray[np.intp], first: int, until: int
) -> Losses:
    start, departed = history.stays.start[rows], history.stays.departed[rows]
    weeks = (until - first) // 7
    begin = until - 7 * weeks
    at = np.zeros((weeks, len(_TENURES)))
    lost = np.zeros((weeks, len(_TENURES)))
    for week in range(weeks):
        on = begin + 7 * week
        there = (start < on) & (departed >= on)
        band = np.searchsorted(_TENURES, on - start[there], side="right") - 1
        at[week] = np.bincount(band, minlength=len(_TENURES))
        lost[week] = np.bincount(band, departed[there] < on + 7, len(_TENURES))
    rate = lost.sum(axis=0) / np.maximum(at.sum(axis=0), 1)
    return Losses(sort, country, begin, lost.sum(axis=1), at @ rate)


def _present(history: History, first: int, day: int) -> Doubles:
    stays, length = history.stays, day - first
    moves = np.zeros(length + 1)
    np.add.at(moves, np.clip(stays.start - first, 0, length), 1)
    np.add.at(moves, np.clip(stays.departed - first, 0, length), -1)
    found: Doubles = np.maximum(np.cumsum(moves)[:length], 1.0)
    return found


def _known(until: int) -> Window:
    return Window(Column("at_us"), None, Literal(until), Column("known_us"), Literal(until))


def _by_name(history: History, part: Any, names: list[str], until: int) -> list[tuple[str, int, int]]:
    keys: dict[str, Expression] = {"name": Column("name"), "day": _day(history)}
    where = Every((_known(until), OneOf(Column("name"), tuple(names))))
    query = Query("events", keys, {"customers": CountDistinct(Column("subject_id"))}, where=where)
    engine = history.ready.engine
    rows = engine.rows(emit(part.narrowed(query), engine.dialect), {"events": part.events})
    return [(str(name), int(on), int(customers)) for name, on, customers in rows]


def _purchases(history: History, part: Any, until: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Customer and day of each day with a purchase."""
    keys: dict[str, Expression] = {"subject": Column("subject_id"), "day": _day(history)}
    where = Every((_known(until), OneOf(Column("name"), history.basis.receipts)))
    query = Query("events", keys, {"rows": Count()}, where=where)
    engine = history.ready.engine
    found = engine.columns(emit(part.narrowed(query), engine.dialect), {"events": part.events})
    return np.asarray(found["subject"], np.int64), np.asarray(found["day"], np.int64)


def _day(history: History) -> Expression:
    basis = history.basis
    return local_day(Column("at_us"), basis.zone, basis.first_us, basis.last_us)


def _countries(settings: Settings) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Units, sorted, and the country of each ("": not known)."""
    from holdfast.store import readers

    facts = readers.unit_facts(settings)
    order = np.argsort(facts.unit_id, kind="stable")
    return np.asarray(facts.unit_id)[order], np.array([each or "" for each in facts.country], str)[order]


def _of(country: tuple[NDArray[np.int64], NDArray[np.str_]], unit: NDArray[np.int64]) -> NDArray[np.str_]:
    units, codes = country
    if not len(units):
        return np.full(len(unit), "", str)
    place = np.minimum(np.searchsorted(units, unit), len(units) - 1)
    return np.where(units[place] == unit, codes[place], "")
