"""A7: rules are one tree; its laws, its JSON form, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import expression as x
from holdfast.domain.expression import All, Condition, Either, Expression, Looked, Not, Test
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import as_json, parse, read_rule

EVERYBODY = frozenset(range(8))
names = st.sampled_from(["a", "b", "c"])
leaves = names.map(lambda name: Condition(Looked("segment", name), Test("met")))
rules: st.SearchStrategy[Expression] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Either(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=12,
)
members = st.fixed_dictionaries(
    {name: st.frozensets(st.sampled_from(sorted(EVERYBODY))) for name in ("a", "b", "c")}
)


def met(rule: Expression, who: dict[str, frozenset[int]]) -> frozenset[int]:
    return x.evaluate(rule, lambda leaf: who[leaf.of.name], EVERYBODY)


@given(rules, rules, members)
def test_a7_and_or_not_keep_the_laws_of_logic(
    one: Expression, other: Expression, who: dict[str, frozenset[int]]
) -> None:
    a, b = met(one, who), met(other, who)
    assert met(Not(Not(one)), who) == a
    assert met(Not(All((one, other))), who) == met(Either((Not(one), Not(other))), who)
    assert met(Not(Either((one, other))), who) == met(All((Not(one), Not(other))), who)
    assert met(All((one, other)), who) == met(All((other, one)), who) == a & b
    assert met(Either((one, other)), who) == a | b
    assert met(All((one, Not(one))), who) == frozenset()
    assert met(Either((one, Not(one))), who) == EVERYBODY


@given(rules, members, st.sampled_from(sorted(EVERYBODY)))
def test_a7_one_customer_is_judged_as_among_all(
    rule: Expression, who: dict[str, frozenset[int]], customer: int
) -> None:
    alone = x.evaluate(rule, lambda leaf: customer in who[leaf.of.name], True)
    assert alone == (customer in met(rule, who))


@given(rules)
def test_a7_a_rule_is_read_as_it_was_written(rule: Expression) -> None:
    assert parse(json.loads(json.dumps(as_json(rule)))) == rule


@pytest.mark.parametrize(
    ("test", "value", "met_"),
    [
        (Test("is", ("gold",)), "Gold ", True),
        (Test("is", (3,)), "3.0", True),
        (Test("is_not", ("gold",)), None, False),
        (Test("none_of", ("gold", "silver")), "basic", True),
        (Test("at_least", (30,)), "29", False),
        (Test("at_least", (30,)), "thirty", False),
        (Test("at_least", (30,)), None, False),
        (Test("below", (30,)), None, False),
        (Test("at_most", ("2026-03-01",)), "2026-02-28T10:00:00Z", True),
        (Test("between", ("2026-03-01", "2026-03-31")), "2026-04-01", False),
        (Test("between", (1, 3)), 3.0, True),
        (Test("contains", ("ou",)), "Cluj-Napoca, Out", True),
        (Test("starts_with", ("buc",)), "București", True),
        (Test("known"), "x", True),
        (Test("missing"), None, True),
        (Test("missing"), 0, False),
        (Test("is", ("1_000",)), 1000, False),
    ],
)
def test_a7_a_test_of_one_value(test: Test, value: x.Value, met_: bool) -> None:
    assert x.holds(test, value) is met_


DEEP: dict[str, Any] = {"trait": "plan", "is": "x"}
for _ in range(12):
    DEEP = {"not": DEEP}


@pytest.mark.parametrize(
    "written",
    [
        "{",
        "[]",
        '"all"',
        "{}",
        '{"all": []}',
        '{"all": {"trait": "x", "is": 1}}',
        '{"all": [{"trait": "x", "is": 1}], "any": []}',
        '{"trait": "plan"}',
        '{"trait": "plan", "is": "a", "at_least": 3}',
        '{"trait": "plan", "event": "x", "is": 1}',
        '{"trait": "plan", "is": NaN}',
        '{"trait": "plan", "is": 1e999}',
        '{"trait": "plan", "is": true}',
        '{"trait": "plan", "is": null}',
        '{"trait": "plan", "is": ""}',
        '{"trait": "plan", "is": "a\\u0000b"}',
        '{"trait": "\\u0000", "is": "a"}',
        '{"trait": 5, "is": "a"}',
        '{"trait": "plan", "between": [3, 1]}',
        '{"trait": "plan", "between": [3]}',
        '{"trait": "plan", "at_least": "many"}',
        '{"trait": "plan", "one_of": "a"}',
        '{"trait": "plan", "one_of": []}',
        '{"trait": "plan", "is": "a", "days": 3}',
        '{"trait": "plan", "likes": "a"}',
        '{"event": "x", "days": 0}',
        '{"event": "x", "days": -1}',
        '{"event": "x", "days": 1.5}',
        '{"event": "x", "days": true}',
        '{"event": "x", "days": 10, "until_days": 10}',
        '{"event": "x", "from": "9999-99-99"}',
        '{"event": "x", "from": "2026-02-01", "to": "2026-01-01"}',
        '{"event": "x", "measure": "mood"}',
        '{"event": "x", "product": []}',
        '{"segment": "gold", "is": true}',
        '{"fact": "orders", "at_least": ' + "9" * 400 + "}",
        "[" * 100_000,
        json.dumps(DEEP),
        json.dumps({"any": [{"trait": "x", "is": "y"}] * 101}),
        json.dumps({"trait": "x", "one_of": ["y"] * 1001}),
        json.dumps({"trait": "x", "is": "y" * 501}),
        " " * 70_000,
    ],
)
def test_a7_what_is_no_rule_is_refused_with_its_place(written: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_rule(written)
    assert refused.value.code == "bad_rule"
    assert str(refused.value)


def test_a7_the_place_of_what_is_wrong_is_said() -> None:
    with pytest.raises(Refusal, match=r"rule\.all\[1\]\.not"):
        parse({"all": [{"segment": "a"}, {"not": {"trait": "plan"}}]})


def of(*keys: str) -> Expression:
    return Either(tuple(Condition(Looked("segment", key), Test("met")) for key in keys))


def test_a7_a_circle_of_segments_is_found_with_its_way() -> None:
    assert x.circle({"a": of("a")}, "a") == ("a", "a")
    assert x.circle({"a": of("b"), "b": of("c"), "c": of("d", "a"), "d": of("e")}, "a") == (
        "a",
        "b",
        "c",
        "a",
    )
    assert x.circle({"a": of("b"), "b": of("b")}, "a") == ()
    layers = {f"{n}{side}": of(f"{n + 1}l", f"{n + 1}r") for n in range(40) for side in "lr"}
    assert x.circle(layers, "0l") == ()
    assert x.longest_chain(layers, "0l") == 40
