"""Rules that nobody can meet are told from those that somebody can."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analytics.contradictions import can_hold
from holdfast.domain.expression import (
    All,
    Condition,
    Either,
    Expression,
    Looked,
    Not,
    Operator,
    Test,
    evaluate,
    holds,
)


def of(name: str, operator: Operator, *values: float) -> Condition:
    return Condition(Looked("feature", name), Test(operator, values))


@pytest.mark.parametrize(
    ("rule", "possible"),
    [
        (of("a", "above", 3), True),
        (All((of("a", "above", 3), of("a", "below", 3))), False),
        (All((of("a", "at_least", 3), of("a", "at_most", 3))), True),
        (All((of("a", "above", 3), of("b", "below", 3))), True),
        (All((of("a", "missing"), of("a", "above", 1))), False),
        (All((Not(of("a", "above", 3)), of("a", "above", 3))), False),
        (All((Not(of("a", "above", 3)), Not(of("a", "at_most", 3)))), True),
        (Either(()), False),
        (All(()), True),
        (Not(All(())), False),
        (Either((All((of("a", "above", 3), of("a", "below", 2))), of("b", "is", 1))), True),
        (All((of("a", "one_of", 1, 2), of("a", "none_of", 1, 2))), False),
        (All((of("a", "between", 1, 2), of("a", "above", 2))), False),
    ],
)
def test_told_from_the_rule_alone(rule: Expression, possible: bool) -> None:
    assert can_hold(rule) is possible


LEAVES = st.builds(
    of,
    st.sampled_from(("a", "b")),
    st.sampled_from(("above", "below", "at_least", "at_most", "is", "is_not")),
    st.integers(0, 3).map(float),
)
RULES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(lambda each: All(tuple(each)), st.lists(parts, max_size=3)),
        st.builds(lambda each: Either(tuple(each)), st.lists(parts, max_size=3)),
        st.builds(Not, parts),
    ),
    max_leaves=6,
)


@given(RULES)
def test_what_some_values_meet_can_hold_and_nothing_else(rule: Expression) -> None:
    values = [None, *np.arange(-0.5, 4, 0.5).tolist()]
    met = any(
        evaluate(rule, lambda leaf, at={"a": a, "b": b}: holds(leaf.test, at[leaf.of.name]), True)  # type: ignore[misc]
        for a in values
        for b in values
    )
    assert can_hold(rule) is met


def test_a_rule_with_very_many_ways_is_not_gone_through() -> None:
    wide = All(tuple(Either((of(f"x{n}", "above", 1), of(f"y{n}", "above", 1))) for n in range(40)))
    assert can_hold(wide)
