"""The product is overloaded: customers use a corner of it and need help with the rest."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import count, distinct, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, at_least, happened, in_texts
from holdfast.analytics.signal_parts import floats
from holdfast.domain.texts import Text

_CAUSES = ("complexity_bloat",)
_USED = named("Feature Used")
_OFTEN, _FEW_PARTS = 10, 2
_OFTEN_USED = count(_USED, WINDOW_DAYS)

REASON = Reason(
    name="cluttered",
    title=Text("Cluttered and complicated"),
    meaning=Text("Too much on every screen: customers find little of it and ask for help."),
    origin="ours",
    sources=(
        Quoted("bg", "Претрупано и сложно", 8),
        Quoted("fa", "منحنی یادگیری طولانی", 2),
        Quoted("ro", "probleme cu interfața"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "few_parts",
            Text("Uses it often, but one or two parts only"),
            Text("Customers who used at most 2 parts ÷ customers who used the product 10 times and more"),
            answer({"used": _OFTEN_USED}, at_least("used", _OFTEN)),
            answer(
                {"used": _OFTEN_USED, "parts": distinct("code", _USED, WINDOW_DAYS)},
                lambda needed: (floats(needed, "used") >= _OFTEN) & (floats(needed, "parts") <= _FEW_PARTS),
            ),
            weak_from=0.30,
            bad_from=0.60,
            watch=("Feature Used",),
        ),
        Measure(
            "needs_help",
            Text("Used it and asked for help twice and more"),
            Text("Customers with two tickets and more ÷ customers who used the product"),
            happened(_USED),
            answer({"tickets": count(named("Ticket Opened"), WINDOW_DAYS)}, at_least("tickets", 2)),
            weak_from=0.10,
            bad_from=0.20,
            watch=("Feature Used",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Sit beside three customers while they work. Take what hardly anybody uses off the first screen, and "
        "mend what most of them use before you add anything."
    ),
    examples=(
        Example(
            "ann uses one part and asks for help, bob uses three, cid hardly uses it",
            "\n".join(
                [
                    *(f"ann  2024-06-{day:02}  Feature_Used code=reports" for day in range(1, 13)),
                    *(f"bob  2024-06-{day:02}  Feature_Used code=part{day % 3}" for day in range(1, 13)),
                    "ann  2024-06-05  Ticket_Opened id=T1",
                    "ann  2024-06-15  Ticket_Opened id=T2",
                    "cid  2024-06-05  Feature_Used code=reports",
                    "cid  2024-06-05  Text_Read code=complexity_bloat",
                ]
            ),
            date(2024, 7, 1),
            {
                "ann/few_parts": True,
                "bob/few_parts": False,
                "cid/few_parts": None,
                "ann/needs_help": True,
                "bob/needs_help": False,
                "cid/texts": True,
            },
        ),
    ),
    signals=("uses_fewer_parts", "asks_for_help_often"),
)
