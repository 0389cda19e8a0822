"""The kept tables: what is computed once a run, so that every metric is a small group-by.

``spells`` (one row per stretch of presence), ``terms`` (contracts), ``moves`` (yearly money gained
and lost by period), ``months`` (orders and revenue by unit and month), ``ladder`` (what the n-th purchase
brings) and ``units`` (one row per unit). All columns are whole numbers; days are day numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.churn import Spells, counting, spells_of
from holdfast.analytics.lifecycle import states, turning_days
from holdfast.analytics.purchases import (
    Purchases,
    bands_of,
    different,
    numbered,
    places,
    running,
    starts_of,
)
from holdfast.analytics.rhythm import Usual
from holdfast.analytics.terms import OPEN, Terms
from holdfast.analytics.yearly_money import YearlyMoney, yearly_money
from holdfast.language.calendars import PeriodKind
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.analytics.churn import Bought

    Columns = Mapping[str, NDArray[np.int64]]

NEW, CASUAL, REGULAR = range(3)
"""Kinds of customers in a month: bought for the first time; seldom; often."""

REGULAR_ORDERS = 3
"""A regular customer has ordered this often in the twelve months up to and with the month."""

LADDER_STEPS = 24
"""Purchases beyond this one are not told apart."""

NEVER = -1
"""The number of the state of someone who was never really a customer."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "spells": (
        "unit_id",
        "number",
        "start_day",
        "end_day",
        "ended",
        "contract_day",
        "active_day",
        "first_day",
        "country",
        "source",
    ),
    "terms": ("unit_id", "start_day", "end_day", "amount"),
    "moves": ("grain", "start_day", "kind", "customers", "money"),
    "months": ("unit_id", "month", "before", "orders", "amount", "kind"),
    "ladder": ("first_month", "source", "step", "customers", "amount"),
    "units": (
        "unit_id",
        "first_day",
        "last_day",
        "bought_day",
        "second_day",
        "orders",
        "amount",
        "state",
        "left_day",
        "yearly",
        "spells",
        "purchases",
        "contracts",
        "turns_day",
        "country",
        "source",
    ),
}
"""The columns of each kept table."""

_TINY = ("ended", "kind", "grain", "state", "step")
_SHORT = (
    *(
        "start_day",
        "end_day",
        "contract_day",
        "active_day",
        "first_day",
        "last_day",
        "bought_day",
        "second_day",
        "left_day",
        "turns_day",
    ),
    *("month", "first_month", "country", "source", "number", "orders", "spells", "purchases", "contracts"),
)
_NARROW = dict.fromkeys(_TINY, "TINYINT") | dict.fromkeys(_SHORT, "INTEGER")


def types(table: str) -> dict[str, str]:
    """The SQL types of a kept table's columns."""
    return {column: _NARROW.get(column, "BIGINT") for column in COLUMNS[table]}


PERIOD_GRAINS: tuple[PeriodKind, ...] = ("month", "quarter", "year")
GRAINS = (*PERIOD_GRAINS, "last_year")
"""Kinds of periods in the order of their numbers in ``moves``; the last one is :func:`last_year`."""


def last_year(months: Sequence[int], *, last_is_over: bool) -> tuple[int, ...]:
    """The first day of the last twelve whole months, and the day after them where it is a month's first.

    ``months`` are first days of months, of which the last may not be over. Empty where there are
    fewer than twelve whole ones.
    """
    over = len(months) if last_is_over else len(months) - 1
    return tuple(months[at] for at in (over - 12, over) if at < len(months)) if over >= 12 else ()


