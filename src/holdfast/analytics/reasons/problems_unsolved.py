"""Complaints are closed without being put right, drag on, or come back."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import known, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.reason import Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import happened, in_texts, longer, tickets, times
from holdfast.analytics.signal_parts import marked
from holdfast.analytics.spec import Every, Not, Some
from holdfast.domain.texts import Text

_CAUSES = ("unresolved_complaint", "repeated_issue", "inconsistent_followup")
_RATED = named("Ticket Rated")
_SOLVED_DAYS = 7

REASON = Reason(
    name="problems_unsolved",
    title=Text("Problems not solved"),
    meaning=Text("A complaint is refused, drags on without news, or the same fault comes back."),
    origin="ours",
    sources=(
        Quoted("bg", "Лошо разрешаване на проблема", 7),
        Quoted("ro", "Plângeri neabordate"),
        Quoted("ru", "Прислушайтесь к жалобам"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "not_in_a_week",
            Text("Had a ticket that was not closed within a week"),
            Text("Customers with such a ticket ÷ customers with a ticket opened at least a week ago"),
            times(tickets(Every(()), settled_days=_SOLVED_DAYS)),
            times(
                tickets(
                    Some((Not(known("closed")), longer("opened", "closed", _SOLVED_DAYS * DAY_US))),
                    settled_days=_SOLVED_DAYS,
                )
            ),
            weak_from=0.15,
            bad_from=0.35,
            watch=("Ticket Opened",),
        ),
        Measure(
            "reopened",
            Text("Had to open a ticket again"),
            Text("Customers with a ticket opened again ÷ customers with a ticket"),
            happened(named("Ticket Opened", "Ticket Reopened")),
            happened(named("Ticket Reopened")),
            weak_from=0.10,
            bad_from=0.25,
            watch=("Ticket Reopened",),
        ),
        Measure(
            "rated_badly",
            Text("Rated how it was solved with one or two of five"),
            Text("Customers with a mark below 3 ÷ customers who rated a ticket"),
            happened(marked(_RATED, 0, 6)),
            happened(marked(_RATED, 0, 3)),
            weak_from=0.15,
            bad_from=0.30,
            watch=("Ticket Rated",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "List the tickets that are open for more than a week, give each an owner and a date, and tell the "
        "customers. Then look which fault came back most often and mend it for good."
    ),
    examples=(
        Example(
            "ann waits, bob was helped at once, cid had to come back, dan has only just written",
            """
            ann  2024-06-01  Ticket_Opened id=T1
            bob  2024-06-01  Ticket_Opened id=T2
            bob  2024-06-03  Ticket_Closed id=T2
            bob  2024-06-04  Ticket_Rated id=T2 score=5
            cid  2024-06-01  Ticket_Opened id=T3
            cid  2024-06-03  Ticket_Closed id=T3
            cid  2024-06-05  Ticket_Reopened id=T3
            cid  2024-06-20  Ticket_Closed id=T3
            cid  2024-06-20  Ticket_Rated id=T3 score=2
            dan  2024-06-29  Ticket_Opened id=T4
            dan  2024-06-29  Text_Read code=repeated_issue
            """,
            date(2024, 7, 1),
            {
                "ann/not_in_a_week": True,
                "bob/not_in_a_week": False,
                "cid/not_in_a_week": True,
                "dan/not_in_a_week": None,
                "ann/reopened": False,
                "cid/reopened": True,
                "bob/rated_badly": False,
                "cid/rated_badly": True,
                "dan/texts": True,
            },
        ),
    ),
    signals=("ticket_drags_on", "problem_came_back"),
)
