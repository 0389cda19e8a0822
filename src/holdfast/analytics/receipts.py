"""Orders and revenue of each period: counted once, used by many metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked
from holdfast.analytics.spec import Column, Query, Sum

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted


@dataclass(frozen=True, slots=True)
class Receipts:
    """One number per period: different ``orders``, and their signed ``amount`` in minor units."""

    orders: list[int]
    amount: list[int]


def receipt_queries(asked: Asked) -> dict[str, Query]:
    """The query behind :func:`receipts`."""
    totals = {"orders": Sum(Column("orders")), "amount": Sum(Column("amount"))}
    return {"bought": Query("months", {"period": asked.period_of("month")}, totals)}


def receipts(counted: Counted, asked: Asked) -> Receipts:
    """The receipts of each period."""
    bought = counted["bought"]
    return Receipts(
        asked.spread(bought["period"], bought["orders"]).tolist(),
        asked.spread(bought["period"], bought["amount"]).tolist(),
    )
