"""The workspace itself: how it is set, who is here, what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from holdfast import __version__
from holdfast.store import audit_reading, people
from holdfast.store.figures import last_run
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import AUDITORS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    VERSION,
    Answered,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    operation,
)
from holdfast.web.api.work_shapes import microseconds


class Workspace(Answered, frozen=True):
    """How this workspace is set, and when its figures were last computed."""

    name: str
    version: str
    api_version: str
    currency: str
    timezone: str
    calendar: str
    unit: str
    lost_rule: str
    horizon_days: int
    now: datetime
    measured_until: date | None
    measured_at: datetime | None


class Caller(Answered, frozen=True):
    """Who calls: the key, what it opens, and whom it acts for."""

    key: str
    scope: str
    role: str
    person_id: int | None
    email: str
    only_own_customers: bool
    expires_at: datetime | None


class Colleague(Answered, frozen=True):
    """One of our own people."""

    id: int
    name: str
    email: str
    role: str
    active: bool


class Colleagues(Answered, frozen=True):
    """Everybody, who may sign in first."""

    items: list[Colleague]


class Noted(Answered, frozen=True):
    """A note of the audit trail: who saw or changed what. Each note's hash covers the one before.

    ``details`` are null where the customer was erased.
    """

    position: int
    at: datetime
    person_id: int | None
    person: str
    via: str
    did: str
    sort: str
    about: str
    details: dict[str, Any] | None
    hash: str


class AuditQuery(Paging, kw_only=True, frozen=True):
    """Which notes."""

    person_id: Id | None = None
    customer_id: Id | None = None
    sort: Literal["", "saw", "changed", "signed"] = ""
    start: Annotated[datetime, Meta(tz=True)] | None = None
    end: Annotated[datetime, Meta(tz=True)] | None = None


@operation("GET", "/workspace", scope=READ)
def get_workspace(call: Call) -> Workspace:
    """Get how this workspace is set."""
    settings, last = call.settings, last_run(call.settings)
    return Workspace(
        name=settings.name,
        version=__version__,
        api_version=VERSION,
        currency=settings.currency,
        timezone=settings.timezone,
        calendar=settings.calendar,
        unit=settings.unit,
        lost_rule=settings.lost.rule,
        horizon_days=settings.risk.horizon_days,
        now=call.now,
        measured_until=None if last is None else last.as_of,
        measured_at=None if last is None else moment(last.finished_us),
    )


@operation("GET", "/me", scope=READ)
def get_caller(call: Call) -> Caller:
    """See what this key opens."""
    return Caller(
        key=call.key.name,
        scope=call.key.scope,
        role=call.person.role,
        person_id=call.person.pk,
        email=call.person.email,
        only_own_customers=call.theirs is not None,
        expires_at=moment_or_none(call.key.expires_us),
    )


@operation("GET", "/people", scope=READ)
def list_people(call: Call) -> Colleagues:
    """List our own people."""
    return Colleagues(
        items=[
            Colleague(id=each.id, name=each.name, email=each.email, role=each.role, active=each.active)
            for each in people.listed(call.settings)
        ]
    )


@operation("GET", "/audit", scope=ADMIN, roles=AUDITORS)
def list_audit(call: Call, query: AuditQuery) -> Page[Noted]:
    """List the audit trail, the newest note first."""
    wanted = audit_reading.Wanted(
        who=query.person_id,
        sort=query.sort,
        customer=query.customer_id,
        from_us=microseconds(query.start),
        to_us=microseconds(query.end),
    )
    rows = audit_reading.listed(
        call.settings, wanted, before=cursors.where(call, query, int), limit=query.limit + 1
    )
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: row.position,
        show=lambda row: Noted(
            position=row.position,
            at=moment(row.at_us),
            person_id=row.who,
            person=row.person,
            via=row.via,
            did=row.did,
            sort=row.sort,
            about=row.about,
            details=None if row.details is None else dict(row.details),
            hash=row.hash,
        ),
    )
