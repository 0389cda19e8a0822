"""What signals about habits share: what counts as use, as a word to us, and the look at the own habit.

The look (:mod:`holdfast.learning.habits`) is worked out once for all numbers that stand on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import ACTIVITY, Asked, CompanyDays, Needed, Series, Worked
from holdfast.analytics.feature_parts import all_of, count, named
from holdfast.analytics.spec import Not
from holdfast.domain.readings import TEXT_READ
from holdfast.learning.habits import BASE, DAYS, FEWEST_ACTIVE, RECENT, against_habit

ANSWERS = ("Email Opened", "Email Link Clicked", "Survey Answered", "Button Pressed", "Message Received")
CONTACTS = (
    *("Ticket Opened", "Ticket Reopened", "Ticket Rated", "Call Received", "Visit Received"),
    *("Message Edited", "Chat Joined", "Product Reviewed"),
)

WORD = named(*ANSWERS, *CONTACTS)
"""The customer said something to us, or answered what we sent."""

USE = all_of(
    ACTIVITY,
    Not(
        named(
            *ANSWERS,
            *CONTACTS,
            *("Automatic Reply Received", "Chat Left", "Email Marked as Spam", "Unsubscribed"),
            *("Touch Sent", "Touch Failed", "Call Made", "Visit Made", "Cancellation Withdrawn"),
            TEXT_READ,
        )
    ),
)
"""The customer used what we offer: signed in, used, looked, bought. Not what is said, nor what we do."""

FEWEST = FEWEST_ACTIVE
"""Active days of habit below which there is none to compare with."""

_YEAR = 364
_QUIET_Z = 2.0
_YEAR_PRIOR = 4.0


def _look(needed: Needed) -> Mapping[str, NDArray[np.generic]]:
    counts, weights = np.asarray(needed["days"]), np.asarray(needed["company"], np.float64)
    found = against_habit(counts.astype(np.int64), weights, _quieter(needed))
    lately = found.change * found.usual_week
    return {
        "chance": found.chance,
        "change": found.change,
        "week": lately,
        "usual_week": found.usual_week,
        "silent": found.silent,
        "active": found.active,
    }


def _quieter(needed: Needed) -> NDArray[np.float64]:
    """What these four weeks were of the twelve before them a year ago, where they were clearly less."""
    now, before = (np.asarray(needed[word], np.float64) for word in ("year_now", "year_before"))
    usual = before * (RECENT / BASE)
    clearly = (usual - now) > _QUIET_Z * np.sqrt(np.maximum(now + usual * RECENT / BASE, 1.0))
    part = (now + _YEAR_PRIOR) / (usual + _YEAR_PRIOR)
    return np.where(clearly, np.minimum(part, 1.0), 1.0)


_NEEDS: Mapping[str, Asked] = {
    "days": Series(USE, DAYS),
    "company": CompanyDays("use", USE, DAYS),
    "year_now": count(USE, _YEAR + RECENT, _YEAR),
    "year_before": count(USE, _YEAR + DAYS, _YEAR + RECENT),
}


def habit(column: str) -> Worked:
    """A column of the look at the own habit: chance, change, week, usual_week, silent or active."""
    return Worked(column, _NEEDS, _look)
