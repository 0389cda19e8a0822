"""The questions behind features: declarations compiled to queries over the log.

Every row of the log is first laid out once (:func:`laid`): whose it is, how many local days before
the moment it lies, and the columns that conditions use. Over that stand four shapes of grouping:
by customer; by customer and value (different values); by customer and day (rhythm, series, active
days); by customer and object (tickets, subscriptions). Each shape is one query, whatever the
number of features. The moment is a literal, or a column of a table ``spine``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from holdfast.analytics import feature, spec, taken
from holdfast.analytics.feature import CompanyDays, Gaps, Need, Objects, Over, Series
from holdfast.analytics.known_days import Company
from holdfast.analytics.local_days import local_day
from holdfast.analytics.spec import (
    Aggregate,
    Arithmetic,
    Column,
    Compare,
    Count,
    Every,
    Expression,
    Greatest,
    Least,
    Literal,
    Missing,
    Not,
    OneOf,
    Query,
    SpineColumn,
    Sum,
    replaced,
)
from holdfast.domain.events import LAKE_COLUMNS

SPINE = "spine"
"""The table of customers and moments: ``unit_id``, ``row``, ``t_us``, ``t_day``."""

OURS = frozenset(
    {
        *("Order Updated", "Order Cancelled", "Order Delivered", "Order Refunded"),
        *("Account Deleted", "Account Removed User", "Trial Ended", "Subscription Ended"),
        *("Subscription Changed", "Invoice Issued", "Payment Completed", "Payment Failed"),
        *("Payment Refunded", "Ticket Answered", "Ticket Closed", "Message Sent"),
        *("Email Delivered", "Email Bounced", "Survey Sent", "Contact Changed", "Result Reviewed"),
        *("Cancellation Requested", "Subscription Paused", "Dispute Opened", "Dispute Closed"),
        *("Deal Opened", "Deal Changed", "Deal Won", "Deal Lost"),
        *("Erasure Requested", "Data Copy Requested"),
        *("Touch Sent", "Touch Failed", "Text Read", "Signal Raised", "Promise Made", "Promise Kept"),
        *("Change Announced", "Delivery Promised", "Result Agreed", "Subscription Renewed"),
    }
)
"""Events that tell what we did, or what merely happened: no activity of the customer."""

_AGE = Column("age")


@dataclass(frozen=True, slots=True)
class Basis:
    """What the questions about one company have in common.

    ``first_us`` and ``last_us`` are the first and last moment in the log. ``receipts`` and
    ``returns`` are the names of what counts as a purchase and takes one back. ``amount`` is the
    amount of a row in the reporting currency. ``linked``: there is a table of links. ``company`` is
    what its days count (``None``: they are all alike).
    """

    zone: ZoneInfo
    first_us: int
    last_us: int
    receipts: tuple[str, ...] = (taken.ORDERED,)
    returns: tuple[str, ...] = (taken.REFUNDED,)
    amount: Expression = field(default=Column("amount_minor"))
    linked: bool = False
    company: Company | None = field(default=None, compare=False)

    @property
    def unit(self) -> Expression:
        """The unit of a row: that of its subject's link, else the subject itself."""
        subject = Column("subject_id")
        return spec.Lookup("links", "subject_id", "unit_id", subject, subject) if self.linked else subject

    def meanings(self, moment: Expression) -> dict[str, Expression]:
        """What the words of :mod:`holdfast.analytics.feature` stand for in a row of the log."""
        ours = tuple(sorted(OURS - {*self.receipts}))
        return {
            feature.MOMENT.name: moment,
            feature.AMOUNT.name: self.amount,
            feature.PURCHASE.name: OneOf(Column("name"), self.receipts),
            feature.RETURN.name: OneOf(Column("name"), self.returns),
            feature.ACTIVITY.name: Not(OneOf(Column("name"), ours)),
        }


@dataclass(frozen=True, slots=True)
class At:
    """The moment of asking: a literal (``day`` is its local day), or the columns of the spine."""

    us: int | None = None
    day: int | None = None

    @property
    def moment(self) -> Expression:
        """The moment in microseconds."""
        return SpineColumn("t_us") if self.us is None else Literal(self.us)

    @property
    def today(self) -> Expression:
        """The moment's day number."""
        return SpineColumn("t_day") if self.day is None else Literal(self.day)


