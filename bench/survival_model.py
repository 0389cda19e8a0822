"""When Telco customers leave: the hazard model against Cox (lifelines), five folds.

TotalCharges is left out of both: it is tenure times the monthly charge, and so tells the answer.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

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
            f"Cox of lifelines ({rival[0]:.4f})",
            ours[0] / rival[0],
            "at most Cox + 0.001",
            ours[0] <= rival[0] + 0.001,
        ),
        Line(
            f"{title} concordance",
            ours[1],
            "",
            f"Cox of lifelines ({rival[1]:.4f})",
            ours[1] / rival[1],
            "at least 0.862",
            ours[1] >= 0.862,
        ),
        Line(
            f"{title} fit and ask",
            ours[2],
            "CPU s a fold",
            f"Cox of lifelines ({rival[2]:.2f} s)",
            ours[2] / rival[2],
        ),
    ]


def _measured(model: Staying, table: Any, tenure: np.ndarray, left: np.ndarray) -> tuple[float, float, float]:
    brier, right = [], []

    def work() -> None:
        for train, test in folds(table, left):
            staying = model(table.iloc[train], tenure[train], left[train], table.iloc[test])
            found.append((train, test, staying))

    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    cpu = cpu_seconds(work) / 5
    for train, test, staying in found:
        brier.append(_brier(staying, tenure[test], left[test], tenure[train], left[train]))
        right.append(_concordance(staying.mean(axis=1), tenure[test], left[test]))
    return float(np.mean(brier)), float(np.mean(right)), cpu


def _brier(
    staying: np.ndarray, tenure: np.ndarray, left: np.ndarray, seen: np.ndarray, seen_left: np.ndarray
) -> float:
    """Graf et al. (1999): squared error at each time, weighted by the chance of not being cut off."""
    from lifelines import KaplanMeierFitter

    cut_off = KaplanMeierFitter().fit(seen, 1 - seen_left)
    kept = np.maximum(cut_off.survival_function_at_times(np.maximum(tenure - 1e-9, 0)).to_numpy(), 1e-3)
    kept_at = np.maximum(cut_off.survival_function_at_times(TIMES).to_numpy(), 1e-3)
    errors = []
    for place, time in enumerate(TIMES):
        weight = np.where(
            (tenure <= time) & (left == 1), 1 / kept, np.where(tenure > time, 1 / kept_at[place], 0)
        )
        errors.append(float((weight * ((tenure > time) - staying[:, place]) ** 2).mean()))
    return float(np.trapezoid(errors, TIMES) / (TIMES[-1] - TIMES[0]))


def _concordance(staying: np.ndarray, tenure: np.ndarray, left: np.ndarray) -> float:
    from lifelines.utils import concordance_index

    return float(concordance_index(tenure, staying, left))


def _ours(table: Any, tenure: np.ndarray, left: np.ndarray, asked: Any) -> np.ndarray:
    model = SurvivalModel().fit(table, np.zeros(len(tenure)), tenure, left)
    return model.survival(asked, TIMES)


def _cox(table: Any, tenure: np.ndarray, left: np.ndarray, asked: Any) -> np.ndarray:
    import pandas as pd
    from lifelines import CoxPHFitter

    both = pd.get_dummies(pd.concat([table, asked]), drop_first=True, dtype=float)
    # "No internet service" stands in six columns that are one and the same; so does "no phone".
    doubled = [n for n in both if n.endswith("No internet service") and not n.startswith("OnlineSecurity")]
    both = both.drop(columns=[*doubled, "MultipleLines_No phone service"])
    seen = both.iloc[: len(table)].assign(tenure=tenure, left=left)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = CoxPHFitter(penalizer=0.001).fit(seen, "tenure", "left")
    return model.predict_survival_function(both.iloc[len(table) :], times=TIMES).T.to_numpy()
