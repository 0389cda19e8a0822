"""The risk model against LightGBM and CatBoost as they come, on the same five folds, pooled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import Line, cpu_seconds
from bench.real_sets import SEED, bank, folds, telco
from holdfast.learning import RiskClassifier, grade
from holdfast.learning.grading import Grade

SETS = {"Telco": (telco, 0.848), "bank": (bank, 0.866)}
Fit = Callable[[Any, np.ndarray, Any], np.ndarray]


def run(size: str, folder: Path) -> list[Line]:
    """Whole sets, the larger one too at size large: the figures are of whole sets."""
    lines = []
    for name, (read, least_auc) in list(SETS.items())[: None if size == "large" else 1]:
        table, left = read()
        told = {who: _pooled(fit, table, left) for who, fit in RIVALS.items()}
        lines += _lines(name, told, least_auc)
    return lines


def _lines(name: str, told: dict[str, tuple[Grade, float]], least_auc: float) -> list[Line]:
    (ours, cpu), (light, _), (cat, cat_cpu) = (told[who] for who in ("ours", "LightGBM", "CatBoost"))
    title = f"Risk, {name}, 5 folds, seed {SEED}:"
    beyond = light.auc + 0.01 if name == "Telco" else 0.0
    return [
        Line(
            f"{title} AUC",
            ours.auc,
            "",
            f"LightGBM ({light.auc:.4f}); CatBoost {cat.auc:.4f}",
            ours.auc / light.auc,
            f"at least {max(least_auc, beyond):.4f}",
            ours.auc >= max(least_auc, beyond),
        ),
        Line(
            f"{title} log loss",
            ours.log_loss,
            "",
            f"CatBoost ({cat.log_loss:.4f}); LightGBM {light.log_loss:.4f}",
            ours.log_loss / cat.log_loss,
            "at most CatBoost",
            ours.log_loss <= cat.log_loss,
        ),
        Line(
            f"{title} calibration error",
            ours.calibration_error,
            "",
            f"CatBoost ({cat.calibration_error:.4f}); LightGBM {light.calibration_error:.4f}",
            ours.calibration_error / cat.calibration_error,
            "at most 0.01",
            round(ours.calibration_error, 3) <= 0.01,
        ),
        Line(
            f"{title} fit and score",
            cpu,
            "CPU s a fold",
            f"CatBoost ({cat_cpu:.1f} s)",
            cpu / cat_cpu,
            "at most CatBoost",
            cpu <= cat_cpu,
        ),
    ]


def _pooled(fit: Fit, table: Any, left: np.ndarray) -> tuple[Grade, float]:
    """Grade of the held-out fifths together, and processor time of a fold."""
    risk = np.empty(len(left))

    def work() -> None:
        for train, held_out in folds(table, left):
            risk[held_out] = fit(table.iloc[train], left[train], table.iloc[held_out])

    cpu = cpu_seconds(work) / 5
    return grade(left, risk), cpu


def _ours(table: Any, left: np.ndarray, asked: Any) -> np.ndarray:
    return RiskClassifier(random_state=SEED).fit(table, left).predict_proba(asked)[:, 1]


def _light(table: Any, left: np.ndarray, asked: Any) -> np.ndarray:
    import lightgbm

    words = [name for name in table if table[name].dtype.kind not in "ifb"]
    kinds = {name: table[name].astype("category").dtype for name in words}
    model = lightgbm.LGBMClassifier(verbose=-1, n_jobs=1, random_state=SEED)
    return model.fit(table.astype(kinds), left).predict_proba(asked.astype(kinds))[:, 1]


def _cat(table: Any, left: np.ndarray, asked: Any) -> np.ndarray:
    import catboost

    words = [name for name in table if table[name].dtype.kind not in "ifb"]
    model = catboost.CatBoostClassifier(
        verbose=0, cat_features=words, allow_writing_files=False, random_seed=SEED
    )
    return model.fit(table, left).predict_proba(asked)[:, 1]


RIVALS: dict[str, Fit] = {"ours": _ours, "LightGBM": _light, "CatBoost": _cat}
