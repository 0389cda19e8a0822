"""What several areas answer.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Any, TypedDict


class Change(TypedDict):
    """One thing that happened with a task or a case."""

    id: int
    at: str
    by: str
    what: str
    was: str
    became: str
    text: str


class Count(TypedDict):
    """How often a source told of something, and what became of it."""

    outcome: str
    kind: str
    count: int
    last_at: str


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


class DayOfSegment(TypedDict):
    """How many were in a segment at the end of a day, how many had entered and left."""

    day: str
    size: int
    entered: int
    left: int


class Driver(TypedDict):
    """What adds to the risk (``effect`` above 0, in log-odds) or takes from it."""

    feature: str
    title: str
    effect: float
    words: str
    cause: str


class Episode(TypedDict):
    """That a signal warned of a customer, from ``began_on`` until ``ended_on`` (null: it still does).

    ``ended_why``, where nobody of us settled it: "" as its rule says so, "lapsed" as nothing is left to
    judge it by, "left" as the customer left, "off" as the signal is not asked any more. ``evidence`` are
    sentences, ``numbers`` what they are made of. ``right`` is what a person said of it; ``first_look``:
    it held already when everybody was looked at for the first time.
    """

    id: int
    signal: str
    customer_id: int
    name: str
    title: str
    state: str
    began_on: str
    raised_at: str
    ended_on: str | None
    ended_by: str
    ended_why: str
    strength: float
    evidence: list[str]
    numbers: dict[str, float]
    risk: float | None
    value_at_risk: Money | None
    snoozed_until: str | None
    right: bool | None
    judged_by: str
    first_look: bool
    storm_id: int | None
    acted_at: str | None


class History(TypedDict):
    """All that happened, the oldest first."""

    items: list[Change]


class Money(TypedDict):
    """An amount in the smallest unit of its currency: 1250 of EUR are 12.50 euros."""

    amount_minor: int
    currency: str


class Period(TypedDict):
    """The days from ``start`` up to, not including, ``end``."""

    start: str
    end: str
    kind: str


class Play(TypedDict):
    """A play; ``number`` is that of its latest version, ``running`` that by which customers enter."""

    key: str
    title: str
    state: str
    purpose: str
    priority: int
    number: int
    running: int | None
    made_at: str
    made_by: str
    launched_at: str | None
    ended_at: str | None
    under_way: int
    done: int
    left: int
    held_out: int
    goals: int


class Risk(TypedDict):
    """The calibrated probability that a customer leaves within the horizon, as of the start of a day.

    ``band`` is act, watch or keep by the criteria of the team; ``value`` what the customer can still
    bring, ``value_at_risk`` the part of it that is expected to be lost; ``change`` since a week ago.
    """

    customer_id: int
    name: str
    state: str
    country: str
    risk: float
    band: str
    change: float | None
    value: Money
    value_at_risk: Money
    likely_from: str | None
    likely_to: str | None
    as_of: str
    drivers: list[Driver]


class SourceAbout(TypedDict):
    """A source with what it told; ``waiting`` calls are about objects whose customer is not known yet.

    ``hook`` is the address to enter at a provider that tells by webhook, else null; ``secrets`` says of
    each secret whether there is one: none is ever answered.
    """

    name: str
    kind: str
    enabled: bool
    last_at: str | None
    trouble: str | None
    options: dict[str, Any]
    hook: str | None
    secrets: dict[str, bool]
    waiting: int
    counts: list[Count]


class Storm(TypedDict):
    """That a signal warned of far more customers on one day than the ``usual`` number: look for one cause."""

    id: int
    signal: str
    on: str
    customers: int
    usual: float
