"""A rule as fields of a form and back: each group and each condition has a prefix of its own.

``n`` is the rule, ``n.0`` its first part, ``n.0.1`` the second part of that. A group posts ``n.join``,
a condition ``n.0.of`` and what belongs to it. Buttons post ``do`` as ``add:n``, ``group:n``,
``drop:n.0``, ``look`` or ``save``: so the page works without a script.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from holdfast.domain import expression as x
from holdfast.domain.expression import All, Condition, Either, Expression, Looked, Not
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import bad_rule, parse

JOINS = ("all", "any", "none")
MOST_PARTS = 60
SHARES = (("score", "risk"),)
"""Values that are written in per cent."""

FIELDS = (
    "test",
    "value",
    "high",
    "measure",
    "days",
    "until_days",
    "from",
    "to",
    "product",
    "category",
    "code",
)
_DAYS = ("days", "until_days")
_LISTS = ("product", "category", "code")
_SEPARATORS = str.maketrans({"،": ",", "，": ",", "、": ",", ";": ",", "؛": ","})


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it was typed. ``kind`` and ``name`` say what is looked at; "" for nothing yet."""

    kind: str = ""
    name: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def of(self) -> str:
        """What the list of things to look at calls it."""
        return f"{self.kind}:{self.name}" if self.kind else ""

    def get(self, field_name: str) -> str:
        """What stands in a field."""
        return self.typed.get(field_name, "")


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all, any or none must hold."""

    join: str = "all"
    parts: tuple[Row | Group, ...] = ()


NEW = Group("all", (Row(),))


def read(posted: Mapping[str, str], prefix: str = "n", deep: int = 0) -> Group:
    """The rule as it was typed. What makes no sense is left out; depth and size are cut at the limits."""
    join = posted.get(f"{prefix}.join", "all")
    places = sorted({int(found) for key in posted if (found := _place(key, prefix)) is not None})
    parts: list[Row | Group] = []
    for place in places[:MOST_PARTS]:
        inner = f"{prefix}.{place}"
        if f"{inner}.join" in posted:
            if deep < x.DEEPEST:
                parts.append(read(posted, inner, deep + 1))
        else:
            parts.append(_row(posted, inner))
    return Group(join if join in JOINS else "all", tuple(parts))


def _place(key: str, prefix: str) -> str | None:
    """The number of the part of ``prefix`` to which a field belongs."""
    if not key.startswith(f"{prefix}."):
        return None
    place, _, rest = key[len(prefix) + 1 :].partition(".")
    return place if rest and place.isascii() and place.isdecimal() and len(place) < 4 else None


def _row(posted: Mapping[str, str], prefix: str) -> Row:
    kind, _, name = posted.get(f"{prefix}.of", "").partition(":")
    typed = {each: posted.get(f"{prefix}.{each}", "").strip() for each in FIELDS}
    if kind not in x.KINDS or not name:
        return Row()
    return Row(kind, name, {each: value for each, value in typed.items() if value})


def changed(rule: Group, do: str) -> Group:
    """The rule after a button was pressed."""
    action, _, prefix = do.partition(":")
    if action not in ("add", "group", "drop") or not prefix.startswith("n"):
        return rule
    way = [int(place) for place in prefix.split(".")[1:] if place.isascii() and place.isdecimal()]
    if action == "drop":
        return _dropped(rule, way) if way else rule
    return _with_part(rule, way, Row() if action == "add" else Group("any", (Row(),)))


def _dropped(group: Group, way: list[int]) -> Group:
    place, rest = way[0], way[1:]
    if place >= len(group.parts):
        return group
    part = group.parts[place]
    inner: tuple[Row | Group, ...] = ()
    if rest:
        inner = (_dropped(part, rest),) if isinstance(part, Group) else (part,)
    return replace(group, parts=(*group.parts[:place], *inner, *group.parts[place + 1 :]))


def _with_part(group: Group, way: list[int], new: Row | Group) -> Group:
    if not way:
        return replace(group, parts=(*group.parts, new)) if len(group.parts) < MOST_PARTS else group
    part = group.parts[way[0]] if way[0] < len(group.parts) else None
    if not isinstance(part, Group):
        return group
    inner = _with_part(part, way[1:], new)
    return replace(group, parts=(*group.parts[: way[0]], inner, *group.parts[way[0] + 1 :]))


def rule_of(group: Group) -> Expression:
    """The rule that was typed. Raises ``Refusal`` (``unfinished_rule``, ``bad_rule``)."""
    return parse(_json(group))


def _json(part: Row | Group) -> dict[str, Any]:
    if isinstance(part, Row):
        return _condition(part)
    if not part.parts:
        raise _unfinished(Text("A group has no condition."))
    parts = [_json(each) for each in part.parts]
    if part.join == "none":
        return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
    return {part.join: parts}


def _condition(row: Row) -> dict[str, Any]:
    if not row.kind:
        raise _unfinished(Text("A condition does not say yet what is looked at."))
    found: dict[str, Any] = {row.kind: row.name}
    if row.kind in ("event", "answer"):
        found |= _options(row)
    if row.kind == "segment":
        return found
    test = row.get("test") or default_test(row)
    if test in x.WITHOUT_VALUE:
        return found | {test: True}
    return found | {test: _typed_value(row, test)}


def default_test(row: Row) -> str:
    """The test that a condition begins with."""
    return "at_least" if row.kind in ("event", "answer", "score") else "is"


def _options(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.kind == "event" and row.get("measure"):
        found["measure"] = row.get("measure")
    for name in _DAYS:
        if row.get(name) and (row.kind == "event" or name == "days"):
            found[name] = _whole(row.get(name))
    for name in _LISTS if row.kind == "event" else ():
        if row.get(name):
            found[name] = several(row.get(name))
    for name in ("from", "to") if row.kind == "event" else ():
        if row.get(name):
            found[name] = row.get(name)
    return found


def _typed_value(row: Row, test: str) -> Any:
    written = row.get("value")
    if not written and row.kind == "event" and test == "at_least":
        written = "1"
    if not written or (test == "between" and not row.get("high")):
        raise _unfinished(Text("A condition needs a value."))
    if test == "between":
        return [_scalar(row, written), _scalar(row, row.get("high"))]
    if test in x.WITH_SEVERAL:
        return [_scalar(row, each) for each in several(written)]
    return _scalar(row, written)


def _scalar(row: Row, written: str) -> float | int | str:
    """A number where it is one, in any script; a share from per cent; else the words."""
    if row.kind == "trait" and row.get("test") in ("is", "is_not", "one_of", "none_of", *x.OF_WORDS):
        return written
    number = as_number(written)
    if number is None:
        return written
    if (row.kind, row.name) in SHARES:
        number /= 100
    return int(number) if number == number.to_integral_value() else float(number)


def as_number(written: str) -> Decimal | None:
    """A number as readers of any language type it; ``None`` for words."""
    plain = written.strip().rstrip("%٪").strip().replace("٬", "").replace("٫", ".")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None


def _whole(written: str) -> int:
    number = as_number(written)
    if number is None or number != number.to_integral_value():
        raise bad_rule(Text("{written} is no number of days", written=written[:40]), "")
    return int(number)


def posted_fields(posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Fields that were posted; of a value that was ticked several times, all."""
    return {
        name: _listed(list(values)) if name.endswith(".value") and len(values) > 1 else values[-1]
        for name, values in posted.items()
        if values
    }