@dataclass(slots=True)
class Rows:
    """The rows of one shape, laid out: each expression that is asked for is one column, once."""

    basis: Basis
    at: At
    where: Expression | None = None
    columns: dict[str, Expression] = field(default_factory=dict)

    def column(self, expression: Expression) -> Column:
        """The column in which the expression stands."""
        meant = replaced(expression, self.basis.meanings(self.at.moment))
        for name, held in self.columns.items():
            if held == meant:
                return Column(name)
        name = f"c{len(self.columns)}"
        self.columns[name] = meant
        return Column(name)

    def condition(self, need: Over, *, window: bool = True) -> Expression | None:
        """The condition of an aggregate over laid-out rows, ``None`` where every row counts."""
        parts: list[Expression] = [] if need.where is None else [self.column(need.where)]
        if window:
            parts += between(need.days, need.until_days)
        return parts[0] if len(parts) == 1 else Every(tuple(parts)) if parts else None

    def query(self, *, spine_columns: tuple[str, ...] = ()) -> Query:
        """The rows as a query: ``key`` (the unit, or the row of the spine), ``age``, the columns."""
        basis, at = self.basis, self.at
        moment = at.moment
        window = spec.Window(Column("at_us"), None, moment, Column("known_us"), moment)
        day = local_day(Column("at_us"), basis.zone, basis.first_us, basis.last_us)
        of_spine = at.us is None
        return Query(
            "events",
            {
                "key": SpineColumn("row") if of_spine else basis.unit,
                "age": Arithmetic("-", at.today, day),
                **{name: SpineColumn(name) for name in spine_columns},
                **self.columns,
            },
            where=window if self.where is None else Every((window, self.where)),
            spine=spec.Spine(SPINE, "unit_id", basis.unit) if of_spine else None,
        )


def between(days: int | None, until_days: int) -> list[Expression]:
    """The conditions that a row lies in the window; that it lies before the moment is known."""
    bounds: list[Expression] = []
    if days is not None:
        bounds.append(Compare(_AGE, "<=", Literal(days)))
    if until_days:
        bounds.append(Compare(_AGE, ">", Literal(until_days)))
    return bounds


def total(need: Over, rows: Rows) -> Aggregate:
    """The aggregate of a plain need over laid-out rows."""
    where = rows.condition(need)
    if need.aggregate == "count":
        return Count(where)
    return _of_kind(need.aggregate, rows.column(_of(need)), where)


def _of_kind(kind: str, of: Expression, where: Expression | None) -> Aggregate:
    if kind == "sum":
        return Sum(of, where)
    if kind in ("least", "greatest"):
        return Least(of, where) if kind == "least" else Greatest(of, where)
    raise ValueError(f"{kind!r} is no aggregate of the state of an object")


def by_customer(
    needs: Mapping[str, Over], basis: Basis, at: At, where: Expression | None, days: int | None = None
) -> Query:
    """Counts, sums, smallest and largest values; ``rows`` counts everything before the moment.

    ``days``: of the last so many days only, where no need looks further back.
    """
    rows = Rows(basis, at, where)
    aggregates: dict[str, Aggregate] = {"rows": Count()}
    aggregates |= {name: total(need, rows) for name, need in needs.items()}
    bounds = between(days, 0)
    return Query(rows.query(), {"key": Column("key")}, aggregates, where=bounds[0] if bounds else None)


def by_value(needs: Mapping[str, Over], basis: Basis, at: At, where: Expression | None) -> Query:
    """How many different values each customer has; all needs are of the same expression.

    Grouping by the value first costs a third of COUNT(DISTINCT) for each window.
    """
    rows = Rows(basis, at, where)
    of = _of(next(iter(needs.values())))
    value = rows.column(spec.Fingerprint(of) if _is_text(of) else of)
    absent = rows.column(Missing(of))
    inner: dict[str, Aggregate] = {}
    outer: dict[str, Aggregate] = {}
    for name, need in needs.items():
        outer[name] = Count(_seen(need, rows, inner))
    kept = Every((Not(absent), *_of_any(needs, rows)))
    grouped = Query(rows.query(), {"key": Column("key"), "of": value}, inner, where=kept)
    return Query(grouped, {"key": Column("key")}, outer)


def _of_any(needs: Mapping[str, Over], rows: Rows) -> list[Expression]:
    """The condition that a row counts for any of the needs; none where some need counts every row."""
    conditions = [need.where for need in needs.values() if need.where is not None]
    if len(conditions) < len(needs):
        return []
    return [spec.Some(tuple(dict.fromkeys(rows.column(condition) for condition in conditions)))]


def _seen(need: Over, rows: Rows, inner: dict[str, Aggregate]) -> Expression:
    """Whether a value was seen in the window: by its latest row, which serves all windows up to t."""
    if need.until_days:
        name = _added(inner, Count(rows.condition(need)))
        return Compare(Column(name), ">", Literal(0))
    name = _added(inner, Least(_AGE, rows.condition(need, window=False)))
    if need.days is None:
        return Not(Missing(Column(name)))
    return Compare(Column(name), "<=", Literal(need.days))


