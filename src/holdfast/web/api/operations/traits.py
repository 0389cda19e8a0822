"""What is said of customers: traits with their history, needs, calls and visits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from holdfast.services.collect.care import contacts, traits
from holdfast.services.collect.care import needs as care_needs
from holdfast.services.collect.care.contacts import Contact, Written
from holdfast.services.collect.care.who import who
from holdfast.store import needs as stored_needs
from holdfast.store import told
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Id, Money, Page, Paging, moment, operation
from holdfast.web.api.seeing import trait_shown
from holdfast.web.api.shapes import microseconds, money, named

Name = Annotated[str, Meta(min_length=1, max_length=60)]


class Said(Answered, frozen=True):
    """What a trait was from a moment on; ``by`` is who of us said it, "" for a source."""

    trait: str
    value: str
    since: datetime
    source: str
    by: str


class AllSaid(Answered, frozen=True):
    """Everything that was said, of each trait the newest first."""

    items: list[Said]


class Value(Asked, kw_only=True, frozen=True):
    """What a trait is from now on; "" takes it away."""

    value: Annotated[str, Meta(max_length=2_000)]


class Need(Answered, frozen=True):
    """A field of the needs profile with what is known, and the question that fills it."""

    key: str
    name: str
    question: str
    value: str | None
    said_at: datetime | None


class Needs(Answered, frozen=True):
    """The needs profile of a customer."""

    items: list[Need]


class Gap(Answered, frozen=True):
    """A customer of whom not all needs are known."""

    customer_id: int
    name: str
    state: str
    country: str
    known: int
    fields: int
    amount: Money


class GapQuery(Paging, kw_only=True, frozen=True):
    """Whose customers."""

    owner_id: Id | None = None


class NewContact(Asked, kw_only=True, frozen=True):
    """A call or a visit, as it is written down; ``outcome`` is asked of calls that we made."""

    contact: Contact
    outcome: Annotated[str, Meta(max_length=20)] = ""
    text: Annotated[str, Meta(max_length=contacts.LONGEST)] = ""
    at: Annotated[datetime, Meta(tz=True, description="Left out: just now.")] | None = None


@operation("GET", "/customers/{customer_id}/traits", scope=READ)
def list_traits(call: Call, customer_id: Id) -> AllSaid:
    """List everything that was said of a customer."""
    found = told.said_of(call.settings, who(call.settings, customer_id).subjects)
    return AllSaid(
        items=[
            Said(
                trait=each.trait,
                value=trait_shown(call, each.trait, each.value),
                since=moment(each.valid_from_us),
                source=each.source,
                by=each.made_by,
            )
            for each in found
        ]
    )


@operation("PUT", "/customers/{customer_id}/traits/{trait}", scope=WRITE, roles=WRITERS)
def set_trait(call: Call, customer_id: Id, trait: Name, body: Value) -> None:
    """Say something about a customer from now on; what was said before is kept.

    Fields of the needs profile are traits that begin with `need.`.
    """
    about = who(call.settings, customer_id)
    traits.edit_trait(call.settings, about, trait, body.value, by=call.by, now_us=call.now_us)


@operation("GET", "/customers/{customer_id}/needs", scope=READ)
def list_needs(call: Call, customer_id: Id) -> Needs:
    """Get the needs profile of a customer."""
    said = told.said_of(call.settings, who(call.settings, customer_id).subjects)
    found = care_needs.needs_of(care_needs.need_fields(call.settings), said)
    return Needs(
        items=[
            Need(
                key=each.field.key,
                name=_words(call, each.field.name),
                question=_words(call, each.field.question),
                value=None if each.said is None else each.said.value,
                said_at=None if each.said is None else moment(each.said.valid_from_us),
            )
            for each in found
        ]
    )


@operation("GET", "/needs/gaps", scope=READ)
def list_gaps(call: Call, query: GapQuery) -> Page[Gap]:
    """List the customers of whom not all needs are known, who spent most first."""
    fields = len(care_needs.need_fields(call.settings))
    rows, more = stored_needs.gaps(
        call.settings,
        fields,
        owner_id=query.owner_id,
        only=call.theirs,
        after=cursors.where(call, query, tuple[int, int]),
        limit=query.limit,
    )
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: (row.amount_minor, row.unit_id),
        show=lambda row: Gap(
            customer_id=row.unit_id,
            name=named(call, row.name),
            state=row.state,
            country=row.country,
            known=row.known,
            fields=fields,
            amount=money(call.settings, row.amount_minor),
        ),
        more=more,
    )


@operation("POST", "/customers/{customer_id}/contacts", scope=WRITE, roles=WRITERS)
def log_contact(call: Call, customer_id: Id, body: NewContact) -> None:
    """Write down a call or a visit; it is an event of the customer within moments."""
    at_us = call.actual_us if body.at is None else microseconds(body.at)
    written = Written(body.contact, body.outcome, body.text, at_us)
    about = who(call.settings, customer_id)
    contacts.log_contact(call.settings, about, written, by=call.by, now_us=call.actual_us)


def _words(call: Call, words: object) -> str:
    return words if isinstance(words, str) else call.say(words)  # type: ignore[arg-type]
