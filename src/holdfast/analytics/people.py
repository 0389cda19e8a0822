"""How many customers came, left and stayed in each period: counted once, used by many metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked
from holdfast.analytics.spec import Choice, Column, Compare, Count, Expression, Literal, Query, Sum, columns
from holdfast.analytics.terms import OPEN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.analytics.asked import Columns, Counted

_AGAIN: Expression = Choice(((Compare(Column("number"), ">", Literal(1)), Literal(1)),), Literal(0))
_CONTRACT: Expression = Choice(
    ((Compare(Column("contract_day"), "<", Literal(OPEN)), Literal(1)),), Literal(0)
)


@dataclass(frozen=True, slots=True)
class People:
    """One number per period: customers at its start and end, and who came and left within.

    ``start + new + won_back - lost = end``. ``start_contract`` and ``lost_contract`` are those
    under contract; ``days`` are the days that all customers together were present.
    """

    start: NDArray[np.int64]
    new: NDArray[np.int64]
    won_back: NDArray[np.int64]
    lost: NDArray[np.int64]
    end: NDArray[np.int64]
    start_contract: NDArray[np.int64]
    lost_contract: NDArray[np.int64]
    days: NDArray[np.int64]


def people_queries(asked: Asked, *by: str) -> dict[str, Query]:
    """The queries behind :func:`people`, grouped also ``by`` columns of the spells."""
    extra = columns(*by)
    return {
        "began": Query(
            "spells",
            {"period": asked.period_of("start_day"), "again": _AGAIN, **extra},
            {"n": Count(), "days": Sum(Column("start_day"))},
        ),
        "signed": Query("spells", {"period": asked.period_of("contract_day"), **extra}, {"n": Count()}),
        "ended": Query(
            "spells",
            {"period": asked.period_of("end_day"), "contract": _CONTRACT, **extra},
            {"n": Count(), "days": Sum(Column("end_day"))},
        ),
    }


def people(counted: Counted, asked: Asked, **only: int) -> People:
    """The people of each period, of the group where each column has the value in ``only``."""
    import numpy as np

    began, signed, ended = (_chosen(counted[name], only) for name in ("began", "signed", "ended"))
    again, contract = began["again"] > 0, ended["contract"] > 0
    new = asked.spread(began["period"][~again], began["n"][~again])
    won_back = asked.spread(began["period"][again], began["n"][again])
    lost = asked.spread(ended["period"], ended["n"])
    lost_contract = asked.spread(ended["period"][contract], ended["n"][contract])
    under_contract = np.cumsum(asked.spread(signed["period"], signed["n"]) - lost_contract)
    end = np.cumsum(new + won_back - lost)
    start = np.concatenate([[0], end[:-1]]).astype(np.int64)
    starts, ends = _bounds(asked)
    days = start * (ends - starts) + (new + won_back - lost) * ends
    days += asked.spread(ended["period"], ended["days"]) - asked.spread(began["period"], began["days"])
    return People(
        start,
        new,
        won_back,
        lost,
        end,
        np.concatenate([[0], under_contract[:-1]]).astype(np.int64),
        lost_contract,
        days,
    )


def values_of(counted: Counted, column: str) -> list[int]:
    """The different values of a column by which :func:`people_queries` grouped."""
    return sorted({int(value) for value in counted["began"][column]})


def _bounds(asked: Asked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    from holdfast.domain.period import day_number

    starts = np.array([day_number(period.start) for period in asked.periods], np.int64)
    return starts, np.array([asked.ends(period) for period in asked.periods], np.int64)


def _chosen(table: Columns, only: Mapping[str, int]) -> Columns:
    import numpy as np

    kept = np.ones(len(table["n"]), bool)
    for column, value in only.items():
        kept &= table[column] == value
    return {name: values[kept] for name, values in table.items()}
