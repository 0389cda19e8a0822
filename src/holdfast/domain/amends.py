"""How much makes up for something that went wrong: a sum that is felt and does not ruin anybody."""

from __future__ import annotations

_SHARE = 10
"""One part in so many of what a customer usually spends at once."""


def amends_minor(spent_minor: float, orders: float, *, otherwise: int) -> int:
    """A tenth of an order in minor units, rounded down to one figure; ``otherwise`` where nobody ordered.

    Rounded because people choose such sums: 4.00 is a gesture, 4.27 a calculation.
    """
    if orders <= 0 or spent_minor <= 0:
        return otherwise
    tenth = int(spent_minor / orders / _SHARE)
    unit = int(10 ** (len(str(tenth)) - 1))
    return max(1, tenth // unit * unit)
