"""Two customers side by side: what agrees, what differs, and what merging them would mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.identity import MOST_SHARERS
from holdfast.domain.likeness import Facts
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.services.collect.identity.likeness import Likeness
    from holdfast.services.collect.look_up import CustomerView
    from holdfast.store.duplicates import Pair

EVENTS = 8
"""Newest events of each customer that are shown."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What would be one customer: events, orders, and sums by currency in minor units."""

    events: int
    orders: int
    revenue: dict[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two customers with what is said about each, how alike they are, and what merging would mean.

    ``one`` says that they are one already; ``decided`` that a person said they are not.
    """

    left: CustomerView
    right: CustomerView
    facts: tuple[Facts, Facts]
    likeness: Likeness
    together: Consequence
    one: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class ListedPair:
    """A probable duplicate with what is said about both; ``pair`` has their numbers of now."""

    pair: Pair
    left: Facts
    right: Facts


@dataclass(frozen=True, slots=True)
class PairPage:
    """A stretch of the list; ``after`` is where the next one begins, ``None`` at the end."""

    pairs: tuple[ListedPair, ...]
    after: tuple[float, int, int] | None
    total: int


def compare(settings: Settings, left: int, right: int, *, now: datetime) -> Comparison:
    """Two customers side by side. Refuses a number that is none ("no_such_customer")."""
    from holdfast.services.collect.look_up import customer_of_unit
    from holdfast.store.linked import all_apart, walk

    views = [customer_of_unit(settings, each, now=now, limit=EVENTS) for each in (left, right)]
    walked = walk({left, right})
    units = [walked.unit_of(each) for each in (left, right)]
    facts = facts_of(settings, units)
    apart = {frozenset((walked.unit_of(a), walked.unit_of(b))) for a, b in all_apart()}
    return Comparison(
        views[0],
        views[1],
        (facts[units[0]], facts[units[1]]),
        agreement(settings, facts[units[0]], facts[units[1]]),
        _together(views),
        one=units[0] == units[1],
        decided=frozenset(units) in apart,
    )


def facts_of(settings: Settings, units: Sequence[int]) -> dict[int, Facts]:
    """What is said about each customer by all of its ids."""
    from holdfast.store import duplicates
    from holdfast.store.linked import walk

    members: dict[int, list[int]] = {}
    for subject, unit in walk(set(units)).unit.items():
        members.setdefault(unit, []).append(subject)
    return duplicates.facts_of(settings, {unit: members[unit] for unit in set(units)})


def agreement(settings: Settings, left: Facts, right: Facts) -> Likeness:
    """How much speaks for two customers being one, as the search for duplicates reckons it."""
    from holdfast.services.collect.identity.likeness import Prepared, likeness

    return likeness(Prepared(left), Prepared(right), _Sharers(settings, left))


class _Sharers:
    """How many customers have one of a customer's names or numbers, looked up one by one."""

    def __init__(self, settings: Settings, facts: Facts) -> None:
        self._settings, self._facts = settings, facts

    def __call__(self, kind: str, value: str) -> int:
        return self._phone(value) if kind == "phone" else self._name(value)

    def _phone(self, tail: str) -> int:
        from holdfast.services.collect.identity.likeness import phone_tail
        from holdfast.store import duplicates

        numbers = [phone for phone in self._facts.phones if phone_tail(phone) == tail]
        return duplicates.holders(self._settings, "phone", numbers)

    def _name(self, sorted_words: str) -> int:
        """Customers found by the name as it is written, whose name has exactly these words."""
        from holdfast.services.collect.identity.likeness import name_words
        from holdfast.store.customers import CustomerFilter, CustomerSort, list_customers

        sort, most = CustomerSort("name", descending=False), MOST_SHARERS * 10
        written = [name for name in self._facts.names if name_words(name, self._facts.kind) == sorted_words]
        found = {
            row.unit_id
            for name in written
            for row in list_customers(self._settings, CustomerFilter(search=name), sort, limit=most).rows
            if name_words(row.name, self._facts.kind) == sorted_words
        }
        return len(found)


def probable(settings: Settings, *, after: tuple[float, int, int] | None = None, limit: int = 25) -> PairPage:
    """The list of probable duplicates, the most probable first.

    Pairs whose customers were merged since count by their customers of now, and those that became one
    are left out.
    """
    from holdfast.store import duplicates
    from holdfast.store.linked import walk

    rows = duplicates.listed(settings, after=after, limit=limit)
    walked = walk({end for pair in rows for end in (pair.low_id, pair.high_id)})
    facts = facts_of(settings, sorted(set(walked.unit.values())))
    pairs: dict[tuple[int, int], ListedPair] = {}
    for row in rows:
        low, high = sorted((walked.unit_of(row.low_id), walked.unit_of(row.high_id)))
        if low != high:
            now = duplicates.Pair(low, high, row.score, row.reasons, row.found_us)
            pairs.setdefault((low, high), ListedPair(now, facts[low], facts[high]))
    last = (rows[-1].score, rows[-1].low_id, rows[-1].high_id) if len(rows) == limit else None
    return PairPage(tuple(pairs.values()), last, duplicates.count(settings))


def _together(views: Sequence[CustomerView]) -> Consequence:
    revenue: dict[str, int] = {}
    for view in views:
        for currency, minor in view.history.revenue.items():
            revenue[currency] = revenue.get(currency, 0) + minor
    return Consequence(
        sum(sum(view.history.counts.values()) for view in views),
        sum(view.history.orders for view in views),
        revenue,
    )
