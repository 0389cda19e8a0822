"""Who counts as lost, and since when: presence as a union of intervals.

A purchase makes its customer present for an allowance of days that the rule gives; a contract
makes its customer present while it runs. What these cover together is a *spell*. The first spell
begins with a new customer, every later one with a customer won back. A spell ends on the day on
which leaving becomes evident: the last purchase plus its allowance, or the day the last contract
ended or the account was deleted. Since an allowance depends only on what came before its purchase
(and on the constants of the company), later purchases never move an end: they begin a new spell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from holdfast.analytics.purchases import Purchases, numbered, running, sorting, starts_of
from holdfast.analytics.rhythm import Usual, category_allowance, own_allowance
from holdfast.analytics.terms import OPEN, Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.settings import LostSettings

    Bought = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


class Ended(IntEnum):
    """How a spell ended; of two on one day, the higher one is told."""

    OPEN = 0
    SILENT = 1
    CONTRACT = 2
    DELETED = 3


@dataclass(frozen=True, slots=True)
class Spells:
    """Stretches [``start``, ``end``) of presence, sorted by unit and start; they never touch.

    ``number`` is 1, 2 ... within the unit; ``end`` is the day on which leaving was evident, or
    ``OPEN``; ``ended`` tells how; ``contract`` is the day of the first contract within the spell,
    ``OPEN`` where there is none; ``active`` that of the last purchase, ``-OPEN`` where there is none.
    """

    unit: NDArray[np.int64]
    number: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    ended: NDArray[np.int64]
    contract: NDArray[np.int64]
    active: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Intervals of presence before they are united."""

    unit: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    ended: NDArray[np.int64]
    contract: bool


def spells(
    purchases: Purchases,
    terms: Terms,
    lost: LostSettings,
    company: Usual,
    end_day: int,
    bought: Bought | None = None,
) -> Spells:
    """The spells of every unit, as they are evident before the day ``end_day``.

    ``purchases`` and ``terms`` hold what happened before ``end_day``; ``bought`` the categories
    (unit, day, number), for the rule *category* only. Under the rule *contract* only contracts
    count, under *company*, *own_rhythm*, *category* and *fixed* only purchases, under *mixed*
    both. Where too few purchases were repeated to know what is usual, nobody is lost by silence.
    A deleted account ends everything; the end of the last contract ends earlier purchases too.
    """
    return spells_of(*counting(purchases, lost, company, bought), terms, lost, end_day)


def spells_of(
    counting: Purchases, allowed: NDArray[np.int64], terms: Terms, lost: LostSettings, end_day: int
) -> Spells:
    """:func:`spells` from what :func:`counting` answered."""
    import numpy as np

    contracts = _contract_stretches(terms) if lost.rule in ("contract", "mixed") else _no_stretches()
    shop = _no_stretches()
    if lost.rule != "contract":
        silent = np.full(len(counting), Ended.SILENT, np.int64)
        until = np.minimum(counting.day + allowed, OPEN)
        shop = _Stretches(counting.unit, counting.day, until, silent, False)
    contract_end = _united((contracts,), end_day)
    over = contract_end.ended != Ended.OPEN
    contracts = _cut(contracts, terms.deleted_unit, terms.deleted_day, Ended.DELETED)
    shop = _cut(shop, contract_end.unit[over], contract_end.end[over], Ended.CONTRACT)
    shop = _cut(shop, terms.deleted_unit, terms.deleted_day, Ended.DELETED)
    return _united((shop, contracts), end_day)


def counting(
    purchases: Purchases, lost: LostSettings, company: Usual, bought: Bought | None = None
) -> tuple[Purchases, NDArray[np.int64]]:
    """The purchases that make a customer, and the days of silence that each allows.

    The rhythm is that of all purchases; which of them make a customer is another question.
    """
    active = purchases.only(purchases.active)
    allowed = allowances(active, lost, company, bought)
    kept = counted(purchases, lost.min_orders)
    return kept, allowed if len(kept) == len(active) else allowed[_positions(active, kept)]


def counted(purchases: Purchases, min_orders: int) -> Purchases:
    """The days that count as a purchase, from the one on which ``min_orders`` was reached.

    Before it someone was never really a customer. Days with an activity that is no order count 1.
    """
    import numpy as np

    active = purchases.only(purchases.active)
    if min_orders <= 1 or not len(active):
        return active
    so_far = running(np.maximum(active.orders, 1), starts_of(active.unit))
    return active.only(so_far >= min_orders)


