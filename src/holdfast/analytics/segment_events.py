"""What happened, as a rule asks it: one query over the log for each thing that is looked at.

The same language and the same words as features (:mod:`holdfast.analytics.snapshot_queries`), but for
windows that a person chose: whole local days, and today as far as it has come. So nothing about a
customer changes by time alone but at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from holdfast.analytics import spec
from holdfast.analytics.feature_parts import last_score
from holdfast.analytics.local_days import day_start_us, local_day
from holdfast.analytics.spec import (
    Aggregate,
    Column,
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
    Sum,
    equals,
)
from holdfast.domain.expression import Looked
from holdfast.domain.period import day_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANSWERED = "Survey Answered"
"""The event behind the kind "answer"; its ``code`` is the kind of survey."""

COUNTED = frozenset({"times", "orders", "days", "amount"})
"""Measures of which nobody is without: of nothing there are 0."""

_SCORE_ROOM = 1000


@dataclass(frozen=True, slots=True)
class Moment:
    """When a rule is asked: microseconds UTC, and the number of the local day."""

    now_us: int
    today: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What all questions of a workspace have in common.

    ``amount`` is a row's amount in the reporting currency, ``exponent`` its digits after the point;
    ``first_us`` the first moment in the log; ``linked``: there is a table of links. ``settled``: nothing
    in the log lies ahead of the moment, so that nobody has to read when a row was known.
    """

    zone: ZoneInfo
    first_us: int
    amount: Expression = field(default=Column("amount_minor"))
    exponent: int = 2
    linked: bool = False
    settled: bool = False

    @property
    def unit(self) -> Expression:
        """The unit of a row: that of its subject's link, else the subject itself."""
        subject = Column("subject_id")
        return spec.Lookup("links", "subject_id", "unit_id", subject, subject) if self.linked else subject


def measure_of(of: Looked) -> str:
    """What of the event is looked at."""
    return "score" if of.kind == "answer" else str(of.option("measure") or "times")


PLAIN = frozenset({"times", "amount", "last", "first", "score"})
"""Measures that are one aggregate over rows: many of them are answered by one query."""


def condition_of(
    of: Looked,
    ground: Ground,
    moment: Moment,
    *,
    products: Sequence[str] | None = None,
    subjects: Sequence[int] | None = None,
) -> Expression:
    """Which rows of the log count.

    ``products`` are those of the categories that are asked for; ``subjects`` narrows to some.
    """
    where = _conditions(of, ground, moment, products)
    if subjects is not None:
        where.append(OneOf(Column("subject_id"), tuple(subjects)))
    return Every(tuple(where))


def plain_query(asked: Mapping[str, tuple[Looked, Expression]], ground: Ground, moment: Moment) -> Query:
    """One query for many plain measures: ``unit``, and a column for each name in ``asked``."""
    keys: dict[str, Expression] = {"unit": ground.unit}
    if len(asked) == 1:
        ((name, (of, where)),) = asked.items()
        return Query("events", keys, {name: _aggregate(measure_of(of), ground, moment)}, where=where)
    aggregates = {
        name: replace(_aggregate(measure_of(of), ground, moment), where=where)
        for name, (of, where) in asked.items()
    }
    return Query("events", keys, aggregates, where=_outline([of for of, _ in asked.values()], ground, moment))


def _outline(asked: Sequence[Looked], ground: Ground, moment: Moment) -> Expression:
    """What the rows of all questions have in common, as a reader of files can use it: names and a moment.

    The conditions themselves stand in each aggregate. Joined by "or" here, they would be computed twice,
    and only after every row was read: half as much again of the whole question.
    """
    names = sorted({event_of(of) for of in asked})
    common: list[Expression] = [OneOf(Column("name"), tuple(names))]
    starts = [window(of, ground.zone, moment)[0] for of in asked]
    known = [start for start in starts if start is not None]
    if len(known) == len(starts):
        common.append(spec.Compare(Column("at_us"), ">=", Literal(min(known))))
    return Every(tuple(common))


def event_of(of: Looked) -> str:
    """The event that is looked at."""
    return ANSWERED if of.kind == "answer" else of.name


