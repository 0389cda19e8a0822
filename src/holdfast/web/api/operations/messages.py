"""Messages out: what was sent or waits, what customers agreed to, addresses to which nothing goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.domain.consent import Statement
from holdfast.services.act import suppressing
from holdfast.services.collect.care.who import who
from holdfast.store import consent, outbox_reading, suppression
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS, WRITERS, may
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    not_here,
    operation,
)
from holdfast.web.api.seeing import check_customers, id_shown
from holdfast.web.api.shapes import microseconds

State = Literal["", "waiting", "claimed", "sent", "failed", "unknown", "held", "refused", "cancelled"]
Topic = Literal["", "offers", "news", "surveys", "greetings"]
Channel = Literal["", "email", "telegram", "chat", "sms", "whatsapp", "in_app"]


class Touch(Answered, frozen=True):
    """One message: what became of it, and why."""

    id: int
    purpose: str
    channel: str
    state: str
    address: str
    customer_id: int | None
    title: str
    asked_at: datetime
    due_at: datetime
    tries: int
    code: str
    reason: str | None
    changed_at: datetime


class TouchQuery(Paging, kw_only=True, frozen=True):
    """Which messages."""

    state: State = ""
    channel: Literal["", "email", "telegram", "chat", "webhook", "sms", "whatsapp", "in_app"] = ""
    purpose: Literal["", "marketing", "service", "legal", "staff"] = ""
    customer_id: Id | None = None


class ConsentStatement(Answered, frozen=True):
    """What a customer said about messages: given or withdrawn, with the proof. The last word counts."""

    topic: str
    channel: str
    given: bool
    at: datetime
    how: str
    wording: str
    by: str
    source: str


class ConsentStatements(Answered, frozen=True):
    """Everything that a customer said about messages, the oldest first."""

    items: list[ConsentStatement]


class ConsentSaid(Asked, kw_only=True, frozen=True):
    """What a customer said to your program; "" as topic or channel: all of them."""

    given: bool
    topic: Topic = ""
    channel: Channel = ""
    wording: Annotated[str, Meta(max_length=2_000, description="The words they agreed to.")] = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None


class Suppressed(Answered, frozen=True):
    """An address to which nothing goes, shown in part; only its keyed hash is kept."""

    id: int
    channel: str
    address: str
    reason: str
    note: str
    at: datetime
    by: str


class ToSuppress(Asked, kw_only=True, frozen=True):
    """An address, or a number like +353851234567, to which nothing may go any more."""

    address: Annotated[str, Meta(min_length=3, max_length=254)]
    note: Annotated[str, Meta(max_length=500)] = ""


class Lifted(Asked, kw_only=True, frozen=True):
    """Why messages may go there again."""

    note: Annotated[str, Meta(min_length=1, max_length=500)]


class SuppressedNow(Answered, frozen=True):
    """Whether anything is another now."""

    changed: bool


@operation("GET", "/messages", scope=READ, roles=WRITERS | DECIDERS)
def list_touches(call: Call, query: TouchQuery) -> Page[Touch]:
    """List messages out, the newest first.

    Who works with customers asks for those of one customer; who decides sees all of them.
    """
    if query.customer_id is not None:
        check_customers(call, [query.customer_id])
    elif not may(call.person, DECIDERS):
        raise not_here("customer", "without its number")
    wanted = outbox_reading.Wanted(
        (query.state,) if query.state else (),
        query.channel,
        query.purpose,
        query.customer_id,
        cursors.where(call, query, int) or 0,
    )
    rows = outbox_reading.listed(call.settings, wanted, query.limit + 1)
    return cursors.page(call, query, rows, place=lambda row: row.id, show=lambda row: _touch(call, row))


@operation("GET", "/customers/{customer_id}/consent", scope=READ)
def list_consent(call: Call, customer_id: Id) -> ConsentStatements:
    """List what a customer said about messages."""
    found = consent.history(call.settings, who(call.settings, customer_id).subjects)
    return ConsentStatements(items=[_said(each) for each in found])


@operation("POST", "/customers/{customer_id}/consent", scope=WRITE, roles=WRITERS, status=201)
def say_consent(call: Call, customer_id: Id, body: ConsentSaid) -> ConsentStatements:
    """Write down what a customer said to your program: that they agree, or do not any more."""
    about = who(call.settings, customer_id)
    at_us = call.actual_us if body.at is None else microseconds(body.at)
    statement = Statement(body.topic, body.channel, body.given, at_us, "program", body.wording)
    said = replace(statement, said_by=call.by, source=f"api key {call.key.id}")
    consent.say(call.settings, [consent.Said(about.unit_id, said)], now_us=call.actual_us)
    return list_consent(call, customer_id)


@operation("GET", "/suppressed", scope=READ, roles=DECIDERS)
def list_suppressed(call: Call, query: Paging) -> Page[Suppressed]:
    """List the addresses to which nothing goes, the newest first."""
    rows = suppression.listed(call.settings, limit=query.limit + 1, before=cursors.where(call, query, int))
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: row.id,
        show=lambda row: Suppressed(
            id=row.id,
            channel=row.channel,
            address=row.shown,
            reason=row.reason,
            note=row.note,
            at=moment(row.at_us),
            by=row.made_by,
        ),
    )


@operation("POST", "/suppressed", scope=WRITE, roles=DECIDERS)
def suppress(call: Call, body: ToSuppress) -> SuppressedNow:
    """Let nothing go to an address any more."""
    new = suppressing.add(call.settings, body.address, note=body.note, by=call.by, now_us=call.actual_us)
    return SuppressedNow(changed=new)


@operation("POST", "/suppressed/{number}/lift", scope=WRITE, roles=DECIDERS)
def lift_suppression(call: Call, number: Id, body: Lifted) -> None:
    """Take an address off the list, with the reason."""
    if suppression.entry(call.settings, number) is None:
        raise not_here("line of the list", number)
    suppressing.lift(call.settings, number, note=body.note, by=call.by, now_us=call.actual_us)


def _said(each: Statement) -> ConsentStatement:
    return ConsentStatement(
        topic=each.topic,
        channel=each.channel,
        given=each.given,
        at=moment(each.at_us),
        how=each.how,
        wording=each.wording,
        by=each.said_by,
        source=each.source,
    )


def _touch(call: Call, row: outbox_reading.Listed) -> Touch:
    return Touch(
        id=row.id,
        purpose=row.purpose,
        channel=row.channel,
        state=row.state,
        address=id_shown(call, row.address),
        customer_id=row.unit_id,
        title=row.title,
        asked_at=moment(row.asked_us),
        due_at=moment(row.due_us),
        tries=row.tries,
        code=row.code,
        reason=None if row.reason is None else call.say(row.reason),
        changed_at=moment(row.changed_us),
    )
