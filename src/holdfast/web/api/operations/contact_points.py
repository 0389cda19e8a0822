"""Addresses and telephone numbers of customers, and how good they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.services.collect.care import points
from holdfast.services.collect.care.who import who
from holdfast.store import contact_points as stored
from holdfast.store.point_lists import Place, PointFilter, list_points
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Money,
    Page,
    Paging,
    moment_or_none,
    operation,
)
from holdfast.web.api.shapes import money, named

Kind = Literal["email", "phone"]
Written = Annotated[str, Meta(min_length=3, max_length=254)]


class ContactPoint(Answered, frozen=True):
    """An address or number; ``state`` is what was seen of it ("" before the first look)."""

    kind: str
    value: str
    source: str
    state: str
    used_at: datetime | None
    last_life_at: datetime | None
    bounced_at: datetime | None
    refused_at: datetime | None
    checked_at: datetime | None
    ended_at: datetime | None


class ContactPoints(Answered, frozen=True):
    """Every contact point of a customer, ended ones too."""

    items: list[ContactPoint]


class ListedPoint(Answered, frozen=True):
    """A contact point with whose it is and what they can still bring."""

    customer_id: int
    name: str
    standing: str
    country: str
    kind: str
    value: str
    state: str
    used_at: datetime | None
    bounced_at: datetime | None
    worth: Money


class PointQuery(Paging, kw_only=True, frozen=True):
    """Which contact points."""

    state: Annotated[str, Meta(max_length=40)] = ""
    standing: Annotated[str, Meta(max_length=40)] = ""
    country: Annotated[str, Meta(max_length=100)] = ""
    owner_id: Id | None = None


class NewPoint(Asked, kw_only=True, frozen=True):
    """Another address or number."""

    kind: Kind
    value: Written


class PointNamed(Asked, kw_only=True, frozen=True):
    """Which one it is about, as it is answered to somebody who sees it whole."""

    kind: Kind
    value: Written


class PointReplaced(Asked, kw_only=True, frozen=True):
    """Which one, and what is right instead."""

    kind: Kind
    value: Written
    instead: Written


@operation("GET", "/contact-points", scope=READ)
def list_contact_points(call: Call, query: PointQuery) -> Page[ListedPoint]:
    """List contact points of all customers, those of the most valuable ones first."""
    wanted = PointFilter(query.state, query.standing, query.country, query.owner_id, call.theirs)
    rows, more = list_points(
        call.settings, wanted, after=cursors.where(call, query, Place), limit=query.limit
    )
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: row.place,
        show=lambda row: ListedPoint(
            customer_id=row.unit_id,
            name=named(call, row.name),
            standing=row.standing,
            country=row.country,
            kind=row.kind,
            value=_shown(call, row.kind, row.value),
            state=row.state,
            used_at=moment_or_none(row.used_us),
            bounced_at=moment_or_none(row.bounced_us),
            worth=money(call.settings, row.value_minor),
        ),
        more=more,
    )


@operation("GET", "/customers/{customer_id}/contact-points", scope=READ)
def list_points_of_customer(call: Call, customer_id: Id) -> ContactPoints:
    """List the contact points of a customer."""
    about = who(call.settings, customer_id)
    found = stored.points_of(call.settings, about.subjects, about.unit_id)
    return ContactPoints(items=[_point(call, each) for each in found])


@operation("POST", "/customers/{customer_id}/contact-points", scope=WRITE, roles=WRITERS)
def add_contact_point(call: Call, customer_id: Id, body: NewPoint) -> ContactPoints:
    """Give a customer another address or number."""
    about = who(call.settings, customer_id)
    points.add_point(call.settings, about, body.kind, body.value, by=call.by, now_us=call.now_us)
    return list_points_of_customer(call, customer_id)


@operation("POST", "/customers/{customer_id}/contact-points/replace", scope=WRITE, roles=WRITERS)
def replace_contact_point(call: Call, customer_id: Id, body: PointReplaced) -> ContactPoints:
    """Put another address or number in place of one, which stays known as ended."""
    about = who(call.settings, customer_id)
    points.replace_point(
        call.settings, about, body.kind, body.value, body.instead, by=call.by, now_us=call.now_us
    )
    return list_points_of_customer(call, customer_id)


@operation("POST", "/customers/{customer_id}/contact-points/check", scope=WRITE, roles=WRITERS)
def check_contact_point(call: Call, customer_id: Id, body: PointNamed) -> ContactPoints:
    """Say that an address or number is right."""
    about = who(call.settings, customer_id)
    points.check_point(call.settings, about, body.kind, body.value, by=call.by, now_us=call.now_us)
    return list_points_of_customer(call, customer_id)


@operation("POST", "/customers/{customer_id}/contact-points/end", scope=WRITE, roles=WRITERS)
def end_contact_point(call: Call, customer_id: Id, body: PointNamed) -> ContactPoints:
    """Say that an address or number does not hold any more."""
    about = who(call.settings, customer_id)
    points.end_point(call.settings, about, body.kind, body.value, by=call.by, now_us=call.now_us)
    return list_points_of_customer(call, customer_id)


@operation("POST", "/customers/{customer_id}/contact-points/restore", scope=WRITE, roles=WRITERS)
def restore_contact_point(call: Call, customer_id: Id, body: PointNamed) -> ContactPoints:
    """Bring an ended address or number back."""
    about = who(call.settings, customer_id)
    points.restore_point(call.settings, about, body.kind, body.value, by=call.by, now_us=call.now_us)
    return list_points_of_customer(call, customer_id)


def _point(call: Call, point: stored.Point) -> ContactPoint:
    return ContactPoint(
        kind=point.kind,
        value=_shown(call, point.kind, point.value),
        source=point.source,
        state=point.state,
        used_at=moment_or_none(point.used_us),
        last_life_at=moment_or_none(point.life_us),
        bounced_at=moment_or_none(point.bounced_us),
        refused_at=moment_or_none(point.refused_us),
        checked_at=moment_or_none(point.checked_us),
        ended_at=None if point.ended is None else moment_or_none(point.ended.at_us),
    )


def _shown(call: Call, kind: str, value: str) -> str:
    return call.masks.shown("email" if kind == "email" else "phone", value)
