"""Customers do not trust us with their data or our word."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import ACTIVITY
from holdfast.analytics.feature_parts import named
from holdfast.analytics.reason import Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import happened, in_texts
from holdfast.analytics.spec import Some
from holdfast.domain.texts import Text

_CAUSES = ("trust_privacy",)
_ASKED = named("Erasure Requested", "Data Copy Requested", "Email Marked as Spam")

REASON = Reason(
    name="trust_lost",
    title=Text("No trust"),
    meaning=Text("Fear for their data, a leak, a word that was not kept: customers do not trust us enough."),
    origin="ours",
    sources=(Quoted("fa", "مشتریان اعتماد کافی … ندارند", 7),),
    causes=_CAUSES,
    measures=(
        Measure(
            "asked_about_data",
            Text("Asked to be erased or for a copy, or reported us as spam"),
            Text("Customers who did any of these ÷ customers who did anything at all"),
            happened(Some((ACTIVITY, _ASKED))),
            happened(_ASKED),
            weak_from=0.005,
            bad_from=0.02,
            watch=("Erasure Requested", "Data Copy Requested", "Email Marked as Spam"),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Write on one page, in plain words, which data you keep, why, and how to have them erased, and link "
        "it "
        "where you ask for them. After a mistake, tell it yourself before others do."
    ),
    examples=(
        Example(
            "ann wants to be erased, bob only looked, cid was not there",
            """
            ann  2024-06-01  Erasure_Requested code=mail
            bob  2024-06-01  visit
            cid  2023-06-01  visit
            bob  2024-06-01  Text_Read code=trust_privacy
            """,
            date(2024, 7, 1),
            {
                "ann/asked_about_data": True,
                "bob/asked_about_data": False,
                "cid/asked_about_data": None,
                "bob/texts": True,
            },
        ),
    ),
)
