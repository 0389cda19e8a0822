"""What the company writes down about itself: exchange rates, what each source cost, two series."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from holdfast.domain.period import day_number
from holdfast.simulate.arrivals import SOURCES
from holdfast.simulate.causes import CAUSES
from holdfast.simulate.people import Stage
from holdfast.simulate.today import Today, strings

REPORTING_CURRENCY = "EUR"
_RATES = {"RON": (0.2012, -0.0000030), "SGD": (0.6870, -0.0000100)}
_SWING, _SWING_DAYS = 0.006, 47.0


def exchange_rate(currency: str, day: int) -> float:
    """What one unit of ``currency`` is worth in euro on a day of the company, to six digits."""
    if currency == REPORTING_CURRENCY:
        return 1.0
    level, drift = _RATES[currency]
    return round((level + drift * day) * (1.0 + _SWING * float(np.sin(day / _SWING_DAYS))), 6)


def close_books(today: Today) -> None:
    """Today's rates; at the end of a month the costs of acquisition and the two series (B12)."""
    number = np.full(len(_RATES), today.number, np.int64)
    today.add(
        "rates",
        date=number,
        **{
            "from": strings(list(_RATES)),
            "to": strings([REPORTING_CURRENCY] * len(_RATES)),
            "rate": np.array([exchange_rate(currency, today.day) for currency in _RATES]),
        },
    )
    if (today.on + timedelta(days=1)).month != today.on.month:
        _close_month(today)


def _close_month(today: Today) -> None:
    spent = sorted(today.ledger.spent.items())
    today.ledger.spent = {}
    first = date(today.on.year, today.on.month, 1)
    month_starts_at = max(day_number(first) - (today.number - today.day), 0)
    paid = [(SOURCES[source], count) for source, count in spent if SOURCES[source].cost]
    today.add(
        "costs",
        date=np.full(len(paid), day_number(first), np.int64),
        source=strings([source.name for source, _ in paid]),
        amount=np.array([source.cost * count for source, count in paid], np.int64),
        currency=strings([REPORTING_CURRENCY] * len(paid)),
    )
    losses = today.ledger.read("losses")
    ours = np.array([cause.origin == "ours" for cause in CAUSES])[losses["cause"]]
    lost = int((ours & (losses["day"] >= month_starts_at)).sum())
    present = max(int((today.people.stage == Stage.CONTENT).sum()), 1)
    upset = min(lost / present, 0.1)
    today.add(
        "series",
        date=np.full(2, today.number, np.int64),
        name=strings(["review_rating", "staff_mood"]),
        value=np.round([4.7 - 20.0 * upset, 7.6 - 45.0 * upset], 2),
    )
