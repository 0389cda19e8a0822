"""What the language of questions means, written once more in plain Python to test the engines against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.analytics import spec

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

_COMPARE = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ARITHMETIC = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}


def answer(query: spec.Query, tables: Tables) -> list[tuple[Any, ...]]:
    """The rows of the answer, in any order."""
    if isinstance(query.table, str):
        rows = tables[query.table]
    else:
        rows = [dict(zip(query.table.names, row, strict=True)) for row in answer(query.table, tables)]
    kept = [row for row in rows if query.where is None or value(query.where, row, tables) is True]
    keyed = [tuple(value(key, row, tables) for key in query.keys.values()) for row in kept]
    if not query.aggregates:
        return keyed
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for key, row in zip(keyed, kept, strict=True):
        groups[key].append(row)
    if not query.keys:
        groups[()] = list(kept)
    return [
        (*key, *(total(each, members, tables) for each in query.aggregates.values()))
        for key, members in groups.items()
    ]


def total(aggregate: spec.Aggregate, rows: Sequence[Row], tables: Tables) -> Any:
    where = aggregate.where
    kept = [row for row in rows if where is None or value(where, row, tables) is True]
    if isinstance(aggregate, spec.Count):
        return len(kept)
    found = [each for each in (value(aggregate.of, row, tables) for row in kept) if each is not None]
    if isinstance(aggregate, spec.Sum):
        return sum(found)
    if isinstance(aggregate, spec.CountDistinct):
        return len(set(found))
    if not found:
        return None
    return min(found) if isinstance(aggregate, spec.Least) else max(found)


def value(of: spec.Expression, row: Row, tables: Tables) -> Any:  # noqa: C901
    def sub(each: spec.Expression) -> Any:
        return value(each, row, tables)

    match of:
        case spec.Column(name):
            return row[name]
        case spec.Literal(fixed):
            return fixed
        case spec.Arithmetic(operator, left, right):
            return _null_or(_ARITHMETIC[operator], sub(left), sub(right))
        case spec.WholeDivision(inner, by):
            return _null_or(lambda a: a // by, sub(inner))
        case spec.Compare(left, operator, right):
            return _null_or(_COMPARE[operator], sub(left), sub(right))
        case spec.OneOf(inner, values):
            return False if not values else _null_or(lambda a: a in values, sub(inner))
        case spec.StartsWith(inner, words):
            return _null_or(lambda a: a.startswith(words), sub(inner))
        case spec.Missing(inner):
            return sub(inner) is None
        case spec.Every(conditions):
            found = [sub(each) for each in conditions]
            return False if False in found else None if None in found else True
        case spec.Some(conditions):
            found = [sub(each) for each in conditions]
            return True if True in found else None if None in found else False
        case spec.Not(condition):
            return _null_or(lambda a: not a, sub(condition))
        case spec.Window(moment, start, end, known, as_of):
            tests = []
            if start is not None:
                tests.append(_null_or(_COMPARE[">="], sub(moment), sub(start)))
            if end is not None:
                tests.append(_null_or(_COMPARE["<"], sub(moment), sub(end)))
            if known is not None and as_of is not None:
                tests.append(_null_or(_COMPARE["<="], sub(known), sub(as_of)))
            return False if False in tests else None if None in tests else True
        case spec.Choice(branches, otherwise):
            return next((sub(then) for condition, then in branches if sub(condition) is True), sub(otherwise))
        case spec.Bands(inner, bounds, values):
            place = sub(inner)
            return values[-1] if place is None else values[sum(place >= bound for bound in bounds)]
        case spec.Or(inner, otherwise):
            return sub(otherwise) if sub(inner) is None else sub(inner)
        case spec.Lookup(table, key, wanted, inner, otherwise):
            place = sub(inner)
            hits = [each[wanted] for each in tables[table] if place is not None and each[key] == place]
            return hits[0] if hits and hits[0] is not None else sub(otherwise)
    raise TypeError(of)


def _null_or(function: Any, *values: Any) -> Any:
    return None if None in values else function(*values)
