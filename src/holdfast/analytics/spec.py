"""A question asked of a table, as small frozen values that no engine knows.

A :class:`Query` filters rows, keeps a window of time, groups by keys (a period and a cohort among
them) and aggregates; without aggregates it gives the rows themselves. :mod:`holdfast.analytics.emit`
spells it for an engine. The language is small on purpose: every construct means the same on every
engine, integers stay integers, a sum over nothing is 0, and there is no function of dates: moments
and the bounds of periods are literals computed beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args
from typing import Literal as OneWordOf

Value = str | int | bool
"""What a literal can be. Fractions have no place here: shares are divided in Python."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, or of the query that stands in its place."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A fixed value; ``None`` is the null of whole numbers."""

    value: Value | None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sum, difference or product of whole numbers."""

    operator: OneWordOf["+", "-", "*"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class WholeDivision:
    """``of`` divided by the positive number ``by``, rounded down also where ``of`` is below zero."""

    of: Expression
    by: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of the same type; null compares to nothing."""

    left: Expression
    operator: OneWordOf["=", "<>", "<", "<=", ">", ">="]
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether ``of`` is among ``values``; among none it never is."""

    of: Expression
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Whether the text ``of`` begins with ``words`` (as written: capitals count)."""

    of: Expression
    words: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether ``of`` is null."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Every:
    """Whether all conditions hold; of none, they do."""

    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Whether at least one condition holds; of none, it does not."""

    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Window:
    """Whether ``moment`` lies in [``start``, ``end``); a bound of ``None`` is open.

    ``known`` is the column that says from when a row could be used: it must not be later than
    ``as_of``. Bounds are expressions: literals, or columns of a :class:`Spine`.
    """

    moment: Expression
    start: Expression | None = None
    end: Expression | None = None
    known: Expression | None = None
    as_of: Expression | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of the first condition that holds, else ``otherwise``."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Bands:
    """A step function: ``values[i]`` where ``bounds[i-1] <= of < bounds[i]``.

    There is one value more than there are bounds, and bounds rise. This is how a moment becomes a
    day of a time zone (bands of its offset) and a day becomes a period (bands of its number).
    """

    of: Expression
    bounds: tuple[int, ...]
    values: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.bounds) + 1:
            raise ValueError(f"{len(self.bounds)} bounds make {len(self.bounds) + 1} bands")
        if any(one >= other for one, other in zip(self.bounds, self.bounds[1:], strict=False)):
            raise ValueError("the bounds of bands rise")


@dataclass(frozen=True, slots=True)
class Or:
    """``of``, or ``otherwise`` where it is null."""

    of: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Lookup:
    """The ``value`` of the row of ``table`` whose ``key`` is ``of``, else ``otherwise``.

    A key appears at most once in ``table``; that is the caller's promise.
    """

    table: str
    key: str
    value: str
    of: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """64 bits that stand for a text: equal for equal texts, and different for different ones but
    for one pair in 10^19. Each engine has its own: compare them, never keep them.
    """

    of: Expression


@dataclass(frozen=True, slots=True)
class SpineColumn:
    """A column of the :class:`Spine` that the query stands beside."""

    name: str


Expression = (
    Column
    | Literal
    | Arithmetic
    | WholeDivision
    | Compare
    | OneOf
    | StartsWith
    | Missing
    | Every
    | Some
    | Not
    | Window
    | Choice
    | Bands
    | Or
    | Lookup
    | Fingerprint
    | SpineColumn
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows, or how many of those for which ``where`` holds."""

    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class CountDistinct:
    """How many different values of ``of``, null not among them."""

    of: Expression
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of whole numbers; 0 over nothing."""

    of: Expression
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest value, null over nothing."""

    of: Expression
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Greatest:
    """The largest value, null over nothing."""

    of: Expression
    where: Expression | None = None


Aggregate = Count | CountDistinct | Sum | Least | Greatest


@dataclass(frozen=True, slots=True)
class Spine:
    """A table of customers and moments: each row of the query stands beside every row of ``table``
    whose ``key`` is ``of``, and is left out where there is none.
    """

    table: str
    key: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows of ``table``, grouped by which keys, aggregated how.

    ``table`` is the name of a table or another query. ``keys`` are the groups; without
    ``aggregates`` they are the columns of the rows. Without keys there is one group of all rows.
    With a ``spine`` the rows are pairs, see there.
    The order of the answer is not defined.
    """

    table: str | Query
    keys: Mapping[str, Expression] = field(default_factory=dict)
    aggregates: Mapping[str, Aggregate] = field(default_factory=dict)
    where: Expression | None = None
    spine: Spine | None = None

    def __post_init__(self) -> None:
        if not self.keys and not self.aggregates:
            raise ValueError("a query answers with keys, aggregates or both")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the answer, in order."""
        return (*self.keys, *self.aggregates)


def columns(*names: str) -> dict[str, Expression]:
    """Keys that are plain columns."""
    return {name: Column(name) for name in names}


def replaced(expression: Expression, columns: Mapping[str, Expression]) -> Expression:
    """The expression with each column that ``columns`` names put in the place of its name."""
    if isinstance(expression, Column):
        return columns.get(expression.name, expression)
    changed = {
        each.name: _replaced(getattr(expression, each.name), columns)
        for each in fields(expression)
        if isinstance(getattr(expression, each.name), _PARTS)
    }
    return replace(expression, **changed) if changed else expression


_PARTS = (*get_args(Expression), tuple)


def _replaced(part: Any, columns: Mapping[str, Expression]) -> Any:
    if isinstance(part, tuple):
        return tuple(_replaced(each, columns) for each in part)
    return replaced(part, columns) if isinstance(part, get_args(Expression)) else part


def equals(name: str, value: Value) -> Compare:
    """The condition that a column has a value."""
    return Compare(Column(name), "=", Literal(value))