def allowances(
    purchases: Purchases, lost: LostSettings, company: Usual, bought: Bought | None = None
) -> NDArray[np.int64]:
    """Days of silence after each purchase day from which its customer counts as lost."""
    import numpy as np

    days = lost.after_days if lost.rule == "fixed" else company.days
    if days is None:
        return np.full(len(purchases), OPEN, np.int64)
    if lost.rule in ("own_rhythm", "mixed"):
        return own_allowance(purchases.unit, purchases.day, company)
    if lost.rule == "category" and bought is not None:
        return category_allowance(purchases.unit, purchases.day, bought, company)
    return np.full(len(purchases), days, np.int64)


def _positions(active: Purchases, kept: Purchases) -> NDArray[np.intp]:
    """Where the rows of ``kept``, the last ones of each unit in ``active``, stand there."""
    import numpy as np

    starts = starts_of(active.unit)
    sizes = np.diff(np.append(starts, len(active)))
    place = np.searchsorted(active.unit[starts], kept.unit)
    kept_starts = starts_of(kept.unit)
    kept_sizes = np.diff(np.append(kept_starts, len(kept)))
    skipped = sizes[place] - np.repeat(kept_sizes, kept_sizes)
    positions: NDArray[np.intp] = starts[place] + skipped + numbered(kept_starts, len(kept))
    return positions


def _contract_stretches(terms: Terms) -> _Stretches:
    import numpy as np

    return _Stretches(terms.unit, terms.start, terms.end, np.full(len(terms), Ended.CONTRACT, np.int64), True)


def _cut(stretches: _Stretches, unit: NDArray[np.int64], day: NDArray[np.int64], how: Ended) -> _Stretches:
    """The stretches, each ended by the first of the given days of its unit from its start on.

    One that starts on such a day lasts for that day, since which came first is not known.
    """
    import numpy as np

    if not len(unit) or not len(stretches.unit):
        return stretches
    first = int(min(day.min(), stretches.start.min()))
    span = OPEN + 1 - first
    keys = unit * span + (day - first)
    place = np.searchsorted(keys, stretches.unit * span + (stretches.start - first))
    inside = np.minimum(place, len(keys) - 1)
    found = (place < len(keys)) & (unit[inside] == stretches.unit) & (day[inside] < stretches.end)
    end = np.where(found, np.maximum(day[inside], stretches.start + 1), stretches.end)
    ended = np.where(found, int(how), stretches.ended)
    return _Stretches(
        stretches.unit, stretches.start, np.minimum(end, stretches.end), ended, stretches.contract
    )


def _united(parts: tuple[_Stretches, ...], end_day: int) -> Spells:
    """Spells from stretches in any order; those that touch are one."""
    import numpy as np

    parts = tuple(part for part in parts if len(part.unit)) or parts[:1]
    unit = np.concatenate([part.unit for part in parts])
    start = np.concatenate([part.start for part in parts])
    if not len(unit):
        return Spells(*([unit] * 7))
    order = sorting(unit, start)
    unit, start = unit[order], start[order]
    until = np.concatenate([part.end for part in parts])[order]
    ended = np.concatenate([part.ended for part in parts])[order]
    signed = np.concatenate([np.full(len(part.unit), part.contract) for part in parts])[order]
    latest_end, latest_how = _latest(unit, until, ended)
    begins = np.ones(len(unit), bool)
    begins[1:] = (unit[1:] != unit[:-1]) | (start[1:] > latest_end[:-1])
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(unit)) - 1
    is_open = latest_end[last] >= end_day
    return Spells(
        unit[first],
        numbered(starts_of(unit[first]), len(first)) + 1,
        start[first],
        np.where(is_open, OPEN, latest_end[last]),
        np.where(is_open, int(Ended.OPEN), latest_how[last]),
        np.minimum.reduceat(np.where(signed, start, OPEN), first),
        np.maximum.reduceat(np.where(signed, -OPEN, start), first),
    )


def _latest(
    unit: NDArray[np.int64], end: NDArray[np.int64], ended: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The latest end of each unit up to each row, and how it ended."""
    import numpy as np

    groups = starts_of(unit)
    rank = np.repeat(np.arange(len(groups)), np.diff(np.append(groups, len(unit))))
    # Rank, end and kind in one number: its running maximum starts anew with every unit.
    low = int(end.min())
    base = rank * ((OPEN + 1 - low) * 4)
    latest = np.maximum.accumulate(base + (end - low) * 4 + ended) - base
    return latest // 4 + low, latest % 4


def _no_stretches() -> _Stretches:
    import numpy as np

    nothing = np.empty(0, np.int64)
    return _Stretches(nothing, nothing, nothing, nothing, False)
