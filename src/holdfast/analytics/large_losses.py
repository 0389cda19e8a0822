"""Which losses are large enough to be inquired into."""

from __future__ import annotations

from collections.abc import Sequence

ONE_OF = 50
"""Without a threshold of the company's own, what only one of so many who left brought is large."""

FEWEST = 20
"""From fewer losses no threshold is made."""


def usual_threshold(money: Sequence[int]) -> int | None:
    """What one of :data:`ONE_OF` losses brought or more, in minor units; ``None`` where that says nothing.

    ``money`` is what each who left had brought in a year.
    """
    paid = sorted((each for each in money if each > 0), reverse=True)
    if len(money) < FEWEST or not paid:
        return None
    return paid[min(len(paid), max(1, len(money) // ONE_OF)) - 1]
