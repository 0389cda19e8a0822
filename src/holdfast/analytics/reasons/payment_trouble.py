"""Customers want to pay and cannot."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import PURCHASE
from holdfast.analytics.feature_parts import named
from holdfast.analytics.reason import Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import happened, in_texts
from holdfast.analytics.spec import Some
from holdfast.domain.texts import Text

_CAUSES = ("payment_problem",)
_STOPPED = named("Checkout Failed", "Renewal Failed")

REASON = Reason(
    name="payment_trouble",
    title=Text("Trouble with payment"),
    meaning=Text("Cards are declined, a way to pay is missing, the checkout fails."),
    origin="ours",
    sources=(
        Quoted("fa", "مسائل مربوط به پرداخت", 8),
        Quoted("bg", "пропуснати плащания", 9),
        Quoted("ru", "полностью на безналичный расчет"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "declined",
            Text("Had a payment declined"),
            Text("Customers with a declined payment ÷ customers who paid or tried to"),
            happened(named("Payment Completed", "Payment Failed")),
            happened(named("Payment Failed")),
            weak_from=0.05,
            bad_from=0.12,
            watch=("Payment Failed",),
        ),
        Measure(
            "could_not",
            Text("Wanted to buy or renew and could not"),
            Text("Customers whose checkout or renewal failed ÷ customers who bought or renewed, or tried to"),
            happened(Some((PURCHASE, _STOPPED, named("Subscription Renewed")))),
            happened(_STOPPED),
            weak_from=0.02,
            bad_from=0.08,
            watch=("Checkout Failed", "Renewal Failed"),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Write to those whose payment failed this week with a link to pay in another way. Then try the card "
        "again "
        "some days later, and offer a second way to pay at the checkout."
    ),
    examples=(
        Example(
            "ann was declined, bob paid, cid could not renew",
            """
            ann  2024-06-01  Payment_Failed id=1 amount=10 code=card_expired
            bob  2024-06-01  Payment_Completed id=2 amount=10
            cid  2024-06-01  Renewal_Failed code=card_refused
            dan  2024-06-01  order 20
            dan  2024-06-01  Text_Read code=payment_problem
            """,
            date(2024, 7, 1),
            {
                "ann/declined": True,
                "bob/declined": False,
                "cid/declined": None,
                "cid/could_not": True,
                "dan/could_not": False,
                "dan/texts": True,
            },
        ),
    ),
    signals=("payment_failed", "could_not_renew"),
)
