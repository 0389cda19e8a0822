"""Where each customer stands: new, active, dormant, returning, lapsed or won back, exactly one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.analytics.churn import Spells
from holdfast.analytics.purchases import Purchases, starts_of
from holdfast.analytics.terms import OPEN, Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATES = ("new", "active", "dormant", "returning", "lapsed", "won_back")
"""The states in the order of their numbers."""

FIRST_DAYS = 30
"""How long someone is new, returning or won back: the first 30 days."""

NEW, ACTIVE, DORMANT, RETURNING, LAPSED, WON_BACK = range(6)


def states(
    purchases: Purchases, allowed: NDArray[np.int64], terms: Terms, spells: Spells, end_day: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Units with a spell, sorted, and the number of the state each is in before ``end_day``.

    ``purchases`` are those that count, ``allowed`` the days of silence each allows. In this order:
    *lapsed*, the last spell is over; *won back*, a later spell began within 30 days; *new*, the
    first one did; *dormant*, silent for half of what is allowed and without a running contract;
    *returning*, bought within 30 days after such a silence; else *active*.
    """
    import numpy as np

    if not len(spells):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = starts_of(spells.unit)
    last = np.append(first[1:], len(spells)) - 1
    units = spells.unit[last]
    fresh = end_day - spells.start[last] <= FIRST_DAYS
    quiet, back = _silence(units, purchases, allowed, end_day)
    signed = _under_contract(units, terms, end_day)
    chosen = np.select(
        [spells.end[last] < OPEN, fresh & (spells.number[last] > 1), fresh, quiet & ~signed, back & ~signed],
        [LAPSED, WON_BACK, NEW, DORMANT, RETURNING],
        default=ACTIVE,
    )
    return units, chosen.astype(np.int64)


def turning_days(
    units: NDArray[np.int64],
    purchases: Purchases,
    allowed: NDArray[np.int64],
    spells: Spells,
    end_day: int,
) -> NDArray[np.int64]:
    """The first day, from ``end_day`` on, on which each unit may be in another state though nothing happens.

    ``units`` are those of :func:`states`, which looks at the end of a day. ``OPEN`` where time alone
    changes nothing. Never too late; too early where a contract holds who is silent.
    """
    import numpy as np

    if not len(units):
        return np.empty(0, np.int64)
    last_spell = np.append(starts_of(spells.unit)[1:], len(spells)) - 1
    turns = [spells.start[last_spell] + FIRST_DAYS]
    if len(purchases):
        first = starts_of(purchases.unit)
        last = np.append(first[1:], len(purchases)) - 1
        quiet = purchases.day[last] + (allowed[last] + 1) // 2 - 1
        lapsed = np.maximum.reduceat(np.minimum(purchases.day + allowed, OPEN), first)
        back = purchases.day[last] + FIRST_DAYS
        place = np.searchsorted(units, purchases.unit[last])
        known = (place < len(units)) & (units[np.minimum(place, len(units) - 1)] == purchases.unit[last])
        for each in (quiet, lapsed, back):
            turn = np.full(len(units), OPEN, np.int64)
            turn[place[known]] = each[known]
            turns.append(turn)
    ahead = [np.where(each >= end_day, np.minimum(each, OPEN), OPEN) for each in turns]
    found: NDArray[np.int64] = np.minimum.reduce(ahead)
    return found


def _silence(
    units: NDArray[np.int64], purchases: Purchases, allowed: NDArray[np.int64], end_day: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who has been silent for half of the allowance, and who just ended such a silence."""
    import numpy as np

    quiet, back = np.zeros(len(units), bool), np.zeros(len(units), bool)
    if not len(purchases):
        return quiet, back
    first = starts_of(purchases.unit)
    last = np.append(first[1:], len(purchases)) - 1
    place = np.searchsorted(units, purchases.unit[last])
    known = (place < len(units)) & (units[np.minimum(place, len(units) - 1)] == purchases.unit[last])
    place, first, last = place[known], first[known], last[known]
    since = end_day - purchases.day[last]
    quiet[place] = 2 * since >= allowed[last]
    before = np.maximum(last - 1, first)
    waited = purchases.day[last] - purchases.day[before]
    back[place] = (before < last) & (2 * waited >= allowed[before]) & (since <= FIRST_DAYS)
    return quiet, back


def _under_contract(units: NDArray[np.int64], terms: Terms, end_day: int) -> NDArray[np.bool_]:
    import numpy as np

    running = terms.unit[terms.end >= end_day]
    return np.isin(units, running)
