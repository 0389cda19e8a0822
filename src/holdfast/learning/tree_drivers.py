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

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bits = NDArray[np.bool_]
_Leaf = tuple[tuple[float, ...], dict[int, list[tuple[int, bool]]], float]

MAX_CONDITIONS = 12
"""A tree with more conditions would need a table of more than 4,096 rows."""

_ROWS_AT_ONCE = 16_384


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
    """One tree, ready to explain.

    ``bits``: for each feature asked, the bits that a code sets in the pattern of conditions met;
    ``values``: per pattern, what each of ``groups`` adds; ``expected``: what the tree says on average.
    """

    bits: tuple[tuple[int, NDArray[np.intp]], ...]
    groups: tuple[int, ...]
    values: Floats
    expected: float


def tree_table(nodes: Sequence[Node], group_of: Sequence[int]) -> TreeTable:
    """:func:`tree_tables` of one tree."""
    return tree_tables([nodes], group_of)[0]


def tree_tables(trees: Sequence[Sequence[Node]], group_of: Sequence[int]) -> list[TreeTable]:
    """Work out the Shapley values of every pattern of conditions of each tree.

    ``group_of`` gives the group of each feature; values of one group are added up, after the
    features have been told apart, so that grouping changes no other group's value.
    Raises ``ValueError`` for a tree of more than ``MAX_CONDITIONS`` conditions.
    """
    for nodes in trees:
        _check_size(nodes)
    leaves = [_leaves(nodes) for nodes in trees]
    worth = _worth([shares for tree in leaves for shares, _, _ in tree])
    told, first = [], 0
    for nodes, tree in zip(trees, leaves, strict=True):
        told.append(_table(nodes, tree, worth[first : first + len(tree)], group_of))
        first += len(tree)
    return told


def _check_size(nodes: Sequence[Node]) -> None:
    conditions = sum(node.left >= 0 for node in nodes)
    if conditions > MAX_CONDITIONS:
        raise ValueError(
            f"a tree of {conditions} conditions is too large for a table ({MAX_CONDITIONS} at most)"
        )


def _table(
    nodes: Sequence[Node], leaves: Sequence[_Leaf], worth: Sequence[Floats], group_of: Sequence[int]
) -> TreeTable:
    inner = [i for i, node in enumerate(nodes) if node.left >= 0]
    patterns = np.arange(1 << len(inner))
    bit_of = {node: 1 << bit for bit, node in enumerate(inner)}
    groups = tuple(sorted({group_of[nodes[i].feature] for i in inner}))
    row_of = {group: row for row, group in enumerate(groups)}
    values = np.zeros((len(groups), len(patterns)))
    expected = 0.0
    for (shares, conditions, value), of_features in zip(leaves, worth, strict=True):
        expected += value * float(np.prod(shares))
        code = np.zeros(len(patterns), dtype=np.intp)
        for place, steps in enumerate(conditions.values()):
            asked = sum(bit_of[node] for node, _ in steps)
            met = sum(bit_of[node] for node, left in steps if left)
            code |= ((patterns & asked) == met).astype(np.intp) << place
        own = of_features * value
        for place, feature in enumerate(conditions):
            values[row_of[group_of[feature]]] += own[:, place].take(code)
    return TreeTable(_bits_by_feature(nodes, inner), groups, values, expected)


def explain(tables: Sequence[TreeTable], binned: NDArray[np.uint8], groups: int) -> Floats:
    """Sum of Shapley values per row and group (rows x ``groups``), in log-odds.

    ``binned`` holds a column per feature, in Fortran order for speed. Each row's values add up to
    what the trees say about it less what they say on average.
    """
    total = np.zeros((groups, len(binned)))
    asked = sorted({feature for table in tables for feature, _ in table.bits})
    for start in range(0, len(binned), _ROWS_AT_ONCE):
        block = binned[start : start + _ROWS_AT_ONCE]
        out = total[:, start : start + _ROWS_AT_ONCE]
        codes = {feature: block[:, feature].astype(np.intp) for feature in asked}
        spare = np.empty(len(block), dtype=np.intp), np.empty(len(block), dtype=np.intp), np.empty(len(block))
        for table in tables:
            _add(table, codes, out, spare)
    return total.T


