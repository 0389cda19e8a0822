"""What several areas answer.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict


class Change(TypedDict):
    """One thing that happened with a task or a case."""

    id: int
    at: str
    by: str
    what: str
    was: str
    became: str
    text: str


class CustomerRow(TypedDict):
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
    first_on: str | None
    last_on: str | None
    left_on: str | None
    orders: int
    amount: Money


class History(TypedDict):
    """All that happened, the oldest first."""

    items: list[Change]


class Money(TypedDict):
    """An amount in the smallest unit of its currency: 1250 of EUR are 12.50 euros."""

    amount_minor: int
    currency: str
