"""What the declarations of features share: conditions, needs and the arithmetic that remains.

Everything is made of :mod:`holdfast.analytics.spec` and :mod:`holdfast.analytics.feature`; nothing
here knows a family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import AMOUNT, MOMENT, PURCHASE, RETURN, Example, Needed, Over
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.spec import (
    Arithmetic,
    Choice,
    Column,
    Compare,
    Every,
    Expression,
    Literal,
    Missing,
    Not,
    OneOf,
    Some,
    WholeDivision,
    equals,
)

Value = Callable[[Needed], NDArray[np.generic]]

FOUR_WEEKS, TWELVE_WEEKS, YEAR = 28, 84, 364
"""The stretches that features look at: whole weeks, so that each has the same weekdays."""

AT = Column("at_us")
AGE = Arithmetic("-", MOMENT, AT)
"""How long before the moment of asking a row happened, in microseconds."""

MONEY_MOVED = Some((PURCHASE, RETURN))

_MINUTE_US = 60_000_000
_ROOM = 1 << 36
"""Amounts below it fit beside a moment in minutes: 687 million in the major unit."""


def told(title: str, events: str, at: date) -> Callable[..., tuple[Example, ...]]:
    """One history for all features of a family: call it with what a feature answers to it."""
    return lambda **answers: (Example(title, events, at, answers),)


def named(*names: str) -> Expression:
    """Rows of one of these events."""
    return equals("name", names[0]) if len(names) == 1 else OneOf(Column("name"), names)


def all_of(*conditions: Expression) -> Expression:
    """Rows for which all conditions hold."""
    return Every(conditions)


def known(name: str) -> Expression:
    """Whether a column of an object has a value."""
    return Not(Missing(Column(name)))


def since(name: str, days: int) -> Expression:
    """Whether a moment of an object lies within the last ``days``."""
    return Compare(Column(name), ">=", Arithmetic("-", MOMENT, Literal(days * DAY_US)))


def count(where: Expression, days: int | None = None, until_days: int = 0) -> Over:
    """How many rows."""
    return Over("count", None, where, days, until_days)


def distinct(of: str, where: Expression, days: int | None = None, until_days: int = 0) -> Over:
    """How many different values of a column."""
    return Over("distinct", Column(of), where, days, until_days)


def orders(days: int | None = None, until_days: int = 0) -> Over:
    """How many purchases; several lines of one order are one."""
    return distinct("object_id", PURCHASE, days, until_days)


def amount(where: Expression, days: int | None = None, until_days: int = 0) -> Over:
    """The signed sum of amounts, in minor units of the reporting currency."""
    return Over("sum", AMOUNT, where, days, until_days)


def last_time(where: Expression, days: int | None = None) -> Over:
    """How long ago it last happened, in microseconds."""
    return Over("least", AGE, where, days)


def first_time(where: Expression) -> Over:
    """How long ago it first happened, in microseconds."""
    return Over("greatest", AGE, where)


def first_moment(where: Expression) -> Over:
    """The first moment of an object's history at which something happened."""
    return Over("least", AT, where)


def last_moment(where: Expression, until_days: int = 0) -> Over:
    """The last moment of an object's history at which something happened."""
    return Over("greatest", AT, where, None, until_days)


def last_amount(where: Expression, until_days: int = 0) -> Over:
    """The amount of the last of these rows, packed with its minute: :func:`unpacked` opens it.

    Of two within one minute, the larger. Amounts below zero or of 687 million and more are cut.
    """
    minute = WholeDivision(AT, _MINUTE_US)
    cut = Choice(
        (
            (Compare(AMOUNT, "<", Literal(0)), Literal(0)),
            (Compare(AMOUNT, ">=", Literal(_ROOM)), Literal(_ROOM - 1)),
        ),
        AMOUNT,
    )
    packed = Arithmetic("+", Arithmetic("*", minute, Literal(_ROOM)), cut)
    return Over("greatest", packed, all_of(where, Not(Missing(AMOUNT))), None, until_days)


def unpacked(name: str) -> Expression:
    """The amount within what :func:`last_amount` packed."""
    packed = Column(name)
    return Arithmetic("-", packed, Arithmetic("*", WholeDivision(packed, _ROOM), Literal(_ROOM)))


_SCORE_ROOM = 1000
"""Scores below it fit beside a moment in minutes, to four digits after the point."""


def last_score(where: Expression) -> Over:
    """The score of the last of these rows, packed with its minute: :func:`score` opens it."""
    scored = all_of(where, Compare(Column("score"), ">=", Literal(0)))
    minute = Arithmetic("*", WholeDivision(AT, _MINUTE_US), Literal(_SCORE_ROOM))
    return Over("greatest", Arithmetic("+", minute, Column("score")), scored)


def _floats(needed: Needed, name: str) -> NDArray[np.float64]:
    return np.asarray(needed[name], dtype=np.float64)


