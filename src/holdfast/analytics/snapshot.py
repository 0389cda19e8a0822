"""Features as of a moment: declarations in, one column each out, customers in rows.

Nothing here knows an engine: whoever asks hands in a function that answers a query of
:mod:`holdfast.analytics.spec` over the tables ``events``, ``links`` (where units have several
subjects) and ``spine`` (where the moment is a column). Customers are worked on in slices: the caller
narrows the rows (``where``, or the files behind ``events``) and puts the tables together with
:func:`together`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from holdfast.analytics import snapshot_queries as queries
from holdfast.analytics.feature import (
    CompanyDays,
    Feature,
    Gaps,
    Need,
    Objects,
    Over,
    Series,
    Trait,
    Worked,
    asked_of,
)
from holdfast.analytics.snapshot_queries import SPINE, At, Basis
from holdfast.analytics.snapshot_values import ActiveDays, Places
from holdfast.analytics.spec import Expression, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Answer = Mapping[str, NDArray[Any]]
    Ask = Callable[[Query], Answer]
    Traits = Callable[[str, NDArray[np.int64]], NDArray[np.object_]]

__all__ = [
    "SPINE",
    "At",
    "Basis",
    "FeatureTable",
    "Needs",
    "features_along",
    "features_at",
    "query_of",
    "together",
]

CHUNK = 20_000
"""Customers whose features are computed at once: a year of days each is then 30 MB."""

_NEAR_DAYS, _FEWEST_NEAR = 168, 6
"""Aggregates of so many days at most are asked of the rows of these days only, where there are several."""


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features of customers as of days: row by row ``unit_id`` and ``at_day`` (the day that begins).

    ``columns`` are by name of the feature: numbers with ``nan`` for "not known", or words with
    ``None`` for features of the unit "category".
    """

    unit_id: NDArray[np.int64]
    at_day: NDArray[np.int32]
    columns: Mapping[str, NDArray[Any]]
    features: tuple[Feature, ...]

    def __len__(self) -> int:
        return len(self.unit_id)

    def only(self, rows: NDArray[Any]) -> FeatureTable:
        """The rows that ``rows`` marks or names by position."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return FeatureTable(self.unit_id[rows], self.at_day[rows], columns, self.features)


def features_at(
    ask: Ask,
    features: Sequence[Feature],
    basis: Basis,
    at: At,
    *,
    units: NDArray[np.int64] | None = None,
    where: Expression | None = None,
    traits: Traits | None = None,
    needs: Needs | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> FeatureTable:
    """The features of every customer with an event before a literal moment, sorted by unit.

    ``units`` (sorted) keeps those among them only; ``where`` narrows the rows of the log, so that no
    customer is cut in two. ``traits`` answers the words known of a trait at the moment, unit by unit.
    ``needs`` of the features, and ``answers`` to some of their shapes, where they are there already.
    """
    if at.us is None or at.day is None:
        raise ValueError("a snapshot is of one moment; many moments stand in a spine")
    needs = needs or Needs(features)
    asked = _Asked(ask, needs, basis, at, where, answers or {})
    plain = asked.by_customer()
    keys = np.unique(np.asarray(plain["key"], np.int64))
    if units is not None:
        keys = np.intersect1d(keys, units, assume_unique=True)
    days = np.full(len(keys), at.day, np.int32)
    return _table(asked.columns(plain, keys, (keys, days), traits), keys, days)


def features_along(
    ask: Ask,
    features: Sequence[Feature],
    basis: Basis,
    unit_id: NDArray[np.int64],
    t_day: NDArray[np.integer[Any]],
    *,
    where: Expression | None = None,
) -> FeatureTable:
    """The features of each row of the spine, whose table the caller gives the engine (:data:`SPINE`).

    Rows of units without an event before their moment are left out. Traits are not known here.
    """
    asked = _Asked(ask, Needs(features), basis, At(), where, {})
    plain = asked.by_customer()
    keys = np.unique(np.asarray(plain["key"], np.int64))
    rows = unit_id[keys], np.asarray(t_day)[keys].astype(np.int32)
    return _table(asked.columns(plain, keys, rows, None), *rows)


def together(tables: Sequence[FeatureTable], features: Sequence[Feature]) -> FeatureTable:
    """Several slices, or several moments, in one table."""
    if not tables:
        columns: dict[str, NDArray[Any]] = {
            each.name: np.empty(0, object if each.unit == "category" else np.float64) for each in features
        }
        return FeatureTable(np.empty(0, np.int64), np.empty(0, np.int32), columns, tuple(features))
    return FeatureTable(
        np.concatenate([table.unit_id for table in tables]),
        np.concatenate([table.at_day for table in tables]),
        {each.name: np.concatenate([table.columns[each.name] for table in tables]) for each in features},
        tuple(features),
    )


def _table(
    made: tuple[tuple[Feature, ...], dict[str, NDArray[Any]]],
    unit_id: NDArray[np.int64],
    at_day: NDArray[np.int32],
) -> FeatureTable:
    features, columns = made
    return FeatureTable(unit_id, at_day, columns, features)


class Needs:
    """What some features need, each once and named, by the shape of grouping that answers it."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        self.shapes: dict[str, dict[str, Need]] = {}
        self._names: dict[str, str] = {}
        self._known: dict[int, str] = {}
        for feature in features:
            for need in asked_of(feature.needs.values()):
                self._note(need)

    def _note(self, need: Need) -> None:
        said = repr(need)
        if said not in self._names:
            self._names[said] = f"a{len(self._names)}"
            self.shapes.setdefault(queries.shape_of(need), {})[self._names[said]] = need
        self._known[id(need)] = self._names[said]

    def name(self, need: Need) -> str:
        """The name of a need of the features; those that say the same have the same one."""
        return self._known[id(need)]


