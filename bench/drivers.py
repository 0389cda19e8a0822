"""Exact drivers from tables against LightGBM's ``pred_contrib``, on LightGBM's own trees.

The table has numbers with and without gaps and categories; rows to be explained have gaps as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import Line, cpu_seconds
from holdfast.learning.tree_drivers import Node, explain, tree_table

SEED = 3
NUMBERS, WORDS = 14, 4
MISSING = 255


def run(size: str, folder: Path) -> list[Line]:
    """Explain 40,000 rows, or a million in large."""
    import lightgbm

    rows = 1_000_000 if size == "large" else 40_000
    told = _table(30_000, 1)
    names = list(range(NUMBERS, NUMBERS + WORDS))
    data = lightgbm.Dataset(told, _outcome(told), categorical_feature=names, params={"verbose": -1})
    settings = {
        "objective": "binary", "num_leaves": 8, "max_bin": 200, "verbose": -1, "seed": SEED, "num_threads": 2,
        "learning_rate": 0.05,
    }  # fmt: skip
    booster = lightgbm.train(settings, data, num_boost_round=150)
    asked, answers = _table(rows, 2), {}

    def ours() -> None:
        answers["ours"] = _explain(booster.dump_model()["tree_info"], asked)

    def theirs() -> None:
        answers["theirs"] = booster.predict(asked, pred_contrib=True)

    cpu, rival = cpu_seconds(ours), cpu_seconds(theirs)
    base, effects = answers["ours"]
    gap = max(
        float(np.abs(effects - answers["theirs"][:, :-1]).max()),
        float(np.abs(base - answers["theirs"][:, -1]).max()),
    )
    title = f"Drivers, {rows:,} rows, 150 trees, seed {SEED}:"
    return [
        Line(
            f"{title} exact drivers",
            cpu,
            "CPU s",
            f"faster than pred_contrib ({rival:.1f} s)",
            rival / cpu,
            "at least 20x (at a million rows)",
            rival / cpu >= 20 if size == "large" else None,
        ),
        Line(f"{title} largest difference", gap * 1e12, "x 1e-12", goal="at most 1e-6", met=gap <= 1e-6),
    ]


def _table(rows: int, part: int) -> np.ndarray:
    draw = np.random.default_rng((SEED, part))
    numbers = draw.normal(size=(rows, NUMBERS))
    numbers[:, ::3][draw.random((rows, len(range(0, NUMBERS, 3)))) < 0.15] = np.nan
    words = draw.integers(0, 12, (rows, WORDS)).astype(float)
    words[:, 0][draw.random(rows) < 0.1] = np.nan
    return np.column_stack([numbers, words])


def _outcome(told: np.ndarray) -> np.ndarray:
    odds = np.nan_to_num(told[:, 0]) + told[:, 1] * told[:, 2] - np.isnan(told[:, 3])
    odds += np.isin(told[:, NUMBERS], (1, 4, 7)) + (told[:, NUMBERS + 1] > 6) * told[:, 4]
    return (np.random.default_rng(SEED).random(len(told)) < 1 / (1 + np.exp(1 - odds))).astype(float)


def _explain(trees: list[dict[str, Any]], asked: np.ndarray) -> tuple[float, np.ndarray]:
    """Read LightGBM's trees, cut the rows at their thresholds, and look the drivers up."""
    cuts = _cuts(trees)
    tables = [tree_table(_nodes(tree["tree_structure"], cuts), range(asked.shape[1])) for tree in trees]
    codes = np.empty(asked.shape, dtype=np.uint8, order="F")
    for feature in range(asked.shape[1]):
        column = asked[:, feature]
        code = column if feature >= NUMBERS else np.searchsorted(cuts[feature], column)
        codes[:, feature] = np.where(np.isnan(column), MISSING, np.nan_to_num(code)).astype(np.uint8)
    return sum(table.expected for table in tables), explain(tables, codes, asked.shape[1])


def _cuts(trees: list[dict[str, Any]]) -> list[np.ndarray]:
    found: list[set[float]] = [set() for _ in range(NUMBERS)]
    waiting = [tree["tree_structure"] for tree in trees]
    while waiting:
        node = waiting.pop()
        if "leaf_value" in node:
            continue
        if node["decision_type"] == "<=":
            found[node["split_feature"]].add(node["threshold"])
        waiting += [node["left_child"], node["right_child"]]
    return [np.array(sorted(values)) for values in found]


def _nodes(root: dict[str, Any], cuts: list[np.ndarray]) -> list[Node]:
    told: list[Node] = []

    def add(node: dict[str, Any]) -> int:
        place = len(told)
        told.append(Node())
        if "leaf_value" in node:
            told[place] = Node(rows=node["leaf_count"], value=node["leaf_value"])
            return place
        feature, left = node["split_feature"], np.zeros(256, dtype=bool)
        if node["decision_type"] == "<=":
            left[: np.searchsorted(cuts[feature], node["threshold"]) + 1] = True
            left[MISSING] = node["default_left"]
        else:
            left[[int(code) for code in node["threshold"].split("||")]] = True
        below = add(node["left_child"]), add(node["right_child"])
        told[place] = Node(feature, left, *below, node["internal_count"])
        return place

    add(root)
    return told
