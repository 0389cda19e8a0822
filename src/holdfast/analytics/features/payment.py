"""How the customer pays: declined payments, overdue bills, the habit of paying late."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Feature, FeatureFamily, Needed, Objects
from holdfast.analytics.feature_parts import (
    DUE_LONG_AGO,
    INVOICE,
    LATENESS,
    TWELVE_WEEKS,
    YEAR,
    all_of,
    count,
    in_days,
    known,
    last_time,
    named,
    part,
    since,
    told,
)
from holdfast.analytics.spec import Arithmetic, Column, Compare, Expression, Literal, Not
from holdfast.domain.texts import Text

_EXAMPLE = told(
    "ann pays later and later, bob's card is declined, cid pays at once",
    """
    ann  2023-09-01  Invoice_Issued id=1 amount=100 due=2023-10-01
    ann  2023-10-03  Payment_Completed id=1 amount=100
    ann  2024-04-01  Invoice_Issued id=2 amount=100 due=2024-05-01
    ann  2024-05-21  Payment_Completed id=2 amount=100
    ann  2024-05-01  Invoice_Issued id=3 amount=80 due=2024-06-01
    bob  2024-05-01  Payment_Failed id=4 amount=10 code=card_expired
    bob  2024-05-03  Payment_Completed id=4 amount=10
    bob  2024-06-01  Payment_Failed id=5 amount=10 code=card_expired
    bob  2024-06-03  Payment_Failed id=5 amount=10 code=card_expired
    cid  2024-06-01  Invoice_Issued id=6 amount=50 due=2024-06-15
    cid  2024-06-15  Payment_Completed id=6 amount=50
    cid  2024-06-20  Invoice_Issued id=7 amount=50 due=2024-07-05
    """,
    date(2024, 7, 1),
)

_SETTLED = all_of(known("paid"), known("due"))
_OVERDUE = all_of(Not(known("paid")), DUE_LONG_AGO)


def _paid_within(days: int) -> Expression:
    return all_of(_SETTLED, since("paid", days))


def _mean_lateness(days: int, named_as: str) -> dict[str, Objects]:
    """Needs of the mean days late of the bills paid within the last ``days``."""
    return {
        f"late_{named_as}": Objects("invoice", INVOICE, "sum", LATENESS, _paid_within(days)),
        f"paid_{named_as}": Objects("invoice", INVOICE, "count", None, _paid_within(days)),
    }


def _slower(needed: Needed) -> NDArray[np.generic]:
    lately = np.asarray(part("late_lately", "paid_lately")(needed), np.float64)
    slower: NDArray[np.float64] = lately - np.asarray(part("late_year", "paid_year")(needed), np.float64)
    return slower


FAMILY = FeatureFamily(
    "payment",
    Text("Payment"),
    (
        Feature(
            "payments_failed_84",
            Text("Declined payments in the last 12 weeks"),
            Text("How often a payment of the customer was declined."),
            "count",
            "payment",
            {"failed": count(named("Payment Failed"), TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=0, bob=3, cid=0),
        ),
        Feature(
            "days_since_failed_payment",
            Text("Time since the last declined payment"),
            Text("Days since a payment of the customer was last declined."),
            "days",
            "payment",
            {"since": last_time(named("Payment Failed"))},
            in_days("since"),
            examples=_EXAMPLE(ann=None, bob=28, cid=None),
        ),
        Feature(
            "declined_and_unpaid",
            Text("Bills declined and not paid since"),
            Text("Bills whose payment was declined and for which no payment has come."),
            "count",
            "payment",
            {
                "unpaid": Objects(
                    "invoice", INVOICE, "count", None, all_of(known("failed"), Not(known("paid")))
                )
            },
            examples=_EXAMPLE(ann=0, bob=1, cid=0),
        ),
        Feature(
            "overdue_bills",
            Text("Overdue bills"),
            Text("Bills that are not paid although the day on which they were due is over."),
            "count",
            "payment",
            {"overdue": Objects("invoice", INVOICE, "count", None, _OVERDUE)},
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
        Feature(
            "overdue_amount",
            Text("Overdue amount"),
            Text("The sum of the bills that are overdue."),
            "money",
            "payment",
            {"overdue": Objects("invoice", INVOICE, "sum", Column("amount"), _OVERDUE)},
            examples=_EXAMPLE(ann=8000, bob=0, cid=0),
        ),
        Feature(
            "longest_overdue",
            Text("Oldest overdue bill"),
            Text("Days since the first of the bills that are overdue now was due."),
            "days",
            "payment",
            {
                "age": Objects(
                    "invoice", INVOICE, "greatest", Arithmetic("-", MOMENT, Column("due")), _OVERDUE
                )
            },
            in_days("age"),
            examples=_EXAMPLE(ann=30, bob=None, cid=None),
        ),
        Feature(
            "pays_late_364",
            Text("Pays after the due day, on average"),
            Text("Mean days after the due day of the bills paid in the last 52 weeks; below 0 is early."),
            "days",
            "payment",
            {**_mean_lateness(YEAR, "year")},
            part("late_year", "paid_year"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=11, bob=None, cid=0),
        ),
        Feature(
            "late_part_364",
            Text("Part of the last year's bills that were paid late"),
            Text("Bills paid in the last 52 weeks after the day on which they were due, of all paid."),
            "share",
            "payment",
            {
                "late": Objects(
                    "invoice",
                    INVOICE,
                    "count",
                    None,
                    all_of(_paid_within(YEAR), Compare(LATENESS, ">", Literal(0))),
                ),
                "paid": Objects("invoice", INVOICE, "count", None, _paid_within(YEAR)),
            },
            part("late", "paid"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=None, cid=0),
        ),
        Feature(
            "pays_slower",
            Text("Pays later than usual by"),
            Text("Mean days late of the bills paid in the last 12 weeks, less that of the last 52."),
            "days",
            "payment",
            {**_mean_lateness(TWELVE_WEEKS, "lately"), **_mean_lateness(YEAR, "year")},
            _slower,
            window_days=YEAR,
            examples=_EXAMPLE(ann=9, bob=None, cid=0),
        ),
    ),
    watch=("Payment Failed", "Invoice Issued"),
)