class _Asked:
    """The needs of some features, asked by shape; ``answers`` are those that are there already."""

    def __init__(
        self,
        ask: Ask,
        needs: Needs,
        basis: Basis,
        at: At,
        where: Expression | None,
        answers: Mapping[str, Answer],
    ) -> None:
        self.ask, self.needs, self.basis, self.at, self.where = ask, needs, basis, at, where
        self.features, self.shapes, self.answers = needs.features, needs.shapes, answers

    @property
    def plain(self) -> Mapping[str, Over]:
        """The needs that are plain aggregates."""
        return cast(Mapping[str, Over], self.shapes.get("customer", {}))

    def by_customer(self) -> Answer:
        """Plain aggregates, which tell too who had any event; those of the last months asked apart."""
        if "customer" in self.answers:
            return self.answers["customer"]
        near = {name: need for name, need in self.plain.items() if _is_near(need)}
        if len(near) < _FEWEST_NEAR:
            return self.ask(queries.by_customer(self.plain, self.basis, self.at, self.where))
        far = {name: need for name, need in self.plain.items() if name not in near}
        answer = self.ask(queries.by_customer(far, self.basis, self.at, self.where))
        lately = self.ask(queries.by_customer(near, self.basis, self.at, self.where, _NEAR_DAYS))
        order = np.argsort(np.asarray(answer["key"], np.int64))
        found = {name: values[order] for name, values in answer.items()}
        keys = np.asarray(found["key"], np.int64)
        return found | _placed(keys, lately, near)

    def columns(
        self,
        plain: Answer,
        keys: NDArray[np.int64],
        rows: tuple[NDArray[np.int64], NDArray[np.int32]],
        traits: Traits | None,
    ) -> tuple[tuple[Feature, ...], dict[str, NDArray[Any]]]:
        """The values of every feature for the sorted ``keys``: ``rows`` are their units and days."""
        held: dict[str, NDArray[Any]] = dict(_placed(keys, plain, self.plain))
        for shape, needs in self.shapes.items():
            if shape.startswith(("value", "object")):
                answer = self.answers[shape] if shape in self.answers else self._ask(shape, needs)
                held |= _placed(keys, answer, cast("Mapping[str, Over | Objects]", needs))
        held |= {
            name: _words(traits, cast(Trait, need).name, rows[0])
            for name, need in self.shapes.get("trait", {}).items()
        }
        days, series = self._days(keys)
        held |= days
        company = self.shapes.get("company", {})

        def laid_out(name: str, first: int, last: int) -> NDArray[Any]:
            if name in company:
                return _company_days(cast(CompanyDays, company[name]), self.basis, rows[1][first:last])
            return series(name, first, last)

        return self.features, self._values(held, laid_out, len(keys))

    def _ask(self, shape: str, needs: Mapping[str, Need]) -> Answer:
        return self.ask(query_of(shape, needs, self.basis, self.at, self.where))

    def _days(
        self, keys: NDArray[np.int64]
    ) -> tuple[dict[str, NDArray[Any]], Callable[[str, int, int], NDArray[Any]]]:
        """Rhythm and active days of all customers, and how to lay out a series of some of them."""
        needs = cast(Mapping[str, queries.DayNeed], self.shapes.get("day", {}))
        if not needs:
            return {}, _no_series
        there = self.answers.get("day")
        answer = self.ask(queries.by_day(needs, self.basis, self.at, self.where)) if there is None else there
        days, columns = ActiveDays.of(keys, answer), queries.day_columns(needs)
        held: dict[str, NDArray[Any]] = {}
        for name, need in needs.items():
            if isinstance(need, Gaps):
                held[name] = days.gaps(need, columns[name], len(keys))
            elif isinstance(need, Over):
                held[name] = days.active(need, columns[name], len(keys))

        def series(name: str, first: int, last: int) -> NDArray[Any]:
            return days.series(cast(Series, needs[name]), columns[name], first, last)

        return held, series

    def _values(
        self,
        held: Mapping[str, NDArray[Any]],
        series: Callable[[str, int, int], NDArray[Any]],
        size: int,
    ) -> dict[str, NDArray[Any]]:
        """Every feature's own arithmetic, some customers at a time."""
        made: dict[str, list[NDArray[Any]]] = {feature.name: [] for feature in self.features}
        for first in range(0, max(size, 1), CHUNK):
            chunk = _Chunk(self.needs, held, series, first, min(first + CHUNK, size))
            for feature in self.features:
                needed = {word: chunk.needed(need) for word, need in feature.needs.items()}
                made[feature.name].append(_value(feature, needed))
        return {name: np.concatenate(parts) for name, parts in made.items()}


