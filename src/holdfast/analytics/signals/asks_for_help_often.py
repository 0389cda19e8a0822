"""C2: the customer asks for help much more often than usual, often about the product itself."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import Needed
from holdfast.analytics.feature_parts import FIRST_SEEN, count, named
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import coded, floats, most, numbers_of, read, rising
from holdfast.domain.texts import Text

_number = numbers_of("asks_for_help_often", "service")

_ASKS = ("Ticket Opened", "Ticket Reopened", "Call Received")
_ASKED = named(*_ASKS)
_OF_PRODUCT = ("bugs_outages", "complexity_bloat", "missing_feature")
_TOPICS = (*_OF_PRODUCT, "app", "bug", "error", "outage", "interface", "usability", "technical", "crash")
_DAYS, _BEFORE = 14, 196

_NEEDS = {
    "lately": count(_ASKED, _DAYS),
    "before": count(_ASKED, _BEFORE, _DAYS),
    "known": FIRST_SEEN,
}


def _usual(needed: Needed) -> NDArray[np.float64]:
    """Requests in 14 days as they were before, over the time that the customer was known."""
    known = np.clip(np.nan_to_num(floats(needed, "known")) / DAY_US - _DAYS, _DAYS, _BEFORE - _DAYS)
    return floats(needed, "before") * _DAYS / known


def _times(needed: Needed) -> NDArray[np.float64]:
    """How many times the usual; half a request more counts as usual, so that one is never many."""
    return floats(needed, "lately") / (_usual(needed) + 0.5)


SIGNAL = Signal(
    name="asks_for_help_often",
    code="C2",
    title=Text("Asks for help unusually often"),
    meaning=Text(
        "In 14 days the customer opened far more requests than usual. Often something in the product "
        "is in the way, and each further request costs a little patience."
    ),
    cause="service",
    numbers=(
        _number("lately", Text("Requests for help in the last 14 days"), _NEEDS["lately"], days=_DAYS),
        _number("usual", Text("Usual requests for help in 14 days"), _NEEDS, _usual, days=_BEFORE),
        _number(
            "times",
            Text("Requests for help against the usual"),
            _NEEDS,
            _times,
            unit="ratio",
            days=_BEFORE,
        ),
        _number(
            "about_product",
            Text("Requests about the product itself in the last 14 days"),
            {
                "tickets": count(coded(_ASKED, *_TOPICS), _DAYS),
                "texts": count(read(*_OF_PRODUCT), _DAYS),
            },
            most("tickets", "texts"),
            days=_DAYS,
        ),
    ),
    settings=(
        Setting("fewest", Text("Requests in 14 days, at least"), "count", 3, 2, 30),
        Setting("times", Text("Times the usual, at least"), "ratio", 3, 1.5, 20),
    ),
    when=lambda of: both(
        number("asks_for_help_often_lately", "at_least", of["fewest"]),
        number("asks_for_help_often_times", "at_least", of["times"]),
    ),
    ends_when=lambda of: either(
        number("asks_for_help_often_lately", "at_most", of["fewest"] / 3),
        number("asks_for_help_often_times", "below", of["times"] / 2),
    ),
    strength=rising("asks_for_help_often_times", 10),
    evidence=(
        Shown("asks_for_help_often_lately", "asks_for_help_often_usual"),
        Shown("asks_for_help_often_about_product"),
    ),
    examples=(
        Example(
            "ann never asked and now asks three times, bob always asks, cid asks once",
            """
            ann  2023-07-01  sign_up
            ann  2024-06-20  Ticket_Opened id=T1 code=app
            ann  2024-06-24  Ticket_Opened id=T2 code=app
            ann  2024-06-28  Ticket_Reopened id=T1
            bob  2023-07-01  sign_up
            bob  2024-01-05  Ticket_Opened id=B1
            bob  2024-01-10  Ticket_Opened id=B2
            bob  2024-01-20  Ticket_Opened id=B3
            bob  2024-02-01  Ticket_Opened id=B4
            bob  2024-02-10  Ticket_Opened id=B5
            bob  2024-02-20  Ticket_Opened id=B6
            bob  2024-03-01  Ticket_Opened id=B7
            bob  2024-03-10  Ticket_Opened id=B8
            bob  2024-03-20  Ticket_Opened id=B9
            bob  2024-04-01  Ticket_Opened id=B10
            bob  2024-05-01  Ticket_Opened id=B11
            bob  2024-06-20  Ticket_Opened id=B12
            bob  2024-06-24  Ticket_Opened id=B13
            bob  2024-06-28  Ticket_Opened id=B14
            cid  2023-07-01  sign_up
            cid  2024-06-28  Ticket_Opened id=C1
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": False},
        ),
    ),
    watch=_ASKS,
)
