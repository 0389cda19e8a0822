"""What is known of a person, handed over or erased; for how long events are kept."""

from __future__ import annotations

import tempfile
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.domain.refusals import Refusal
from holdfast.domain.retention import LONGEST_DAYS, SHORTEST_DAYS, Rule, check_rule
from holdfast.domain.texts import Text
from holdfast.services.keep.erase import steps, told
from holdfast.services.keep.erase.listing import write_list
from holdfast.services.keep.erase.whom import whom_of
from holdfast.services.keep.person import export_person
from holdfast.services.keep.retention import preview
from holdfast.store import erasure, retention
from holdfast.store.erasure import ErasureRecord
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import DECIDERS
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    File,
    Id,
    moment,
    not_here,
    operation,
)


class Erasure(Answered, frozen=True):
    """An erasure and how far it is; ``left`` are traces that the scan still found (null: not scanned)."""

    id: int
    kind: str
    state: str
    words: str
    asked_at: datetime
    asked_by: str
    rows: dict[str, int]
    events: int
    scanned_at: datetime | None
    left: int | None
    lifted_at: datetime | None
    remarks: list[str]


class Erasures(Answered, frozen=True):
    """Every erasure, the newest first."""

    items: list[Erasure]


class Planned(Answered, frozen=True):
    """What there is to hand over or to erase; ``name`` is typed to erase."""

    name: str
    kind: str
    rows: dict[str, int]
    contacts: int


class WhomQuery(Asked, kw_only=True, frozen=True):
    """Whether an account's contacts belong to it."""

    contacts: bool = False


class EraseWanted(Asked, kw_only=True, frozen=True):
    """The customer's name, as a check that the right one is meant."""

    name: Annotated[str, Meta(max_length=500)]
    contacts: bool = False


class Kept(Answered, frozen=True):
    """Events of a sort are kept for so many days; ``older`` are so many now."""

    what: str
    words: str
    days: int
    older: int
    changed_at: datetime
    changed_by: str


class AllKept(Answered, frozen=True):
    """Every rule; what none names is kept."""

    items: list[Kept]


class Days(Asked, kw_only=True, frozen=True):
    """For how long."""

    days: Annotated[int, Meta(ge=SHORTEST_DAYS, le=LONGEST_DAYS)]


What = Annotated[str, Meta(min_length=1, max_length=200)]


@operation("GET", "/customers/{customer_id}/data", scope=ADMIN, roles=DECIDERS)
def plan_erasure(call: Call, customer_id: Id, query: WhomQuery) -> Planned:
    """See what is kept about a customer."""
    who = whom_of(call.settings, customer_id, with_contacts=query.contacts)
    plan = told.planned(call.settings, who, now_us=call.actual_us)
    return Planned(name=who.name, kind=who.kind, rows=dict(plan.rows), contacts=who.contacts)


@operation("GET", "/customers/{customer_id}/data/everything.zip", scope=ADMIN, roles=DECIDERS)
def export_customer(call: Call, customer_id: Id, query: WhomQuery) -> File:
    """Fetch everything that is known about a customer as a ZIP file."""
    who = whom_of(call.settings, customer_id, with_contacts=query.contacts)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    export_person(call.settings, who, file, now=call.actual, say=call.say)
    file.seek(0)
    return File(f"customer-{customer_id}.zip", "application/octet-stream", file)


@operation("POST", "/customers/{customer_id}/erase", scope=ADMIN, roles=DECIDERS, status=202)
def erase_customer(call: Call, customer_id: Id, body: EraseWanted) -> Erasure:
    """Erase a customer: everywhere, and proven by a scan afterwards.

    This cannot be undone. The name is a check that the right one is meant.
    """
    who = whom_of(call.settings, customer_id, with_contacts=body.contacts)
    if body.name.strip() != who.name.strip():
        raise Refusal(
            "bad_name",
            found=Text("This is not the name of the customer."),
            expected=Text("The name as it is answered for this customer."),
            remedy=Text("Look whom you mean; nothing was changed."),
        )
    number = steps.ask(call.settings, who, by=call.by, now_us=call.actual_us)
    return get_erasure(call, number)


@operation("GET", "/erasures", scope=READ, roles=DECIDERS)
def list_erasures(call: Call) -> Erasures:
    """List the erasures."""
    return Erasures(items=[_erasure(call, each) for each in erasure.listed(call.settings)])


@operation("GET", "/erasures/{number}", scope=READ, roles=DECIDERS)
def get_erasure(call: Call, number: Id) -> Erasure:
    """Get one erasure."""
    return _erasure(call, steps.get(call.settings, number))


@operation("POST", "/erasures/{number}/lift", scope=ADMIN, roles=DECIDERS)
def lift_erasure(call: Call, number: Id) -> Erasure:
    """Let in again what arrives under the ids of an erasure."""
    steps.get(call.settings, number)
    erasure.lift(call.settings, number, by=call.by, now_us=call.actual_us)
    write_list(call.settings)
    return get_erasure(call, number)


@operation("GET", "/retention", scope=READ, roles=DECIDERS)
def list_retention(call: Call) -> AllKept:
    """List for how long events are kept."""
    rules = retention.rules(call.settings)
    older = preview(call.settings, [each.rule for each in rules], now_us=call.now_us).by_rule
    return AllKept(
        items=[
            Kept(
                what=each.rule.what,
                words=call.say(each.rule.words),
                days=each.rule.days,
                older=older.get(each.rule.what, 0),
                changed_at=moment(each.changed_us),
                changed_by=each.changed_by,
            )
            for each in rules
        ]
    )


@operation("PUT", "/retention/{what}", scope=ADMIN, roles=DECIDERS)
def set_retention(call: Call, what: What, body: Days) -> None:
    """Decide for how long events of a name, or of a group (`group:browsing`), are kept."""
    rule = check_rule(Rule(what, body.days))
    retention.set_rule(call.settings, rule, by=call.by, now_us=call.actual_us)


@operation("DELETE", "/retention/{what}", scope=ADMIN, roles=DECIDERS)
def remove_retention(call: Call, what: What) -> None:
    """Keep events of a sort for ever again."""
    if not retention.remove_rule(call.settings, what):
        raise not_here("rule", what)


def _erasure(call: Call, record: ErasureRecord) -> Erasure:
    known: dict[str, Any] = told.as_json(record)
    return Erasure(
        id=record.id,
        kind=record.kind,
        state=record.state,
        words=call.say(told.sentence(record)),
        asked_at=moment(record.asked_us),
        asked_by=record.asked_by,
        rows=known["rows"],
        events=known["events"],
        scanned_at=known["scanned_at"],
        left=known["left"],
        lifted_at=known["lifted_at"],
        remarks=[call.say(each) for each in told.remarks(record)],
    )
