"""What stands behind an account: its people, and whether they still come."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import ACTIVITY, Feature, FeatureFamily
from holdfast.analytics.feature_parts import (
    TWELVE_WEEKS,
    YEAR,
    all_of,
    count,
    difference,
    distinct,
    named,
    part,
    told,
)
from holdfast.analytics.spec import Column, Not, StartsWith
from holdfast.domain.texts import Text

_PEOPLE = all_of(ACTIVITY, Not(StartsWith(Column("name"), "Account ")))
"""What people do; that an account was made or a person added is done by none of them."""

_EXAMPLE = told(
    "acme has two people, of whom one has become silent; beta has none",
    """
    acme      2024-01-10  Account_Created
    acme      2024-01-11  Account_Added_User
    acme/ann  2024-02-01  Feature_Used code=reports
    acme/ann  2024-06-01  Feature_Used code=reports
    acme/ann  2024-06-02  Feature_Used code=reports
    acme/bob  2024-02-01  Feature_Used code=reports
    acme      2024-06-10  Account_Removed_User
    beta      2024-06-01  Account_Created
    """,
    date(2024, 7, 1),
)

FAMILY = FeatureFamily(
    "account",
    Text("Account"),
    (
        Feature(
            "people_84",
            Text("People active in the last 12 weeks"),
            Text("How many different people of the account did anything."),
            "count",
            "relationship",
            {"people": distinct("subject_id", _PEOPLE, TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(acme=1, beta=0),
        ),
        Feature(
            "people_silent",
            Text("People who have become silent"),
            Text("People of the account who were active in the last 52 weeks, but not in the last 12."),
            "count",
            "relationship",
            {
                "year": distinct("subject_id", _PEOPLE, YEAR),
                "lately": distinct("subject_id", _PEOPLE, TWELVE_WEEKS),
            },
            difference("year", "lately"),
            window_days=YEAR,
            examples=_EXAMPLE(acme=1, beta=0),
        ),
        Feature(
            "activity_per_person_84",
            Text("Activity of each person in the last 12 weeks"),
            Text("How often each active person of the account did something, on average."),
            "count",
            "use",
            {
                "activity": count(_PEOPLE, TWELVE_WEEKS),
                "people": distinct("subject_id", _PEOPLE, TWELVE_WEEKS),
            },
            part("activity", "people"),
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(acme=2, beta=None),
        ),
        Feature(
            "people_removed_84",
            Text("People removed in the last 12 weeks"),
            Text("How many people were taken out of the account."),
            "count",
            "relationship",
            {"removed": count(named("Account Removed User"), TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(acme=1, beta=0),
        ),
    ),
    of_accounts=True,
)
