"""Customers forget us, because they never hear of us."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import PURCHASE
from holdfast.analytics.feature_parts import YEAR, count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import REACHED_OUT, answer, happened, in_texts
from holdfast.analytics.signal_parts import floats
from holdfast.domain.texts import Text

_CAUSES = ("forgot_about_us",)
_BEFORE = count(PURCHASE, YEAR, WINDOW_DAYS)

REASON = Reason(
    name="forgotten",
    title=Text("Forgot about us"),
    meaning=Text("Nothing went wrong: the customer has simply not heard of us for long."),
    origin="ours",
    sources=(
        Quoted("ru", "потому что забыл про вас"),
        Quoted("bg", "напълно да забравят за вашия продукт", 5),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "silent_both",
            Text("Silent, and has not heard of us for 12 weeks"),
            Text(
                "Customers who neither bought nor heard of us ÷ customers who bought in the 40 weeks before"
            ),
            happened(PURCHASE, days=YEAR, until_days=WINDOW_DAYS),
            answer(
                {
                    "before": _BEFORE,
                    "now": count(PURCHASE, WINDOW_DAYS),
                    "heard": count(named(*REACHED_OUT), WINDOW_DAYS),
                },
                lambda needed: (
                    (floats(needed, "before") > 0)
                    & (floats(needed, "now") <= 0)
                    & (floats(needed, "heard") <= 0)
                ),
            ),
            weak_from=0.10,
            bad_from=0.30,
            watch=REACHED_OUT,
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Write once to those who are silent and heard nothing, with one useful thing that fits what they "
        "bought "
        "last. Then see to it that nobody is without a word for longer than their usual gap."
    ),
    examples=(
        Example(
            "ann heard nothing, bob got a mail, cid still buys, dan is new",
            """
            ann  2024-02-01  order 20
            bob  2024-02-01  order 20
            bob  2024-06-01  Email_Delivered
            cid  2024-02-01  order 20
            cid  2024-06-01  order 20
            dan  2024-06-01  order 20
            dan  2024-06-01  Text_Read code=forgot_about_us
            """,
            date(2024, 7, 1),
            {
                "ann/silent_both": True,
                "bob/silent_both": False,
                "cid/silent_both": False,
                "dan/silent_both": None,
                "dan/texts": True,
            },
        ),
    ),
    signals=("overdue", "nobody_in_touch", "gone_quiet"),
)
