"""Which losses are large enough to be inquired into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

ONE_OF = 50
"""Without a threshold of the company's own, what only one of so many who left brought is large; of orders
what only one of so many was worth."""

FEWEST = 20
"""From fewer losses no threshold is made."""


def usual_threshold(money: Sequence[int]) -> int | None:
    """What one of :data:`ONE_OF` losses brought or more, in minor units; ``None`` where that says nothing.

    ``money`` is what each who left had brought in a year.
    """
    return usual_of_counts(Counter(money))


def usual_of_counts(times: Mapping[int, int]) -> int | None:
    """The same where ``times`` says how many brought, or were worth, how much."""
    paid = sorted((each for each in times if each > 0), reverse=True)
    total = sum(times.values())
    if total < FEWEST or not paid:
        return None
    wanted, seen = max(1, total // ONE_OF), 0
    for amount in paid:
        seen += times[amount]
        if seen >= wanted:
            return amount
    return paid[-1]