@dataclass(frozen=True, slots=True)
class Origins:
    """Country and source of units as numbers; ``unit`` is sorted, 0 stands for units not in it."""

    unit: NDArray[np.int64]
    country: NDArray[np.int64]
    source: NDArray[np.int64]

    def of(self, unit: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of country and source of each unit."""
        import numpy as np

        if not len(self.unit):
            return np.zeros(len(unit), np.int64), np.zeros(len(unit), np.int64)
        place = np.minimum(np.searchsorted(self.unit, unit), len(self.unit) - 1)
        known = self.unit[place] == unit
        return np.where(known, self.country[place], 0), np.where(known, self.source[place], 0)


@dataclass(frozen=True, slots=True)
class Setup:
    """What holds for all slices. ``months`` are first days of months from the start of the first
    year on; ``grains`` the first days of months, quarters and years, all among them.
    """

    lost: LostSettings
    usual: Usual
    months: Sequence[int]
    grains: Sequence[Sequence[int]]
    end_day: int
    origins: Origins


@dataclass(frozen=True, slots=True)
class Slice:
    """Everything of some units: what they bought and their contracts."""

    purchases: Purchases
    terms: Terms
    bought: Bought | None = None


def keep(part: Slice, setup: Setup) -> dict[str, Columns]:
    """The kept tables of some units, each with the columns of :data:`COLUMNS`."""
    made, allowed = counting(part.purchases, setup.lost, setup.usual, part.bought)
    found = spells_of(made, allowed, part.terms, setup.lost, setup.end_day)
    money = yearly_money(part.purchases, part.terms, found, setup.months, setup.end_day, setup.grains)
    moved = money.moves
    units, state = states(made, allowed, part.terms, found, setup.end_day)
    standing = units, state, turning_days(units, made, allowed, found, setup.end_day)
    return {
        "spells": _spells(found, setup.origins),
        "terms": _named("terms", part.terms.unit, part.terms.start, part.terms.end, part.terms.amount),
        "moves": _named("moves", moved.grain, moved.start, moved.kind, moved.customers, moved.money),
        "months": _months(part.purchases, setup),
        "ladder": _ladder(part.purchases, setup),
        "units": _units(part, found, money, standing, setup),
    }


def _spells(found: Spells, origins: Origins) -> Columns:
    import numpy as np

    firsts = starts_of(found.unit)
    sizes = np.diff(np.append(firsts, len(found)))
    return _named(
        "spells",
        found.unit,
        found.number,
        found.start,
        found.end,
        found.ended,
        found.contract,
        found.active,
        np.repeat(found.start[firsts], sizes),
        *origins.of(found.unit),
    )


def _months(purchases: Purchases, setup: Setup) -> Columns:
    import numpy as np

    starts_by_month = np.array(setup.months, np.int64)
    month = bands_of(purchases.day, starts_by_month) - 1
    starts = starts_of(purchases.unit, month)
    unit, month = purchases.unit[starts], month[starts]
    orders = _sums(purchases.orders, starts)
    amount = _sums(purchases.amount, starts)
    days = starts_by_month[month]
    return _named(
        "months", unit, days, _before(unit, days, orders), orders, amount, _kinds(unit, month, orders)
    )


def _before(
    unit: NDArray[np.int64], month: NDArray[np.int64], orders: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The month before in which the same unit ordered, ``-OPEN`` where there is none."""
    import numpy as np

    before = np.full(len(unit), -OPEN, np.int64)
    rows = np.flatnonzero(orders > 0)
    same = unit[rows[1:]] == unit[rows[:-1]]
    before[rows[1:][same]] = month[rows[:-1][same]]
    return before


def _kinds(unit: NDArray[np.int64], month: NDArray[np.int64], orders: NDArray[np.int64]) -> NDArray[np.int64]:
    """New, casual or regular, by unit and month (sorted): see :data:`REGULAR_ORDERS`."""
    import numpy as np

    if not len(unit):
        return unit
    so_far = running(orders, starts_of(unit))
    span = int(month.max()) + 13
    keys = unit * span + month + 12
    year_ago = np.searchsorted(keys, keys - 11) - 1
    same = (year_ago >= 0) & (unit[np.maximum(year_ago, 0)] == unit)
    within = so_far - np.where(same, so_far[np.maximum(year_ago, 0)], 0)
    kind = np.where(within >= REGULAR_ORDERS, REGULAR, CASUAL)
    return np.where((orders > 0) & (so_far == orders), NEW, kind).astype(np.int64)


def _ladder(purchases: Purchases, setup: Setup) -> Columns:
    import numpy as np

    bought = purchases.only(purchases.orders > 0)
    if not len(bought):
        return _named("ladder", *([np.empty(0, np.int64)] * 5))
    months = np.array(setup.months, np.int64)
    starts = starts_of(bought.unit)
    sizes = np.diff(np.append(starts, len(bought)))
    step = np.minimum(numbered(starts, len(bought)), LADDER_STEPS - 1)
    first_month = np.repeat(bands_of(bought.day[starts], months) - 1, sizes)
    source = np.repeat(setup.origins.of(bought.unit[starts])[1], sizes)
    width = int(source.max()) + 1
    key = (first_month * width + source) * LADDER_STEPS + step
    customers = np.bincount(key)
    # In floating point, and exact: a sum stays far below 2^53 minor units.
    amount = np.bincount(key, weights=bought.amount)
    found = np.flatnonzero(customers)
    return _named(
        "ladder",
        months[found // LADDER_STEPS // width],
        found // LADDER_STEPS % width,
        found % LADDER_STEPS + 1,
        customers[found],
        amount[found].astype(np.int64),
    )


def _units(
    part: Slice,
    found: Spells,
    money: YearlyMoney,
    standing: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    setup: Setup,
) -> Columns:
    """One row per unit with a purchase or a contract; days that never came are ``OPEN``."""
    import numpy as np

    bought, terms = part.purchases, part.terms
    unit = different(bought.unit, terms.unit)
    with_spell, state, turns = standing
    ends = np.append(starts_of(found.unit)[1:], len(found)) - 1 if len(found) else np.empty(0, np.intp)
    once, again, purchases = _first_purchases(unit, bought)
    return _named(
        "units",
        unit,
        *_days(unit, bought, terms),
        once,
        again,
        *_totals(unit, bought),
        _placed(unit, with_spell, state, NEVER),
        _placed(unit, with_spell, found.end[ends], OPEN),
        _placed(unit, money.unit, money.at_end, 0),
        _placed(unit, with_spell, found.number[ends], 0),
        purchases,
        np.bincount(places(unit, terms.unit), minlength=len(unit)).astype(np.int64),
        _placed(unit, with_spell, turns, OPEN),
        *setup.origins.of(unit),
    )


def _placed(
    unit: NDArray[np.int64], among: NDArray[np.int64], values: NDArray[np.int64], otherwise: int
) -> NDArray[np.int64]:
    """``values`` of the units ``among`` (all in ``unit``), ``otherwise`` for the rest."""
    import numpy as np

    placed = np.full(len(unit), otherwise, np.int64)
    placed[np.searchsorted(unit, among)] = values
    return placed


def _days(
    unit: NDArray[np.int64], bought: Purchases, terms: Terms
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and the last day on which something is known of each unit."""
    import numpy as np

    first, last = np.full(len(unit), OPEN, np.int64), np.full(len(unit), -OPEN, np.int64)
    ended = np.where(terms.end < OPEN, terms.end, terms.start)
    place = places(unit, terms.unit)
    np.minimum.at(first, place, terms.start)
    np.maximum.at(last, place, ended)
    starts = starts_of(bought.unit)
    place = np.searchsorted(unit, bought.unit[starts])
    ends = np.append(starts[1:], len(bought)) - 1 if len(starts) else starts
    first[place] = np.minimum(first[place], bought.day[starts])
    last[place] = np.maximum(last[place], bought.day[ends])
    return first, last


def _first_purchases(
    unit: NDArray[np.int64], bought: Purchases
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The days of the first and the second purchase of each unit (``OPEN``: none), and their number."""
    import numpy as np

    active = bought.only(bought.active)
    starts = starts_of(active.unit)
    sizes = np.diff(np.append(starts, len(active)))
    place = np.searchsorted(unit, active.unit[starts])
    once, again = np.full(len(unit), OPEN, np.int64), np.full(len(unit), OPEN, np.int64)
    number = np.zeros(len(unit), np.int64)
    once[place], number[place] = active.day[starts], sizes
    several = sizes > 1
    again[place[several]] = active.day[starts[several] + 1]
    return once, again, number


def _totals(unit: NDArray[np.int64], bought: Purchases) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    orders, amount = np.zeros(len(unit), np.int64), np.zeros(len(unit), np.int64)
    starts = starts_of(bought.unit)
    place = np.searchsorted(unit, bought.unit[starts])
    orders[place] = _sums(bought.orders, starts)
    amount[place] = _sums(bought.amount, starts)
    return orders, amount


def _sums(values: NDArray[np.int64], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    import numpy as np

    return np.add.reduceat(values, starts) if len(starts) else np.empty(0, np.int64)


def _named(table: str, *columns: NDArray[np.int64]) -> Columns:
    return dict(zip(COLUMNS[table], columns, strict=True))