class _Chunk:
    """Some customers at a time: what features need of them, days laid out and worked out once."""

    def __init__(
        self,
        needs: Needs,
        held: Mapping[str, NDArray[Any]],
        series: Callable[[str, int, int], NDArray[Any]],
        first: int,
        last: int,
    ) -> None:
        self.needs, self.held, self.series, self.first, self.last = needs, held, series, first, last
        self.laid: dict[str, NDArray[Any]] = {}
        self.worked: dict[tuple[object, str], Mapping[str, NDArray[Any]]] = {}

    def needed(self, need: Need) -> NDArray[Any]:
        """The values of one need."""
        if isinstance(need, Worked):
            return self._work(need)[need.column]
        name = self.needs.name(need)
        if name in self.held:
            return self.held[name][self.first : self.last]
        if name not in self.laid:
            self.laid[name] = self.series(name, self.first, self.last)
        return self.laid[name]

    def _work(self, need: Worked) -> Mapping[str, NDArray[Any]]:
        key = need.work, repr(need.needs)
        if key not in self.worked:
            needed = {word: self.needed(each) for word, each in need.needs.items()}
            with np.errstate(divide="ignore", invalid="ignore"):
                self.worked[key] = need.work(needed)
        return self.worked[key]


def query_of(shape: str, needs: Mapping[str, Need], basis: Basis, at: At, where: Expression | None) -> Query:
    """The query that answers the needs of a shape: different values, or objects."""
    if shape.startswith("value"):
        return queries.by_value(cast(Mapping[str, Over], needs), basis, at, where)
    kind = shape.partition(" ")[2]
    return queries.by_object(kind, cast(Mapping[str, Objects], needs), basis, at, where)


def _placed(
    keys: NDArray[np.int64], answer: Answer, needs: Mapping[str, Over | Objects]
) -> dict[str, NDArray[np.float64]]:
    """The columns of an answer for the sorted ``keys``."""
    places = Places.of(keys, answer["key"])
    return {
        name: places.laid(answer[name], np.nan if need.aggregate in ("least", "greatest") else 0.0)
        for name, need in needs.items()
    }


def _is_near(need: Over) -> bool:
    return need.days is not None and need.days <= _NEAR_DAYS


def _value(feature: Feature, needed: dict[str, NDArray[Any]]) -> NDArray[Any]:
    if feature.unit != "category":
        needed = {word: _numbers(each) if each.dtype == object else each for word, each in needed.items()}
    if feature.value is None:
        (found,) = needed.values()
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            found = feature.value(needed)
    return np.asarray(found, object if feature.unit == "category" else np.float64)


def _numbers(words: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers among words; what is none is ``nan``."""
    different, place = np.unique(
        np.array(["" if word is None else str(word) for word in words]), return_inverse=True
    )
    return np.array([_number(word) for word in different.tolist()])[place] if len(words) else np.empty(0)


def _number(word: str) -> float:
    try:
        found = float(word)
    except ValueError:
        return np.nan
    return found if np.isfinite(found) else np.nan


def _words(traits: Traits | None, name: str, units: NDArray[np.int64]) -> NDArray[np.object_]:
    if traits is None:
        return np.full(len(units), None, object)
    return traits(name, units)


def _company_days(need: CompanyDays, basis: Basis, days: NDArray[np.int32]) -> NDArray[np.float64]:
    """One row where all are asked of on one day, else one for each."""
    if basis.company is None:
        return np.ones((1, need.days))
    different, place = np.unique(days, return_inverse=True)
    if not len(different):
        return np.ones((1, need.days))
    rows = np.stack([basis.company.weights(need.name, day, need.days) for day in different.tolist()])
    return rows if len(rows) == 1 else rows[place]


def _no_series(name: str, first: int, last: int) -> NDArray[Any]:
    raise LookupError(f"{name} was not asked for")
