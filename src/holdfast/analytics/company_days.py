"""What each day counted in the whole company, measured from the log as of days of asking.

One customer cannot tell an outage from leaving. What is measured here of many stands in the basis of every
question (:class:`~holdfast.analytics.snapshot_queries.Basis`), for a few customers as for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import snapshot_queries as queries
from holdfast.analytics.feature import CompanyDays, Feature, Series, asked_of
from holdfast.analytics.known_days import Company
from holdfast.analytics.snapshot_values import ActiveDays
from holdfast.analytics.spec import Arithmetic, Compare, Every, Expression, Literal, WholeDivision
from holdfast.learning.company_days import day_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.snapshot_queries import At, Basis
    from holdfast.analytics.spec import Query

    Ask = Callable[[Query], Mapping[str, NDArray[Any]]]

MOST_CUSTOMERS = 20_000
"""More would tell a day's weight no better: at one event a day each it is known to one in a hundred."""


def company_needs(features: Iterable[Feature]) -> dict[str, CompanyDays]:
    """What some features need to know of the company's days, by name: the longest stretch of each."""
    found: dict[str, CompanyDays] = {}
    for feature in features:
        for need in asked_of(feature.needs.values()):
            if isinstance(need, CompanyDays):
                held = found.setdefault(need.name, need)
                if held.where != need.where:
                    raise ValueError(f"{need.name!r} names two different kinds of company days")
                found[need.name] = max(held, need, key=lambda each: each.days)
    return found


def company_days(
    parts: Iterable[tuple[Ask, Expression | None]],
    features: Iterable[Feature],
    basis: Basis,
    ats: Sequence[At],
    each: int = 0,
) -> Company:
    """The company's days as known at each of ``ats``, literal beginnings of days in order.

    ``parts`` answer queries of some customers each, with what narrows the rows to them; they are asked in
    turn until there are enough. ``each`` is about how many customers a part has: of more than enough only
    some are asked of. One query to each part, however many moments: a row that came to be known only after
    a moment counts at that moment already.
    """
    needs = company_needs(features)
    days = [at.day for at in ats if at.day is not None]
    if not needs or not days:
        return Company({})
    last = days[-1]
    longer = {name: replace(need, days=need.days + last - days[0]) for name, need in needs.items()}
    laid: dict[str, list[NDArray[np.int32]]] = {name: [] for name in needs}
    customers = 0
    for ask, where in parts:
        found = _counts(ask, longer, basis, ats[-1], _some(basis, each // MOST_CUSTOMERS, where))
        for name, counts in found.items():
            laid[name].append(counts)
        customers += len(next(iter(found.values())))
        if customers >= MOST_CUSTOMERS:
            break
    every = {
        name: np.concatenate([np.zeros((0, longer[name].days), np.int32), *each])
        for name, each in laid.items()
    }
    return Company({day: _as_known(every, needs, last - day) for day in days})


def _some(basis: Basis, turns: int, where: Expression | None) -> Expression | None:
    """``where``, and of the units there one in ``turns``."""
    if turns <= 1:
        return where
    whole = Arithmetic("*", WholeDivision(basis.unit, turns), Literal(turns))
    its_turn = Compare(Arithmetic("-", basis.unit, whole), "=", Literal(0))
    return its_turn if where is None else Every((where, its_turn))


def _as_known(
    every: Mapping[str, NDArray[np.int32]], needs: Mapping[str, CompanyDays], later: int
) -> dict[str, NDArray[np.float64]]:
    """The weights of the days before the one that lies ``later`` days before the end of ``every``."""
    found = {}
    for name, counts in every.items():
        stop = counts.shape[1] - later
        found[name] = day_weights(counts[:, stop - needs[name].days : stop])
    return found


def _counts(
    ask: Ask, needs: Mapping[str, CompanyDays], basis: Basis, at: At, where: Expression | None
) -> dict[str, NDArray[np.int32]]:
    """Counts by day of the customers of one part."""
    series = {name: Series(need.where, need.days) for name, need in needs.items()}
    answer = ask(queries.by_day(series, basis, at, where))
    keys = np.unique(np.asarray(answer["key"], np.int64))
    active, columns = ActiveDays.of(keys, answer), queries.day_columns(series)
    return {name: active.series(need, columns[name], 0, len(keys)) for name, need in series.items()}
