"""What several areas answer: customers in short, people, days and money as they are written."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from holdfast.domain.period import date_of
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store.customers import ListedCustomer
from holdfast.web.api.contract import Answered, Call, Money
from holdfast.web.api.problems import Wrong
from holdfast.web.api.reading import does_not_fit
from holdfast.web.api.seeing import trait_shown

T = TypeVar("T")


class CustomerRow(Answered, frozen=True):
    """A customer as lists show it.

    ``state`` is one of new, active, dormant, returning, lapsed, won_back, or "" before the first look;
    ``amount`` what the customer brought in all.
    """

    id: int
    name: str
    kind: str
    country: str
    source: str
    state: str
    first_on: date | None
    last_on: date | None
    left_on: date | None
    orders: int
    amount: Money


class CustomerName(Answered, frozen=True):
    """A customer by number and name."""

    id: int
    name: str


class Person(Answered, frozen=True):
    """One of our own people."""

    id: int
    email: str
    name: str


def customer_row(call: Call, row: ListedCustomer) -> CustomerRow:
    """A row of the list as it may be shown."""
    return CustomerRow(
        id=row.unit_id,
        name=named(call, row.name),
        kind=row.kind,
        country=row.country,
        source=row.source,
        state=row.state,
        first_on=day(row.first_day),
        last_on=day(row.last_day),
        left_on=day(row.left_day),
        orders=row.orders,
        amount=money(call.settings, row.amount_minor),
    )


def named(call: Call, name: str) -> str:
    """A customer's name as it may be shown."""
    return trait_shown(call, "name", name)


def day(number: int | None) -> date | None:
    """A day of ours as it is answered."""
    return None if number is None else date_of(number)


def microseconds(at: datetime) -> int:
    """A moment as it came, in microseconds.

    Refuses (422) the first and the last year of the calendar: in some time zone they lie outside of it.
    """
    if not 1 < at.year < 9999:
        raise does_not_fit([Wrong(field="", found=f"{at.isoformat()} is too far away")])
    return (at - _EPOCH) // timedelta(microseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def money(settings: Settings, minor: int) -> Money:
    """An amount in the currency of the workspace."""
    return Money(amount_minor=minor, currency=settings.currency)


def mirrored(call: Call, value: Any, kind: type[T]) -> T:
    """``value``, a dataclass of ours, as the answer ``kind`` with fields of the same names.

    Sentences are said in the language that was asked for; fields that the answer has not are left out.
    """
    return msgspec.convert(plain(call, value), kind)


def plain(call: Call, value: Any) -> Any:
    """``value`` of our own kinds as JSON has it, its sentences said."""
    if isinstance(value, Text):
        return call.say(value)
    if dataclasses.is_dataclass(value):
        return {each.name: plain(call, getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(call, each) for name, each in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [plain(call, each) for each in value]
    return value
