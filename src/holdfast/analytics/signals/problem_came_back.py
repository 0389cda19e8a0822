"""C10: the same problem again: a ticket opened anew, or another one about the same."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Needed, Over
from holdfast.analytics.feature_parts import all_of, count, distinct, known, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, number
from holdfast.analytics.signal_parts import FEWEST, floats, numbers_of, read, rising
from holdfast.analytics.spec import Column, Not, OneOf
from holdfast.domain.texts import Text

_number = numbers_of("problem_came_back", "service")

_SAYS_NOTHING = ("question", "other", "general", "normal", "low", "medium", "high", "urgent", "critical")
"""Topics and priorities under which two tickets may well be about different things."""

_TICKETS = all_of(named("Ticket Opened"), known("code"), Not(OneOf(Column("code"), _SAYS_NOTHING)))
_SAID_AGAIN = read("repeated_issue")
_MEMORY = 84


def _repeats(lately: int) -> dict[str, Over]:
    """Needs of the tickets of the last days whose topic was there before, within twelve weeks."""
    return {
        "tickets": count(_TICKETS, _MEMORY),
        "topics": distinct("code", _TICKETS, _MEMORY),
        "tickets_before": count(_TICKETS, _MEMORY, lately),
        "topics_before": distinct("code", _TICKETS, _MEMORY, lately),
        "reopened": count(named("Ticket Reopened"), lately),
        "said": count(_SAID_AGAIN, lately),
    }


def _repeated(needed: Needed) -> NDArray[np.float64]:
    """Tickets beyond the first of each topic, without those that were so already before."""
    now = floats(needed, "tickets") - floats(needed, "topics")
    before = floats(needed, "tickets_before") - floats(needed, "topics_before")
    found: NDArray[np.float64] = np.maximum(now - before, 0.0)
    return found


def _again(needed: Needed) -> NDArray[np.float64]:
    """A ticket that came again and a text that says so are often one: the larger counts."""
    return np.maximum(floats(needed, "reopened") + _repeated(needed), floats(needed, "said"))


SIGNAL = Signal(
    name="problem_came_back",
    code="C10",
    title=Text("The same problem came back"),
    meaning=Text(
        "A closed ticket was opened again, or the customer reports the same problem again within twelve "
        "weeks. Twice the same fault weighs more than two different ones."
    ),
    cause="service",
    numbers=(
        _number(
            "again", Text("Problems that came back in the last 14 days"), _repeats(14), _again, days=_MEMORY
        ),
        _number(
            "in_42", Text("Problems that came back in the last 42 days"), _repeats(42), _again, days=_MEMORY
        ),
        _number(
            "reopened",
            Text("Tickets opened again in the last 14 days"),
            count(named("Ticket Reopened"), 14),
            days=14,
        ),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: number("problem_came_back_again", "at_least", of["fewest"]),
    ends_when=lambda _: number("problem_came_back_in_42", "below", 1),
    strength=rising("problem_came_back_in_42", 4, least=0.5),
    evidence=(
        Shown("problem_came_back_again"),
        Shown("problem_came_back_reopened"),
        Shown("problem_came_back_in_42"),
    ),
    examples=(
        Example(
            "ann reports the same again, bob something else, cid's ticket comes back, dan's was long ago",
            """
            ann  2024-05-20  Ticket_Opened id=T1 code=app
            ann  2024-06-25  Ticket_Opened id=T2 code=app
            bob  2024-05-20  Ticket_Opened id=T3 code=app
            bob  2024-06-25  Ticket_Opened id=T4 code=billing
            cid  2024-06-01  Ticket_Opened id=T5 code=question
            cid  2024-06-25  Ticket_Reopened id=T5
            dan  2024-04-20  Ticket_Opened id=T6 code=app
            dan  2024-05-01  Ticket_Opened id=T7 code=app
            dan  2024-06-25  Ticket_Opened id=T8 code=billing
            eve  2024-06-20  Ticket_Opened id=T9 code=question
            eve  2024-06-25  Ticket_Opened id=T10 code=question
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": True, "dan": False, "eve": False},
        ),
    ),
    watch=("Ticket Opened", "Ticket Reopened", "Text Read"),
)
