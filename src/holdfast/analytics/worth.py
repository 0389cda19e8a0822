"""What a customer is worth and what it costs to win one: counted once, used by several metrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked
from holdfast.analytics.economics import lifetime_value, lifetime_years
from holdfast.analytics.intervals import count_interval
from holdfast.analytics.money_moves import money_moves, money_queries
from holdfast.analytics.people import People, people, people_queries
from holdfast.analytics.receipts import receipt_queries, receipts
from holdfast.analytics.spec import Query
from holdfast.domain.period import Period, day_number
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

KEEPING = frozenset({"keeping", "retention", "loyalty"})
"""Sources of costs that are spent on keeping customers, not on winning them (small letters)."""

NOBODY_LEFT = Text("Nobody left in the period, so how long customers stay cannot be told.")
NO_RECEIPTS = Text("Customers brought nothing in the period: no orders, payments or contracts.")
NO_MARGIN = Text("The margin is not known: set it in holdfast.toml, like margin = 0.38.")
NO_COSTS = Text("No costs of winning customers were imported for the period.")
NOBODY_NEW = Text("Nobody was won in the period.")


@dataclass(frozen=True, slots=True)
class Worth:
    """The terms of a lifetime value in one period, amounts in minor units.

    ``average_order`` and ``orders_a_year`` describe a customer who is there for a year;
    ``lifetime_years`` has the 95 % interval ``shortest`` to ``longest`` (``None``: no end).
    """

    average_order: float
    orders_a_year: float
    lifetime_years: float
    shortest: float
    longest: float | None

    def value(self, margin: float, lifetime: float | None = None) -> float:
        """Average order x orders a year x margin x lifetime, in minor units."""
        years = self.lifetime_years if lifetime is None else lifetime
        return lifetime_value(self.average_order, self.orders_a_year, margin, years)


def worth_queries(asked: Asked) -> dict[str, Query]:
    """The queries behind :func:`worth`."""
    return {**people_queries(asked), **money_queries(asked), **receipt_queries(asked)}


def worth(counted: Counted, asked: Asked) -> list[Worth | Text]:
    """The terms of each period, or why there are none.

    In a shop a customer-year brings what was bought in the period over the time customers were
    there. Where there are contracts, it brings the yearly money of those there at the end, in
    twelve receipts.
    """
    found, moved, bought = people(counted, asked), money_moves(counted, asked), receipts(counted, asked)
    orders, amounts = bought.orders, bought.amount
    terms: list[Worth | Text] = []
    for at in range(len(asked.periods)):
        years = int(found.days[at]) / 365.25
        if asked.company.has_contracts:
            there = int(found.end[at])
            yearly = (int(moved.end[at]) / there / 12, 12.0) if there and moved.end[at] > 0 else None
        else:
            yearly = (amounts[at] / orders[at], orders[at] / years) if orders[at] and years else None
        terms.append(_worth(found, at, asked, yearly))
    return terms


def _worth(found: People, at: int, asked: Asked, yearly: tuple[float, float] | None) -> Worth | Text:
    if (unknown := asked.company.cannot_tell_silence) is not None:
        return unknown
    if yearly is None:
        return NO_RECEIPTS
    days, lost = int(found.days[at]), int(found.lost[at])
    years = lifetime_years(days, lost)
    if years is None:
        return NOBODY_LEFT
    fewest, most = count_interval(lost)
    longest = days / fewest / 365.25 if fewest else None
    return Worth(*yearly, years, days / most / 365.25, longest)


def won(asked: Asked, period: Period, source: str | None = None) -> int:
    """What was spent on winning customers in a period, in minor units; of one source where given."""
    return sum(minor for name, minor in _spent(asked, period) if source in (None, name) and not _keeps(name))


def kept(asked: Asked, period: Period) -> int:
    """What was spent on keeping customers in a period, in minor units."""
    return sum(minor for name, minor in _spent(asked, period) if _keeps(name))


def _spent(asked: Asked, period: Period) -> Iterator[tuple[str, int]]:
    # Money is spent before the first customer comes: the whole history begins with the first cost.
    start = None if asked.grain == "history" else day_number(period.start)
    for cost in asked.company.spent:
        if cost.day < asked.ends(period) and (start is None or cost.day >= start):
            yield cost.source, cost.minor


def _keeps(source: str) -> bool:
    return source.casefold() in KEEPING
