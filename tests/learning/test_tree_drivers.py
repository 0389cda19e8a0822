"""Reasons read from tables are the Shapley values of the tree, whatever the tree."""

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.learning.tree_drivers import Node, explain, tree_table

FEATURES = 4


@st.composite
def trees(draw):
    """A tree of up to four levels over four features of 16 codes, with rows that add up."""
    nodes = []

    def grow(depth, rows):
        place = len(nodes)
        nodes.append(None)
        if depth == 0 or rows < 2 or draw(st.booleans()):
            nodes[place] = Node(rows=rows, value=draw(st.floats(-2, 2)))
            return place
        left_rows = draw(st.integers(1, int(rows) - 1))
        goes_left = np.zeros(256, dtype=bool)
        goes_left[:16] = draw(st.lists(st.booleans(), min_size=16, max_size=16))
        left, right = grow(depth - 1, float(left_rows)), grow(depth - 1, rows - left_rows)
        nodes[place] = Node(draw(st.integers(0, FEATURES - 1)), goes_left, left, right, rows)
        return place

    grow(3, float(draw(st.integers(2, 400))))
    return nodes


def expected(nodes, row, known, place=0):
    """What the tree says when only the ``known`` features of a row are: TreeSHAP's definition."""
    node = nodes[place]
    if node.left < 0:
        return node.value
    if node.feature in known:
        return expected(nodes, row, known, node.left if node.goes_left[row[node.feature]] else node.right)
    return sum(
        nodes[side].rows / node.rows * expected(nodes, row, known, side) for side in (node.left, node.right)
    )


def shapley(nodes, row, feature):
    """The definition, by every coalition of the other features."""
    others = [f for f in range(FEATURES) if f != feature]
    total = 0.0
    for size in range(FEATURES):
        weight = factorial(size) * factorial(FEATURES - size - 1) / factorial(FEATURES)
        for known in combinations(others, size):
            total += weight * (expected(nodes, row, {*known, feature}) - expected(nodes, row, set(known)))
    return total


@given(trees(), st.lists(st.tuples(*[st.integers(0, 15)] * FEATURES), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_d2_tables_give_the_shapley_values_of_every_tree(nodes, rows):
    table = tree_table(nodes, list(range(FEATURES)))
    told = explain([table], np.asfortranarray(np.array(rows, dtype=np.uint8)), FEATURES)
    for row, values in zip(rows, told, strict=True):
        assert values == pytest.approx([shapley(nodes, row, f) for f in range(FEATURES)], abs=1e-9)
        assert table.expected + values.sum() == pytest.approx(
            expected(nodes, row, set(range(FEATURES))), abs=1e-9
        )


@given(trees(), st.tuples(*[st.integers(0, 15)] * FEATURES))
@settings(max_examples=30, deadline=None)
def test_a_group_gets_the_sum_of_its_features(nodes, row):
    binned = np.asfortranarray(np.array([row], dtype=np.uint8))
    single = explain([tree_table(nodes, [0, 1, 2, 3])], binned, 4)[0]
    grouped = explain([tree_table(nodes, [0, 1, 0, 1])], binned, 2)[0]
    assert grouped == pytest.approx([single[0] + single[2], single[1] + single[3]], abs=1e-9)


def test_a_tree_too_large_for_a_table_is_refused():
    goes_left = np.arange(256) < 8
    nodes = []
    for depth in range(14):
        nodes += [Node(0, goes_left, 2 * depth + 1, 2 * depth + 2, 100.0 - depth), Node(rows=1.0, value=1.0)]
    nodes.append(Node(rows=80.0, value=0.0))
    with pytest.raises(ValueError, match="too large"):
        tree_table(nodes, [0])
