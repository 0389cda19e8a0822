"""Who: one tree of conditions that segments, branches of plays and signals share.

A tree is made of :class:`Condition` (what is looked at, and what must hold of it), joined by
:class:`All`, :class:`Either` and :class:`Not`. :func:`evaluate` works over whatever can be joined with
``&``, ``|`` and ``^``: one customer (``bool``), a set of customers, or an array with a place for each.
:mod:`holdfast.domain.written_expressions` reads and writes the tree as JSON.

What is not known is not known: no condition holds of a missing value but the one that asks for it
(``missing``). ``Not`` is the opposite of "is known to be so", hence holds of a missing value too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any, Literal, TypeVar, get_args

Kind = Literal["trait", "fact", "event", "answer", "feature", "score", "segment"]
"""Where a value comes from: what is known of a customer, how they stand, what happened, what they
answered, what is computed of them, how likely they leave, and which segments they are in."""

Operator = Literal[
    "is",
    "is_not",
    "one_of",
    "none_of",
    "at_least",
    "at_most",
    "above",
    "below",
    "between",
    "contains",
    "starts_with",
    "known",
    "missing",
    "met",
]
"""What must hold of a value. ``met`` is that of a segment: the customer is in it."""

Scalar = str | float | int
Value = Scalar | None

KINDS: tuple[Kind, ...] = get_args(Kind)
OPERATORS: tuple[Operator, ...] = get_args(Operator)
WITHOUT_VALUE = frozenset({"known", "missing", "met"})
WITH_SEVERAL = frozenset({"one_of", "none_of", "between"})
OF_WORDS = frozenset({"contains", "starts_with"})
IN_ORDER = frozenset({"at_least", "at_most", "above", "below", "between"})
OPPOSITES: Mapping[Operator, Operator] = {
    "is": "is_not",
    "one_of": "none_of",
    "at_least": "below",
    "at_most": "above",
    "known": "missing",
}
"""Pairs of which exactly one holds of a value that is known."""

DEEPEST = 8
"""Groups within groups; a deeper rule is read by nobody."""
MOST_CONDITIONS = 100
MOST_VALUES = 1_000
LONGEST = 500
"""Characters of a name or a value."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: the ``name`` of a trait, an event, a feature ..., with options.

    Only events and answers have options: a window (``days``, ``until_days``, ``from``, ``to``), a
    ``measure``, and which rows count (``product``, ``category``, ``code``, ``source``).
    """

    kind: Kind
    name: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def option(self, name: str) -> Any:
        """An option's value, ``None`` where it is not given."""
        return self.options.get(name)


@dataclass(frozen=True, slots=True)
class Test:
    """What must hold of a value; ``values`` has none, one, two (``between``) or many (``one_of``)."""

    __test__ = False  # no test of pytest's

    operator: Operator
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One leaf."""

    of: Looked
    test: Test


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold; of none, they do."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; of none, it does not."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not known to hold."""

    part: Expression


Expression = Condition | All | Either | Not

T = TypeVar("T")


def evaluate(expression: Expression, answer: Callable[[Condition], T], everyone: T) -> T:
    """What holds: ``answer`` says it of each condition, ``everyone`` is what always holds.

    ``T`` is any Boolean algebra spelled ``&``, ``|``, ``^``: ``bool`` (``everyone`` is ``True``), sets of
    customers (``everyone`` is all of them), boolean arrays (``everyone`` is all true).
    """
    nobody: Any = everyone ^ everyone  # type: ignore[operator]
    match expression:
        case Condition():
            return answer(expression)
        case Not(part):
            return evaluate(part, answer, everyone) ^ everyone  # type: ignore[operator, no-any-return]
        case All(parts):
            found: Any = everyone
            for part in parts:
                found = found & evaluate(part, answer, everyone)
            return found  # type: ignore[no-any-return]
        case Either(parts):
            found = nobody
            for part in parts:
                found = found | evaluate(part, answer, everyone)
            return found  # type: ignore[no-any-return]


