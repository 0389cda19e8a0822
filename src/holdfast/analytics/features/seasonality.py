"""The time of year: what the customer did at this time of the year before."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, PURCHASE, Feature, FeatureFamily, Needed, Objects
from holdfast.analytics.feature_parts import (
    FIRST_SEEN,
    RUNNING,
    SUBSCRIPTION,
    TWELVE_WEEKS,
    YEAR,
    count,
    divided,
    known_for,
    orders,
    recent_part,
    told,
)
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.spec import Arithmetic, Column
from holdfast.domain.texts import Text

_QUARTER = YEAR // 4
_QUARTERS = ("last", "second", "third", "fourth")
_FEWEST_PURCHASES = 4
_DAYS_A_YEAR = 365

_EXAMPLE = told(
    "ann buys each summer, bob every quarter, cid subscribes",
    """
    ann  2022-08-01  order 20
    ann  2023-07-10  order 20
    ann  2023-07-20  order 20
    ann  2023-08-01  order 20
    ann  2023-12-01  order 20
    bob  2022-09-01  order 9
    bob  2023-06-01  order 9
    bob  2023-09-01  order 9
    bob  2023-12-01  order 9
    bob  2024-03-01  order 9
    bob  2024-06-01  order 9
    cid  2022-08-01  subscribe 10 basic
    """,
    date(2024, 7, 1),
)


def _busiest_part(needed: Needed) -> NDArray[np.generic]:
    quarters = np.stack([np.asarray(needed[name], np.float64) for name in _QUARTERS])
    total = quarters.sum(axis=0)
    return divided(quarters.max(axis=0), np.where(total >= _FEWEST_PURCHASES, total, np.nan))


def _to_anniversary(needed: Needed) -> NDArray[np.generic]:
    """From 365, on the day itself, down to 1."""
    days = np.ceil(np.asarray(needed["age"], np.float64) / DAY_US)
    left: NDArray[np.float64] = _DAYS_A_YEAR - np.mod(days, _DAYS_A_YEAR)
    return left


FAMILY = FeatureFamily(
    "seasonality",
    Text("Time of year"),
    (
        Feature(
            "orders_to_come",
            Text("Orders a year ago in the 12 weeks that come now"),
            Text("How often the customer bought at this time of last year; 0 in a quiet season."),
            "count",
            "season",
            {"orders": orders(YEAR, YEAR - TWELVE_WEEKS)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=3, bob=1, cid=0),
        ),
        Feature(
            "orders_this_year_part",
            Text("Part of these 12 weeks' orders in two years that came this year"),
            Text("Orders of the last 12 weeks beside those of the same weeks a year before."),
            "share",
            "season",
            {"now": orders(TWELVE_WEEKS), "before": orders(YEAR + TWELVE_WEEKS, YEAR), "known": FIRST_SEEN},
            known_for(YEAR + TWELVE_WEEKS, recent_part("now", "before")),
            window_days=YEAR + TWELVE_WEEKS,
            examples=_EXAMPLE(ann=None, bob=0.5, cid=None),
        ),
        Feature(
            "busiest_quarter_part",
            Text("Part of the year's purchases in the busiest quarter"),
            Text("A quarter for who buys evenly, all for who buys in one season; from 4 purchases on."),
            "share",
            "season",
            {
                "known": FIRST_SEEN,
                **{
                    name: count(PURCHASE, _QUARTER * (place + 1), _QUARTER * place)
                    for place, name in enumerate(_QUARTERS)
                },
            },
            known_for(YEAR, _busiest_part),
            window_days=YEAR,
            examples=_EXAMPLE(ann=0.75, bob=0.25, cid=None),
        ),
        Feature(
            "days_to_anniversary",
            Text("Time until the subscription has run another year"),
            Text("Days until the oldest running subscription turns a year older; many decide then."),
            "days",
            "season",
            {
                "age": Objects(
                    "subscription",
                    SUBSCRIPTION,
                    "greatest",
                    Arithmetic("-", MOMENT, Column("started")),
                    RUNNING,
                )
            },
            _to_anniversary,
            examples=_EXAMPLE(ann=None, cid=30),
        ),
    ),
)
