"""Arithmetic over columns, as ``[derive]`` of a map writes it: ``quantity * "Unit Price" / 100``.

Parsed into a small tree of our own; nothing that is not in it can be said. The engine turns the
tree into SQL.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

LONGEST = 500
"""Characters of a formula; a longer one is no arithmetic."""

FUNCTIONS = {"abs": (1, 1), "round": (1, 2), "coalesce": (2, 9), "least": (2, 9), "greatest": (2, 9)}
"""Functions by name, with the fewest and the most arguments they take."""

_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """The value of a source column in the row."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``left`` and ``right`` joined by one of + - * /."""

    operator: str
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Negative:
    """The opposite of ``of``."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Call:
    """One of :data:`FUNCTIONS` with its arguments."""

    function: str
    arguments: tuple[Formula, ...]


Formula = Number | ColumnOf | Operation | Negative | Call


def parse_formula(written: str) -> Formula:
    """The tree of ``written``.

    Columns are named bare (``quantity``) or in quotes (``"Unit Price"``, ``"3"`` by position);
    numbers, parentheses, + - * / and :data:`FUNCTIONS` are all there is. Raises ``Refusal``
    (``bad_formula``) for anything else.
    """
    if len(written) > LONGEST:
        raise _refusal(written[:40] + "...", Text("it is longer than {n} characters", n=LONGEST))
    try:
        tree = ast.parse(written.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise _refusal(written, Text("it cannot be read as arithmetic")) from error
    return _formula(tree.body, written)


def columns_of(formula: Formula) -> Iterator[str]:
    """The source columns that ``formula`` reads, in order, perhaps repeated."""
    match formula:
        case ColumnOf(name):
            yield name
        case Operation(_, left, right):
            yield from columns_of(left)
            yield from columns_of(right)
        case Negative(of):
            yield from columns_of(of)
        case Call(_, arguments):
            for argument in arguments:
                yield from columns_of(argument)
        case Number():
            pass


def _formula(node: ast.expr, written: str) -> Formula:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            return ColumnOf(name)
        case ast.Constant(value=bool()):
            raise _refusal(written, Text("it holds something other than numbers and columns"))
        case ast.Constant(value=int() | float()):
            return Number(Decimal(ast.unparse(node)))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return Operation(_OPERATORS[type(operator)], _formula(left, written), _formula(right, written))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(_formula(operand, written))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _formula(operand, written)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name.lower(), arguments, written)
    raise _refusal(written, Text("it holds something other than numbers, columns, + - * / and parentheses"))


def _call(function: str, arguments: list[ast.expr], written: str) -> Call:
    fewest, most = FUNCTIONS.get(function, (0, -1))
    if not fewest <= len(arguments) <= most:
        raise _refusal(
            written,
            Text(
                "{function} with {n} argument is no function here",
                "{function} with {n} arguments is no function here",
                function=function,
                n=len(arguments),
            ),
        )
    return Call(function, tuple(_formula(argument, written) for argument in arguments))


def _refusal(written: str, why: Text) -> Refusal:
    return Refusal(
        "bad_formula",
        found=Text("The formula {formula} cannot be used: {why}.", formula=repr(written), why=why),
        expected=Text(
            "Arithmetic over columns: + - * /, parentheses, numbers, {functions}; odd names in quotes.",
            functions=", ".join(FUNCTIONS),
        ),
        remedy=Text("Mend [derive] in the map; nothing was imported."),
    )
