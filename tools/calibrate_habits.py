"""Measure the levels of early warnings about habits, and write ``learning/habit_levels.py``.

For each number of active days of habit and each chance, the value of either statistic that so many of
customers with an unchanged habit exceed in a quarter: together, since both look.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from holdfast.learning.habit_record import extremes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]

SEED, COMPANIES, CUSTOMERS = 6, 24, 3_000
ACTIVE = (14, 20, 28, 40, 56, 75, 95, 112)
CHANCES = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
_NEIGHBOURS = 1.25
_HERE = Path(__file__).parents[1] / "src/holdfast/learning/habit_levels.py"

_HEAD = '''"""The levels of early warnings about habits, as measured by ``tools/calibrate_habits.py``.

Of customers with an unchanged habit of :data:`ACTIVE` active days in sixteen weeks, the share
:data:`CHANCES` shows as much of the one statistic or as much of the other on some day of a quarter.
"""

'''


def main() -> None:
    """Draw, measure, write."""
    with ProcessPoolExecutor(2) as pool:
        drawn = list(pool.map(_extremes, range(COMPANIES)))
    falling, silence, active = (np.concatenate(each) for each in zip(*drawn, strict=True))
    near = [_near(active, days) for days in ACTIVE]
    tables: tuple[list[list[float]], list[list[float]]] = ([], [])
    for marks in near:
        levels = [_levels(falling[marks], silence[marks], chance) for chance in CHANCES]
        for table, place in zip(tables, (0, 1), strict=True):
            table.append([0.0, *(round(level[place], 2) for level in levels)])
    _HERE.write_text(_HEAD + _told(tables), encoding="utf-8")


def _extremes(number: int) -> tuple[Doubles, Doubles, Doubles]:
    return extremes(np.random.default_rng((SEED, number)), CUSTOMERS)


def _near(active: Doubles, days: int) -> NDArray[np.bool_]:
    marks: NDArray[np.bool_] = np.abs(np.log(active / days)) <= np.log(_NEIGHBOURS)
    return marks


def _levels(falling: Doubles, silence: Doubles, chance: float) -> tuple[float, float]:
    """The same quantile of each, such that ``chance`` of the customers exceed any of both."""
    low, high = 0.0, chance
    for _ in range(30):
        part = (low + high) / 2
        levels = float(np.quantile(falling, 1 - part)), float(np.quantile(silence, 1 - part))
        seen = float(((falling > levels[0]) | (silence > levels[1])).mean())
        low, high = (low, part) if seen > chance else (part, high)
    return levels


def _told(tables: tuple[list[list[float]], list[list[float]]]) -> str:
    names = ("FALLING", "SILENCE")
    rows = {
        name: "".join(f"    ({', '.join(map(str, row))}),\n" for row in table)
        for name, table in zip(names, tables, strict=True)
    }
    return (
        f"ACTIVE = {tuple(map(float, ACTIVE))}\nCHANCES = {(1.0, *CHANCES)}\n\n"
        + "\n".join(f"{name} = (\n{told})" for name, told in rows.items())
        + "\n"
    )


if __name__ == "__main__":
    main()
