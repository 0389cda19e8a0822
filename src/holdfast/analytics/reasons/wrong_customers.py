"""The wrong customers are attracted: they buy once, or leave at once."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import PURCHASE, Needed, Objects
from holdfast.analytics.feature_parts import RUNNING, SUBSCRIPTION, all_of, first_time, known, orders
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import answer, between, in_texts, times
from holdfast.analytics.signal_parts import floats
from holdfast.analytics.spec import Expression, Not
from holdfast.domain.texts import Text

_CAUSES = ("wrong_fit",)
_FIRST = first_time(PURCHASE)


def _new(needed: Needed) -> NDArray[np.generic]:
    """1 where the first purchase was made in the 12 weeks before these."""
    age = floats(needed, "first")
    return (age > WINDOW_DAYS * DAY_US) & (age <= 2 * WINDOW_DAYS * DAY_US)


def _started(where: Expression) -> Objects:
    began = all_of(known("first"), between("first", 2 * WINDOW_DAYS, WINDOW_DAYS))
    return Objects("subscription", SUBSCRIPTION, "count", None, all_of(began, where))


REASON = Reason(
    name="wrong_customers",
    title=Text("The wrong customers"),
    meaning=Text(
        "Advertising attracts people to whom the product does not fit: they leave soon, whatever we do."
    ),
    origin="ours",
    sources=(
        Quoted("fa", "نوع اشتباهی از مشتریان", 1),
        Quoted("ru", "Вы поняли одно, клиент — другое"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "bought_once",
            Text("Bought once and never again"),
            Text("Customers without a second purchase ÷ customers who first bought 12 to 24 weeks ago"),
            answer({"first": _FIRST}, _new),
            answer(
                {"first": _FIRST, "orders": orders()},
                lambda needed: np.asarray(_new(needed), bool) & (floats(needed, "orders") <= 1),
            ),
            weak_from=0.50,
            bad_from=0.70,
            watch=("Order Completed",),
        ),
        Measure(
            "ended_soon",
            Text("Ended a subscription within its first months"),
            Text(
                "Customers whose subscription has ended ÷ customers whose subscription began 12 to 24 weeks "
                "ago"
            ),
            times(_started(known("first"))),
            times(_started(Not(RUNNING))),
            weak_from=0.15,
            bad_from=0.30,
            watch=("Subscription Ended",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Look which source brings those who leave at once, and stop paying for it for a month. Say in the "
        "advertisement for whom it is not."
    ),
    examples=(
        Example(
            "ann came once, bob came back, cid is new, dan ended soon, eve stays",
            """
            ann  2024-03-01  order 20
            bob  2024-03-01  order 20
            bob  2024-04-01  order 20
            cid  2024-06-20  order 20
            dan  2024-03-01  subscribe 10
            dan  2024-04-15  cancel
            eve  2024-03-01  subscribe 10
            eve  2024-03-01  Text_Read code=wrong_fit
            """,
            date(2024, 7, 1),
            {
                "ann/bought_once": True,
                "bob/bought_once": False,
                "cid/bought_once": None,
                "dan/ended_soon": True,
                "eve/ended_soon": False,
                "ann/ended_soon": None,
                "eve/texts": None,
            },
        ),
    ),
)
