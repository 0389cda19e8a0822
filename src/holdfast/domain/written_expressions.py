"""Rules as JSON: ``{"all": [{"trait": "plan", "is": "gold"}, {"not": {"segment": "staff"}}]}``.

A group has one key: ``all``, ``any`` (lists) or ``not`` (one rule). A condition has one key that says
what is looked at (:data:`~holdfast.domain.expression.KINDS`), one that says what must hold of it
(:data:`~holdfast.domain.expression.OPERATORS`), and for events and answers options. Whatever else is
written is refused with the place where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, cast

from holdfast.domain import expression as x
from holdfast.domain.expression import All, Condition, Either, Expression, Looked, Not, Test
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

MEASURES = ("times", "orders", "days", "amount", "last", "first", "score")
"""What of an event is looked at: how many rows, how many different objects (orders, tickets), on how
many days, the sum of the amounts, days since the last and since the first, the latest score."""

MOST_CHARACTERS = 64_000
MOST_DAYS = 36_500

_WINDOW = ("days", "until_days", "from", "to")
_LISTS = ("product", "category", "code", "source")
OPTIONS: Mapping[str, tuple[str, ...]] = {"event": ("measure", *_WINDOW, *_LISTS), "answer": ("days",)}
"""The options that a kind can have."""


def read_rule(written: str) -> Expression:
    """The tree of a JSON text. Raises ``Refusal`` (``bad_rule``) for what is no rule."""
    if len(written) > MOST_CHARACTERS:
        raise bad_rule(Text("it has more than {n} characters", n=MOST_CHARACTERS), "")
    try:
        return parse(json.loads(written, parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        raise bad_rule(Text("it is not JSON ({error})", error=str(error)[:200]), "") from error


def parse(written: object) -> Expression:
    """The tree of what JSON holds. Raises ``Refusal`` (``bad_rule``) with the place of what is wrong."""
    found = _parse(written, "rule", 0)
    if sum(1 for _ in x.conditions(found)) > x.MOST_CONDITIONS:
        raise bad_rule(Text("it has more than {n} conditions", n=x.MOST_CONDITIONS), "rule")
    return found


def as_json(expression: Expression) -> dict[str, Any]:
    """What :func:`parse` reads the same tree from."""
    match expression:
        case All(parts):
            return {"all": [as_json(part) for part in parts]}
        case Either(parts):
            return {"any": [as_json(part) for part in parts]}
        case Not(part):
            return {"not": as_json(part)}
        case Condition(of, test):
            return {of.kind: of.name, **of.options, **_test_as_json(test)}


def bad_rule(why: Text, at: str) -> Refusal:
    """The refusal of a rule that cannot be read; ``at`` is the place within it."""
    return Refusal(
        "bad_rule",
        found=Text("The rule cannot be used: {why}.", why=why)
        if not at
        else Text("The rule cannot be used at {place}: {why}.", place=at, why=why),
        expected=Text("A rule such as {example}.", example='{"all": [{"fact": "orders", "at_least": 3}]}'),
        remedy=Text("Mend the rule and try again; nothing was changed."),
    )


def _parse(written: object, at: str, deep: int) -> Expression:
    if not isinstance(written, dict) or not written:
        raise bad_rule(Text("a rule is an object with keys"), at)
    if deep > x.DEEPEST:
        raise bad_rule(Text("groups lie more than {n} deep", n=x.DEEPEST), at)
    groups = [key for key in ("all", "any", "not") if key in written]
    if not groups:
        return _condition(written, at)
    if len(written) > 1:
        raise bad_rule(Text("a group has one key, here are {keys}", keys=sorted(map(_short, written))), at)
    (group,) = groups
    if group == "not":
        return Not(_parse(written["not"], f"{at}.not", deep + 1))
    return _group(group, written[group], at, deep)


def _group(group: str, parts: object, at: str, deep: int) -> Expression:
    if not isinstance(parts, list) or not parts:
        raise bad_rule(Text("{group} takes a list of at least one rule", group=group), at)
    if len(parts) > x.MOST_CONDITIONS:
        raise bad_rule(Text("it has more than {n} conditions", n=x.MOST_CONDITIONS), at)
    read = tuple(_parse(part, f"{at}.{group}[{place}]", deep + 1) for place, part in enumerate(parts))
    return All(read) if group == "all" else Either(read)


def _condition(written: dict[str, Any], at: str) -> Condition:
    kinds = [kind for kind in x.KINDS if kind in written]
    if len(kinds) != 1:
        raise bad_rule(Text("a condition names one of {kinds}", kinds=list(x.KINDS)), at)
    (kind,) = kinds
    name = written[kind]
    if not isinstance(name, str) or not name.strip() or len(name) > x.LONGEST or "\0" in name:
        raise bad_rule(Text("{kind} takes a name", kind=kind), at)
    tests = [key for key in x.OPERATORS if key in written and key != "met"]
    allowed = {kind, *OPTIONS.get(kind, ()), *tests}
    if unknown := [key for key in written if key not in allowed]:
        raise bad_rule(Text("nothing is called {key} here", key=_short(unknown[0])), at)
    if len(tests) > 1:
        raise bad_rule(Text("a condition has one test, here are {keys}", keys=list(tests)), at)
    options = _options(written, kind, at)
    return Condition(Looked(kind, name.strip(), options), _test(written, kind, tests, at))


def _test(written: Mapping[str, Any], kind: str, tests: Sequence[x.Operator], at: str) -> Test:
    if kind == "segment":
        if tests:
            raise bad_rule(Text("a segment has no test: its customers are in it"), at)
        return Test("met")
    if not tests:
        if kind == "event":
            return Test("at_least", (1,))
        raise bad_rule(Text("a condition needs a test: one of {keys}", keys=list(x.OPERATORS[:-1])), at)
    (operator,) = tests
    value = written[operator]
    if operator in x.WITHOUT_VALUE:
        if value is not True:
            raise bad_rule(Text("{test} takes true", test=operator), at)
        return Test(operator)
    return Test(operator, _values(operator, value, at))


def _values(operator: x.Operator, value: object, at: str) -> tuple[x.Scalar, ...]:
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) != (operator in x.WITH_SEVERAL):
        raise bad_rule(_takes(operator), at)
    if not values or len(values) > x.MOST_VALUES or (operator == "between" and len(values) != 2):
        raise bad_rule(_takes(operator), at)
    read = tuple(_scalar(each, at) for each in values)
    if operator in x.OF_WORDS and not isinstance(read[0], str):
        raise bad_rule(_takes(operator), at)
    if operator in x.IN_ORDER and not _ordered(read):
        raise bad_rule(_takes(operator), at)
    return read


def _takes(operator: str) -> Text:
    if operator == "between":
        return Text("{test} takes two numbers, or two days like 2026-03-01, the lower first", test=operator)
    if operator in x.WITH_SEVERAL:
        return Text("{test} takes a list of 1 to {n} values", test=operator, n=x.MOST_VALUES)
    if operator in x.IN_ORDER:
        return Text("{test} takes a number, or a day like 2026-03-01", test=operator)
    if operator in x.OF_WORDS:
        return Text("{test} takes words", test=operator)
    return Text("{test} takes one value", test=operator)


def _ordered(values: tuple[x.Scalar, ...]) -> bool:
    numbers, days = [x.as_number(each) for each in values], [x.as_day(each) for each in values]
    told: list[Any] = numbers if all(each is not None for each in numbers) else days
    return all(each is not None for each in told) and told == sorted(told)


def _scalar(value: object, at: str) -> x.Scalar:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise bad_rule(Text("a value is a number or words"), at)
    if isinstance(value, str):
        if not value.strip() or len(value) > x.LONGEST or "\0" in value:
            raise bad_rule(Text("words have 1 to {n} characters", n=x.LONGEST), at)
        return value.strip()
    if abs(value) > 1e15 or not isfinite(value):
        raise bad_rule(Text("a number lies within {n} on either side of 0", n=10**15), at)
    return value


def _options(written: Mapping[str, Any], kind: str, at: str) -> dict[str, Any]:
    given = {name: written[name] for name in OPTIONS.get(kind, ()) if name in written}
    return _fitting({name: _option(name, value, at) for name, value in given.items()}, at)


def _option(name: str, value: object, at: str) -> Any:
    if name == "measure":
        if value not in MEASURES:
            raise bad_rule(Text("{option} is one of {known}", option=name, known=list(MEASURES)), at)
        return value
    if name in _LISTS:
        values = value if isinstance(value, list) else [value]
        if not values or len(values) > x.MOST_VALUES or not all(isinstance(each, str) for each in values):
            raise bad_rule(Text("{option} takes words or a list of them", option=name), at)
        return [cast(str, _scalar(each, at)) for each in values]
    if name in ("from", "to"):
        return _day(name, value, at)
    least = 1 if name == "days" else 0
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_DAYS:
        raise bad_rule(Text("{option} takes a number of days from {n}", option=name, n=least), at)
    return value


def _day(name: str, value: object, at: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise bad_rule(Text("{option} takes a day like 2026-03-01", option=name), at) from error


def _fitting(options: dict[str, Any], at: str) -> dict[str, Any]:
    """Refuse windows in which nothing can lie."""
    if "until_days" in options and options["until_days"] >= options.get("days", MOST_DAYS + 1):
        raise bad_rule(Text("the window ends before it begins"), at)
    if "from" in options and "to" in options and options["to"] < options["from"]:
        raise bad_rule(Text("the window ends before it begins"), at)
    return options


def _test_as_json(test: Test) -> dict[str, Any]:
    if test.operator == "met":
        return {}
    if test.operator in x.WITHOUT_VALUE:
        return {test.operator: True}
    if test.operator in x.WITH_SEVERAL:
        return {test.operator: list(test.values)}
    return {test.operator: test.values[0]}


def _short(key: object) -> str:
    return str(key)[:40]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
