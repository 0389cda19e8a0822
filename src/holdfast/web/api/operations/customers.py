"""Customers: the list, one of them, what happened, who looks after them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta

from holdfast.domain.happenings import EVENTS_OF_KIND, Kind
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.period import date_of
from holdfast.services.collect import look_up
from holdfast.services.collect.care import owners as care_owners
from holdfast.services.collect.care.view import care_of
from holdfast.services.collect.care.who import who
from holdfast.services.foresee.reading import read_criteria
from holdfast.store.customers import CustomerFilter, CustomerSort, SortColumn, facet_counts, list_customers
from holdfast.store.find import find_units
from holdfast.store.owners import Ownership
from holdfast.store.segments import by_key, segments_of
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
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.seeing import id_shown, trait_shown
from holdfast.web.api.shapes import CustomerRow, Person, customer_row, named

Short = Annotated[str, Meta(max_length=200)]


class Which(Asked, kw_only=True, frozen=True):
    """Which customers; "" asks for those of whom something is unknown."""

    search: Annotated[str, Meta(max_length=200, description="What name, address or id begin with.")] = ""
    state: Short | None = None
    country: Short | None = None
    source: Short | None = None
    kind: Short | None = None


class CustomerQuery(Paging, kw_only=True, frozen=True):
    """Which customers, in which order."""

    search: Annotated[str, Meta(max_length=200, description="What name, address or id begin with.")] = ""
    state: Short | None = None
    country: Short | None = None
    source: Short | None = None
    kind: Short | None = None
    segment: Annotated[str, Meta(max_length=100, description="The key of a segment.")] | None = None
    sort: SortColumn = "amount"
    order: Literal["descending", "ascending"] = "descending"


@operation("GET", "/customers", scope=READ)
def list_all_customers(call: Call, query: CustomerQuery) -> Page[CustomerRow]:
    """List customers.

    Narrowed by what is known of them, by a search, by a segment; sorted by one column and then by number.
    A search that fits very many is answered in the order of their numbers.
    """
    sort = CustomerSort(
        query.sort,
        query.order == "descending",
        cursors.where(call, query, tuple[int, int] if query.sort != "name" else tuple[str, int]),
    )
    found = list_customers(call.settings, _filter(call, query, query.segment), sort, limit=query.limit)
    return cursors.page(
        call,
        query,
        found.rows,
        place=lambda row: (row.sort_value(query.sort), row.unit_id),
        show=lambda row: customer_row(call, row),
        more=found.more,
    )


class Facets(Answered, frozen=True):
    """For each column how many customers each of its most frequent values would leave."""

    state: dict[str, int]
    country: dict[str, int]
    source: dict[str, int]
    kind: dict[str, int]


@operation("GET", "/customers/counts", scope=READ)
def count_customers(call: Call, query: Which) -> Facets:
    """Count customers by state, country, source and kind.

    Each column is counted under the filters of the other ones.
    """
    counted = facet_counts(call.settings, _filter(call, query, None))
    return Facets(**{facet: dict(values) for facet, values in counted.items()})


class FindQuery(Asked, kw_only=True, frozen=True):
    """Whom to look for."""

    wanted: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=500,
            description="An id as it arrived, `namespace:id`, an e-mail address, a phone number or a name.",
        ),
    ]


class Found(Answered, frozen=True):
    """The numbers of customers who are named so; several where it fits several."""

    ids: list[int]


@operation("GET", "/customers/find", scope=READ)
def find_customers(call: Call, query: FindQuery) -> Found:
    """Find the numbers of customers by an id, an address or a name."""
    units = find_units(call.settings, query.wanted)
    if call.theirs is not None:
        units = [unit for unit in units if unit in call.theirs]
    return Found(ids=units)


class Happened(Answered, frozen=True):
    """One event. ``amount`` is signed as it counts; ``text`` what was written with it."""

    key: str
    at: datetime
    name: str
    source: str | None
    object_kind: str | None
    object_id: str | None
    amount: Money | None
    quantity: Decimal | None
    product_id: str | None
    code: str | None
    score: float | None
    promised_at: datetime | None
    text: str | None
    details: str | None


class Quiet(Answered, frozen=True):
    """A silence that is longer than this customer's habit."""

    start_on: date
    end_on: date
    days: int
    usual_days: float
    goes_on: bool


class Owner(Answered, frozen=True):
    """Who looks after a customer, and through which account where it is not said of the customer itself."""

    person: Person | None
    since: datetime
    set_by: str
    account_id: int | None


class Membership(Answered, frozen=True):
    """A segment that a customer is in."""

    key: str
    title: str
    since: datetime


