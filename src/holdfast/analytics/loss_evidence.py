"""What speaks for the cause of a loss: which events say something, of which kind, and for which cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from holdfast.analytics import spec
from holdfast.analytics.local_days import local_day
from holdfast.analytics.spec import Column, Compare, Every, Greatest, Literal, Missing, Not, Query
from holdfast.analytics.taken import Taking
from holdfast.domain.readings import (
    ASKS_FOR_DISCOUNT,
    INTENTS,
    NAMES_COMPETITOR,
    TEXT_READ,
    WANTS_TO_LEAVE,
)
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Kind(IntEnum):
    """Kinds of evidence, the strongest first."""

    WORDS = 0
    UNPAID = 1
    TICK = 2
    TEXT = 3
    SIGNAL = 4
    BEHAVIOUR = 5


KIND_NAMES: Mapping[Kind, str] = {kind: kind.name.lower() for kind in Kind}
KIND_WORDS: Mapping[str, Text] = {
    "words": Text("said on leaving, in own words"),
    "unpaid": Text("a bill was never paid"),
    "tick": Text("the reason that was chosen"),
    "text": Text("written before leaving"),
    "signal": Text("an early warning"),
    "behaviour": Text("what happened before"),
}
"""Kinds of evidence in words."""

FIRST_GUESS: Mapping[Kind, float] = {
    Kind.WORDS: 0.85,
    Kind.UNPAID: 0.9,
    Kind.TICK: 0.7,
    Kind.TEXT: 0.5,
    Kind.SIGNAL: 0.25,
    Kind.BEHAVIOUR: 0.25,
}
"""How often evidence of a kind names the right cause, before the company's own data say."""

CODES: Mapping[str, str] = {
    "too_expensive": "price_too_high",
    "price": "price_too_high",
    "pricing": "price_too_high",
    "cost": "price_too_high",
    "budget": "price_too_high",
    "missing_features": "missing_feature",
    "switched_service": "competitor_better_offer",
    "competitor": "competitor_better_offer",
    "lost_to_competitor": "competitor_better_offer",
    "unused": "no_longer_needed",
    "not_needed": "no_longer_needed",
    "customer_service": "poor_support",
    "support": "poor_support",
    "too_complex": "complexity_bloat",
    "low_quality": "poor_quality",
    "quality": "poor_quality",
    "payment_failed": "payment_problem",
    "card_refused": "payment_problem",
    "bugs": "bugs_outages",
    "outage": "bugs_outages",
    "moved": "personal_circumstances",
    "privacy": "trust_privacy",
    "late_delivery": "late_delivery",
    "delivery": "late_delivery",
}
"""Reasons as other systems write them (billing, sales) to causes of the taxonomy."""

EXIT_SURVEYS = ("exit", "cancellation", "churn", "offboarding")
REQUESTED, WITHDRAWN = "Cancellation Requested", "Cancellation Withdrawn"
ENDED, DELETED, ANSWERED = "Subscription Ended", "Account Deleted", "Survey Answered"
DEAL_LOST, LATE = "Deal Lost", "Order Delivered"
SIGNAL_RAISED = "Signal Raised"
FAILED, PAID, NEVER_PAID = "Payment Failed", "Payment Completed", "never_paid"

TICKED = (REQUESTED, ENDED, DELETED, DEAL_LOST)
"""Events whose code is a reason that was chosen from a list."""

HAPPENED: Mapping[tuple[str, str], str] = {
    (LATE, ""): "late_delivery",
    ("Ticket Reopened", ""): "repeated_issue",
    ("Result Reviewed", "missed"): "no_value_realised",
    ("Checkout Failed", ""): "payment_problem",
    ("Checkout Failed", "site_down"): "bugs_outages",
    (FAILED, ""): "payment_problem",
    ("Renewal Failed", ""): "payment_problem",
    ("Unsubscribed", ""): "too_many_messages",
    ("Email Marked as Spam", ""): "too_many_messages",
    ("Change Announced", "price"): "price_too_high",
}
"""Event and code ("": any) to the cause for which it speaks, weakly."""

SIGNALS: Mapping[str, str] = {
    "asks_for_discount": "price_too_high",
    "asks_for_help_often": "poor_support",
    "change_ahead": "price_too_high",
    "could_not_renew": "payment_problem",
    "delivery_promise_broken": "late_delivery",
    "has_to_ask": "no_information",
    "looks_at_competitor": "competitor_better_offer",
    "nobody_in_touch": "neglected_relationship",
    "payment_failed": "payment_problem",
    "problem_came_back": "repeated_issue",
    "result_missed": "no_value_realised",
    "stopped_reading": "too_many_messages",
    "stuck_at_start": "weak_onboarding",
    "ticket_drags_on": "slow_response",
}
"""Early warnings to the cause for which they speak, weakly."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What speaks for a cause, one row each, in any order.

    ``kind`` and ``cause`` are numbers (``cause`` the place in the list of causes). ``row`` is the place of
    its event among those that were read.
    """

    unit: NDArray[np.int64]
    day: NDArray[np.int64]
    kind: NDArray[np.int64]
    cause: NDArray[np.int64]
    row: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)


