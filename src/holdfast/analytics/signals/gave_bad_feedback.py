"""C1: the customer was unhappy in words, or gave a bad mark, in private or in public."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.signal import Example, Setting, Shown, Signal, number
from holdfast.analytics.signal_parts import FEWEST, coded, marked, numbers_of, read, rising
from holdfast.analytics.spec import Some
from holdfast.domain.readings import NEGATIVE
from holdfast.domain.texts import Text

_number = numbers_of("gave_bad_feedback", "feedback")

_BAD_MARK = Some(
    (
        marked(coded(named("Survey Answered"), "nps"), 0, 7),
        marked(coded(named("Survey Answered"), "csat", "ces"), 0, 3),
        marked(named("Ticket Rated", "Product Reviewed"), 0, 3),
    )
)
_WORDS = read(NEGATIVE)
_BOTH = Some((_BAD_MARK, _WORDS))

SIGNAL = Signal(
    name="gave_bad_feedback",
    code="C1",
    title=Text("Is unhappy and says so"),
    meaning=Text(
        "The customer wrote angry or disappointed words, or gave a bad mark: 0 to 6 of 10, or 1 or 2 of 5. "
        "Whoever complains often still wants to stay: answer soon and honestly."
    ),
    cause="feedback",
    numbers=(
        _number("words", Text("Unhappy texts in the last 7 days"), count(_WORDS, 7), days=7),
        _number("marks", Text("Bad marks in the last 7 days"), count(_BAD_MARK, 7), days=7),
        _number("both", Text("Unhappy texts and bad marks in the last 7 days"), count(_BOTH, 7), days=7),
        _number("in_28", Text("Unhappy texts and bad marks in the last 28 days"), count(_BOTH, 28), days=28),
    ),
    settings=(Setting("fewest", FEWEST, "count", 1, 1, 10),),
    when=lambda of: number("gave_bad_feedback_both", "at_least", of["fewest"]),
    ends_when=lambda _: number("gave_bad_feedback_in_28", "below", 1),
    strength=rising("gave_bad_feedback_in_28", 4, least=0.5),
    evidence=(
        Shown("gave_bad_feedback_words"),
        Shown("gave_bad_feedback_marks"),
        Shown("gave_bad_feedback_in_28"),
    ),
    examples=(
        Example(
            "ann writes angrily, bob gives a bad mark, cid a good one; dan was unhappy long ago",
            """
            ann  2024-06-28  Text_Read id=M1 code=negative score=-1
            ann  2024-06-28  Text_Read id=M1 code=poor_support score=-1
            bob  2024-06-27  Survey_Answered code=nps score=4
            cid  2024-06-27  Survey_Answered code=nps score=9
            cid  2024-06-28  Text_Read id=M2 code=positive score=1
            dan  2024-04-01  Ticket_Rated id=T1 score=1
            eve  2024-06-10  Product_Reviewed product=tea score=1
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": True, "cid": False, "dan": False, "eve": False},
        ),
    ),
    watch=("Text Read", "Survey Answered", "Ticket Rated", "Product Reviewed"),
)
