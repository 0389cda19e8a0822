"""The formulas that the sources give, as they give them."""

from __future__ import annotations


def money_lost(average_receipt: float, customers: int, share_lost: float) -> float:
    """What leaving costs in a period: average receipt x customers x share lost.

    2,000 x 1,000 x 25 % = 500,000 a month (source: RU, the economics of retention).
    """
    return average_receipt * customers * share_lost


def lifetime_value(average_order: float, orders_a_year: float, margin: float, lifetime_years: float) -> float:
    """What a customer brings over the whole relationship: AOV x orders x margin x lifetime.

    Average order in money, orders a year, margin 0..1, lifetime in years (source: RU).
    """
    return average_order * orders_a_year * margin * lifetime_years


def lifetime_years(customer_days: int, lost: int) -> float | None:
    """How long a customer stays on average: time that all were seen over how many left.

    The occurrence-exposure rate turned round; it counts those still there for as long as they have
    been seen. ``None`` where nobody left yet. Source: Cox and Oakes (1984), Analysis of Survival
    Data, ch. 3.
    """
    return customer_days / lost / 365.25 if lost else None
