"""Prices and contracts that surprise: bills that rise, changes announced late, charges taken back."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import AMOUNT, Needed, Over
from holdfast.analytics.feature_parts import all_of, count, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, happened, in_texts
from holdfast.analytics.signal_parts import floats
from holdfast.analytics.spec import Arithmetic, Column, Compare, Expression, Literal, Missing, Not
from holdfast.domain.texts import Text

_CAUSES = ("unclear_pricing_hidden_fees", "surprise_renewal")
_ANNOUNCED = named("Change Announced")
_NOTICE_DAYS = 30
"""Whoever hears of a change later than so many days before it has heard of it late."""

_RISE = 1.1
_BILL = named("Invoice Issued")
_TWICE = 2 * WINDOW_DAYS


def _dated(where: Expression) -> Expression:
    return all_of(where, Not(Missing(Column("promised_us"))))


_LATE = all_of(
    _dated(_ANNOUNCED),
    Compare(Arithmetic("-", Column("promised_us"), Column("at_us")), "<", Literal(_NOTICE_DAYS * DAY_US)),
)
_BILLS = {
    "now": Over("greatest", AMOUNT, _BILL, WINDOW_DAYS),
    "before": Over("greatest", AMOUNT, _BILL, _TWICE, WINDOW_DAYS),
}


def _both(needed: Needed) -> NDArray[np.generic]:
    """1 where there were bills in both stretches."""
    return (floats(needed, "now") > 0) & (floats(needed, "before") > 0)


def _rose(needed: Needed) -> NDArray[np.generic]:
    """1 where the highest bill rose by a tenth, without a changed plan and without an announcement."""
    rose = floats(needed, "now") >= _RISE * floats(needed, "before")
    explained = (floats(needed, "changed") > 0) | (floats(needed, "announced") > 0)
    return np.asarray(_both(needed), bool) & rose & ~explained


REASON = Reason(
    name="unclear_prices",
    title=Text("Unclear prices and contracts"),
    meaning=Text(
        "Hidden fees, bills that differ from what was agreed, and renewals that come as a surprise."
    ),
    origin="ours",
    sources=(Quoted("bg", "Неясно ценообразуване: скрити такси, изненадващи подновявания", 6),),
    causes=_CAUSES,
    measures=(
        Measure(
            "bill_rose",
            Text("The bill rose by a tenth and more, unannounced"),
            Text(
                "Customers whose highest bill rose, with neither a changed plan nor an announcement ÷ "
                "customers "
                "with bills in these and the 12 weeks before"
            ),
            answer(_BILLS, _both),
            answer(
                {
                    **_BILLS,
                    "changed": count(named("Subscription Changed"), _TWICE),
                    "announced": count(_ANNOUNCED, _TWICE),
                },
                _rose,
            ),
            weak_from=0.02,
            bad_from=0.10,
            watch=("Invoice Issued",),
        ),
        Measure(
            "told_late",
            Text("Heard of a change less than 30 days before"),
            Text(
                "Customers to whom a change was announced late ÷ customers to whom a dated one was announced"
            ),
            happened(_dated(_ANNOUNCED)),
            happened(_LATE),
            weak_from=0.10,
            bad_from=0.50,
            watch=("Change Announced",),
        ),
        Measure(
            "disputed",
            Text("Took a payment back through the bank"),
            Text("Customers who disputed a charge ÷ customers who paid"),
            happened(named("Payment Completed")),
            happened(named("Dispute Opened")),
            weak_from=0.005,
            bad_from=0.02,
            watch=("Dispute Opened",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Take your own bill of last month and try to explain each line to somebody outside. What cannot be "
        "explained goes. Announce each renewal and new price 30 days before, with the amount."
    ),
    examples=(
        Example(
            "ann's bill rose by itself, bob changed his plan, cid pays as ever, dan was told late, eve in "
            "time",
            """
            ann  2024-03-01  Invoice_Issued id=1 amount=100
            ann  2024-06-01  Invoice_Issued id=2 amount=120
            bob  2024-03-01  Invoice_Issued id=3 amount=100
            bob  2024-05-20  Subscription_Changed id=S1 amount=120
            bob  2024-06-01  Invoice_Issued id=4 amount=120
            cid  2024-03-01  Invoice_Issued id=5 amount=100
            cid  2024-06-01  Invoice_Issued id=6 amount=105
            cid  2024-06-02  Payment_Completed id=6 amount=105
            dan  2024-06-01  Change_Announced code=price due=2024-06-10
            dan  2024-06-12  Payment_Completed id=7 amount=10
            dan  2024-06-13  Dispute_Opened id=7 amount=10
            eve  2024-06-01  Change_Announced code=price due=2024-08-01
            eve  2024-06-12  Text_Read code=surprise_renewal
            """,
            date(2024, 7, 1),
            {
                "ann/bill_rose": True,
                "bob/bill_rose": False,
                "cid/bill_rose": False,
                "dan/bill_rose": None,
                "dan/told_late": True,
                "eve/told_late": False,
                "cid/disputed": False,
                "dan/disputed": True,
                "eve/texts": True,
            },
        ),
    ),
    signals=("change_ahead",),
)
