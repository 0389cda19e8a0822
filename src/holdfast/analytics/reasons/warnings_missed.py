"""Warning signs were there and nobody acted on them."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Needed
from holdfast.analytics.feature_parts import last_time, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import REACHED_OUT, answer, happened
from holdfast.analytics.signal_parts import floats
from holdfast.domain.texts import Text

_RAISED = named("Signal Raised")
_GIVEN_DAYS = 7
_LAST = last_time(_RAISED, WINDOW_DAYS)


def _unheard(needed: Needed) -> NDArray[np.generic]:
    """1 where the last warning is a week old and nobody has reached out since."""
    warned = np.nan_to_num(floats(needed, "warned"), nan=-1.0)
    reached = np.nan_to_num(floats(needed, "reached"), nan=np.inf)
    return ((warned >= _GIVEN_DAYS * DAY_US) & (reached > warned)).astype(np.float64)


REASON = Reason(
    name="warnings_missed",
    title=Text("Warning signs missed"),
    meaning=Text("Less use, missed payments, silence: the signs were there, and nobody did anything."),
    origin="ours",
    sources=(Quoted("bg", "пропуснати плащания", 9),),
    causes=(),
    measures=(
        Measure(
            "nobody_acted",
            Text("Was warned of, and nobody reached out within a week"),
            Text(
                "Customers without any message, call or visit of ours since ÷ customers with an early warning"
            ),
            happened(_RAISED),
            answer({"warned": _LAST, "reached": last_time(named(*REACHED_OUT))}, _unheard),
            weak_from=0.30,
            bad_from=0.60,
            watch=("Signal Raised",),
        ),
    ),
    first=Text(
        "Begin each day with the list of today's warnings, the most money first, and do one thing for each "
        "of "
        "the first five. Switch signals off that nobody acts on."
    ),
    examples=(
        Example(
            "ann was warned of in vain, bob was called, cid was never warned of",
            """
            ann  2024-06-01  Signal_Raised code=gone_quiet
            bob  2024-06-01  Signal_Raised code=gone_quiet
            bob  2024-06-03  Call_Made code=reached
            cid  2024-06-03  Call_Made code=reached
            """,
            date(2024, 7, 1),
            {"ann/nobody_acted": True, "bob/nobody_acted": False, "cid/nobody_acted": None},
        ),
    ),
    signals=("payment_failed", "use_falling", "gone_quiet"),
)
