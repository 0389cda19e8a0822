"""Contracts: from when to when each ran and at which monthly amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.purchases import starts_of
from holdfast.analytics.taken import Happened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Parts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

OPEN = 1_000_000
"""The day number of an end that has not come (in the year 4707): engines then need no nulls."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Stretches [``start``, ``end``) of contracts with one monthly ``amount``, sorted by unit and start.

    ``end`` is ``OPEN`` while it runs; amounts in minor units of the reporting currency. Trials are
    none. ``deleted_unit`` and ``deleted_day`` tell when accounts were deleted, sorted.
    """

    unit: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    amount: NDArray[np.int64]
    deleted_unit: NDArray[np.int64]
    deleted_day: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True)
class ContractRows:
    """What :func:`holdfast.analytics.taken.contract_rows` answers, amounts converted."""

    unit: NDArray[np.int64]
    at_us: NDArray[np.int64]
    day: NDArray[np.int64]
    happened: NDArray[np.int64]
    contract: NDArray[np.uint64]
    amount: NDArray[np.int64]
    trial: NDArray[np.int64]


def no_terms() -> Terms:
    """Nobody has a contract."""
    import numpy as np

    nothing = np.empty(0, np.int64)
    return Terms(*([nothing] * 6))


def terms_of(rows: ContractRows, *, signed_up_is_contract: bool) -> Terms:
    """The terms in rows of any order.

    A row that starts or changes a subscription opens a term, which the next row of the same
    subscription ends. One that ends on the day it starts never was. With ``signed_up_is_contract``
    (a company without subscriptions that counts by contract) an account is one from sign-up on.
    """
    import numpy as np

    opens = np.isin(rows.happened, (Happened.STARTED, Happened.CHANGED))
    subscription = opens | (rows.happened == Happened.ENDED)
    place = np.flatnonzero(subscription)
    place = place[
        np.lexsort((rows.happened[place], rows.at_us[place], rows.contract[place], rows.unit[place]))
    ]
    unit, contract, day = rows.unit[place], rows.contract[place], rows.day[place]
    end = np.full(len(place), OPEN, np.int64)
    same = (unit[1:] == unit[:-1]) & (contract[1:] == contract[:-1])
    end[:-1][same] = day[1:][same]
    kept = opens[place] & (rows.trial[place] == 0) & (end > day)
    parts = [(unit[kept], day[kept], end[kept], rows.amount[place][kept])]
    if signed_up_is_contract:
        parts.append(_accounts(rows))
    units, starts, ends, amounts = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.lexsort((starts, units))
    deleted = np.flatnonzero(rows.happened == Happened.DELETED)
    deleted = deleted[np.lexsort((rows.day[deleted], rows.unit[deleted]))]
    return Terms(
        units[order],
        starts[order].astype(np.int64),
        ends[order],
        amounts[order],
        rows.unit[deleted],
        rows.day[deleted].astype(np.int64),
    )


def _accounts(rows: ContractRows) -> _Parts:
    """One endless term without an amount from the first sign-up of each unit; deletion cuts it."""
    import numpy as np

    place = np.flatnonzero(rows.happened == Happened.SIGNED_UP)
    place = place[np.lexsort((rows.day[place], rows.unit[place]))]
    first = place[starts_of(rows.unit[place])]
    return (
        rows.unit[first],
        rows.day[first],
        np.full(len(first), OPEN, np.int64),
        np.zeros(len(first), np.int64),
    )