def conditions(expression: Expression) -> Iterator[Condition]:
    """Every leaf, in order, perhaps repeated."""
    match expression:
        case Condition():
            yield expression
        case Not(part):
            yield from conditions(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from conditions(part)


def depth(expression: Expression) -> int:
    """How many groups lie within each other; a single condition has none."""
    match expression:
        case Condition():
            return 0
        case Not(part):
            return 1 + depth(part)
        case All(parts) | Either(parts):
            return 1 + max((depth(part) for part in parts), default=0)


def segments_in(expression: Expression) -> tuple[str, ...]:
    """The keys of the segments that a rule asks for, each once."""
    found = (leaf.of.name for leaf in conditions(expression) if leaf.of.kind == "segment")
    return tuple(dict.fromkeys(found))


def circle(rules: Mapping[str, Expression], start: str) -> tuple[str, ...]:
    """How the segment ``start`` refers to itself: its key, those between, its key; () where it does not."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop(0)
        for following in segments_in(rules[key]) if key in rules else ():
            if following == start:
                return (*_way(came_from, start, key), start)
            if following not in came_from:
                came_from[following] = key
                waiting.append(following)
    return ()


def _way(came_from: Mapping[str, str], start: str, key: str) -> tuple[str, ...]:
    way = [key]
    while way[0] != start:
        way.insert(0, came_from[way[0]])
    return tuple(way)


def longest_chain(rules: Mapping[str, Expression], start: str) -> int:
    """Through how many segments the rule of ``start`` leads at most; there must be no circle."""
    found: dict[str, int] = {}

    def chain(key: str) -> int:
        if key not in found:
            found[key] = 0
            following = segments_in(rules[key]) if key in rules else ()
            found[key] = max((1 + chain(each) for each in following), default=0)
        return found[key]

    return chain(start)


def holds(test: Test, value: Value) -> bool:
    """Whether a test holds of one value (``None``: not known).

    Texts are compared without regard to capitals. A number compares to a text that is written like
    one, a day (``2026-03-01``) to a text that begins with one; to any other text nothing is in order.
    """
    if test.operator in WITHOUT_VALUE:
        return (value is None) == (test.operator == "missing")
    return value is not None and _HOLDS[test.operator](value, test.values)


def same(value: Scalar, other: Scalar) -> bool:
    """Whether two values are the same: as numbers where both are, else as texts without capitals."""
    one, two = as_number(value), as_number(other)
    if one is not None and two is not None:
        return one == two
    return folded(value) == folded(other)


def as_number(value: Scalar) -> float | None:
    """The number that a value is or is written as; ``None`` for none."""
    if isinstance(value, str):
        try:
            value = float(value.strip()) if "_" not in value else float("nan")
        except ValueError:
            return None
    return float(value) if isfinite(value) else None


def as_day(value: Scalar) -> date | None:
    """The day with which a text begins (``2026-03-01``); ``None`` for none."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) and len(value) >= 10 else None
    except ValueError:
        return None


def folded(value: Scalar) -> str:
    """A value as a text that is compared without regard to capitals and blanks at its ends."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()


def _in_order(value: Scalar, bounds: tuple[Scalar, ...], fits: Callable[..., bool]) -> bool:
    reads: tuple[Callable[[Scalar], Any], ...] = (as_number, as_day)
    for read in reads:
        own = [read(bound) for bound in bounds]
        if all(bound is not None for bound in own):
            read_value = read(value)
            return read_value is not None and fits(read_value, *own)
    return False


_HOLDS: dict[str, Callable[[Scalar, tuple[Scalar, ...]], bool]] = {
    "is": lambda value, values: same(value, values[0]),
    "is_not": lambda value, values: not same(value, values[0]),
    "one_of": lambda value, values: any(same(value, each) for each in values),
    "none_of": lambda value, values: not any(same(value, each) for each in values),
    "at_least": lambda value, values: _in_order(value, values, lambda v, low: v >= low),
    "at_most": lambda value, values: _in_order(value, values, lambda v, high: v <= high),
    "above": lambda value, values: _in_order(value, values, lambda v, low: v > low),
    "below": lambda value, values: _in_order(value, values, lambda v, high: v < high),
    "between": lambda value, values: _in_order(value, values, lambda v, low, high: low <= v <= high),
    "contains": lambda value, values: folded(values[0]) in folded(value),
    "starts_with": lambda value, values: folded(value).startswith(folded(values[0])),
}
