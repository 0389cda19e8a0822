"""We reach out where customers do not want it, or where nothing arrives."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, at_least, happened, in_texts
from holdfast.analytics.signal_parts import floats
from holdfast.domain.texts import Text

_CAUSES = ("wrong_channel",)
_SENT = named("Touch Sent", "Email Delivered", "Touch Failed", "Email Bounced")
_FAILED = named("Touch Failed", "Email Bounced")
_MAILS, _FEW = count(named("Email Delivered"), WINDOW_DAYS), 3

REASON = Reason(
    name="wrong_channel",
    title=Text("Inconvenient channels"),
    meaning=Text("Customers can reach us, or are reached, only where it does not suit them."),
    origin="ours",
    sources=(
        Quoted("fa", "کانالهای ارتباطی شما برای مشتریان ناخوشایند است", 4),
        Quoted("ru", "какой тип оповещения подходит клиенту"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "not_arrived",
            Text("Was sent something that did not arrive"),
            Text("Customers with a message that failed or came back ÷ customers to whom anything was sent"),
            happened(_SENT),
            happened(_FAILED),
            weak_from=0.03,
            bad_from=0.10,
            watch=("Touch Failed", "Email Bounced"),
        ),
        Measure(
            "not_opened",
            Text("Got three mails and more, and opened none"),
            Text("Customers who opened no mail ÷ customers to whom 3 mails and more arrived"),
            answer({"mails": _MAILS}, at_least("mails", _FEW)),
            answer(
                {"mails": _MAILS, "opened": count(named("Email Opened", "Email Link Clicked"), WINDOW_DAYS)},
                lambda needed: (floats(needed, "mails") >= _FEW) & (floats(needed, "opened") <= 0),
            ),
            weak_from=0.40,
            bad_from=0.70,
            watch=("Email Opened", "Email Link Clicked"),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Ask each customer once which channel suits, and keep to it. Mend the addresses that came back, and "
        "write to those who open no mail in another way."
    ),
    examples=(
        Example(
            "ann's mail came back, bob opens nothing, cid reads",
            """
            ann  2024-06-01  Email_Bounced
            bob  2024-06-01  Email_Delivered
            bob  2024-06-08  Email_Delivered
            bob  2024-06-15  Email_Delivered
            cid  2024-06-01  Email_Delivered
            cid  2024-06-08  Email_Delivered
            cid  2024-06-15  Email_Delivered
            cid  2024-06-15  Email_Opened
            cid  2024-06-15  Text_Read code=wrong_channel
            """,
            date(2024, 7, 1),
            {
                "ann/not_arrived": True,
                "bob/not_arrived": False,
                "ann/not_opened": None,
                "bob/not_opened": True,
                "cid/not_opened": False,
                "cid/texts": True,
            },
        ),
    ),
    signals=("stopped_reading",),
)
