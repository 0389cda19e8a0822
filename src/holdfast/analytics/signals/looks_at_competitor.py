"""C15: the customer names a competitor, or says that another one is better."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, number
from holdfast.analytics.signal_parts import FEWEST, coded, most, numbers_of, read, rising
from holdfast.domain.readings import NAMES_COMPETITOR
from holdfast.domain.texts import Text

_number = numbers_of("looks_at_competitor", "relationship")

_TEXTS = read(NAMES_COMPETITOR, "competitor_better_offer")
_SAY_WHY = ("Ticket Opened", "Survey Answered", "Cancellation Requested", "Deal Lost", "Call Received")
_SAID = coded(named(*_SAY_WHY), "competitor", "competitor_better_offer", NAMES_COMPETITOR)

SIGNAL = Signal(
    name="looks_at_competitor",
    code="C15",
    title=Text("Looks at a competitor"),
    meaning=Text(
        "The customer names a competitor or says that another offer is better. Ask what is missing here, "
        "before the decision is made."
    ),
    cause="relationship",
    numbers=(
        _number(
            "lately",
            Text("Spoke of a competitor in the last 14 days"),
            {"texts": count(_TEXTS, 14), "said": count(_SAID, 14)},
            most("texts", "said"),
            days=14,
        ),
        _number(
            "in_56",
            Text("Spoke of a competitor in the last 56 days"),
            {"texts": count(_TEXTS, 56), "said": count(_SAID, 56)},
            most("texts", "said"),
            days=56,
        ),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: number("looks_at_competitor_lately", "at_least", of["fewest"]),
    ends_when=lambda _: number("looks_at_competitor_in_56", "below", 1),
    strength=rising("looks_at_competitor_in_56", 3, least=0.6),
    evidence=(Shown("looks_at_competitor_lately"), Shown("looks_at_competitor_in_56")),
    examples=(
        Example(
            "ann writes about another offer, bob gives it as a reason, cid did so long ago, dan praises us",
            """
            ann  2024-06-28  Text_Read id=M1 code=neutral score=0
            ann  2024-06-28  Text_Read id=M1 code=competitor_better_offer score=0
            bob  2024-06-20  Cancellation_Requested id=S1 kind=subscription code=competitor
            cid  2024-03-01  Text_Read id=M2 code=names_competitor score=0
            dan  2024-06-28  Text_Read id=M3 code=positive score=1
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": True, "cid": False, "dan": False},
        ),
    ),
    watch=("Text Read", *_SAY_WHY),
)
