"""Reasons why customers leave: how the company does by each, from its own data, and who is behind it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from holdfast.services.understand import graded
from holdfast.services.understand.graded import MeasureRow, ReasonRow
from holdfast.store.write_keys import READ
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Call, Money, Page, Paging, not_here, operation

Key = Annotated[str, Meta(min_length=1, max_length=100)]


class ReasonMeasure(Answered, frozen=True):
    """One measure of a reason: of ``of`` customers whom it concerns it happened to ``hits`` in 12 weeks.

    ``low`` and ``high`` are the 95 % interval of the share, ``may_also_be`` the grades into which it reaches.
    ``change`` is the share less that of the 12 weeks before, null where it cannot be said. ``left_with`` is
    the share of those to whom it happened a while ago who left within 12 weeks, ``left_without`` that of the
    others. ``events`` would supply it, or files of the kinds ``files``.
    """

    measure: str
    title: str
    formula: str
    grade: str
    may_also_be: list[str]
    hits: int
    of: int
    low: float
    high: float
    weak_from: float
    bad_from: float
    change: float | None
    change_low: float | None
    change_high: float | None
    left_with: float | None
    left_without: float | None
    events: list[str]
    files: list[str]


class Reason(Answered, frozen=True):
    """A reason with the ``grade`` of its worst measure: good, weak, bad, too_few (customers) or no_data.

    ``customers`` are those to whom it happened in 12 weeks, ``money`` what they bring in a year; ``losses``
    those who left for it, ``losses_money`` what they brought. The bounds of the grades are our judgement.
    """

    key: str
    title: str
    meaning: str
    origin: str
    causes: list[str]
    grade: str
    trend: str | None
    decided_by: str | None
    customers: int
    money: Money
    losses: int
    losses_money: Money
    first: str
    signals: list[str]
    measures: list[ReasonMeasure]
    as_of: date


class Reasons(Answered, frozen=True):
    """Every reason, what needs work first; empty before the loop has run."""

    items: list[Reason]


class ReasonCustomer(Answered, frozen=True):
    """A customer to whom a reason happened, the measures by which, and what they bring in a year."""

    customer_id: int
    name: str
    measures: list[str]
    yearly: Money


@operation("GET", "/reasons", scope=READ)
def list_reasons(call: Call) -> Reasons:
    """List every reason why customers leave with its grade."""
    return Reasons(items=[_reason(call, row) for row in graded.reasons(call.settings)])


@operation("GET", "/reasons/{reason}", scope=READ)
def get_reason(call: Call, reason: Key) -> Reason:
    """Get a reason."""
    return _reason(call, _row(call, reason))


@operation("GET", "/reasons/{reason}/customers", scope=READ)
def list_reason_customers(call: Call, reason: Key, query: Paging) -> Page[ReasonCustomer]:
    """List customers behind a reason, those who bring most first; 1,000 are kept by name."""
    row, place = _row(call, reason), cursors.where(call, query, tuple[int, int])
    found = graded.behind(call.settings, reason, limit=query.limit + 1, after=place, among=call.theirs)
    return cursors.page(
        call,
        query,
        found,
        place=lambda each: (each.yearly_minor, each.unit_id),
        show=lambda each: ReasonCustomer(
            customer_id=each.unit_id,
            name=call.masks.shown("name", each.name),
            measures=list(each.measures),
            yearly=Money(amount_minor=each.yearly_minor, currency=row.currency),
        ),
    )


def _row(call: Call, key: str) -> ReasonRow:
    found = graded.one(call.settings, key)
    if found is None:
        raise not_here("reason", key)
    return found


def _reason(call: Call, row: ReasonRow) -> Reason:
    say = call.reader.say
    return Reason(
        key=row.reason.name,
        title=say(row.reason.title),
        meaning=say(row.reason.meaning),
        origin=row.reason.origin,
        causes=list(row.reason.causes),
        grade=row.grade,
        trend=row.trend,
        decided_by=None if row.decided_by is None else row.decided_by.graded.name,
        customers=row.customers,
        money=Money(amount_minor=row.money_minor, currency=row.currency),
        losses=row.losses,
        losses_money=Money(amount_minor=row.losses_money_minor, currency=row.currency),
        first=say(row.reason.first),
        signals=list(row.reason.signals),
        measures=[_measure(call, each) for each in row.measures],
        as_of=row.day,
    )


def _measure(call: Call, row: MeasureRow) -> ReasonMeasure:
    found, change = row.graded, row.graded.change
    low, high = found.now.interval
    told = found.leave_more is not None
    return ReasonMeasure(
        measure=found.name,
        title=call.reader.say(row.title),
        formula=call.reader.say(row.formula),
        grade=found.grade,
        may_also_be=list(found.may_also_be),
        hits=found.now.hits,
        of=found.now.of,
        low=low,
        high=high,
        weak_from=found.weak_from,
        bad_from=found.bad_from,
        change=None if change is None else change.value,
        change_low=None if change is None else change.low,
        change_high=None if change is None else change.high,
        left_with=found.left_with.share if told and found.left_with else None,
        left_without=found.left_without.share if told and found.left_without else None,
        events=list(row.need.events),
        files=list(row.need.files),
    )
