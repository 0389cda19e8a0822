"""Customers are not told: they write and wait, or have to ask how things stand."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Needed
from holdfast.analytics.feature_parts import last_time, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, happened, in_texts
from holdfast.analytics.signal_parts import floats, read
from holdfast.domain.readings import ASKS_FOR_STATUS, TEXT_READ
from holdfast.domain.texts import Text

_CAUSES = ("no_information",)
_WROTE = named("Message Received")
_WAITS_DAYS = 3


def _waits(needed: Needed) -> NDArray[np.generic]:
    """1 where the last message is older than three days and none of us has written since."""
    wrote = np.nan_to_num(floats(needed, "wrote"), nan=-1.0)
    answered = np.nan_to_num(floats(needed, "answered"), nan=np.inf)
    return ((wrote >= _WAITS_DAYS * DAY_US) & (answered > wrote)).astype(np.float64)


REASON = Reason(
    name="poor_communication",
    title=Text("Poor communication"),
    meaning=Text("Customers are not told of changes, dates and faults, and get no answer when they ask."),
    origin="ours",
    sources=(
        Quoted("bg", "Лоша комуникация", 5),
        Quoted("ru", "Не предоставили информацию"),
        Quoted("zh", "缺乏沟通"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "unanswered",
            Text("Wrote to us and has waited for three days and more"),
            Text("Customers whose last message nobody has answered ÷ customers who wrote to us"),
            happened(_WROTE),
            answer(
                {
                    "wrote": last_time(_WROTE, WINDOW_DAYS),
                    "answered": last_time(named("Message Sent", "Ticket Answered", "Call Made")),
                },
                _waits,
            ),
            weak_from=0.10,
            bad_from=0.25,
            watch=("Message Received",),
        ),
        Measure(
            "asked_for_status",
            Text("Had to ask how things stand"),
            Text("Customers who wrote to ask for the status ÷ customers of whom we read any text"),
            happened(named(TEXT_READ)),
            happened(read(ASKS_FOR_STATUS)),
            weak_from=0.10,
            bad_from=0.25,
            watch=(TEXT_READ,),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Answer what waits today, even if only to say when there will be more. Then send news before "
        "customers ask for it: of deliveries, faults and changes."
    ),
    examples=(
        Example(
            "ann waits, bob was answered, cid wrote only yesterday, dan asked where it is",
            """
            ann  2024-06-10  Message_Received
            bob  2024-06-10  Message_Received
            bob  2024-06-11  Message_Sent
            cid  2024-06-30  Message_Received
            dan  2024-06-10  Text_Read code=asks_for_status
            dan  2024-06-10  Text_Read code=no_information
            """,
            date(2024, 7, 1),
            {
                "ann/unanswered": True,
                "bob/unanswered": False,
                "cid/unanswered": False,
                "dan/unanswered": None,
                "dan/asked_for_status": True,
                "dan/texts": True,
            },
        ),
    ),
    signals=("has_to_ask", "ticket_drags_on"),
)
