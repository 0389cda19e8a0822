"""What measuring takes from the event log: three questions, from which everything else is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

from holdfast.analytics import spec
from holdfast.analytics.local_days import local_day
from holdfast.analytics.spec import Column, Count, Expression, Greatest, Least, Literal, Query, Sum

STARTED, CHANGED, ENDED = "Subscription Started", "Subscription Changed", "Subscription Ended"
DELETED, SIGNED_UP = "Account Deleted", "Signed Up"
ORDERED, REFUNDED = "Order Completed", "Order Refunded"
PAID, PAID_BACK = "Payment Completed", "Payment Refunded"
CONTRACT_NAMES = (STARTED, CHANGED, ENDED, DELETED, SIGNED_UP)
TRIAL = "trial"
"""How the plan (``code``) of a subscription that is a trial begins."""


class Happened(IntEnum):
    """What a row of :func:`contract_rows` says, in the order that holds at one moment."""

    STARTED = 0
    CHANGED = 1
    ENDED = 2
    DELETED = 3
    SIGNED_UP = 4


IS_ORDER, IS_ACTIVITY = 1, 2
"""Bits of the kind of a row of :func:`purchase_rows`."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How rows are taken.

    ``end_us``: only what happened before it and was known by then. ``first_us`` is the first
    moment in the log. ``currencies`` are those found, in the order of their numbers. ``activity``
    are the event names that count as a purchase; ``linked`` tells whether there is a table of links.
    ``of_accounts``: the unit is the account, and a contact who goes does not end it.
    """

    zone: ZoneInfo
    first_us: int
    end_us: int
    currencies: tuple[str, ...]
    activity: tuple[str, ...] = (ORDERED,)
    receipts: tuple[str, ...] = (ORDERED,)
    returns: tuple[str, ...] = (REFUNDED,)
    linked: bool = True
    of_accounts: bool = False

    @property
    def window(self) -> spec.Window:
        """The rows that could be known at the end."""
        end = Literal(self.end_us)
        return spec.Window(Column("at_us"), None, end, Column("known_us"), end)

    @property
    def unit(self) -> Expression:
        """The unit of a row: that of its subject's link, else the subject itself."""
        subject = Column("subject_id")
        return spec.Lookup("links", "subject_id", "unit_id", subject, subject) if self.linked else subject

    @property
    def day(self) -> Expression:
        """The day of a row in the workspace's time zone."""
        return local_day(Column("at_us"), self.zone, self.first_us, self.end_us)

    @property
    def currency(self) -> Expression:
        """The number of a row's currency; one without says nothing and counts as the first."""
        places = [(spec.equals("currency", name), Literal(at)) for at, name in enumerate(self.currencies)]
        return spec.Choice(tuple(places[1:]), Literal(0)) if len(places) > 1 else Literal(0)


def census(end_us: int) -> Query:
    """How many rows of each name and currency there are, from when to when, and their signed sum."""
    end = Literal(end_us)
    return Query(
        "events",
        {"name": Column("name"), "currency": spec.Or(Column("currency"), Literal(""))},
        {
            "rows": Count(),
            "first_us": Least(Column("at_us")),
            "last_us": Greatest(Column("at_us")),
            "amount": Sum(Column("amount_minor")),
        },
        where=spec.Window(Column("at_us"), None, end, Column("known_us"), end),
    )


def purchase_rows(taking: Taking) -> Query:
    """Orders, refunds and whatever counts as activity: unit, day, kind, amount, currency, order."""
    names = _unique((*taking.receipts, *taking.returns, *taking.activity))
    kinds = {name: _kind(name, taking) for name in names}
    branches = [(spec.equals("name", name), Literal(kind)) for name, kind in kinds.items() if kind]
    money = spec.OneOf(Column("name"), (*taking.receipts, *taking.returns))
    return Query(
        "events",
        {
            "unit": taking.unit,
            "day": taking.day,
            "kind": spec.Choice(tuple(branches), Literal(0)) if branches else Literal(0),
            "amount": spec.Choice(((money, spec.Or(Column("amount_minor"), Literal(0))),), Literal(0)),
            "currency": taking.currency,
            "order": spec.Fingerprint(Column("object_id")),
        },
        where=spec.Every((spec.OneOf(Column("name"), names), taking.window)),
    )


def contract_rows(taking: Taking) -> Query:
    """What happened to subscriptions and accounts: unit, moment, day, what, which, monthly amount."""
    happened = [(spec.equals("name", name), Literal(int(at))) for at, name in enumerate(CONTRACT_NAMES)]
    conditions: list[Expression] = [spec.OneOf(Column("name"), CONTRACT_NAMES), taking.window]
    if taking.of_accounts:
        of_a_person = spec.OneOf(Column("name"), (DELETED, SIGNED_UP))
        of_the_unit = spec.Compare(Column("subject_id"), "=", taking.unit)
        conditions.append(spec.Some((spec.Not(of_a_person), of_the_unit)))
    return Query(
        "events",
        {
            "unit": taking.unit,
            "at_us": Column("at_us"),
            "day": taking.day,
            "happened": spec.Choice(tuple(happened), Literal(-1)),
            "contract": spec.Fingerprint(Column("object_id")),
            "amount": spec.Or(Column("amount_minor"), Literal(0)),
            "currency": taking.currency,
            "trial": spec.Choice(((spec.StartsWith(Column("code"), TRIAL), Literal(1)),), Literal(0)),
        },
        where=spec.Every(tuple(conditions)),
    )


def category_rows(taking: Taking) -> Query:
    """Which categories were bought by whom on which day: unit, category (its number), day.

    The table ``categories`` gives the number of a product's category; products without count as -1.
    """
    product = Column("product_id")
    return Query(
        "events",
        {
            "unit": taking.unit,
            "category": spec.Lookup("categories", "product_id", "category", product, Literal(-1)),
            "day": taking.day,
        },
        {"rows": Count()},
        where=spec.Every((spec.OneOf(Column("name"), taking.receipts), taking.window)),
    )


def product_totals(end_us: int) -> Query:
    """How many of each product were sold, returns subtracted, and for how much."""
    end = Literal(end_us)
    return Query(
        "events",
        {"product": Column("product_id"), "currency": spec.Or(Column("currency"), Literal(""))},
        {"quantity": Sum(Column("quantity")), "amount": Sum(Column("amount_minor"))},
        where=spec.Every(
            (
                spec.OneOf(Column("name"), (ORDERED, REFUNDED)),
                spec.Not(spec.Missing(Column("product_id"))),
                spec.Window(Column("at_us"), None, end, Column("known_us"), end),
            )
        ),
    )


def _kind(name: str, taking: Taking) -> int:
    return IS_ORDER * (name in taking.receipts) + IS_ACTIVITY * (name in taking.activity)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
