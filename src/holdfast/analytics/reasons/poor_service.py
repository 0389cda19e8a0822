"""Customers wait for help, and are not helped well."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import known
from holdfast.analytics.reason import Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import coded_scores, happened, in_texts, longer, tickets, times
from holdfast.analytics.spec import Every, Not, Some
from holdfast.domain.texts import Text

_CAUSES = ("poor_support", "slow_response", "rude_staff")
_MINUTE_US = 60_000_000
_FIRST_MINUTES, _WHOLE_MINUTES = 15, 240
"""What customers expect according to the Persian source: a first answer, and a whole one."""

REASON = Reason(
    name="poor_service",
    title=Text("Poor service"),
    meaning=Text("Help comes late, from people who do not know or do not care."),
    origin="ours",
    sources=(
        Quoted("fa", "پشتیبانی ضعیف", 3),
        Quoted("ro", "Lipsă de suport"),
        Quoted("ru", "Клиент ушел из-за плохого сервиса"),
        Quoted("zh", "缺乏高质量的客户服务"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "first_answer",
            Text("Waited more than 15 minutes for the first answer"),
            Text("Customers with such a ticket ÷ customers with a ticket that is a day old and more"),
            times(tickets(Every(()))),
            times(
                tickets(
                    Some((Not(known("answered")), longer("opened", "answered", _FIRST_MINUTES * _MINUTE_US)))
                )
            ),
            weak_from=0.30,
            bad_from=0.60,
            watch=("Ticket Answered",),
        ),
        Measure(
            "whole_answer",
            Text("Waited more than 4 hours until it was solved"),
            Text("Customers with such a ticket ÷ customers with a ticket that is a day old and more"),
            times(tickets(Every(()))),
            times(
                tickets(Some((Not(known("closed")), longer("opened", "closed", _WHOLE_MINUTES * _MINUTE_US))))
            ),
            weak_from=0.40,
            bad_from=0.70,
            watch=("Ticket Closed",),
        ),
        Measure(
            "dissatisfied",
            Text("Said in a survey to be dissatisfied"),
            Text(
                "Customers who gave 1 or 2 of 5 for satisfaction or effort ÷ customers who answered such a "
                "survey"
            ),
            happened(coded_scores(0, 6)),
            happened(coded_scores(0, 3)),
            weak_from=0.10,
            bad_from=0.25,
            watch=("Survey Answered",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Look at which hours the waiting is longest, put one more person there for two weeks, and see "
        "whether "
        "it falls. Let those who answer decide small sums themselves."
    ),
    examples=(
        Example(
            "ann waited a day, bob was answered at once, cid was asked how it was",
            """
            ann  2024-06-01  Ticket_Opened id=T1
            ann  2024-06-02  Ticket_Answered id=T1
            ann  2024-06-03  Ticket_Closed id=T1
            bob  2024-06-01  Ticket_Opened id=T2
            bob  2024-06-01  Ticket_Answered id=T2
            bob  2024-06-01  Ticket_Closed id=T2
            bob  2024-06-02  Survey_Answered code=csat score=5
            cid  2024-06-02  Survey_Answered code=csat score=1
            dan  2024-06-02  Survey_Answered code=nps score=1
            dan  2024-06-02  Text_Read code=rude_staff
            """,
            date(2024, 7, 1),
            {
                "ann/first_answer": True,
                "bob/first_answer": False,
                "cid/first_answer": None,
                "ann/whole_answer": True,
                "bob/whole_answer": False,
                "bob/dissatisfied": False,
                "cid/dissatisfied": True,
                "dan/dissatisfied": None,
                "dan/texts": True,
            },
        ),
    ),
    signals=("ticket_drags_on", "gave_bad_feedback", "asks_for_help_often"),
)