def several(written: str) -> list[str]:
    """What stands between commas of any script; what holds a comma itself stands in quotes."""
    plain = written if '"' in written else written.translate(_SEPARATORS)
    read = next(csv.reader([plain.replace("\n", " ").replace("\r", " ")], skipinitialspace=True), [])
    return [each for part in read if (each := part.strip())]


def _listed(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue().replace(",", ", ") if not any("," in each for each in values) else line.getvalue()


def _unfinished(found: Text) -> Refusal:
    return Refusal(
        "unfinished_rule",
        found=found,
        expected=Text("What is looked at, a test, and a value in every condition."),
        remedy=Text("Fill it in, or take the condition out."),
    )


def shown(rule: Expression) -> Group:
    """A rule as fields: the opposite of :func:`rule_of`."""
    part = _part(rule)
    return part if isinstance(part, Group) else Group("all", (part,))


def _part(rule: Expression) -> Row | Group:
    match rule:
        case Condition():
            return _shown_row(rule)
        case All(parts):
            return Group("all", tuple(map(_part, parts)))
        case Either(parts):
            return Group("any", tuple(map(_part, parts)))
        case Not(Either(parts)):
            return Group("none", tuple(map(_part, parts)))
        case Not(part):
            return Group("none", (_part(part),))


def _shown_row(condition: Condition) -> Row:
    of, test = condition.of, condition.test
    typed: dict[str, str] = {"test": test.operator} if test.operator != "met" else {}
    values = [_shown_value(of, value) for value in test.values]
    if test.operator == "between":
        typed |= {"value": values[0], "high": values[1]}
    elif values:
        typed["value"] = _listed(values) if test.operator in x.WITH_SEVERAL else values[0]
    for name, option in of.options.items():
        typed[name] = _listed(option) if isinstance(option, list) else str(option)
    return Row(of.kind, of.name, typed)


def _shown_value(of: Looked, value: x.Scalar) -> str:
    if isinstance(value, float | int):
        scaled = Decimal(str(value)) * (100 if (of.kind, of.name) in SHARES else 1)
        return format(scaled.normalize(), "f")
    return value
