"""C16: the result that we promised is not reached, or nobody has looked whether it is."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import MOMENT, Objects, Over
from holdfast.analytics.feature_parts import all_of, count, known, last_moment, last_time, named, since
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import coded, more_lately, numbers_of, rising
from holdfast.analytics.spec import Arithmetic, Column, Compare, Literal, Not
from holdfast.domain.texts import Text

_number = numbers_of("result_missed", "relationship")

_MISSED, _REACHED = (coded(named("Result Reviewed"), code) for code in ("missed", "reached"))
_STATE = {
    "due": Over("greatest", Column("promised_us"), named("Result Agreed")),
    "reviewed": last_moment(named("Result Reviewed")),
}
_GRACE_DAYS = 3
_NOT_LOOKED_AT = all_of(
    known("due"),
    since("due", 60),
    Compare(Column("due"), "<", Arithmetic("-", MOMENT, Literal(_GRACE_DAYS * DAY_US))),
    Not(known("reviewed")),
)

SIGNAL = Signal(
    name="result_missed",
    code="C16",
    title=Text("The promised result is not there"),
    meaning=Text(
        "What was agreed with the customer, say for day 30, 60 or 90, was not reached, or the day has passed "
        "and nobody looked. Who does not get what was promised sees no reason to stay."
    ),
    cause="relationship",
    numbers=(
        _number("missed", Text("Agreed results missed in the last 42 days"), count(_MISSED, 42), days=42),
        _number("in_84", Text("Agreed results missed in the last 12 weeks"), count(_MISSED, 84), days=84),
        _number(
            "reached_since",
            Text("A result reached since the last miss"),
            {"reached": last_time(_REACHED), "missed": last_time(_MISSED)},
            more_lately("reached", "missed"),
        ),
        _number(
            "not_looked_at",
            Text("Agreed results whose day has passed unseen"),
            Objects("result", _STATE, "count", None, _NOT_LOOKED_AT),
        ),
    ),
    settings=(
        Setting("missed", Text("Missed results, to begin with"), "count", 1, 1, 10),
        Setting("not_looked_at", Text("Results that nobody looked at, to begin with"), "count", 1, 1, 10),
    ),
    when=lambda of: either(
        both(
            number("result_missed_missed", "at_least", of["missed"]),
            number("result_missed_reached_since", "below", 1),
        ),
        number("result_missed_not_looked_at", "at_least", of["not_looked_at"]),
    ),
    ends_when=lambda _: both(
        either(
            number("result_missed_reached_since", "at_least", 1), number("result_missed_in_84", "below", 1)
        ),
        number("result_missed_not_looked_at", "below", 1),
    ),
    strength=rising("result_missed_in_84", 2, least=0.5),
    evidence=(
        Shown("result_missed_missed"),
        Shown("result_missed_in_84"),
        Shown("result_missed_not_looked_at"),
    ),
    examples=(
        Example(
            "ann's result was missed, bob's next one reached, nobody looked at cid's, dan's is due later",
            """
            ann  2024-06-01  Result_Agreed id=R1 due=2024-06-20
            ann  2024-06-20  Result_Reviewed id=R1 code=missed score=30
            bob  2024-06-01  Result_Reviewed id=R2 code=missed score=30
            bob  2024-06-25  Result_Reviewed id=R3 code=reached score=60
            cid  2024-05-20  Result_Agreed id=R4 due=2024-06-20
            dan  2024-06-20  Result_Agreed id=R5 due=2024-07-20
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": True, "dan": False},
        ),
    ),
    watch=("Result Reviewed", "Result Agreed"),
)