def different_query(of: Looked, rows: Expression, ground: Ground, moment: Moment) -> Query:
    """``unit`` and ``value``: how many different orders, or days.

    Grouping twice costs a third of counting different values.
    """
    keys: dict[str, Expression] = {"unit": ground.unit}
    object_id = Column("object_id")
    if measure_of(of) == "orders":
        known = Every((rows, Not(Missing(object_id))))
        inner = Query("events", {**keys, "of": spec.Fingerprint(object_id)}, {"n": Count()}, where=known)
    else:
        inner = Query("events", {**keys, "of": _day(ground, moment)}, {"n": Count()}, where=rows)
    return Query(inner, {"unit": Column("unit")}, {"value": Count()})


def values_of(of: Looked, told: NDArray[Any], ground: Ground, moment: Moment) -> NDArray[np.float64]:
    """What a column of an answer means: money in the major unit, days ago, a score; ``nan`` for null."""
    measure = measure_of(of)
    found: NDArray[np.float64] = np.ma.filled(np.ma.asarray(told).astype(np.float64), np.nan)
    if measure == "amount":
        return found / 10.0**ground.exponent
    if measure in ("last", "first"):
        return moment.today - found
    if measure == "score":
        found = np.asarray(np.round(np.mod(found, _SCORE_ROOM), 4), np.float64)
    return found


def _aggregate(measure: str, ground: Ground, moment: Moment) -> Aggregate:
    if measure == "times":
        return Count()
    if measure == "amount":
        return Sum(ground.amount)
    if measure == "score":
        packed = last_score(Literal(True)).of
        assert packed is not None  # noqa: S101  (a score has something to be of)
        return Greatest(packed)
    return Greatest(_day(ground, moment)) if measure == "last" else Least(_day(ground, moment))


def _day(ground: Ground, moment: Moment) -> Expression:
    return local_day(Column("at_us"), ground.zone, ground.first_us, moment.now_us)


def _conditions(
    of: Looked, ground: Ground, moment: Moment, products: Sequence[str] | None
) -> list[Expression]:
    where: list[Expression] = [equals("name", event_of(of))]
    where += _within(of, ground, moment)
    if of.kind == "answer":
        where.append(equals("code", of.name))
    if measure_of(of) == "score":
        where.append(spec.Compare(Column("score"), ">=", Literal(0)))
        where.append(spec.Compare(Column("score"), "<", Literal(_SCORE_ROOM)))
    if (bought := _products(of, products)) is not None:
        where.append(OneOf(Column("product_id"), bought))
    for option in ("code", "source"):
        if of.option(option):
            where.append(OneOf(Column(option), tuple(of.option(option))))
    return where


def _within(of: Looked, ground: Ground, moment: Moment) -> list[Expression]:
    """The window as a condition; bounds that nothing crosses are left out: a column less is read."""
    start, end = window(of, ground.zone, moment)
    later = None if start is None else Literal(start)
    if not ground.settled:
        known = Literal(moment.now_us)
        return [spec.Window(Column("at_us"), later, Literal(end), Column("known_us"), known)]
    sooner = Literal(end) if end <= moment.now_us else None
    return [spec.Window(Column("at_us"), later, sooner)] if later or sooner else []


def _products(of: Looked, of_categories: Sequence[str] | None) -> tuple[str, ...] | None:
    """The products that count, ``None`` for all; asked for both ways, those named by both."""
    named = of.option("product")
    if of.option("category") is None:
        return None if named is None else tuple(named)
    found = tuple(of_categories or ())
    return found if named is None else tuple(each for each in found if each in set(named))


def window(of: Looked, zone: ZoneInfo, moment: Moment) -> tuple[int | None, int]:
    """From when (``None``: ever) to before when rows count, in microseconds.

    The last N days are N whole days and today; ``until_days`` leaves out the latest M whole days and
    today; ``from`` and ``to`` are days that both count.
    """
    starts, ends = [], [moment.now_us + 1]
    if of.option("days") is not None:
        starts.append(day_start_us(moment.today - int(of.option("days")), zone))
    if of.option("until_days"):
        ends.append(day_start_us(moment.today - int(of.option("until_days")), zone))
    if of.option("from"):
        starts.append(day_start_us(day_number(date.fromisoformat(of.option("from"))), zone))
    if of.option("to"):
        ends.append(day_start_us(day_number(date.fromisoformat(of.option("to"))) + 1, zone))
    return (max(starts) if starts else None), min(ends)
