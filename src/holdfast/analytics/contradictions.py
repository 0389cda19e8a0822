"""Whether a rule over numbers can hold at all, and whether its end contradicts its beginning.

Told from the rule alone, by intervals: of each number the values that a conjunction leaves. A rule of which
nothing can be told so may still hold never or always; the replay says that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import inf, isnan, nextafter

from holdfast.domain.expression import All, Condition, Either, Expression, Not, as_number, holds

MOST_WAYS = 4_096
"""A rule with more ways to be met is not gone through."""


def can_hold(rule: Expression) -> bool:
    """``False`` where no values of the numbers meet the rule."""
    return any(count >= MOST_WAYS or _fits(way) for count, way in enumerate(_ways(rule)))


def _ways(rule: Expression) -> Iterator[tuple[Condition | Not, ...]]:
    """The conjunctions of leaves by which the rule is met."""
    match rule:
        case Condition():
            yield (rule,)
        case Not(part):
            yield from _opposite(part)
        case Either(parts):
            for part in parts:
                yield from _ways(part)
        case All(parts):
            yield from _joined(parts, negated=False)


def _opposite(rule: Expression) -> Iterator[tuple[Condition | Not, ...]]:
    match rule:
        case Condition():
            yield (Not(rule),)
        case Not(part):
            yield from _ways(part)
        case All(parts):
            for part in parts:
                yield from _opposite(part)
        case Either(parts):
            yield from _joined(parts, negated=True)


def _joined(parts: Sequence[Expression], *, negated: bool) -> Iterator[tuple[Condition | Not, ...]]:
    ways = [list(islice(_opposite(part) if negated else _ways(part), MOST_WAYS)) for part in parts]
    for chosen in product(*ways):
        yield tuple(leaf for way in chosen for leaf in way)


def _fits(way: Sequence[Condition | Not]) -> bool:
    """Whether some value of each number meets every leaf of the way."""
    names = {_leaf(each).of.name for each in way}
    return all(_some_value([each for each in way if _leaf(each).of.name == name]) for name in names)


def _leaf(each: Condition | Not) -> Condition:
    part = each.part if isinstance(each, Not) else each
    assert isinstance(part, Condition)  # noqa: S101  (leaves are all that ways are made of)
    return part


def _some_value(leaves: Sequence[Condition | Not]) -> bool:
    """Whether one value, or not knowing it, meets all leaves of one number: one of these would."""
    bounds = [value for each in leaves for value in _values(_leaf(each))]
    tried: list[float | None] = [None, 0.0, -inf, inf]
    for value in bounds:
        tried += [value, nextafter(value, inf), nextafter(value, -inf)]
    return any(all(_meets(each, value) for each in leaves) for value in tried)


def _values(leaf: Condition) -> list[float]:
    found = [as_number(each) for each in leaf.test.values]
    return [value for value in found if value is not None and not isnan(value)]


def _meets(each: Condition | Not, value: float | None) -> bool:
    if isinstance(each, Not):
        return not holds(_leaf(each).test, value)
    return holds(each.test, value)
