"""The customer gets no result out of it."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, happened, in_texts, without
from holdfast.analytics.signal_parts import coded
from holdfast.domain.texts import Text

_CAUSES = ("no_value_realised",)
_REVIEWED, _USED = named("Result Reviewed"), named("Feature Used")
_BEFORE = count(_USED, 2 * WINDOW_DAYS, WINDOW_DAYS)

REASON = Reason(
    name="no_value",
    title=Text("No value reached"),
    meaning=Text("The result that the customer came for does not come, and use fades away."),
    origin="ours",
    sources=(
        Quoted("bg", "Няма реализация на стойност", 3),
        Quoted("fa", "عدم بهره کافی", 2),
        Quoted("ro", "Nu este suficientă valoare"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "result_missed",
            Text("Missed an agreed result"),
            Text("Customers with a result found missed ÷ customers whose agreed result was looked at"),
            happened(_REVIEWED),
            happened(coded(_REVIEWED, "missed")),
            weak_from=0.20,
            bad_from=0.40,
            watch=("Result Reviewed",),
        ),
        Measure(
            "stopped_using",
            Text("Stopped using it"),
            Text("Customers who used nothing in 12 weeks ÷ customers who used something in the 12 before"),
            happened(_USED, days=2 * WINDOW_DAYS, until_days=WINDOW_DAYS),
            answer({"before": _BEFORE, "now": count(_USED, WINDOW_DAYS)}, without("before", "now")),
            weak_from=0.15,
            bad_from=0.30,
            watch=("Feature Used",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Ask each customer what result would make it worth staying, write it down with a date, and look at "
        "it "
        "together on day 30, 60 and 90."
    ),
    examples=(
        Example(
            "ann missed her result and stopped, bob reached his and goes on, cid began lately",
            """
            ann  2024-03-01  Feature_Used code=reports
            ann  2024-05-15  Result_Reviewed code=missed
            bob  2024-03-01  Feature_Used code=reports
            bob  2024-06-01  Feature_Used code=reports
            bob  2024-05-15  Result_Reviewed code=reached
            cid  2024-06-20  Feature_Used code=reports
            cid  2024-06-20  Text_Read code=neutral
            """,
            date(2024, 7, 1),
            {
                "ann/result_missed": True,
                "bob/result_missed": False,
                "ann/stopped_using": True,
                "bob/stopped_using": False,
                "cid/stopped_using": None,
                "cid/texts": False,
            },
        ),
    ),
    signals=("result_missed", "use_falling", "gone_quiet"),
)
