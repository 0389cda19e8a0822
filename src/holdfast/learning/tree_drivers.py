"""Exact reasons from small trees: Shapley values read from tables instead of walked per row.

What a tree says about a row, and hence the Shapley value of each feature in it, depends only on
which of its conditions the row meets. A tree of eight leaves has seven conditions, so at most 128
different rows: the values of all of them are worked out once, and explaining a million rows is a
million look-ups. The result is that of TreeSHAP with cover weights (Lundberg, Erion, Lee 2018,
"Consistent individualized feature attribution for tree ensembles", algorithm 1), to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bits = NDArray[np.bool_]

MAX_CONDITIONS = 12
"""A tree with more conditions would need a table of more than 4,096 rows."""

_ROWS_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree: a leaf when ``left`` is negative.

    ``goes_left`` has an entry per code of the binned feature (0..255): whether such a row goes left.
    That covers thresholds, missing values and sets of categories alike. ``rows`` is the number of
    training rows that reached the node, ``value`` what a leaf adds to the log-odds.
    """

    feature: int = -1
    goes_left: Bits | None = None
    left: int = -1
    right: int = -1
    rows: float = 0.0
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class TreeTable:
    """One tree, ready to explain: its conditions, and per pattern of them the values per group."""

    features: tuple[int, ...]
    goes_left: tuple[Bits, ...]
    groups: tuple[int, ...]
    values: Floats
    expected: float


def tree_table(nodes: Sequence[Node], group_of: Sequence[int]) -> TreeTable:
    """Work out the Shapley values of every pattern of conditions of one tree.

    ``group_of`` gives the group of each feature; values of one group are added up, after the
    features have been told apart, so that grouping changes no other group's value.
    Raises ``ValueError`` for a tree of more than ``MAX_CONDITIONS`` conditions.
    """
    inner = [i for i, node in enumerate(nodes) if node.left >= 0]
    if len(inner) > MAX_CONDITIONS:
        raise ValueError(
            f"a tree of {len(inner)} conditions is too large for a table ({MAX_CONDITIONS} at most)"
        )
    patterns = np.arange(1 << len(inner))
    meets = {node: (patterns >> bit) & 1 == 1 for bit, node in enumerate(inner)}
    groups = tuple(sorted({group_of[nodes[i].feature] for i in inner}))
    values = np.zeros((len(groups), len(patterns)))
    expected = 0.0
    for leaf, path in _paths(nodes):
        conditions = _by_feature(nodes, path)
        zeros = np.array([share for share, _ in conditions.values()])
        expected += nodes[leaf].value * float(np.prod(zeros))
        code = np.zeros(len(patterns), dtype=np.intp)
        for place, (_, steps) in enumerate(conditions.values()):
            follows = np.ones(len(patterns), dtype=bool)
            for node, left in steps:
                follows &= meets[node] == left
            code |= follows.astype(np.intp) << place
        shares = _leaf_values(zeros) * nodes[leaf].value
        for place, feature in enumerate(conditions):
            values[groups.index(group_of[feature])] += shares[code, place]
    conditions_left = tuple(nodes[i].goes_left for i in inner)
    return TreeTable(
        tuple(nodes[i].feature for i in inner),
        tuple(left for left in conditions_left if left is not None),
        groups,
        values,
        expected,
    )


def explain(tables: Sequence[TreeTable], binned: NDArray[np.uint8], groups: int) -> Floats:
    """Sum of Shapley values per row and group (rows x ``groups``), in log-odds.

    ``binned`` holds a column per feature, in Fortran order for speed. Each row's values add up to
    what the trees say about it less what they say on average.
    """
    total = np.zeros((groups, len(binned)))
    for start in range(0, len(binned), _ROWS_AT_ONCE):
        block = binned[start : start + _ROWS_AT_ONCE]
        out = total[:, start : start + _ROWS_AT_ONCE]
        for table in tables:
            _add(table, block, out)
    return total.T


def _add(table: TreeTable, block: NDArray[np.uint8], out: Floats) -> None:
    pattern = np.zeros(len(block), dtype=np.uint16)
    for bit, (feature, left) in enumerate(zip(table.features, table.goes_left, strict=True)):
        pattern |= (left.astype(np.uint16) << np.uint16(bit))[block[:, feature]]
    for row, group in enumerate(table.groups):
        out[group] += table.values[row].take(pattern)


def _paths(nodes: Sequence[Node]) -> list[tuple[int, list[tuple[int, bool]]]]:
    """Each leaf with the conditions on the way to it and the side taken there."""
    found, waiting = [], [(0, list[tuple[int, bool]]())]
    while waiting:
        place, path = waiting.pop()
        node = nodes[place]
        if node.left < 0:
            found.append((place, path))
        else:
            waiting += [(node.left, [*path, (place, True)]), (node.right, [*path, (place, False)])]
    return found


def _by_feature(
    nodes: Sequence[Node], path: list[tuple[int, bool]]
) -> dict[int, tuple[float, list[tuple[int, bool]]]]:
    """Conditions of a path by feature, with the share of training rows that take all of them."""
    told: dict[int, tuple[float, list[tuple[int, bool]]]] = {}
    for place, left in path:
        node = nodes[place]
        below = nodes[node.left if left else node.right]
        share, steps = told.get(node.feature, (1.0, []))
        told[node.feature] = (share * below.rows / node.rows, [*steps, (place, left)])
    return told


def _leaf_values(zeros: Floats) -> Floats:
    """Shapley values of a leaf worth 1, per pattern of features whose conditions are met.

    The game: the leaf counts as reached with probability 1 or 0 for each known feature, and with the
    share in ``zeros`` for each unknown one. Returns (2^k patterns, k features).
    """
    k = len(zeros)
    patterns = (np.arange(1 << k)[:, None] >> np.arange(k)) & 1
    values = np.zeros((1 << k, k))
    for known, weight in _coalitions(k):
        factors = np.where(known, patterns, zeros)
        for i in np.flatnonzero(~known):
            others = np.prod(np.delete(factors, i, axis=1), axis=1)
            values[:, i] += weight * others * (patterns[:, i] - zeros[i])
    return values


@cache
def _coalitions(k: int) -> tuple[tuple[Bits, float], ...]:
    """Every set of known features except the full one, with its Shapley weight."""
    told = []
    for code in range((1 << k) - 1):
        known = ((code >> np.arange(k)) & 1) == 1
        size = int(known.sum())
        told.append((known, factorial(size) * factorial(k - size - 1) / factorial(k)))
    return tuple(told)
