"""Which ids are the same customer: probable duplicates, merges and what undoes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from holdfast.domain.likeness import Facts
from holdfast.services.collect.identity import comparing, merging
from holdfast.store import merging as kept
from holdfast.store.linked import walk
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS, may_see
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.seeing import check_customers, id_shown
from holdfast.web.api.shapes import CustomerName, named

Several = Annotated[list[Id], Meta(min_length=2, max_length=50)]


class Duplicate(Answered, frozen=True):
    """Two customers who may be one: how probable, and what speaks for it."""

    left: CustomerName
    right: CustomerName
    score: float
    reasons: list[str]
    found_at: datetime


class Merge(Answered, frozen=True):
    """What one of us said: that customers are one, or are not."""

    id: int
    kind: str
    customer_ids: list[int]
    at: datetime
    by: str
    reasons: list[str]
    score: float | None
    undone_at: datetime | None
    undone_by: str


class Identity(Answered, frozen=True):
    """An id under which a customer arrived."""

    id: int
    namespace: str
    key: str


class Identities(Answered, frozen=True):
    """Every id of a customer."""

    items: list[Identity]


class ToMerge(Asked, kw_only=True, frozen=True):
    """Customers who are one."""

    customer_ids: Several


class TwoCustomers(Asked, kw_only=True, frozen=True):
    """Two customers who are not the same."""

    left_id: Id
    right_id: Id


class ToTakeOut(Asked, kw_only=True, frozen=True):
    """Ids of one customer who is another one."""

    ids: Annotated[list[Id], Meta(min_length=1, max_length=200)]


class Undone(Answered, frozen=True):
    """What became of an undo: ``still_one`` where something else holds the customers together."""

    still_one: bool


class TakenOut(Answered, frozen=True):
    """The customers that there are now."""

    customer_ids: list[int]


@operation("GET", "/duplicates", scope=READ)
def list_duplicates(call: Call, query: Paging) -> Page[Duplicate]:
    """List probable duplicates, the most probable first."""
    found = comparing.probable(
        call.settings, after=cursors.where(call, query, tuple[float, int, int]), limit=query.limit
    )
    shown = [each for each in found.pairs if _sees(call, [each.left.unit_id, each.right.unit_id])]
    return Page(
        items=[
            Duplicate(
                left=CustomerName(id=each.left.unit_id, name=_name(call, each.left)),
                right=CustomerName(id=each.right.unit_id, name=_name(call, each.right)),
                score=each.pair.score,
                reasons=list(each.pair.reasons),
                found_at=moment(each.pair.found_us),
            )
            for each in shown
        ],
        next=cursors.at(call, query, found.after),
    )


@operation("POST", "/duplicates/different", scope=WRITE, roles=WRITERS)
def say_different(call: Call, body: TwoCustomers) -> None:
    """Remember that two customers are not the same."""
    check_customers(call, [body.left_id, body.right_id])
    merging.say_different(call.settings, body.left_id, body.right_id, by=call.by, now=call.now)


@operation("GET", "/merges", scope=READ)
def list_merges(call: Call, query: Paging) -> Page[Merge]:
    """List what people merged and took apart, the newest first."""
    before = cursors.where(call, query, int)
    found = merging.merges(call.settings, before=before, limit=query.limit + 1)
    page = cursors.page(call, query, found, place=lambda merge: merge.id, show=lambda merge: merge)
    seen = [_merge(each) for each in page.items if _sees(call, each.units)]
    return Page(items=seen, next=page.next)


@operation("POST", "/merges", scope=WRITE, roles=WRITERS, status=201)
def merge_customers(call: Call, body: ToMerge) -> Merge:
    """Say that customers are one."""
    check_customers(call, body.customer_ids)
    number = merging.merge(call.settings, body.customer_ids, by=call.by, now=call.now)
    return get_merge(call, number)


@operation("GET", "/merges/{merge_id}", scope=READ)
def get_merge(call: Call, merge_id: Id) -> Merge:
    """Get one merge."""
    found = kept.one(call.settings, merge_id)
    if found is None:
        raise not_here("merge", merge_id)
    return _merge(found)


@operation("POST", "/merges/{merge_id}/undo", scope=WRITE, roles=WRITERS)
def undo_merge(call: Call, merge_id: Id) -> Undone:
    """Undo a merge."""
    return Undone(still_one=merging.undo(call.settings, merge_id, by=call.by, now=call.now))


@operation("GET", "/customers/{customer_id}/ids", scope=READ)
def list_ids(call: Call, customer_id: Id) -> Identities:
    """List the ids under which a customer arrived."""
    known = kept.known_ids(call.settings, set(walk({customer_id}).unit))
    if not known:
        raise not_here("customer", customer_id)
    return Identities(
        items=[
            Identity(id=number, namespace=namespace, key=id_shown(call, key))
            for number, (namespace, key) in sorted(known.items())
        ]
    )


@operation("POST", "/customers/{customer_id}/ids/take-out", scope=WRITE, roles=WRITERS)
def take_out_ids(call: Call, customer_id: Id, body: ToTakeOut) -> TakenOut:
    """Make a customer of its own of some of the ids."""
    check_customers(call, body.ids)
    if not set(body.ids) <= set(walk({customer_id}).unit):
        raise not_here("id", ", ".join(map(str, body.ids)))
    return TakenOut(customer_ids=list(merging.take_out(call.settings, body.ids, by=call.by, now=call.now)))


def _name(call: Call, facts: Facts) -> str:
    return named(call, facts.names[0]) if facts.names else ""


def _sees(call: Call, units: object) -> bool:
    return call.theirs is None or may_see(call.person, units)  # type: ignore[arg-type]


def _merge(merge: kept.Merge) -> Merge:
    return Merge(
        id=merge.id,
        kind=merge.kind,
        customer_ids=list(merge.units),
        at=moment(merge.made_us),
        by=merge.made_by,
        reasons=list(merge.reasons),
        score=merge.score,
        undone_at=moment_or_none(merge.undone_us),
        undone_by=merge.undone_by,
    )
