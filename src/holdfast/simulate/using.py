"""Habits: who opens the app today and for what, and how far newcomers get."""

from __future__ import annotations

import numpy as np

from holdfast.simulate import draws
from holdfast.simulate.arrays import Array, Flags, Floats, Ints
from holdfast.simulate.catalogue import OFFICE, PRODUCTS
from holdfast.simulate.causes import cause_index
from holdfast.simulate.draws import BIRTH, Purpose
from holdfast.simulate.mood import STEPS
from holdfast.simulate.people import Kind, Stage
from holdfast.simulate.support import Topic
from holdfast.simulate.today import DAY_US, HOUR_US, Today, strings

FEATURES = ("brew_log", "recipes", "parcel_tracking", "plan_settings", "taste_quiz", "tastings")
STEP_CODES = ("account", "taste_quiz", "first_brew", "first_review")
_GRIEVANCE_USE = 180.0
_FAVOURITE = 0.62
_SECOND = 0.3
_REVIEWS = (30, 60, 90)
MISSED = 0.002


def use(today: Today) -> None:
    """Everyone with the app may open it, the wavering only its favourite part; on the day of the outage
    they find it broken.
    """
    people = today.people
    rows = np.flatnonzero((people.app_rate > 0) & (people.present() | _is_new(today)))
    rows = rows[today.uniform(rows, Purpose.APP) < 1.0 - np.exp(-use_rate(today, rows))]
    if today.outage is not None:
        today.grieve(rows, cause_index("bugs_outages"), today.outage.grievance)
        asks = rows[today.uniform(rows, Purpose.OUTAGE) < today.outage.asks]
        today.asks.append((asks, Topic.APP))
        return
    favourite = (draws.uniform(people.key[rows], BIRTH, Purpose.APP_FEATURE) * len(FEATURES)).astype(int)
    other = (today.uniform(rows, Purpose.APP_FEATURE) * len(FEATURES)).astype(int)
    wavers = people.stage[rows] == Stage.WAVERING
    usual = wavers | (today.uniform(rows, Purpose.APP_FEATURE, 1) < _FAVOURITE)
    first = np.where(usual, favourite, other)
    _show(today, rows, first, 0)
    second = ~wavers & (today.uniform(rows, Purpose.APP_FEATURE, 2) < _SECOND) & (other != first)
    _show(today, rows[second], other[second], 1)


def use_rate(today: Today, rows: Ints) -> Floats:
    """How often these people open the app today, per day."""
    people = today.people
    rate = people.app_rate[rows] * np.where(
        people.stage[rows] == Stage.WAVERING, today.scenario.wavering_use, 1.0
    )
    weekend = 1.15 if today.on.weekday() >= 5 else 0.94
    used: Floats = rate * weekend * np.exp(-_GRIEVANCE_USE * np.minimum(people.grievance[rows], 0.005))
    return used


def get_started(today: Today) -> None:
    """Newcomers with the app take the steps of the onboarding, most of them in the first weeks (C9)."""
    people = today.people
    rows = np.flatnonzero((people.steps < STEPS) & (people.app_rate > 0) & (people.stage != Stage.LEFT))
    age = today.day - people.arrived[rows]
    hazard = np.where(age < 30, 0.16, 0.004) * np.exp(0.5 * np.clip(people.fit[rows], -3, 2))
    rows = rows[(age > 0) & (today.uniform(rows, Purpose.ONBOARDING) < 1.0 - np.exp(-hazard))]
    if today.is_outage or not len(rows):
        return
    people.steps[rows] += 1
    codes = strings([STEP_CODES[step - 1] for step in people.steps[rows].tolist()])
    at = today.moments(rows, Purpose.ONBOARDING)
    today.event("Onboarding Step Completed", rows, at, code=codes)


def review_results(today: Today) -> None:
    """Offices agreed on a result; it is looked at after 30, 60 and 90 days (C16, I2)."""
    people = today.people
    ages = today.day - people.subscribed_on
    _agree_on_results(today, np.flatnonzero((people.plan == OFFICE) & (ages == 1)))
    rows = np.flatnonzero((people.plan == OFFICE) & np.isin(ages, _REVIEWS))
    if not len(rows):
        return
    missed = today.uniform(rows, Purpose.RENEWAL, 1) < np.clip(0.22 - 0.1 * people.fit[rows], 0.03, 0.8)
    today.grieve(rows[missed], cause_index("no_value_realised"), MISSED)
    codes = strings(np.where(missed, "missed", "reached").tolist())
    at = today.at_hour(rows, 10)
    today.event(
        "Result Reviewed",
        rows,
        at,
        object_kind="result",
        object_id=_result_ids(today, rows, ages[rows]),
        code=codes,
        score=ages[rows].astype(np.int64),
    )


def _agree_on_results(today: Today, rows: Ints) -> None:
    """On the second day it is agreed what is to be there after 30, 60 and 90 days."""
    for age in _REVIEWS if len(rows) else ():
        due = np.full(len(rows), (today.number - 1 + age) * DAY_US + 10 * HOUR_US, np.int64)
        today.event(
            "Result Agreed",
            rows,
            today.at_hour(rows, 9),
            object_kind="result",
            object_id=_result_ids(today, rows, np.full(len(rows), age, np.int64)),
            promised_at=due,
        )


def _result_ids(today: Today, rows: Ints, ages: Ints) -> Array:
    number = today.people.subscriptions[rows].astype(np.int64) * 1000 + ages.astype(np.int64)
    return today.numbered("R", rows, number)


def look_around(today: Today) -> None:
    """Prospects look at products without buying, fewer each week."""
    people = today.people
    rows = np.flatnonzero(_is_new(today) & (people.kind != Kind.SUBSCRIBER))
    hazard = 0.18 * np.exp(-(today.day - people.arrived[rows]) / 14.0)
    rows = rows[today.uniform(rows, Purpose.BROWSE) < hazard]
    seen = (today.uniform(rows, Purpose.BROWSE, 1) * len(PRODUCTS)).astype(int)
    products = strings([PRODUCTS[index].id for index in seen.tolist()])
    today.event("Product Viewed", rows, today.moments(rows, Purpose.BROWSE), product=products)


def change_contacts(today: Today) -> None:
    """In offices the person we deal with changes now and then (C19)."""
    people = today.people
    rows = np.flatnonzero((people.plan == OFFICE) & people.present())
    factor = np.where(people.stage[rows] == Stage.WAVERING, 4.0, 1.0)
    rows = rows[today.uniform(rows, Purpose.REFERRER) < 0.0008 * factor]
    today.event("Contact Changed", rows, today.moments(rows, Purpose.REFERRER), code="customer_side")


def _is_new(today: Today) -> Flags:
    people = today.people
    new: Flags = (people.stage == Stage.NOT_YET) & (people.arrived > today.day - 60)
    return new


def _show(today: Today, rows: Ints, features: Ints, part: int) -> None:
    codes = strings([FEATURES[index] for index in features.tolist()])
    today.event("Feature Used", rows, today.moments(rows, Purpose.APP, 50 + part), code=codes)
