"""Everyone the company knows, one row each, in columns that grow as people turn up."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from holdfast.simulate.arrays import Array, Flags, Floats, Ints, Keys


class Kind(IntEnum):
    """What a person is made for; nobody changes it."""

    PROSPECT = 0
    CASUAL = 1
    SHOP = 2
    SUBSCRIBER = 3
    WHOLESALE = 4


class Stage(IntEnum):
    """Where a person stands.

    ``NOT_YET`` has not paid for anything, ``DONE`` bought once and was never really a customer.
    """

    NOT_YET = 0
    CONTENT = 1
    WAVERING = 2
    LEFT = 3
    DONE = 4


class Response(IntEnum):
    """How a person answers to being approached (the four kinds of uplift modelling)."""

    PERSUADABLE = 0
    SURE_THING = 1
    LOST_CAUSE = 2
    SLEEPING_DOG = 3


_COLUMNS: dict[str, type] = {
    "person": np.int64,
    "key": np.uint64,
    "country": np.int8,
    "kind": np.int8,
    "female": np.bool_,
    "given": np.int16,
    "family": np.int16,
    "city": np.int8,
    "source": np.int8,
    "arrived": np.int32,
    "birth": np.int32,
    "fit": np.float64,
    "price_sense": np.float64,
    "service_sense": np.float64,
    "tolerance": np.float64,
    "app_rate": np.float64,
    "rhythm": np.float64,
    "profile": np.int8,
    "response": np.int8,
    "frailty": np.float64,
    "card_trouble": np.float64,
    "consent": np.bool_,
    "has_phone": np.bool_,
    "chats": np.bool_,
    "twin": np.bool_,
    "trial": np.bool_,
    "first_plan": np.int8,
    "referrer": np.int64,
    "stage": np.int8,
    "since": np.int32,
    "cause": np.int8,
    "customer_since": np.int32,
    "base_hazard": np.float64,
    "grievance": np.float64,
    "grievance_day": np.int32,
    "approached": np.float64,
    "encouraged": np.float64,
    "pressure": np.float64,
    "last_order": np.int32,
    "orders": np.int32,
    "discount": np.float64,
    "plan": np.int8,
    "monthly": np.int64,
    "subscription": np.int32,
    "subscriptions": np.int32,
    "subscribed_on": np.int32,
    "next_bill": np.int32,
    "next_parcel": np.int32,
    "parcels": np.int32,
    "invoices": np.int32,
    "declined": np.int8,
    "tickets": np.int32,
    "last_ticket": np.int32,
    "last_topic": np.int8,
    "steps": np.int8,
    "lost": np.int16,
    "deleted": np.int32,
    "guest_since": np.int32,
}

NEVER = -1
"""In columns that hold a day: it has not happened, or will not."""

_NEVER_AT_FIRST = frozenset(
    {
        "cause",
        "customer_since",
        "last_order",
        "plan",
        "subscription",
        "subscribed_on",
        "next_bill",
        "next_parcel",
        "last_ticket",
        "last_topic",
        "deleted",
        "guest_since",
        "referrer",
    }
)


class People:
    """The state of everyone. Columns are arrays of one length; days count from the start.

    ``person`` is the number behind the customer id and ascends; ``key`` seeds the person's
    draws. ``fit`` is standard normal around the mean of the source; ``price_sense``,
    ``service_sense``, ``tolerance`` and ``frailty`` are around 1. ``app_rate`` is uses per day,
    ``rhythm`` the usual days between shop orders (0: does not shop). ``base_hazard`` is the daily
    hazard of beginning to waver when nothing happened; ``grievance`` what happened adds to it.
    ``approached`` is the log of what touches do to the hazard, ``encouraged`` to the order rate.
    ``guest_since`` is the day of the first order under a
    second id. ``monthly`` is the subscription's price in minor units of the country's currency.
    ``grievances`` splits the grievance by cause (people x causes), as of ``grievance_day``.
    """

    person: Ints
    key: Keys
    country: Ints
    kind: Ints
    female: Flags
    given: Ints
    family: Ints
    city: Ints
    source: Ints
    arrived: Ints
    birth: Ints
    fit: Floats
    price_sense: Floats
    service_sense: Floats
    tolerance: Floats
    app_rate: Floats
    rhythm: Floats
    profile: Ints
    response: Ints
    frailty: Floats
    card_trouble: Floats
    consent: Flags
    has_phone: Flags
    chats: Flags
    twin: Flags
    trial: Flags
    first_plan: Ints
    referrer: Ints
    stage: Ints
    since: Ints
    cause: Ints
    customer_since: Ints
    base_hazard: Floats
    grievance: Floats
    grievance_day: Ints
    approached: Floats
    encouraged: Floats
    pressure: Floats
    last_order: Ints
    orders: Ints
    discount: Floats
    plan: Ints
    monthly: Ints
    subscription: Ints
    subscriptions: Ints
    subscribed_on: Ints
    next_bill: Ints
    next_parcel: Ints
    parcels: Ints
    invoices: Ints
    declined: Ints
    tickets: Ints
    last_ticket: Ints
    last_topic: Ints
    steps: Ints
    lost: Ints
    deleted: Ints
    guest_since: Ints
    grievances: Floats

    def __init__(self, causes: int) -> None:
        self._causes = causes
        self._size = 0
        self._room: dict[str, Array] = {name: np.zeros(0, kind) for name, kind in _COLUMNS.items()}
        self._room["grievances"] = np.zeros((0, causes), np.float32)
        self._show()

    def __len__(self) -> int:
        return self._size

    def grow(self, count: int) -> Ints:
        """Add ``count`` empty rows and return them."""
        first, self._size = self._size, self._size + count
        if self._size > len(self._room["person"]):
            self._make_room(max(1024, self._size * 3 // 2))
        self._show()
        return np.arange(first, self._size)

    def columns(self) -> dict[str, Array]:
        """Every column by name, for saving."""
        return {name: room[: self._size] for name, room in self._room.items()}

    def fill(self, columns: Mapping[str, Array]) -> None:
        """Take over saved columns."""
        self._size = len(columns["person"])
        self._room = {name: np.array(columns[name]) for name in self._room}
        self._show()

    def rows_of(self, people: Ints) -> Ints:
        """The rows of these persons; ``LookupError`` names the first who is not there yet."""
        rows = np.minimum(np.searchsorted(self.person, people), max(self._size - 1, 0))
        strangers = people if not self._size else people[self.person[rows] != people]
        if len(strangers):
            raise LookupError(f"nobody is called {customer_id(int(strangers[0]))} (yet)")
        return rows

    def present(self) -> Flags:
        """Who is a customer now: bought for real and has not left."""
        there: Flags = (self.stage == Stage.CONTENT) | (self.stage == Stage.WAVERING)
        return there

    def _make_room(self, size: int) -> None:
        for name, old in self._room.items():
            fresh = np.zeros((size, *old.shape[1:]), old.dtype)
            if name in _NEVER_AT_FIRST:
                fresh -= 1
            fresh[: len(old)] = old
            self._room[name] = fresh

    def _show(self) -> None:
        for name, room in self._room.items():
            setattr(self, name, room[: self._size])


def customer_id(person: int, *, guest: bool = False) -> str:
    """The id of a person in the files; ``guest`` for the second id of someone who has two."""
    return f"{'G' if guest else 'C'}{person:06d}"


def person_of(customer: str) -> int:
    """The number behind a customer id; ``ValueError`` for what is none."""
    if customer[:1] not in ("C", "G") or not customer[1:].isdigit():
        raise ValueError(f"{customer!r} is no customer id of this company")
    return int(customer[1:])
