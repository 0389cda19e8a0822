"""What the declarations of signals share: numbers that explain themselves, and words for their needs.

Everything is made of :mod:`holdfast.analytics.feature_parts`; nothing here knows a signal. A number that
"what is not known" would make silent is 0 instead, so that a rule can ask for it and for its opposite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Cause, Feature, Need, Needed, Objects, Over, Unit
from holdfast.analytics.feature_parts import (
    RUNNING,
    SUBSCRIPTION,
    Value,
    all_of,
    in_days,
    last_moment,
    named,
)
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.signal import Columns, Values
from holdfast.analytics.spec import Arithmetic, Column, Compare, Expression, Literal, OneOf
from holdfast.domain.readings import TEXT_READ
from holdfast.domain.texts import Text

BY_HAND = named("Message Sent", "Call Made", "Visit Made", "Ticket Answered")
"""Someone of us was in touch in person, with one customer: mails to many are no attention."""

FEWEST = Text("How often, to begin with")
"""The title of settings that say how many are needed."""


def numbers_of(signal: str, cause: Cause) -> Callable[..., Feature]:
    """A maker of the numbers of one signal: their names begin with its, their causes are its.

    ``number(name, title, needs, value, unit=..., days=...)``; a single need may stand for itself.
    """

    def number(
        name: str,
        title: Text,
        needs: Need | Mapping[str, Need],
        value: Value | None = None,
        *,
        unit: Unit = "count",
        days: int | None = None,
    ) -> Feature:
        each = needs if isinstance(needs, Mapping) else {name: needs}
        return Feature(f"{signal}_{name}", title, title, unit, cause, each, value, days)

    return number


def coded(where: Expression, *codes: str) -> Expression:
    """Rows of these that carry one of the codes."""
    return all_of(where, OneOf(Column("code"), codes))


def read(*codes: str) -> Expression:
    """Texts in which one of these was found."""
    return coded(named(TEXT_READ), *codes)


def late(where: Expression) -> Expression:
    """Rows of these that happened after the promised moment."""
    return all_of(where, Compare(Column("at_us"), ">", Column("promised_us")))


def marked(where: Expression, least: int, below: int) -> Expression:
    """Rows of these whose score is at least the one and below the other."""
    score = Column("score")
    return all_of(where, Compare(score, ">=", Literal(least)), Compare(score, "<", Literal(below)))


def floats(needed: Needed, name: str) -> NDArray[np.float64]:
    """A need as numbers."""
    return np.asarray(needed[name], np.float64)


def most(*names: str) -> Value:
    """The largest of several counts: one thing that reached us in several ways counts once."""
    return lambda needed: np.max([floats(needed, name) for name in names], axis=0)


def more_lately(one: str, other: str) -> Value:
    """1 where ``one`` (how long ago) happened after ``other`` last did, or ``other`` never; else 0."""

    def value(needed: Needed) -> NDArray[np.generic]:
        since_other = np.nan_to_num(floats(needed, other), nan=np.inf)
        return (floats(needed, one) < since_other).astype(np.float64)

    return value


def or_zero(value: Value) -> Value:
    """``value``, and 0 where it is not known."""
    return lambda needed: np.nan_to_num(np.asarray(value(needed), np.float64), nan=0.0)


def days_or_zero(name: str) -> Value:
    """Microseconds in days, begun ones counted; 0 where there are none."""
    return or_zero(in_days(name))


def rising(number: str, at: float, *, least: float = 0.4) -> Callable[..., NDArray[np.float64]]:
    """A strength: ``least`` where a number only just warns, 1 from ``at`` on."""

    def strength(columns: Columns, values: Values) -> NDArray[np.float64]:
        share = np.clip(np.nan_to_num(np.asarray(columns[number], np.float64)) / at, 0.0, 1.0)
        found: NDArray[np.float64] = least + (1.0 - least) * share
        return found

    return strength


def falling(number: str, until: float, *, unknown: float) -> Callable[..., NDArray[np.float64]]:
    """A strength: 1 where a number is 0, 0.4 from ``until`` on, ``unknown`` where it is not known."""

    def strength(columns: Columns, values: Values) -> NDArray[np.float64]:
        near = 1.0 - 0.6 * np.clip(np.asarray(columns[number], np.float64) / until, 0.0, 1.0)
        return np.nan_to_num(near, nan=unknown)

    return strength


_TERMS_SAID = named("Subscription Started", "Subscription Changed", "Subscription Renewed")
_SHORTEST_TERM_DAYS = 45
"""What renews each month renews all the time: no renewal to prepare for."""

DAYS_TO_RENEWAL = Objects(
    "subscription",
    {
        "started": SUBSCRIPTION["started"],
        "ended": SUBSCRIPTION["ended"],
        "agreed": last_moment(_TERMS_SAID),
        "renews": Over("greatest", Column("promised_us"), _TERMS_SAID),
    },
    "least",
    Arithmetic("-", Column("renews"), MOMENT),
    all_of(
        RUNNING,
        Compare(Column("renews"), ">=", MOMENT),
        Compare(
            Arithmetic("-", Column("renews"), Column("agreed")), ">=", Literal(_SHORTEST_TERM_DAYS * DAY_US)
        ),
    ),
)
"""How long until the first of the running subscriptions of longer terms renews, in microseconds."""


def one_less(number: str) -> Callable[..., NDArray[np.float64]]:
    """A strength: 1 where a share is 0, and the less the larger it is."""

    def strength(columns: Columns, values: Values) -> NDArray[np.float64]:
        return np.clip(1.0 - np.nan_to_num(np.asarray(columns[number], np.float64), nan=1.0), 0.05, 1.0)

    return strength
