"""The file of scores: a row per row of the table, with its risk and why."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.spreadsheets import harmless
from holdfast.language import Reader
from holdfast.services.foresee.table_columns import Floats
from holdfast.services.foresee.table_words import Learned, driver_words

DRIVERS = 3
"""So many drivers stand beside each risk, the strongest first."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What is written of each row.

    ``probability`` is out-of-fold where the outcome is ``known``, ``nan`` for rows that were only
    learned from; ``effects`` (rows x columns) are in log-odds and with the row's ``base`` add up to it.
    ``rival``: the risk by the plain rival that is clearly better, where one is.
    """

    lines: Sequence[int]
    ids: Sequence[str | None] | None
    probability: Floats
    base: Floats
    effects: Floats
    known: NDArray[np.bool_]
    left: NDArray[np.bool_]
    rival: Floats | None = None


def write_scores(
    path: Path, id_name: str | None, scored: Scored, learned: Sequence[Learned], reader: Reader
) -> None:
    """Write the scores as CSV in UTF-8; drivers in the reader's language, numbers with a point."""
    usual = [each.usual() for each in learned]
    head = ["row", *([id_name] if id_name else []), "probability"]
    head += [*(["rival_probability"] if scored.rival is not None else []), "left", "foreseen", "base"]
    for number in range(1, DRIVERS + 1):
        head += [f"driver_{number}", f"effect_{number}", f"words_{number}"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        for row in range(len(scored.lines)):
            writer.writerow([*_row(row, scored), *_drivers(row, scored, learned, usual, reader)])


def _row(row: int, scored: Scored) -> list[str]:
    known = bool(scored.known[row])
    cells = [str(scored.lines[row])]
    if scored.ids is not None:
        cells.append(harmless(scored.ids[row] or ""))
    foreseen = not np.isnan(scored.probability[row])
    cells += [_written(scored.probability[row])]
    if scored.rival is not None:
        cells += [_written(scored.rival[row])]
    return [
        *cells,
        str(int(scored.left[row])) if known else "",
        "new" if not known else "out_of_fold" if foreseen else "learned_from",
        _written(scored.base[row]) if foreseen else "",
    ]


def _written(risk: float) -> str:
    return "" if np.isnan(risk) else f"{risk:.6f}"


def _drivers(
    row: int, scored: Scored, learned: Sequence[Learned], usual: Sequence[object], reader: Reader
) -> list[str]:
    effects = scored.effects[row]
    cells: list[str] = []
    if np.isnan(scored.probability[row]):
        return [""] * (3 * DRIVERS)
    for place in np.argsort(-np.abs(effects), kind="stable")[:DRIVERS]:
        effect = float(effects[place])
        words = driver_words(learned[place], row, usual[place], effect)
        cells += [harmless(learned[place].name), f"{effect:.4f}", harmless(reader.say(words))]
    return cells + [""] * (3 * DRIVERS - len(cells))