class Customer(Answered, frozen=True):
    """Everything that is known of one customer, in short; the rest lies below its address."""

    id: int
    name: str
    ids: list[str]
    emails: list[str]
    phones: list[str]
    traits: dict[str, str]
    listed: CustomerRow | None
    first_at: datetime | None
    last_at: datetime | None
    orders: int
    revenue: list[Money]
    owner: Owner | None
    segments: list[Membership]
    silences: list[Quiet]


@operation("GET", "/customers/{customer_id}", scope=READ)
def get_customer(call: Call, customer_id: Id) -> Customer:
    """Get one customer."""
    view = look_up.customer_of_unit(call.settings, customer_id, now=call.now, limit=1, with_gaps=True)
    criteria = read_criteria(call.settings)
    care = care_of(
        call.settings,
        customer_id,
        view.subjects,
        thresholds=(criteria.watch_from, criteria.act_from),
    )
    owned = care.own or care.through
    return Customer(
        id=view.unit_id,
        name=named(call, view.name),
        ids=[f"{each.namespace}:{id_shown(call, each.key)}" for each in view.profile.ids],
        emails=list(call.masks.all_shown("email", view.profile.emails)),
        phones=list(call.masks.all_shown("phone", view.profile.phones)),
        traits={name: trait_shown(call, name, value) for name, value in view.profile.traits.items()},
        listed=None if view.listed is None else customer_row(call, view.listed),
        first_at=moment_or_none(view.history.first_us),
        last_at=moment_or_none(view.history.last_us),
        orders=view.history.orders,
        revenue=[
            Money(amount_minor=minor, currency=currency or NO_CURRENCY)
            for currency, minor in sorted(view.history.revenue.items())
        ],
        owner=None if owned is None else _owner(owned),
        segments=[
            Membership(key=key, title=title, since=moment(since_us))
            for key, title, since_us in segments_of(call.settings, customer_id)
        ],
        silences=[
            Quiet(
                start_on=date_of(each.start),
                end_on=date_of(each.end),
                days=each.days,
                usual_days=each.usual_days,
                goes_on=each.goes_on,
            )
            for each in view.gaps
        ],
    )


class TimelineQuery(Paging, kw_only=True, frozen=True):
    """Which events."""

    kind: Kind | None = None


@operation("GET", "/customers/{customer_id}/events", scope=READ)
def list_events(call: Call, customer_id: Id, query: TimelineQuery) -> Page[Happened]:
    """List what happened with a customer, the newest first.

    A stretch ends between two moments: it may hold somewhat more or fewer than were asked for.
    """
    after = cursors.where(call, query, tuple[int, str])
    view = look_up.customer_of_unit(
        call.settings,
        customer_id,
        now=call.now,
        before=None if after is None else (after[0], bytes.fromhex(after[1])),
        limit=query.limit,
        names=None if query.kind is None else EVENTS_OF_KIND[query.kind],
    )
    shown = [_happened(event, view.texts) for event in view.timeline.events]
    earlier = view.timeline.earlier
    place = None if earlier is None else (earlier[0], earlier[1].hex())
    return Page(items=shown, next=cursors.at(call, query, place))


class OwnerWanted(Asked, kw_only=True, frozen=True):
    """Who is to look after a customer; null: nobody."""

    person_id: Id | None


@operation("PUT", "/customers/{customer_id}/owner", scope=WRITE, roles=WRITERS)
def set_owner(call: Call, customer_id: Id, body: OwnerWanted) -> None:
    """Say who looks after a customer."""
    about = who(call.settings, customer_id)
    care_owners.set_owner(call.settings, about, body.person_id, by=call.by, now_us=call.now_us)


def _filter(call: Call, query: Any, segment: str | None) -> CustomerFilter:
    number = None
    if segment is not None:
        kept = by_key(call.settings, segment)
        if kept is None:
            raise not_here("segment", segment)
        number = kept.id
    return CustomerFilter(
        search=query.search,
        state=query.state,
        country=query.country,
        source=query.source,
        kind=query.kind,
        segment=number,
        among=call.theirs,
    )


def _owner(owned: Ownership) -> Owner:
    person = owned.person
    return Owner(
        person=None if person is None else Person(id=person.id, email=person.email, name=person.name),
        since=moment(owned.from_us),
        set_by=owned.set_by,
        account_id=owned.account,
    )


def _happened(event: Any, texts: Any) -> Happened:
    amount = None
    if event.amount_minor is not None:
        amount = Money(amount_minor=event.amount_minor, currency=event.currency or "")
    return Happened(
        key=event.event_key.hex(),
        at=moment(event.at_us),
        name=event.name,
        source=event.source,
        object_kind=event.object_kind,
        object_id=event.object_id,
        amount=amount,
        quantity=event.quantity,
        product_id=event.product_id,
        code=event.code,
        score=event.score,
        promised_at=moment_or_none(event.promised_us),
        text=texts.get(event.event_key),
        details=event.details,
    )