def evidence_rows(taking: Taking, causes: tuple[str, ...]) -> Query:
    """The events that say something of why somebody left, with unit, subject, moment, day, name, code."""
    happened = sorted({name for name, _ in HAPPENED} - {LATE})
    said = Every((spec.equals("name", TEXT_READ), spec.OneOf(Column("code"), (*causes, *INTENTS))))
    asked = Every((spec.equals("name", ANSWERED), spec.OneOf(Column("code"), EXIT_SURVEYS)))
    late = Every(
        (
            spec.equals("name", LATE),
            Not(Missing(Column("promised_us"))),
            Compare(Column("promised_us"), "<", Column("at_us")),
        )
    )
    warned = Every((spec.equals("name", SIGNAL_RAISED), spec.OneOf(Column("code"), tuple(SIGNALS))))
    plain = spec.OneOf(Column("name"), (*TICKED, WITHDRAWN, *happened))
    return Query(
        "events",
        {
            "unit": taking.unit,
            "subject_id": Column("subject_id"),
            "at_us": Column("at_us"),
            "day": taking.day,
            "name": Column("name"),
            "code": spec.Or(Column("code"), Literal("")),
        },
        where=Every((spec.Some((said, asked, late, warned, plain)), taking.window)),
    )


def bills(taking: Taking) -> Query:
    """Every bill with the moments of its last failed and its last made payment."""

    def last(name: str) -> Greatest:
        return Greatest(Column("at_us"), spec.equals("name", name))

    return Query(
        "events",
        {"unit": taking.unit, "subject_id": Column("subject_id"), "bill": Column("object_id")},
        {"failed_us": last(FAILED), "paid_us": last(PAID)},
        where=Every((spec.OneOf(Column("name"), (FAILED, PAID)), taking.window)),
    )


def never_paid(of: Query, taking: Taking) -> Query:
    """Those of the :func:`bills` of which a payment failed and none was made after, as rows of evidence."""
    failed, paid = Column("failed_us"), Column("paid_us")
    return Query(
        of,
        {
            "unit": Column("unit"),
            "subject_id": Column("subject_id"),
            "at_us": failed,
            "day": local_day(failed, taking.zone, taking.first_us, taking.end_us),
            "name": Literal(FAILED),
            "code": Literal(NEVER_PAID),
        },
        where=Every((Not(Missing(failed)), spec.Some((Missing(paid), Compare(paid, "<", failed))))),
    )


def cause_of_code(code: str, known: Mapping[str, int]) -> int:
    """The cause that a reason from a list means; -1 for one that says nothing ("other")."""
    plain = code.strip().lower().replace(" ", "_").replace("-", "_")
    return known.get(plain, known.get(CODES.get(plain, ""), -1))


def hints_of(rows: Mapping[str, NDArray[Any]], known: Mapping[str, int]) -> Hints:
    """What the rows of :func:`evidence_rows` say; ``known`` is the place of each cause.

    A cause in a text that also says that the writer goes, or that answers an exit survey, was said on
    leaving.
    """
    import numpy as np

    kinds, causes = _coded(rows["name"], rows["code"], known)
    unit, at_us = whole(rows["unit"]), whole(rows["at_us"])
    says_so = np.flatnonzero(kinds == _MARKS)
    on_leaving = set(zip(unit[says_so].tolist(), at_us[says_so].tolist(), strict=True))
    texts = np.flatnonzero(kinds == Kind.TEXT)
    told = zip(unit[texts].tolist(), at_us[texts].tolist(), strict=True)
    kinds[texts[np.fromiter((key in on_leaving for key in told), bool, len(texts))]] = Kind.WORDS
    row = np.flatnonzero(causes >= 0)
    return Hints(unit[row], whole(rows["day"])[row], kinds[row], causes[row], row)


_MARKS = -2
"""The kind of a row that says that another text of the same moment was written on leaving."""


def _coded(
    names: NDArray[Any], codes: NDArray[Any], known: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    pairs = list(zip(names.tolist(), codes.tolist(), strict=True))
    meaning = {pair: _meaning(*pair, known) for pair in set(pairs)}
    found = np.array([meaning[pair] for pair in pairs], np.int64).reshape(len(pairs), 2)
    return found[:, 0].copy(), found[:, 1].copy()


def _meaning(name: str, code: str, known: Mapping[str, int]) -> tuple[int, int]:
    """Kind and cause of an event; cause -1 where it speaks for none."""
    if name == ANSWERED or (name == TEXT_READ and code == WANTS_TO_LEAVE):
        return _MARKS, -1
    if name == TEXT_READ:
        named = "competitor_better_offer" if code == NAMES_COMPETITOR else code
        if code == ASKS_FOR_DISCOUNT:
            return Kind.BEHAVIOUR, known.get("price_too_high", -1)
        return Kind.TEXT, known.get(named, -1)
    if (name, code) == (FAILED, NEVER_PAID):
        return Kind.UNPAID, known.get("payment_problem", -1)
    if name == SIGNAL_RAISED:
        return Kind.SIGNAL, known.get(SIGNALS[code], -1)
    if name in TICKED:
        return Kind.TICK, cause_of_code(code, known)
    happened = HAPPENED.get((name, code), HAPPENED.get((name, ""), ""))
    return Kind.BEHAVIOUR, known.get(happened, -1)


def whole(values: NDArray[Any]) -> NDArray[np.int64]:
    """A column of whole numbers as the engine answered it."""
    import numpy as np

    return np.asarray(values, np.int64)
