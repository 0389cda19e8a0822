"""Axes: where the ticks are and which labels have room."""

from __future__ import annotations

import math
from collections.abc import Sequence

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

LEAST = 1e-9
"""What is smaller is drawn as 0: no share of customers and no amount of money is."""


def ticks_from_zero(highest: float, lines: int = 4) -> list[float]:
    """Ticks 0, step, ... up to the first that reaches ``highest``; at most ``lines`` steps.

    Rates and amounts start at 0, so that a small change does not look like a large one. Where
    ``highest`` is nothing that could be seen (``LEAST``) the axis runs to 1 %.
    """
    highest = highest if highest >= LEAST else 0.01
    step = round_step(highest / lines)
    return [step * number for number in range(math.ceil(highest / step - 1e-9) + 1)]


def ticks_between(lowest: float, highest: float, lines: int = 4) -> list[float]:
    """Round ticks that enclose ``lowest`` to ``highest``; for dots with intervals only."""
    step = round_step(max(highest - lowest, 1e-6) / lines)
    first = max(0, math.floor(lowest / step + 1e-9))
    last = max(first + 1, math.ceil(highest / step - 1e-9))
    return [step * number for number in range(first, last + 1)]


def round_step(at_least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below ``at_least``."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(step * power for step in STEPS if step * power >= at_least * (1 - 1e-9))


def digits_for(ticks: Sequence[float]) -> int:
    """Digits after the point with which each of ``ticks`` (shares 0..1) is an exact percentage."""
    return next(
        (
            digits
            for digits in range(3)
            if all(abs(tick * 100 - round(tick * 100, digits)) < 1e-6 for tick in ticks)
        ),
        3,
    )


def labels_with_room(widths: Sequence[float], spacing: float, gap: float = 10) -> list[int]:
    """Which of equally spaced labels to write: the last always, then every n-th back from it.

    ``widths`` and ``spacing`` in pixels. A stride that also reaches the first label is preferred
    where it costs at most one more step.
    """
    count = len(widths)
    if count == 0:
        return []
    needed = max(1, math.ceil((max(widths) + gap) / spacing)) if spacing > 0 else count
    whole = next((n for n in range(needed, min(needed + 2, count)) if (count - 1) % n == 0), needed)
    return list(range(count - 1, -1, -whole))[::-1]
