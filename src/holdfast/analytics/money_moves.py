"""How the yearly money of customers moved in each period: counted once, used by many metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked
from holdfast.analytics.kept import GRAINS
from holdfast.analytics.spec import Column, Query, Sum, columns, equals
from holdfast.analytics.yearly_money import Move
from holdfast.domain.period import Period, day_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.analytics.asked import Counted


@dataclass(frozen=True, slots=True)
class MoneyMoves:
    """One amount per period, in minor units of yearly money; all counted month by month.

    ``start + new + won_back + more - less - left = end``, exactly.
    """

    start: NDArray[np.int64]
    new: NDArray[np.int64]
    won_back: NDArray[np.int64]
    more: NDArray[np.int64]
    less: NDArray[np.int64]
    left: NDArray[np.int64]
    end: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeptMoney:
    """Yearly money of those who were there at the ``start`` of a period, and what became of it by
    its end: ``more``, ``less`` and ``left``, each customer's change over the whole period.
    """

    start: int
    more: int
    less: int
    left: int


def money_queries(asked: Asked) -> dict[str, Query]:
    """The queries behind :func:`money_moves`: moves from month to month, by period and kind."""
    by_kind = columns("kind")
    return {
        "moved": Query(
            "moves",
            {"period": asked.period_of("start_day"), **by_kind},
            {"money": Sum(Column("money"))},
            where=equals("grain", GRAINS.index("month")),
        )
    }


def money_moves(counted: Counted, asked: Asked) -> MoneyMoves:
    """The moves of each period."""
    import numpy as np

    moved = counted["moved"]

    def of(kind: Move) -> NDArray[np.int64]:
        rows = moved["kind"] == kind
        return asked.spread(moved["period"][rows], moved["money"][rows])

    new, won_back, more, less, left = (of(kind) for kind in Move)
    end = np.cumsum(new + won_back + more - less - left)
    start = np.concatenate([[0], end[:-1]]).astype(np.int64)
    return MoneyMoves(start, new, won_back, more, less, left, end)


def kept_queries(asked: Asked) -> dict[str, Query]:
    """The queries behind :func:`kept_money`: moves over whole periods, of the last year for history."""
    grain = "last_year" if asked.grain == "history" else asked.grain
    return {
        "kept": Query(
            "moves",
            columns("start_day", "kind"),
            {"money": Sum(Column("money"))},
            where=equals("grain", GRAINS.index(grain)),
        ),
        "monthly": Query(
            "moves",
            columns("start_day", "kind"),
            {"money": Sum(Column("money"))},
            where=equals("grain", GRAINS.index("month")),
        ),
    }


def kept_start(counted: Counted, asked: Asked, period: Period) -> int:
    """The first day of the stretch that :func:`kept_money` tells about: of the last year for history.

    Where the history has no whole year, a day before all of it: nothing was there then.
    """
    if asked.grain != "history":
        return max(day_number(period.start), day_number(asked.months[0].start))
    whole = [month for month in asked.months if day_number(month.end) <= asked.end_day]
    return day_number(whole[-12].start) if len(whole) >= 12 else day_number(asked.months[0].start) - 1


def kept_money(counted: Counted, start_day: int) -> KeptMoney:
    """What became of the yearly money that was there on ``start_day``, the start of a period."""
    kept, monthly = counted["kept"], counted["monthly"]
    before = monthly["start_day"] < start_day
    adds = (monthly["kind"] == Move.NEW) | (monthly["kind"] == Move.WON_BACK) | (monthly["kind"] == Move.MORE)
    start = int(monthly["money"][before & adds].sum()) - int(monthly["money"][before & ~adds].sum())
    inside = kept["start_day"] == start_day

    def of(kind: Move) -> int:
        return int(kept["money"][inside & (kept["kind"] == kind)].sum())

    return KeptMoney(start, of(Move.MORE), of(Move.LESS), of(Move.LEFT))
