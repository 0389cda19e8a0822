"""What the declarations of reasons share: how a number is counted, and the measure by what people write.

Everything is made of :mod:`holdfast.analytics.feature_parts`; nothing here knows a reason.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Need, Needed, Objects, Over
from holdfast.analytics.feature_parts import TICKET, Value, all_of, count, known, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.reason import WINDOW_DAYS, Counted, Measure
from holdfast.analytics.signal_parts import coded, floats, marked, read
from holdfast.analytics.spec import Arithmetic, Column, Compare, Expression, Literal
from holdfast.domain.readings import TEXT_READ
from holdfast.domain.texts import Text

REACHED_OUT = ("Message Sent", "Call Made", "Visit Made", "Ticket Answered", "Touch Sent", "Email Delivered")
"""Anything of ours that reached out, by hand or not."""

CAME = named("Signed Up", "Account Created", "Trial Started")


def times(need: Need) -> Counted:
    """How often, by one need."""
    return Counted({"times": need})


def happened(where: Expression, *, days: int | None = WINDOW_DAYS, until_days: int = 0) -> Counted:
    """How often such events happened, in the last twelve weeks unless another stretch is named."""
    return times(count(where, days, until_days))


def answer(needs: Mapping[str, Need], value: Value) -> Counted:
    """A number that arithmetic makes of several needs."""
    return Counted(needs, value)


def without(some: str, other: str) -> Value:
    """1 where ``some`` happened and ``other`` never did, else 0."""

    def value(needed: Needed) -> NDArray[np.generic]:
        return ((floats(needed, some) > 0) & (floats(needed, other) <= 0)).astype(np.float64)

    return value


def at_least(name: str, number: float) -> Value:
    """1 where a need is at least ``number``, else 0 (also where it is not known)."""
    return lambda needed: (np.nan_to_num(floats(needed, name), nan=-np.inf) >= number).astype(np.float64)


def between(name: str, from_day: int, to_day: int) -> Expression:
    """Whether a moment of an object lies in the days [t - ``from_day``, t - ``to_day``)."""
    moment = Column(name)
    return all_of(
        Compare(moment, ">=", Arithmetic("-", MOMENT, Literal(from_day * DAY_US))),
        Compare(moment, "<", Arithmetic("-", MOMENT, Literal(to_day * DAY_US))),
    )


def longer(start: str, end: str, microseconds: int) -> Expression:
    """Whether more than so long lies between two moments of an object."""
    return Compare(Arithmetic("-", Column(end), Column(start)), ">", Literal(microseconds))


def tickets(where: Expression, *, settled_days: int = 1, more: Mapping[str, Over] | None = None) -> Objects:
    """How many tickets were opened within the window, at least ``settled_days`` ago, for which it holds."""
    state = {**TICKET, **(more or {})}
    opened = all_of(known("opened"), between("opened", WINDOW_DAYS, settled_days))
    return Objects("ticket", state, "count", None, all_of(opened, where))


def coded_scores(least: int, below: int) -> Expression:
    """Answers about satisfaction or effort whose score lies in [``least``, ``below``)."""
    return marked(coded(named("Survey Answered"), "csat", "ces"), least, below)


def in_texts(causes: tuple[str, ...]) -> Measure:
    """Of the customers of whom a text was read, how many named one of the causes."""
    return Measure(
        "texts",
        Text("Wrote of it"),
        Text(
            "Customers who wrote of it in a ticket, message, survey or review ÷ customers of whom we read any"
        ),
        happened(named(TEXT_READ)),
        happened(read(*causes)),
        weak_from=0.03,
        bad_from=0.10,
        watch=(TEXT_READ,),
    )
