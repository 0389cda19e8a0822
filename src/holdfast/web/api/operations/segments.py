"""Segments: named rules over customers, who meets them, who came and went."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.domain.expression import Expression
from holdfast.domain.period import date_of
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.segments import define
from holdfast.services.collect.segments.moments import moment_of
from holdfast.services.collect.segments.preview import preview
from holdfast.services.collect.segments.refresh import refresh_all
from holdfast.services.collect.segments.words import said
from holdfast.store import segments as stored
from holdfast.store.customers import count_by_state
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import EXPORTERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Money,
    Page,
    Paging,
    moment,
    moment_or_none,
    operation,
)
from holdfast.web.api.shapes import CustomerRow, customer_row, money, named

AT_ONCE = 50_000
"""Up to so many customers are looked at before the answer; above, the worker does it."""

Key = Annotated[str, Meta(min_length=1, max_length=100)]
Rule = Annotated[
    dict[str, Any],
    Meta(
        description="A rule as docs/reference/segments.md describes it, like "
        '`{"fact": "orders", "at_least": 3}`; groups are `all`, `any` and `not`.'
    ),
]


class Segment(Answered, frozen=True):
    """A segment; ``size`` is null until everybody was looked at once."""

    key: str
    title: str
    rule: dict[str, Any]
    words: str
    size: int | None
    made_at: datetime
    made_by: str
    checked_at: datetime | None


class NewSegment(Asked, kw_only=True, frozen=True):
    """A title and a rule; the key is made of the title where none is given."""

    title: Annotated[str, Meta(min_length=1, max_length=define.LONGEST_TITLE)]
    rule: Rule
    key: Annotated[str, Meta(max_length=define.LONGEST_KEY)] = ""


class SegmentChanged(Asked, kw_only=True, frozen=True):
    """What is to be another: the title, the rule, or both."""

    title: Annotated[str, Meta(min_length=1, max_length=define.LONGEST_TITLE)] | None = None
    rule: Rule | None = None


class RuleTried(Asked, kw_only=True, frozen=True):
    """A rule that is only looked at."""

    rule: Rule


class Preview(Answered, frozen=True):
    """How many of all customers meet a rule now, and some of them."""

    count: int
    everybody: int
    sample: list[CustomerRow]


class Member(Answered, frozen=True):
    """A customer in a segment, and since when."""

    customer_id: int
    name: str
    state: str
    orders: int
    amount: Money
    since: datetime


class Move(Answered, frozen=True):
    """Somebody entered or left; of who left, since when they had been in it."""

    customer_id: int
    name: str
    at: datetime
    entered: bool
    since: datetime | None


class DayOfSegment(Answered, frozen=True):
    """How many were in a segment at the end of a day, how many had entered and left."""

    day: date
    size: int
    entered: int
    left: int


class SegmentDays(Answered, frozen=True):
    """A segment over time, the oldest day first; days on which nothing changed are not there."""

    items: list[DayOfSegment]


class DaysQuery(Asked, kw_only=True, frozen=True):
    """How far back."""

    days: Annotated[int, Meta(ge=1, le=3_650)] = 180


@operation("GET", "/segments", scope=READ)
def list_segments(call: Call, query: Paging) -> Page[Segment]:
    """List the segments by key."""
    after = cursors.where(call, query, str)
    kept = sorted(stored.listed(call.settings), key=lambda each: each.key)
    rest = [each for each in kept if after is None or each.key > after]
    return cursors.page(
        call,
        query,
        rest[: query.limit + 1],
        place=lambda each: each.key,
        show=lambda each: _segment(call, each),
    )


@operation("POST", "/segments", scope=WRITE, roles=EXPORTERS, status=201)
def create_segment(call: Call, body: NewSegment) -> Segment:
    """Make a segment; who meets it is looked up at once where customers are few, else within seconds."""
    made = define.create(
        call.settings, body.title, _rule(body.rule), made_by=call.by, now_us=call.now_us, key=body.key
    )
    return _filled(call, made.key)


@operation("POST", "/segments/preview", scope=READ, roles=EXPORTERS)
def preview_segment(call: Call, body: RuleTried) -> Preview:
    """Count who would meet a rule; nothing is kept."""
    found = preview(call.settings, _rule(body.rule), call.now_us)
    seen = [each for each in found.sample if call.theirs is None or each.unit_id in call.theirs]
    return Preview(
        count=found.count, everybody=found.everybody, sample=[customer_row(call, each) for each in seen]
    )


@operation("GET", "/segments/{key}", scope=READ)
def get_segment(call: Call, key: Key) -> Segment:
    """Get one segment."""
    return _segment(call, define.find(call.settings, key))


@operation("PATCH", "/segments/{key}", scope=WRITE, roles=EXPORTERS)
def update_segment(call: Call, key: Key, body: SegmentChanged) -> Segment:
    """Give a segment another title or another rule."""
    before = define.find(call.settings, key)
    rule = parse(before.rule) if body.rule is None else _rule(body.rule)
    define.change(call.settings, before.key, body.title or before.title, rule, now_us=call.now_us)
    return _filled(call, before.key)


@operation("DELETE", "/segments/{key}", scope=WRITE, roles=EXPORTERS)
def delete_segment(call: Call, key: Key) -> None:
    """Delete a segment, unless another stands on it; for a month it can be brought back."""
    define.delete(call.settings, define.find(call.settings, key).key, now_us=call.actual_us)


@operation("POST", "/segments/{key}/restore", scope=WRITE, roles=EXPORTERS)
def restore_segment(call: Call, key: Key) -> Segment:
    """Bring a deleted segment back."""
    return _segment(call, define.restore(call.settings, key, now_us=call.now_us))


@operation("GET", "/segments/{key}/customers", scope=READ)
def list_members(call: Call, key: Key, query: Paging) -> Page[Member]:
    """List who is in a segment now, in the order of their numbers."""
    kept = define.find(call.settings, key)
    after = cursors.where(call, query, int)
    rows = stored.members(call.settings, kept.id, after=after, limit=query.limit + 1, among=call.theirs)
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: row.unit_id,
        show=lambda row: Member(
            customer_id=row.unit_id,
            name=named(call, row.name),
            state=row.state,
            orders=row.orders,
            amount=money(call.settings, row.amount_minor),
            since=moment(row.entered_us),
        ),
    )


@operation("GET", "/segments/{key}/moves", scope=READ)
def list_moves(call: Call, key: Key, query: Paging) -> Page[Move]:
    """List who entered and left a segment, the newest first."""
    kept = define.find(call.settings, key)
    before = cursors.where(call, query, int)
    rows = stored.moves(call.settings, kept.id, before=before, limit=query.limit + 1, among=call.theirs)
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: row.id,
        show=lambda row: Move(
            customer_id=row.unit_id,
            name=named(call, row.name),
            at=moment(row.at_us),
            entered=row.entered,
            since=moment_or_none(row.since_us),
        ),
    )


@operation("GET", "/segments/{key}/days", scope=READ)
def list_segment_days(call: Call, key: Key, query: DaysQuery) -> SegmentDays:
    """Get how large a segment was over time."""
    kept = define.find(call.settings, key)
    since = moment_of(call.settings, call.now_us).today - query.days
    return SegmentDays(
        items=[
            DayOfSegment(day=date_of(each.day), size=each.size, entered=each.entered, left=each.left)
            for each in stored.counts(call.settings, kept.id, since_day=since)
        ]
    )


def _rule(written: dict[str, Any]) -> Expression:
    return parse(written)


def _filled(call: Call, key: str) -> Segment:
    if sum(count_by_state(call.settings).values()) <= AT_ONCE:
        refresh_all(call.settings, call.now_us, only=[key])
    return get_segment(call, key)


def _segment(call: Call, kept: stored.KeptSegment) -> Segment:
    return Segment(
        key=kept.key,
        title=kept.title,
        rule=kept.rule,
        words=call.say(said(call.settings, kept.rule)),
        size=kept.size,
        made_at=moment(kept.made_us),
        made_by=kept.made_by,
        checked_at=moment_or_none(kept.checked_us),
    )
