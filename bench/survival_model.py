"""When Telco customers leave: the hazard model against Cox's, five folds.

TotalCharges is left out of both: it is tenure times the monthly charge, and so tells the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.cox import Cox, brier, concordance
from bench.measuring import Line, cpu_seconds
from bench.real_sets import SEED, folds, telco
from holdfast.learning import SurvivalModel

TIMES = np.arange(1.0, 72.0)
Staying = Callable[[Any, np.ndarray, np.ndarray, Any], np.ndarray]


def run(size: str, folder: Path) -> list[Line]:
    """Integrated Brier score and concordance on held-out fifths, whatever the size."""
    table, left = telco()
    tenure = np.maximum(table.pop("tenure").to_numpy(dtype=float), 0.5)  # under a month: a part of it
    table = table.drop(columns="TotalCharges")
    ours, rival = (_measured(model, table, tenure, left) for model in (_ours, _cox))
    title = f"Survival, Telco, 5 folds, seed {SEED}:"
    return [
        Line(
            f"{title} integrated Brier score",
            ours[0],
            "",
            f"Cox ({rival[0]:.4f})",
            ours[0] / rival[0],
            "at most Cox + 0.001",
            ours[0] <= rival[0] + 0.001,
        ),
        Line(
            f"{title} concordance",
            ours[1],
            "",
            f"Cox ({rival[1]:.4f})",
            ours[1] / rival[1],
            "at least 0.862",
            ours[1] >= 0.862,
        ),
        Line(
            f"{title} fit and ask",
            ours[2],
            "CPU s a fold",
            f"Cox ({rival[2]:.2f} s)",
            ours[2] / rival[2],
        ),
    ]


def _measured(model: Staying, table: Any, tenure: np.ndarray, left: np.ndarray) -> tuple[float, float, float]:
    errors, right = [], []

    def work() -> None:
        for train, test in folds(table, left):
            staying = model(table.iloc[train], tenure[train], left[train], table.iloc[test])
            found.append((train, test, staying))

    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    cpu = cpu_seconds(work) / 5
    for train, test, staying in found:
        errors.append(brier(staying, TIMES, tenure[test], left[test], (tenure[train], left[train])))
        right.append(concordance(staying.mean(axis=1), tenure[test], left[test]))
    return float(np.mean(errors)), float(np.mean(right)), cpu


def _ours(table: Any, tenure: np.ndarray, left: np.ndarray, asked: Any) -> np.ndarray:
    model = SurvivalModel().fit(table, np.zeros(len(tenure)), tenure, left)
    return model.survival(asked, TIMES)


def _cox(table: Any, tenure: np.ndarray, left: np.ndarray, asked: Any) -> np.ndarray:
    import pandas as pd

    both = pd.get_dummies(pd.concat([table, asked]), drop_first=True, dtype=float)
    seen, unseen = both.to_numpy()[: len(table)], both.to_numpy()[len(table) :]
    return Cox().fit(seen, tenure, left).survival(unseen, TIMES)
