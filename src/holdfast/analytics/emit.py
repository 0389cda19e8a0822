"""A question of :mod:`holdfast.analytics.spec`, spelled in the SQL of an engine.

What comes out is what one would write by hand: one SELECT, CASE where something is conditional,
COUNT, SUM, MIN and MAX, integer division, LEFT JOIN for look-ups. sqlglot only spells: names are
quoted and operators written as the dialect wants them. Nothing is left to its translation of
functions between dialects, which is silently wrong for dates and casts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import singledispatchmethod
from itertools import pairwise

from sqlglot import exp

from holdfast.analytics import spec

_FINGERPRINTS = {"duckdb": "HASH", "spark": "XXHASH64"}
DIALECTS = tuple(_FINGERPRINTS)
"""The engines whose SQL can be written."""

_COMPARISONS: dict[str, Callable[..., exp.Expression]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}

_ABOVE_ANY = 1 << 55
"""Added before an integer division, so that what is divided is never below zero: engines cut
towards zero there and we round down. Room enough for microseconds of 1,100 years either way."""


def emit(query: spec.Query, dialect: str) -> str:
    """The SQL of ``query`` in the dialect "duckdb" or "spark".

    Raises ``LookupError`` for another dialect.
    """
    if dialect not in _FINGERPRINTS:
        raise LookupError(f"no SQL is written for {dialect!r}; there are: {', '.join(DIALECTS)}")
    return _Emitter(dialect).select(query).sql(dialect=dialect, copy=False)


class _Emitter:
    """Turns one query into the syntax tree of its SQL."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.joins: dict[tuple[str, str, spec.Expression], str] = {}

    def select(self, query: spec.Query) -> exp.Select:
        keys = {name: self.value(each) for name, each in query.keys.items()}
        totals = {name: self.total(each) for name, each in query.aggregates.items()}
        where = self.value(query.where) if query.where is not None else None
        chosen = [
            exp.alias_(value, name, quoted=True, copy=False) for name, value in {**keys, **totals}.items()
        ]
        select = exp.Select(expressions=chosen).from_(self.table(query.table), copy=False)
        beside = self.beside(query.spine) if query.spine is not None else None
        for joined, alias in self.joins.items():
            select = select.join(self.join(*joined, alias), copy=False)
        if beside is not None:
            select = select.join(beside, copy=False)
        if where is not None:
            select = select.where(where, copy=False)
        if keys and totals:
            # By position: an engine reads each key once, and a key never hides behind an alias.
            select = select.group_by(*(exp.Literal.number(at + 1) for at in range(len(keys))), copy=False)
        return select

    def table(self, table: str | spec.Query) -> exp.Expression:
        if isinstance(table, str):
            return exp.Table(this=exp.to_identifier(table, quoted=True), alias=self.alias("t"))
        return exp.Subquery(this=_Emitter(self.dialect).select(table), alias=self.alias("t"))

    def alias(self, name: str) -> exp.TableAlias:
        return exp.TableAlias(this=exp.to_identifier(name, quoted=True))

    def join(self, table: str, key: str, of: spec.Expression, alias: str) -> exp.Join:
        named = exp.Table(this=exp.to_identifier(table, quoted=True), alias=self.alias(alias))
        on = exp.EQ(this=self.column(key, alias), expression=self.operand(of))
        return exp.Join(this=named, side="LEFT", on=on)

    def beside(self, spine: spec.Spine) -> exp.Join:
        named = exp.Table(this=exp.to_identifier(spine.table, quoted=True), alias=self.alias("s"))
        on = exp.EQ(this=self.column(spine.key, "s"), expression=self.operand(spine.of))
        return exp.Join(this=named, side="INNER", on=on)

    def column(self, name: str, table: str = "t") -> exp.Column:
        return exp.column(name, table=table, quoted=True)

    def total(self, aggregate: spec.Aggregate) -> exp.Expression:
        where = aggregate.where
        one = exp.Literal.number(1)
        if isinstance(aggregate, spec.Count):
            return exp.Count(this=exp.Star() if where is None else self.only(where, one))
        value = self.value(aggregate.of)
        value = value if where is None else self.only(where, value)
        if isinstance(aggregate, spec.CountDistinct):
            return exp.Count(this=exp.Distinct(expressions=[value]))
        if isinstance(aggregate, spec.Sum):
            return exp.Coalesce(this=exp.Sum(this=value), expressions=[exp.Literal.number(0)])
        return exp.Min(this=value) if isinstance(aggregate, spec.Least) else exp.Max(this=value)

    def only(self, where: spec.Expression, value: exp.Expression) -> exp.Case:
        """CASE without ELSE: DuckDB takes twice as long for FILTER (WHERE ...)."""
        return exp.Case(ifs=[exp.If(this=self.value(where), true=value)])

    def operand(self, expression: spec.Expression) -> exp.Expression:
        """The value, in brackets where an operator beside it could tear it apart."""
        value = self.value(expression)
        loose = isinstance(value, exp.Binary | exp.Not | exp.Neg | exp.Is | exp.In)
        return exp.Paren(this=value) if loose else value

    def number(self, value: int) -> exp.Expression:
        literal = exp.Literal.number(abs(value))
        # A literal beyond 32 bits is wide by itself; below, engines agree to widen where needed.
        return exp.Neg(this=literal) if value < 0 else literal

    @singledispatchmethod
    def value(self, expression: object) -> exp.Expression:
        raise TypeError(f"{type(expression).__name__} is no expression of the language")

    @value.register
    def _(self, expression: spec.Column) -> exp.Expression:
        return self.column(expression.name)

    @value.register
    def _(self, expression: spec.SpineColumn) -> exp.Expression:
        return self.column(expression.name, "s")

    @value.register
    def _(self, expression: spec.Literal) -> exp.Expression:
        value = expression.value
        if value is None:
            return exp.Cast(this=exp.Null(), to=exp.DataType.build("bigint"))
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        return exp.Literal.string(value) if isinstance(value, str) else self.number(value)

    @value.register
    def _(self, expression: spec.Arithmetic) -> exp.Expression:
        kinds: dict[str, Callable[..., exp.Expression]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
        return kinds[expression.operator](
            this=self.operand(expression.left), expression=self.operand(expression.right)
        )

    @value.register
    def _(self, expression: spec.WholeDivision) -> exp.Expression:
        by = expression.by
        if by < 1:
            raise ValueError(f"whole division is by a positive number, not by {by}")
        above = _ABOVE_ANY // by * by
        raised = exp.Paren(
            this=exp.Add(this=self.operand(expression.of), expression=self.number(above)),
        )
        whole = exp.IntDiv(this=raised, expression=self.number(by))
        return exp.Sub(this=exp.Paren(this=whole), expression=self.number(above // by))

    @value.register
    def _(self, expression: spec.Compare) -> exp.Expression:
        return _COMPARISONS[expression.operator](
            this=self.operand(expression.left), expression=self.operand(expression.right)
        )

    @value.register
    def _(self, expression: spec.OneOf) -> exp.Expression:
        if not expression.values:
            return exp.Boolean(this=False)
        values = [self.value(spec.Literal(each)) for each in expression.values]
        return exp.In(this=self.operand(expression.of), expressions=values)

    @value.register
    def _(self, expression: spec.StartsWith) -> exp.Expression:
        length = self.number(len(expression.words))
        start = exp.Anonymous(this="SUBSTR", expressions=[self.value(expression.of), self.number(1), length])
        return exp.EQ(this=start, expression=exp.Literal.string(expression.words))

    @value.register
    def _(self, expression: spec.Missing) -> exp.Expression:
        return exp.Is(this=self.operand(expression.of), expression=exp.Null())

    @value.register
    def _(self, expression: spec.Every) -> exp.Expression:
        return self._chain(exp.And, expression.conditions, empty=True)

    @value.register
    def _(self, expression: spec.Some) -> exp.Expression:
        return self._chain(exp.Or, expression.conditions, empty=False)

    @value.register
    def _(self, expression: spec.Not) -> exp.Expression:
        return exp.Not(this=self.operand(expression.condition))

    @value.register
    def _(self, expression: spec.Window) -> exp.Expression:
        return self.value(spec.Every(tuple(_bounds(expression))))

    @value.register
    def _(self, expression: spec.Choice) -> exp.Expression:
        ifs = [
            exp.If(this=self.value(condition), true=self.value(value))
            for condition, value in expression.branches
        ]
        return exp.Case(ifs=ifs, default=self.value(expression.otherwise))

    @value.register
    def _(self, expression: spec.Bands) -> exp.Expression:
        if _is_even(expression):
            return self._even(expression)
        return self._halves(expression, 0, len(expression.values))

    @value.register
    def _(self, expression: spec.Or) -> exp.Expression:
        return exp.Coalesce(this=self.value(expression.of), expressions=[self.value(expression.otherwise)])

    @value.register
    def _(self, expression: spec.Lookup) -> exp.Expression:
        joined = (expression.table, expression.key, expression.of)
        alias = self.joins.setdefault(joined, f"l{len(self.joins)}")
        return exp.Coalesce(
            this=self.column(expression.value, alias), expressions=[self.value(expression.otherwise)]
        )

    @value.register
    def _(self, expression: spec.Fingerprint) -> exp.Expression:
        return exp.Anonymous(this=_FINGERPRINTS[self.dialect], expressions=[self.value(expression.of)])

    def _chain(
        self, joined: Callable[..., exp.Expression], conditions: tuple[spec.Expression, ...], *, empty: bool
    ) -> exp.Expression:
        if not conditions:
            return exp.Boolean(this=empty)
        chain = self.operand(conditions[0])
        for condition in conditions[1:]:
            chain = joined(this=chain, expression=self.operand(condition))
        return chain

    def _even(self, bands: spec.Bands) -> exp.Expression:
        """Bands of one width need no tree: the ends, and a division between them."""
        first, last = bands.bounds[0], bands.bounds[-1]
        of = self.operand(bands.of)
        # Between the ends nothing is below zero, so engines cut as we round.
        inside = exp.Paren(this=exp.Sub(this=of, expression=self.number(first)))
        whole = exp.IntDiv(this=inside, expression=self.number(bands.bounds[1] - first))
        value = exp.Add(this=exp.Paren(this=whole), expression=self.number(bands.values[1]))
        return exp.Case(
            ifs=[
                exp.If(
                    this=exp.LT(this=of, expression=self.number(first)), true=self.number(bands.values[0])
                ),
                exp.If(this=exp.LT(this=of, expression=self.number(last)), true=value),
            ],
            default=self.number(bands.values[-1]),
        )

    def _halves(self, bands: spec.Bands, first: int, last: int) -> exp.Expression:
        """A tree of CASE: 7 comparisons for 120 months, where a chain would make 60."""
        if last - first == 1:
            return self.number(bands.values[first])
        middle = (first + last) // 2
        below = exp.LT(this=self.operand(bands.of), expression=self.number(bands.bounds[middle - 1]))
        lower, upper = self._halves(bands, first, middle), self._halves(bands, middle, last)
        return exp.Case(ifs=[exp.If(this=below, true=lower)], default=upper)


def _is_even(bands: spec.Bands) -> bool:
    """Whether four bands or more are of one width and numbered one after the other."""
    bounds, values = bands.bounds, bands.values
    if len(bounds) < 4:
        return False
    width = bounds[1] - bounds[0]
    one_width = all(after - before == width for before, after in pairwise(bounds))
    return one_width and all(after - before == 1 for before, after in pairwise(values))


def _bounds(window: spec.Window) -> Iterator[spec.Expression]:
    if window.start is not None:
        yield spec.Compare(window.moment, ">=", window.start)
    if window.end is not None:
        yield spec.Compare(window.moment, "<", window.end)
    if window.known is not None and window.as_of is not None:
        yield spec.Compare(window.known, "<=", window.as_of)