def _add(
    table: TreeTable,
    codes: dict[int, NDArray[np.intp]],
    out: Floats,
    spare: tuple[NDArray[np.intp], NDArray[np.intp], Floats],
) -> None:
    """Add a tree's values; arrays are used again and again, and indices need no checks: both cost more."""
    pattern, bits, values = spare
    pattern.fill(0)
    for feature, of_code in table.bits:
        np.take(of_code, codes[feature], out=bits, mode="clip")
        np.bitwise_or(pattern, bits, out=pattern)
    for row, group in enumerate(table.groups):
        np.take(table.values[row], pattern, out=values, mode="clip")
        out[group] += values


def _bits_by_feature(nodes: Sequence[Node], inner: list[int]) -> tuple[tuple[int, NDArray[np.intp]], ...]:
    """Per feature and code, the bits of all conditions on it that such a row meets."""
    told: dict[int, NDArray[np.intp]] = {}
    for bit, place in enumerate(inner):
        node = nodes[place]
        assert node.goes_left is not None  # noqa: S101  (a node with children)
        bits = told.setdefault(node.feature, np.zeros(len(node.goes_left), dtype=np.intp))
        bits |= node.goes_left.astype(np.intp) << bit
    return tuple(told.items())


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


def _leaves(nodes: Sequence[Node]) -> list[_Leaf]:
    """Each leaf: per feature on the way the share of training rows that takes all its conditions, the
    conditions themselves, and what the leaf is worth.
    """
    told = []
    for leaf, path in _paths(nodes):
        shares: dict[int, float] = {}
        steps: dict[int, list[tuple[int, bool]]] = {}
        for place, left in path:
            node = nodes[place]
            below = nodes[node.left if left else node.right]
            shares[node.feature] = shares.get(node.feature, 1.0) * below.rows / node.rows
            steps.setdefault(node.feature, []).append((place, left))
        told.append((tuple(shares.values()), steps, nodes[leaf].value))
    return told


def _worth(leaves: Sequence[tuple[float, ...]]) -> list[Floats]:
    """Shapley values of leaves worth 1, those with as many features worked out together."""
    told: list[Floats] = [np.zeros((1, 0))] * len(leaves)
    sizes = np.array([len(shares) for shares in leaves], dtype=np.intp)
    for size in set(sizes[sizes > 0].tolist()):
        places = np.flatnonzero(sizes == size).tolist()
        for place, values in zip(places, _leaf_values(np.array([leaves[p] for p in places])), strict=True):
            told[place] = values
    return told


def _leaf_values(zeros: Floats) -> Floats:
    """Shapley values of leaves (rows) worth 1, per pattern of features whose conditions are met.

    The game: the leaf counts as reached with probability 1 or 0 for each known feature, and with the
    share in ``zeros`` for each unknown one. Returns (leaves, 2^k patterns, k features).

    Each feature's value is its own gain, times the chance that all others let the row pass when each
    is known with probability t, averaged over t from 0 to 1 (Owen 1972, Multilinear extensions of
    games): a polynomial of degree k - 1, which k/2 points of Gauss and Legendre integrate exactly.
    """
    k = zeros.shape[1]
    patterns = ((np.arange(1 << k)[:, None] >> np.arange(k)) & 1).astype(np.float64)
    points, weights = np.polynomial.legendre.leggauss((k + 1) // 2)
    zeros, values = zeros[:, None, :], np.zeros((len(zeros), 1 << k, k))
    for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
        passes = (1 - point) * zeros + point * patterns
        others = np.ones_like(passes)
        others[..., 1:] = np.cumprod(passes[..., :-1], axis=-1)
        others[..., :-1] *= np.cumprod(passes[..., :0:-1], axis=-1)[..., ::-1]
        values += weight * others
    told: Floats = values * (patterns - zeros)
    return told
