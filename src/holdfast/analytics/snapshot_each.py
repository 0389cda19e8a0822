"""Features as of several days from few queries: what the days have in common is asked once.

Plain aggregates come from one pass over the log (:mod:`holdfast.analytics.partials`). Where a spine of the
customers and days is at hand, active days are asked once too, and different values and objects along it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from holdfast.analytics import snapshot_queries as queries
from holdfast.analytics.feature import Feature, Over, asked_of
from holdfast.analytics.partials import PAYS_FROM, by_customer_at, known_from, reduction
from holdfast.analytics.snapshot import FeatureTable, Needs, features_at, query_of
from holdfast.analytics.snapshot_queries import At, Basis
from holdfast.analytics.spec import Expression, Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.snapshot import Answer, Ask, Traits

    Whole = NDArray[np.int64]
    Answers = list[dict[str, Answer]]
    DayNeeds = Mapping[str, queries.DayNeed]


def features_at_each(
    ask: Ask,
    features: Sequence[Feature],
    basis: Basis,
    ats: Sequence[At],
    *,
    units: Sequence[NDArray[np.int64]],
    where: Expression | None = None,
    traits: Sequence[Traits] | None = None,
    along: Ask | None = None,
) -> list[FeatureTable]:
    """:func:`~holdfast.analytics.snapshot.features_at` at several beginnings of days, in order.

    ``units`` and ``traits`` are those of each day. Plain aggregates are asked in one pass, which pays on
    dense data, see :func:`pays_in_one_pass`. ``along`` answers queries beside the table of
    :func:`spine_of` the same units on all days: then everything is, which pays where there are few
    customers, as the cost is that of a query more than that of its rows.
    """
    needs = Needs(features)
    answers: Answers = [{} for _ in ats]
    if along is None:
        plain = cast(Mapping[str, Over], needs.shapes.get("customer", {}))
        _note(answers, "customer", by_customer_at(ask, plain, basis, ats, where))
    else:
        _answered(answers, needs, ask, _split(along, units[0], len(ats)), basis, ats, where)
    return [
        features_at(
            *(ask, features, basis, at),
            units=units[place],
            where=where,
            traits=None if traits is None else traits[place],
            needs=needs,
            answers=answers[place],
        )
        for place, at in enumerate(ats)
    ]


def pays_in_one_pass(
    features: Sequence[Feature], days: Sequence[int], first_day: int, rows: int, customers: int
) -> bool:
    """Whether :func:`features_at_each` costs less than one query a day: by the rows it saves."""
    asked = [need for each in features for need in asked_of(each.needs.values())]
    needs = [need for need in asked if isinstance(need, Over)]
    return len(days) > 1 and reduction(rows, customers, needs, days, first_day) >= PAYS_FROM


def spine_of(units: Whole, ats: Sequence[At]) -> dict[str, Whole]:
    """The columns of a spine of the same sorted ``units`` at each of ``ats``."""
    count = len(units)
    return {
        "unit_id": np.tile(units, len(ats)),
        "row": np.arange(count * len(ats)),
        "t_us": np.repeat(np.array([at.us for at in ats], np.int64), count),
        "t_day": np.repeat(np.array([at.day for at in ats], np.int64), count),
    }


def _answered(
    answers: Answers,
    needs: Needs,
    ask: Ask,
    along: Callable[[Query], list[Answer]],
    basis: Basis,
    ats: Sequence[At],
    where: Expression | None,
) -> None:
    """Note what each shape of needs answers at each moment."""

    def direct(some: Mapping[str, Over]) -> list[Answer]:
        return along(queries.by_customer(some, basis, At(), where))

    plain = cast(Mapping[str, Over], needs.shapes.get("customer", {}))
    _note(answers, "customer", by_customer_at(ask, plain, basis, ats, where, direct))
    for shape, some in needs.shapes.items():
        if shape == "day":
            _note(answers, shape, _by_day_at(ask, cast("DayNeeds", some), basis, ats, where))
        elif shape.startswith(("value", "object")):
            _note(answers, shape, along(query_of(shape, some, basis, At(), where)))


def _note(answers: Answers, shape: str, found: Sequence[Answer]) -> None:
    for each, answer in zip(answers, found, strict=True):
        each[shape] = answer


def _split(along: Ask, units: Whole, days: int) -> Callable[[Query], list[Answer]]:
    """Ask along the spine, and tell the answer day by day."""

    def asked(query: Query) -> list[Answer]:
        answer = along(query)
        row = np.asarray(answer["key"], np.int64)
        day = row // max(len(units), 1)
        order = np.argsort(day, kind="stable")
        bounds = np.searchsorted(day[order], np.arange(days + 1))
        found: list[Answer] = []
        for place in range(days):
            rows = order[bounds[place] : bounds[place + 1]]
            told: dict[str, NDArray[Any]] = {name: values[rows] for name, values in answer.items()}
            found.append(told | {"key": units[row[rows] - place * len(units)]})
        return found

    return asked


def _by_day_at(
    ask: Ask, needs: DayNeeds, basis: Basis, ats: Sequence[At], where: Expression | None
) -> list[Answer]:
    """What :func:`~holdfast.analytics.snapshot_queries.by_day` answers at each moment, of one query.

    Days that lie before every window of a moment are in the answer too.
    """
    days = [at.day or 0 for at in ats]
    longer = {name: _longer(need, days[-1] - days[0]) for name, need in needs.items()}
    rows = queries.by_day(longer, basis, ats[-1], where, known_from(ats))
    answer = {name: np.ma.getdata(values) for name, values in ask(rows).items()}
    late, age = answer.pop("late"), answer.pop("age")
    found: list[Answer] = []
    for place, day in enumerate(days):
        before = np.flatnonzero((age > days[-1] - day) & (late <= place))
        told = {name: values[before] for name, values in answer.items()}
        told["age"] = age[before] - (days[-1] - day)
        found.append(_in_one_row(told) if (late[before] > 0).any() else told)
    return found


def _longer(need: queries.DayNeed, days: int) -> queries.DayNeed:
    return need if need.days is None else replace(need, days=need.days + days)


def _in_one_row(answer: Answer) -> Answer:
    """One row for each customer and day: what came to be known late was apart."""
    key, age = answer["key"], answer["age"]
    order = np.lexsort((age, key))
    key, age = key[order], age[order]
    starts = np.flatnonzero((np.diff(key, prepend=key[0] - 1) != 0) | (np.diff(age, prepend=age[0]) != 0))
    counts = {
        name: np.add.reduceat(values[order], starts)
        for name, values in answer.items()
        if name not in ("key", "age")
    }
    return {**counts, "key": key[starts], "age": age[starts]}


__all__ = ["features_at_each", "pays_in_one_pass", "spine_of"]
