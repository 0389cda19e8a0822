"""Reasons why customers leave: how the company does by each, from its own data, and who is behind it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from holdfast.services.understand import graded, reason_bounds
from holdfast.services.understand.graded import MeasureRow, ReasonRow
from holdfast.store.reason_bounds import Bounds
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import EXPORTERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Money, Page, Paging, not_here, operation

Key = Annotated[str, Meta(min_length=1, max_length=100)]


class ReasonMeasure(Answered, frozen=True):
    """One measure of a reason: of ``of`` customers whom it concerns it happened to ``hits`` in 12 weeks.

    ``low`` and ``high`` are the 95 % interval of the share, ``may_also_be`` the grades into which it reaches.
    ``change`` is the share less that of the 12 weeks before, null where it cannot be said. ``left_with`` is
    the share of those to whom it happened a while ago who left within 12 weeks, ``left_without`` that of the
    others. From ``weak_from`` on it is weak, from ``bad_from`` on bad: ours, or ``set_by_people`` of the
    workspace. ``events`` would supply it, or files of the kinds ``files``.
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
    set_by_people: bool
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
    those who left for it, ``losses_money`` what they brought. The bounds of the grades are judgement.
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


class MeasureBounds(Asked, kw_only=True, frozen=True):
    """From the share ``weak_from`` on a measure is weak, from ``bad_from`` on bad; both from 0 to 1."""

    measure: Annotated[str, Meta(min_length=1, max_length=100)]
    weak_from: float
    bad_from: float


class NewBounds(Asked, kw_only=True, frozen=True):
    """The bounds of some measures of a reason; the others stay as they are."""

    bounds: Annotated[list[MeasureBounds], Meta(min_length=1, max_length=50)]


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


@operation("PUT", "/reasons/{reason}/bounds", scope=WRITE, roles=EXPORTERS)
def set_reason_bounds(call: Call, reason: Key, body: NewBounds) -> Reason:
    """Set from which share on measures of a reason are weak, and bad."""
    row = _row(call, reason)
    wanted = {each.measure: Bounds(each.weak_from, each.bad_from) for each in body.bounds}
    reason_bounds.save(call.settings, row.reason, wanted, by=call.by, now_us=call.actual_us)
    return get_reason(call, reason)


@operation("DELETE", "/reasons/{reason}/bounds", scope=WRITE, roles=EXPORTERS)
def reset_reason_bounds(call: Call, reason: Key) -> None:
    """Go back to the bounds of a reason that were delivered."""
    row = _row(call, reason)
    reason_bounds.back_to_ours(call.settings, row.reason, by=call.by, now_us=call.actual_us)


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
        set_by_people=row.set_by_people,
        change=None if change is None else change.value,
        change_low=None if change is None else change.low,
        change_high=None if change is None else change.high,
        left_with=found.left_with.share if told and found.left_with else None,
        left_without=found.left_without.share if told and found.left_without else None,
        events=list(row.need.events),
        files=list(row.need.files),
    )
