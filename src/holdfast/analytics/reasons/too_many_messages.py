"""We write too often, to everybody the same."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, at_least, happened, in_texts
from holdfast.domain.texts import Text

_CAUSES = ("too_many_messages",)
_MAILED = named("Email Delivered", "Touch Sent")
_MANY = 24
"""Two a week, over twelve weeks."""

REASON = Reason(
    name="too_many_messages",
    title=Text("Too many messages"),
    meaning=Text("Mass mails and insistent calls annoy, until the customer says no to all of them."),
    origin="ours",
    sources=(
        Quoted("ru", "излишняя навязчивость"),
        Quoted("zh", "群发邮件…厌烦"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "said_no",
            Text("Unsubscribed or reported us as spam"),
            Text("Customers who said no ÷ customers to whom a message of ours arrived"),
            happened(_MAILED),
            happened(named("Unsubscribed", "Email Marked as Spam")),
            weak_from=0.02,
            bad_from=0.05,
            watch=("Unsubscribed", "Email Marked as Spam"),
        ),
        Measure(
            "twice_a_week",
            Text("Got more than two messages a week"),
            Text(
                "Customers with 24 messages and more in 12 weeks ÷ customers to whom a message of ours "
                "arrived"
            ),
            happened(_MAILED),
            answer({"mails": count(_MAILED, WINDOW_DAYS)}, at_least("mails", _MANY)),
            weak_from=0.10,
            bad_from=0.30,
            watch=("Email Delivered", "Touch Sent"),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Halve how often you write to those who did not open the last five mails, and see whether sales "
        "fall. "
        "Let customers choose what they want to hear of, and how often."
    ),
    examples=(
        Example(
            "ann said no, bob gets one mail, cid gets one every day",
            "\n".join(
                [
                    "ann  2024-06-01  Email_Delivered",
                    "ann  2024-06-01  Unsubscribed code=newsletter",
                    "bob  2024-06-01  Email_Delivered",
                    *(f"cid  2024-06-{day:02}  Email_Delivered" for day in range(1, 28)),
                    "cid  2024-06-27  Text_Read code=too_many_messages",
                ]
            ),
            date(2024, 7, 1),
            {
                "ann/said_no": True,
                "bob/said_no": False,
                "bob/twice_a_week": False,
                "cid/twice_a_week": True,
                "cid/texts": True,
            },
        ),
    ),
    signals=("stopped_reading",),
)
