"""C11: an open ticket without news from us, or a promised time that was missed."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import MOMENT, Objects
from holdfast.analytics.feature_parts import TICKET, TICKET_OPEN, all_of, known, last_moment, named, since
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import days_or_zero, numbers_of, rising
from holdfast.analytics.spec import Arithmetic, Choice, Column, Compare, Not, Some
from holdfast.domain.texts import Text

_number = numbers_of("ticket_drags_on", "service")

_STATE = {
    **TICKET,
    "news": last_moment(named("Ticket Answered", "Message Sent")),
    "made": last_moment(named("Promise Made")),
    "kept": last_moment(named("Promise Kept")),
}
_LATELY = since("asked", 90)
"""Tickets that nobody closed for longer are forgotten ones, not dragging ones."""

_HEARD = Choice(((Compare(Column("news"), ">", Column("asked")), Column("news")),), Column("asked"))
_OPEN = all_of(TICKET_OPEN, _LATELY)
_NOT_KEPT = all_of(known("made"), Some((Not(known("kept")), Compare(Column("kept"), "<", Column("made")))))
_MISSED = all_of(
    known("promised"),
    Compare(Column("promised"), "<", MOMENT),
    since("promised", 28),
    Some((_OPEN, _NOT_KEPT)),
)

SIGNAL = Signal(
    name="ticket_drags_on",
    code="C11",
    title=Text("A ticket drags on"),
    meaning=Text(
        "An open ticket has had no news from us for days, or a time that we promised has passed. "
        "Waiting without a word annoys more than the fault itself."
    ),
    cause="service",
    numbers=(
        _number(
            "waiting",
            Text("Time without news on an open ticket"),
            Objects("ticket", _STATE, "greatest", Arithmetic("-", MOMENT, _HEARD), _OPEN),
            days_or_zero("waiting"),
            unit="days",
        ),
        _number(
            "missed",
            Text("Promised times missed in the last 28 days"),
            Objects("ticket", _STATE, "count", None, _MISSED),
            days=28,
        ),
        _number(
            "age",
            Text("Age of the oldest ticket still open"),
            Objects("ticket", _STATE, "greatest", Arithmetic("-", MOMENT, Column("opened")), _OPEN),
            days_or_zero("age"),
            unit="days",
        ),
    ),
    settings=(
        Setting("days", Text("Days without news"), "days", 3, 1, 30),
        Setting("missed", Text("Promised times missed, at least"), "count", 1, 1, 10),
    ),
    when=lambda of: either(
        number("ticket_drags_on_waiting", "at_least", of["days"]),
        number("ticket_drags_on_missed", "at_least", of["missed"]),
    ),
    ends_when=lambda of: both(
        number("ticket_drags_on_waiting", "at_most", of["days"] / 2),
        number("ticket_drags_on_missed", "below", 1),
    ),
    strength=rising("ticket_drags_on_age", 21),
    evidence=(
        Shown("ticket_drags_on_waiting"),
        Shown("ticket_drags_on_missed"),
        Shown("ticket_drags_on_age"),
    ),
    examples=(
        Example(
            "ann waits, bob was answered today, cid's is closed, dan's promised day has passed",
            """
            ann  2024-06-20  Ticket_Opened id=T1
            ann  2024-06-21  Ticket_Answered id=T1
            bob  2024-06-20  Ticket_Opened id=T2
            bob  2024-06-30  Ticket_Answered id=T2
            cid  2024-06-20  Ticket_Opened id=T3
            cid  2024-06-21  Ticket_Closed id=T3
            dan  2024-06-20  Ticket_Opened id=T4
            dan  2024-06-21  Ticket_Closed id=T4
            dan  2024-06-21  Promise_Made id=T4 kind=ticket due=2024-06-24
            eve  2024-06-20  Ticket_Opened id=T5
            eve  2024-06-21  Ticket_Closed id=T5
            eve  2024-06-21  Promise_Made id=T5 kind=ticket due=2024-06-24
            eve  2024-06-23  Promise_Kept id=T5 kind=ticket
            old  2023-06-20  Ticket_Opened id=T6
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": False, "dan": True, "eve": False, "old": False},
        ),
    ),
    watch=("Ticket Opened", "Promise Made"),
    cooldown_days=3,
)
