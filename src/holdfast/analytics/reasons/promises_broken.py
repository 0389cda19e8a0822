"""More was promised than was kept."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import Objects, Over
from holdfast.analytics.feature_parts import all_of, known, last_moment, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import between, in_texts, times
from holdfast.analytics.spec import Column, Compare, Every, Expression, Not, Some
from holdfast.domain.texts import Text

_CAUSES = ("overpromised",)
_PROMISE = {
    "due": Over("greatest", Column("promised_us"), named("Promise Made")),
    "kept": last_moment(named("Promise Kept")),
}
_RESULT = {
    "due": Over("greatest", Column("promised_us"), named("Result Agreed")),
    "reviewed": last_moment(named("Result Reviewed")),
}


def _due(kind: str, state: dict[str, Over], where: Expression) -> Objects:
    """Promises whose day fell within the window."""
    past = all_of(known("due"), between("due", WINDOW_DAYS, 0))
    return Objects(kind, state, "count", None, all_of(past, where))


REASON = Reason(
    name="promises_broken",
    title=Text("Promised more than delivered"),
    meaning=Text(
        "Sales or advertising said what is not there, or a promise to call and to mend was not kept."
    ),
    origin="ours",
    sources=(
        Quoted("ru", "Обещали больше, чем дали"),
        Quoted("fa", "وعده یک ویژگی که در دسترس نیست", 2),
        Quoted("bg", "обещаните резултати", 3),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "not_kept",
            Text("Had a promise that was kept late or not at all"),
            Text("Customers with such a promise ÷ customers to whom something was promised for these weeks"),
            times(_due("ticket", _PROMISE, Every(()))),
            times(
                _due(
                    "ticket",
                    _PROMISE,
                    Some((Not(known("kept")), Compare(Column("kept"), ">", Column("due")))),
                )
            ),
            weak_from=0.10,
            bad_from=0.25,
            watch=("Promise Made",),
        ),
        Measure(
            "not_looked_at",
            Text("Has an agreed result that nobody looked at"),
            Text(
                "Customers whose day passed without a review ÷ customers with a result agreed for these weeks"
            ),
            times(_due("result", _RESULT, Every(()))),
            times(_due("result", _RESULT, Not(known("reviewed")))),
            weak_from=0.20,
            bad_from=0.50,
            watch=("Result Agreed",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Write every promise down with who gave it and by when, and go through what is due each morning. "
        "Take "
        "out of the sales talk what the product does not do today."
    ),
    examples=(
        Example(
            "ann's promise was broken, bob's kept, cid's is not due yet, dan's result was forgotten",
            """
            ann  2024-06-01  Ticket_Opened id=T1
            ann  2024-06-01  Promise_Made id=T1 kind=ticket due=2024-06-05
            bob  2024-06-01  Promise_Made id=T2 kind=ticket due=2024-06-05
            bob  2024-06-03  Promise_Kept id=T2 kind=ticket
            cid  2024-06-01  Promise_Made id=T3 kind=ticket due=2024-08-05
            dan  2024-05-01  Result_Agreed id=R1 due=2024-06-01
            eve  2024-05-01  Result_Agreed id=R2 due=2024-06-01
            eve  2024-06-01  Result_Reviewed id=R2 code=reached
            eve  2024-06-01  Text_Read code=overpromised
            """,
            date(2024, 7, 1),
            {
                "ann/not_kept": True,
                "bob/not_kept": False,
                "cid/not_kept": None,
                "dan/not_looked_at": True,
                "eve/not_looked_at": False,
                "eve/texts": True,
            },
        ),
    ),
    signals=("ticket_drags_on", "result_missed"),
)