def _added(aggregates: dict[str, Aggregate], one: Aggregate) -> str:
    for name, held in aggregates.items():
        if held == one:
            return name
    aggregates[f"n{len(aggregates)}"] = one
    return f"n{len(aggregates) - 1}"


DayNeed = Over | Gaps | Series


def by_day(
    needs: Mapping[str, DayNeed],
    basis: Basis,
    at: At,
    where: Expression | None,
    late: Expression | None = None,
) -> Query:
    """One row per customer and day before the moment; a column counts the rows of each condition.

    The columns are called as :func:`day_columns` says. What ``late`` says of rows keeps them apart.
    """
    rows = Rows(basis, at, where)
    columns = day_columns(needs)
    conditions = {columns[name]: need.where for name, need in needs.items()}
    counts: dict[str, Aggregate] = {
        name: Count(None if condition is None else rows.column(condition))
        for name, condition in conditions.items()
    }
    longest = _longest(needs, columns)
    wanted = [_wanted(rows, conditions[name], days) for name, days in longest.items()]
    where = None if None in wanted else spec.Some(tuple(each for each in wanted if each is not None))
    keys: dict[str, Expression] = {"key": Column("key"), "age": _AGE}
    keys |= {} if late is None else {"late": rows.column(late)}
    return Query(rows.query(), keys, counts, where=where)


def _longest(needs: Mapping[str, DayNeed], columns: Mapping[str, str]) -> dict[str, int | None]:
    """The longest stretch that is asked of each column, ``None`` for all of it."""
    found: dict[str, int | None] = {}
    for name, need in needs.items():
        held = found.setdefault(columns[name], need.days)
        found[columns[name]] = None if held is None or need.days is None else max(held, need.days)
    return found


def _wanted(rows: Rows, condition: Expression | None, days: int | None) -> Expression | None:
    """Which rows any need of a condition looks at; ``None``: every row."""
    parts = [*([] if condition is None else [rows.column(condition)]), *between(days, 0)]
    return None if not parts else parts[0] if len(parts) == 1 else Every(tuple(parts))


def day_columns(needs: Mapping[str, DayNeed]) -> dict[str, str]:
    """The column of :func:`by_day` for each need: one for each different condition."""
    different: list[Expression | None] = []
    for need in needs.values():
        if need.where not in different:
            different.append(need.where)
    return {name: f"n{different.index(need.where)}" for name, need in needs.items()}


def by_object(
    kind: str, needs: Mapping[str, Objects], basis: Basis, at: At, where: Expression | None
) -> Query:
    """Aggregates over the objects of one kind: their state first, then the customer's total."""
    of_kind = spec.equals("object_kind", kind)
    rows = Rows(basis, at, of_kind if where is None else Every((of_kind, where)))
    inner: dict[str, Aggregate] = {}
    outer: dict[str, Aggregate] = {}
    moment: Expression = Literal(at.us) if at.us is not None else Column("t_us")
    for name, need in needs.items():
        states = {word: Column(_added(inner, total(one, rows))) for word, one in need.latest.items()}
        outer[name] = _of_objects(need, {**states, feature.MOMENT.name: moment})
    keys: dict[str, Expression] = {"key": Column("key")}
    keys["object"] = rows.column(spec.Fingerprint(Column("object_id")))
    absent = rows.column(Missing(Column("object_id")))
    spine_columns = ("t_us",) if at.us is None else ()
    keys |= {name: Column(name) for name in spine_columns}
    grouped = Query(rows.query(spine_columns=spine_columns), keys, inner, where=Not(absent))
    return Query(grouped, {"key": Column("key")}, outer)


def _of_objects(need: Objects, states: Mapping[str, Expression]) -> Aggregate:
    where = None if need.where is None else replaced(need.where, states)
    if need.aggregate == "count":
        return Count(where)
    if need.of is None:
        raise ValueError(f"{need.aggregate} of the {need.kind}s needs something to be of")
    return _of_kind(need.aggregate, replaced(need.of, states), where)


def _of(need: Over) -> Expression:
    if need.of is None:
        raise ValueError(f"the aggregate {need.aggregate!r} needs something to be of")
    return need.of


def _is_text(expression: Expression) -> bool:
    return isinstance(expression, Column) and LAKE_COLUMNS.get(expression.name) == "VARCHAR"


def shape_of(need: Need) -> str:
    """Which grouping answers a need: "customer", "value ...", "day", "object ..." or "trait".

    "company" is asked of nobody: it stands in the basis.
    """
    if isinstance(need, Objects):
        return f"object {need.kind}"
    if isinstance(need, CompanyDays):
        return "company"
    if isinstance(need, Gaps | Series):
        return "day"
    if isinstance(need, Over):
        if need.aggregate == "distinct":
            return f"value {need.of!r}"
        return "day" if need.aggregate == "active_days" else "customer"
    return "trait"
