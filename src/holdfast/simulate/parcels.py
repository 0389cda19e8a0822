"""Parcels: promised for a day, sometimes late, sometimes with a bad batch inside."""

from __future__ import annotations

from functools import cache

import numpy as np

from holdfast.simulate.arrays import Array, Floats, Ints
from holdfast.simulate.causes import cause_index
from holdfast.simulate.countries import countries, country_index
from holdfast.simulate.diary import Columns
from holdfast.simulate.draws import Purpose
from holdfast.simulate.support import Topic
from holdfast.simulate.today import DAY_US, HOUR_US, Today, strings

_PROMISED_DAYS = {"IE": 2, "RO": 3, "BG": 4, "SG": 5, "IR": 6, "KZ": 6}
LATE = 0.0007
UNTOLD = 0.0003
BAD_BATCH = 0.0016
_TOLD = 0.45
_ASKS_WHERE = 0.30
_COMPLAINS = 0.45


def send_parcels(today: Today, rows: Ints, ids: Array, part: int = 0) -> None:
    """Hand one parcel per row to the courier; it arrives on its day through the diary."""
    promised = today.day + _promised_days()[today.people.country[rows]]
    late = today.uniform(rows, Purpose.PARCEL, part) < _late_share(today, rows)
    # Lateness is one day and then as many more as a coin of two heads in five allows.
    further = np.floor(np.log(today.uniform(rows, Purpose.PARCEL, part + 16)) / np.log(0.6)).astype(np.int64)
    early = (today.uniform(rows, Purpose.PARCEL, part + 32) < 0.3).astype(np.int64)
    arrives = np.where(late, promised + 1 + np.minimum(further, 12), promised - early)
    today.diary.put("parcels", arrives, {"row": rows, "id": ids, "promised": promised})
    today.event(
        "Delivery Promised",
        rows,
        today.at_hour(rows, 20),
        object_kind="parcel",
        object_id=ids,
        promised_at=_moment_of(today, promised),
    )


def deliver(today: Today) -> None:
    """Today's parcels arrive, and some of those who receive them have reason to complain."""
    due = today.diary.take("parcels", today.day)
    if due is None:
        return
    rows, promised = due["row"], due["promised"]
    at = today.number * DAY_US + (np.where(promised < today.day, 14, 9) * HOUR_US).astype(np.int64)
    at += (today.uniform(rows, Purpose.PARCEL_QUALITY, 3) * 3 * 3600).astype(np.int64) * 1_000_000
    today.event(
        "Order Delivered",
        rows,
        at,
        object_kind="parcel",
        object_id=due["id"],
        promised_at=_moment_of(today, promised),
    )
    _be_late(today, due)
    _be_bad(today, rows)


def _moment_of(today: Today, promised: Ints) -> Ints:
    """The evening of a day of the company, as a moment: a parcel is promised for the day."""
    return (today.number - today.day + promised) * DAY_US + 18 * HOUR_US


def _be_late(today: Today, due: Columns) -> None:
    late = due["promised"] < today.day
    rows = due["row"][late]
    if not len(rows):
        return
    delay = today.day - due["promised"][late]
    today.grieve(rows, cause_index("late_delivery"), LATE * np.minimum(1.0 + 0.2 * (delay - 1), 2.0))
    told = today.uniform(rows, Purpose.PARCEL_QUALITY, 1) < _TOLD
    today.grieve(rows[~told], cause_index("no_information"), UNTOLD)
    informed = rows[told]
    notices = strings([f"{parcel}-late" for parcel in due["id"][late][told]])
    today.event(
        "Message Sent",
        informed,
        today.at_hour(informed, 8),
        object_kind="message",
        object_id=notices,
        code="delivery_notice",
    )
    asks = ~told & (today.uniform(rows, Purpose.PARCEL_QUALITY, 2) < _ASKS_WHERE)
    today.asks.append((rows[asks], Topic.WHERE_IS_IT))


def _be_bad(today: Today, rows: Ints) -> None:
    bad = rows[today.uniform(rows, Purpose.PARCEL_QUALITY, 0) < today.scenario.bad_batch_share]
    today.grieve(bad, cause_index("poor_quality"), BAD_BATCH)
    complains = bad[today.uniform(bad, Purpose.PARCEL_QUALITY, 4) < _COMPLAINS]
    today.asks.append((complains, Topic.QUALITY))


def _late_share(today: Today, rows: Ints) -> Floats:
    share = np.full(len(rows), today.scenario.late_share)
    courier = today.scenario.courier
    if courier is not None and courier.day <= today.day < courier.until:
        share[today.people.country[rows] == country_index(courier.country)] = courier.late
    return share


@cache
def _promised_days() -> Ints:
    return np.array([_PROMISED_DAYS[country.code] for country in countries()])
