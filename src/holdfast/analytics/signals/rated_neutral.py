"""C4: the customer gave a lukewarm mark: not angry, not won."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, last_time, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import FEWEST, coded, marked, more_lately, numbers_of, rising
from holdfast.analytics.spec import Some
from holdfast.domain.texts import Text

_number = numbers_of("rated_neutral", "feedback")

_TEN = coded(named("Survey Answered"), "nps")
_FIVE = Some((coded(named("Survey Answered"), "csat", "ces"), named("Ticket Rated", "Product Reviewed")))
_LUKEWARM = Some((marked(_TEN, 7, 9), marked(_FIVE, 3, 4)))
_GOOD = Some((marked(_TEN, 9, 11), marked(_FIVE, 4, 6)))

SIGNAL = Signal(
    name="rated_neutral",
    code="C4",
    title=Text("Gave a lukewarm mark"),
    meaning=Text(
        "The customer is neither angry nor won: 7 or 8 of 10, or 3 of 5. Nobody asks these customers "
        "what is missing, and a better offer takes them away."
    ),
    cause="feedback",
    numbers=(
        _number("marks", Text("Lukewarm marks in the last 14 days"), count(_LUKEWARM, 14), days=14),
        _number("in_84", Text("Lukewarm marks in the last 12 weeks"), count(_LUKEWARM, 84), days=84),
        _number(
            "better_since",
            Text("A good mark since the last lukewarm one"),
            {"good": last_time(_GOOD), "lukewarm": last_time(_LUKEWARM)},
            more_lately("good", "lukewarm"),
        ),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: both(
        number("rated_neutral_marks", "at_least", of["fewest"]),
        number("rated_neutral_better_since", "below", 1),
    ),
    ends_when=lambda _: either(
        number("rated_neutral_better_since", "at_least", 1), number("rated_neutral_in_84", "below", 1)
    ),
    strength=rising("rated_neutral_in_84", 4, least=0.3),
    evidence=(Shown("rated_neutral_marks"), Shown("rated_neutral_in_84")),
    examples=(
        Example(
            "ann gives 7 of 10, bob 3 of 5, cid first 3 and then 5, dan 9, eve was lukewarm long ago",
            """
            ann  2024-06-25  Survey_Answered code=nps score=7
            bob  2024-06-25  Ticket_Rated id=T1 score=3
            cid  2024-06-25  Ticket_Rated id=T2 score=3
            cid  2024-06-28  Ticket_Rated id=T3 score=5
            dan  2024-06-25  Survey_Answered code=nps score=9
            eve  2024-01-25  Survey_Answered code=csat score=3
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": True, "cid": False, "dan": False, "eve": False},
        ),
    ),
    watch=("Survey Answered", "Ticket Rated", "Product Reviewed"),
)
