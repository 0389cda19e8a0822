"""Digests: a dashboard that comes by mail, every day, week or month."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from holdfast.domain.dashboards import Every
from holdfast.domain.schedules import LAST_DAY
from holdfast.services.prove import digests as acts
from holdfast.store import digests as stored
from holdfast.store.dashboards import Dashboard as OurDashboard
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import EXPORTERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Id, Page, Paging, not_here, operation
from holdfast.web.api.operations.dashboards import changeable

Day = Annotated[
    int,
    Meta(
        ge=0,
        le=LAST_DAY,
        description=f"Of a week 0 (Monday) to 6, of a month 1 to {LAST_DAY}; else 0.",
    ),
]
At = Annotated[
    str,
    Meta(pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$", description="By the clock of who reads it."),
]
People = Annotated[list[Id], Meta(min_length=1, max_length=acts.MOST_READERS)]


class Digest(Answered, frozen=True):
    """When a dashboard comes by mail, and to whom; ``quiet``: only where something has changed."""

    id: int
    dashboard_id: int
    every: str
    day: int
    at: str
    quiet: bool
    made_by: str
    person_ids: list[int]
    people: list[str]


class DigestWanted(Asked, kw_only=True, frozen=True):
    """When it is to come, and to whom of our own people; of a private dashboard only to its maker."""

    every: Every
    day: Day = 0
    at: At = "08:00"
    quiet: bool = False
    person_ids: People


@operation("GET", "/dashboards/{dashboard_id}/digests", scope=READ, roles=EXPORTERS)
def list_digests(call: Call, dashboard_id: Id, query: Paging) -> Page[Digest]:
    """List when a dashboard comes by mail, for who may change it."""
    found = changeable(call, dashboard_id)
    return cursors.page_of(
        call,
        query,
        stored.of_dashboard(call.settings, found.id),
        kind=int,
        place=lambda each: each.id,
        show=_digest,
    )


@operation("POST", "/dashboards/{dashboard_id}/digests", scope=WRITE, roles=EXPORTERS, status=201)
def create_digest(call: Call, dashboard_id: Id, body: DigestWanted) -> Digest:
    """Let a dashboard come by mail."""
    found = changeable(call, dashboard_id)
    number = acts.make(
        call.settings,
        found,
        every=body.every,
        day=body.day,
        at=body.at,
        quiet=body.quiet,
        people=body.person_ids,
        by=call.by,
        now=call.actual,
    )
    return _one(call, found, number)


@operation("PUT", "/dashboards/{dashboard_id}/digests/{digest_id}", scope=WRITE, roles=EXPORTERS)
def change_digest(call: Call, dashboard_id: Id, digest_id: Id, body: DigestWanted) -> Digest:
    """Let a digest come at another time, or to other people."""
    found = changeable(call, dashboard_id)
    _one(call, found, digest_id)
    acts.change(
        call.settings,
        found,
        digest_id,
        every=body.every,
        day=body.day,
        at=body.at,
        quiet=body.quiet,
        people=body.person_ids,
        now=call.actual,
    )
    return _one(call, found, digest_id)


@operation("DELETE", "/dashboards/{dashboard_id}/digests/{digest_id}", scope=WRITE, roles=EXPORTERS)
def end_digest(call: Call, dashboard_id: Id, digest_id: Id) -> None:
    """Let a digest not come any more."""
    found = changeable(call, dashboard_id)
    _one(call, found, digest_id)
    acts.end(call.settings, found, digest_id)


def _one(call: Call, dashboard: OurDashboard, digest_id: int) -> Digest:
    found = stored.of_dashboard(call.settings, dashboard.id)
    each = next((each for each in found if each.id == digest_id), None)
    if each is None:
        raise not_here("digest", digest_id)
    return _digest(each)


def _digest(each: stored.Digest) -> Digest:
    return Digest(
        id=each.id,
        dashboard_id=each.dashboard_id,
        every=each.every,
        day=each.day,
        at=f"{each.minute // 60:02}:{each.minute % 60:02}",
        quiet=each.quiet,
        made_by=each.made_by,
        person_ids=list(each.people_ids),
        people=list(each.people),
    )