def score(name: str) -> Value:
    """The score within what :func:`last_score` packed."""
    return lambda needed: np.round(np.mod(_floats(needed, name), _SCORE_ROOM), 4)


def in_days(name: str) -> Value:
    """Microseconds in days, begun ones counted: at the start of a day, yesterday is 1 day ago."""
    return lambda needed: np.ceil(_floats(needed, name) / DAY_US)


def exact_days(total: str, number: str) -> Value:
    """The mean of ``number`` lengths that sum up to ``total`` microseconds, in days; of none, ``nan``."""
    return lambda needed: divided(_floats(needed, total), _floats(needed, number)) / DAY_US


def part(some: str, whole: str, fewest: int = 1) -> Value:
    """``some`` of the ``whole``; ``nan`` where the whole is below ``fewest``: too few to say."""

    def value(needed: Needed) -> NDArray[np.generic]:
        below, above = _floats(needed, whole), _floats(needed, some)
        return divided(above, np.where(below >= fewest, below, np.nan))

    return value


FIRST_SEEN = Over("greatest", AGE)
"""How long ago we first saw anything of the customer, in microseconds."""


def known_for(days: int, value: Value) -> Value:
    """``value``, and ``nan`` for customers first seen less than ``days`` ago (the need "known").

    Who was not there before has not grown since.
    """

    def longer(needed: Needed) -> NDArray[np.generic]:
        known = np.ceil(_floats(needed, "known") / DAY_US) >= days
        return np.where(known, np.asarray(value(needed), np.float64), np.nan)

    return longer


def recent_part(now: str, before: str, fewest: int = 2) -> Value:
    """How much of two stretches of one length fell into the later one: a half where nothing changed.

    ``nan`` where both together are below ``fewest``, and where one of them is below zero.
    """

    def value(needed: Needed) -> NDArray[np.generic]:
        later, earlier = _floats(needed, now), _floats(needed, before)
        both = later + earlier
        told = (both >= fewest) & (later >= 0) & (earlier >= 0)
        return divided(later, np.where(told, both, np.nan))

    return value


def difference(more: str, less: str) -> Value:
    """What is left of one when another is taken away, at least 0."""
    return lambda needed: np.maximum(_floats(needed, more) - _floats(needed, less), 0)


def divided(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotients; ``nan`` where there is nothing to divide by."""
    some = np.isfinite(below) & (below != 0)
    quotient: NDArray[np.float64] = np.full(len(above), np.nan)
    np.divide(above, below, out=quotient, where=some)
    return quotient


TICKET: Mapping[str, Over] = {
    "opened": first_moment(named("Ticket Opened")),
    "asked": last_moment(named("Ticket Opened", "Ticket Reopened")),
    "answered": first_moment(named("Ticket Answered")),
    "closed": last_moment(named("Ticket Closed")),
    "promised": Over("greatest", Column("promised_us")),
}
"""The state of a ticket, for every family that asks: one pass answers all."""

TICKET_OPEN = all_of(
    known("asked"), Some((Not(known("closed")), Compare(Column("closed"), "<", Column("asked"))))
)

_AGREED = named("Subscription Started", "Subscription Changed")

SUBSCRIPTION: Mapping[str, Over] = {
    "first": first_moment(named("Subscription Started")),
    "started": last_moment(named("Subscription Started")),
    "ended": last_moment(named("Subscription Ended")),
    "terms": last_amount(_AGREED),
    "earlier_started": last_moment(named("Subscription Started"), TWELVE_WEEKS),
    "earlier_ended": last_moment(named("Subscription Ended"), TWELVE_WEEKS),
    "earlier_terms": last_amount(_AGREED, TWELVE_WEEKS),
}
"""The state of a subscription, now and twelve weeks before."""


def _running(started: str, ended: str) -> Expression:
    goes_on = Some((Not(known(ended)), Compare(Column(ended), "<", Column(started))))
    return all_of(known(started), goes_on)


RUNNING = _running("started", "ended")
RAN_BEFORE = _running("earlier_started", "earlier_ended")

INVOICE: Mapping[str, Over] = {
    "due": Over("greatest", Column("promised_us")),
    "paid": first_moment(named("Payment Completed")),
    "failed": last_moment(named("Payment Failed")),
    "amount": Over("greatest", AMOUNT, named("Invoice Issued", "Payment Completed", "Payment Failed")),
}
"""The state of a bill."""

LATENESS = WholeDivision(Arithmetic("-", Column("paid"), Column("due")), DAY_US)
"""Whole days after the day on which a bill was due that it was paid; below zero where before it."""

DUE_LONG_AGO = Compare(Column("due"), "<=", Arithmetic("-", MOMENT, Literal(DAY_US)))
"""Whether the day on which a bill is due is over."""
