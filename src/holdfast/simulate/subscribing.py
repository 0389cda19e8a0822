"""Subscriptions: begun, on trial, changed in plan or price, ended."""

from __future__ import annotations

import numpy as np

from holdfast.simulate.arrays import Array, Flags, Floats, Ints
from holdfast.simulate.catalogue import NO_PLAN, OFFICE, PLANS
from holdfast.simulate.causes import CAUSE_IDS, cause_index
from holdfast.simulate.countries import country_index
from holdfast.simulate.draws import Purpose
from holdfast.simulate.mood import DAYS_A_MONTH, become_customers
from holdfast.simulate.parcels import send_parcels
from holdfast.simulate.people import Kind
from holdfast.simulate.today import DAY_US, MINUTE_US, Today, strings

TRIAL_DAYS = 14
RENEWS_AFTER = 365
"""Days after which a subscription is renewed for another year, unasked."""

SURPRISED = 0.0022

NO_REASON = 100
TRIAL_OVER = 101
OTHER_REASON = 102
"""Stated reasons for an end beside a cause's index: none given, a trial that was let go, "other"."""

_TRIAL_CONVERTS = 0.62
_UPGRADES = 0.0060
_DOWNGRADES = 0.0045
_GROWN_WARY_DAYS = 90


def sign_up(today: Today, rows: Ints) -> None:
    """Those who came today to subscribe do so, some on trial."""
    people = today.people
    subscribers = rows[people.kind[rows] == Kind.SUBSCRIBER]
    plans = people.first_plan[subscribers].astype(np.int64)
    subscribe(today, subscribers, plans, trial=people.trial[subscribers])


def subscribe(today: Today, rows: Ints, plans: Ints, *, trial: Flags) -> None:
    """These people begin a subscription today, for real or on trial."""
    people = today.people
    if not len(rows):
        return
    people.subscriptions[rows] += 1
    price = np.where(trial, 0, today.price(rows, _list_price(today, plans)))
    people.plan[rows], people.monthly[rows], people.subscribed_on[rows] = plans, price, today.day
    people.next_bill[rows] = np.where(trial, today.day + TRIAL_DAYS, today.day)
    people.next_parcel[rows] = today.day + 1
    people.declined[rows] = 0
    people.subscription[rows] = today.ledger.begin_subscriptions(
        person=people.person[rows],
        number=people.subscriptions[rows],
        plan=plans,
        monthly=price,
        seats=np.where(plans == OFFICE, 4 + people.person[rows] % 17, 1),
        trial=trial.astype(np.int64),
        began=today.moments(rows, Purpose.SIGN_UP),
    )
    _show(today, rows)
    become_customers(today, rows[~trial])


def on_trial(today: Today, rows: Ints) -> Flags:
    """Which of these subscribers are still trying out."""
    trying: Flags = today.ledger.subscriptions_at("trial", today.people.subscription[rows]) == 1
    return trying


def convert_trials(today: Today, rows: Ints) -> None:
    """These trials are over: most go on for money, the others were never customers."""
    people = today.people
    if not len(rows):
        return
    chance = np.clip(_TRIAL_CONVERTS + 0.1 * people.fit[rows], 0.1, 0.95)
    converts = today.uniform(rows, Purpose.TRIAL) < chance
    plans = people.plan[rows[converts]].astype(np.int64)
    end_subscriptions(today, rows, TRIAL_OVER)
    subscribe(today, rows[converts], plans, trial=np.zeros(len(plans), bool))
    surprised = rows[converts][today.uniform(rows[converts], Purpose.RENEWAL) < 0.10]
    today.grieve(surprised, cause_index("surprise_renewal"), SURPRISED)


def send_subscription_parcels(today: Today) -> None:
    """Today's parcels of running subscriptions leave."""
    people = today.people
    rows = np.flatnonzero(people.next_parcel == today.day)
    rows = rows[people.plan[rows] >= 0]
    if len(rows):
        people.parcels[rows] += 1
        every = np.array([plan.parcel_every for plan in PLANS])
        people.next_parcel[rows] += every[people.plan[rows]]
        send_parcels(today, rows, today.numbered("P", rows, people.parcels[rows]), part=8)


def change_plans(today: Today) -> None:
    """Some move one plan up or down; on its day everyone moves to the new price."""
    people = today.people
    _change_prices(today)
    runs = np.flatnonzero((people.plan >= 0) & (people.plan < OFFICE) & (people.monthly > 0))
    runs = runs[people.subscribed_on[runs] < today.day]
    drawn = today.uniform(runs, Purpose.PLAN_CHANGE) * DAYS_A_MONTH
    up = (drawn < _UPGRADES * np.exp(0.3 * people.fit[runs])) & (people.plan[runs] < OFFICE - 1)
    down = ~up & (drawn > DAYS_A_MONTH - _downgrade_share(today, runs)) & (people.plan[runs] > 0)
    for rows, step in ((runs[up], 1), (runs[down], -1)):
        people.plan[rows] += step
        _charge_anew(today, rows, 12)


def announce_price_change(today: Today) -> None:
    """Everyone concerned is told, too late, and in one country not at all (C14, F7)."""
    people, change = today.people, today.scenario.price_change
    if change is None or today.day != change.day - change.notice_days:
        return
    rows = np.flatnonzero((people.plan >= 0) & (people.country != country_index(change.unannounced_in)))
    today.event(
        "Change Announced",
        rows,
        today.at_hour(rows, 9),
        object_kind="change",
        object_id=f"price-{today.scenario.date_of(change.day).isoformat()}",
        code="price",
        promised_at=np.full(len(rows), (today.number + change.notice_days) * DAY_US, np.int64),
    )


def end_subscriptions(today: Today, rows: Ints, reason: Ints | int) -> None:
    """The running subscriptions of these people end today with these stated reasons."""
    people = today.people
    runs = people.plan[rows] >= 0
    rows, reasons = rows[runs], np.broadcast_to(np.asarray(reason), runs.shape)[runs]
    if not len(rows):
        return
    began = today.ledger.subscriptions_at("began", people.subscription[rows])
    at = np.maximum(today.moments(rows, Purpose.REASON), began + MINUTE_US)
    today.ledger.end_subscriptions(people.subscription[rows], at, reasons)
    _show(today, rows)
    people.plan[rows], people.monthly[rows] = NO_PLAN, 0
    people.next_bill[rows], people.next_parcel[rows], people.declined[rows] = -1, -1, 0


def stated_reasons(today: Today, rows: Ints, cause: Ints) -> Ints:
    """What people tick when they cancel: nothing, often; the truth, mostly; "too expensive" to be
    polite, or "other".
    """
    drawn = today.uniform(rows, Purpose.REASON, 1)
    polite = np.where(drawn < 0.86, cause_index("price_too_high"), OTHER_REASON)
    stated = np.where(drawn < 0.72, cause, polite)
    told: Ints = np.where(today.uniform(rows, Purpose.REASON, 2) < 0.6, stated, NO_REASON)
    return told


def reason_code(reason: int) -> str:
    """A stated reason as the files show it."""
    others = {-1: "", NO_REASON: "", TRIAL_OVER: "trial_not_continued", OTHER_REASON: "other"}
    return others[reason] if reason in others else CAUSE_IDS[reason]


def subscription_columns(today: Today, rows: Ints, positions: Ints) -> dict[str, Array]:
    """The columns of ``subscriptions.csv`` for these subscriptions of these people, as they are now."""
    kept = {name: today.ledger.subscriptions_at(name, positions) for name in today.ledger.subscriptions}
    return {
        "customer": today.ids(rows),
        "subscription_id": today.numbered("S", rows, kept["number"]),
        "started_at": kept["began"],
        "ended_at": kept["ended"],
        "changed_at": np.full(len(rows), -1, np.int64),
        "renews_at": np.where(kept["trial"] == 1, -1, kept["began"] + RENEWS_AFTER * DAY_US),
        "plan": plan_names(kept["plan"]),
        "seats": kept["seats"],
        "monthly_amount": kept["monthly"],
        "currency": today.currencies(rows),
        "trial": strings(["yes" if trial else "" for trial in kept["trial"].tolist()]),
        "reason": strings([reason_code(reason) for reason in kept["reason"].tolist()]),
    }


def plan_names(plans: Ints) -> Array:
    """Plans as the files name them."""
    return strings([PLANS[plan].name for plan in plans.tolist()])


def _show(today: Today, rows: Ints) -> None:
    columns = subscription_columns(today, rows, today.people.subscription[rows])
    today.add("subscriptions", **columns)


def _list_price(today: Today, plans: Ints) -> Floats:
    cents = np.array([plan.price for plan in PLANS], float)[plans]
    change = today.scenario.price_change
    return cents if change is None or today.day < change.day else cents * (1.0 + change.rise)


def _change_prices(today: Today) -> None:
    people, change = today.people, today.scenario.price_change
    if change is None or change.day != today.day:
        return
    rows = np.flatnonzero((people.plan >= 0) & (people.monthly > 0) & (people.subscribed_on < today.day))
    _charge_anew(today, rows, 6)
    today.grieve(rows, cause_index("price_too_high"), change.grievance)
    untold = rows[people.country[rows] == country_index(change.unannounced_in)]
    today.grieve(untold, cause_index("price_too_high"), 0.5 * change.grievance)
    today.grieve(untold, cause_index("no_information"), 0.5 * change.grievance)


def _downgrade_share(today: Today, rows: Ints) -> Floats:
    change = today.scenario.price_change
    wary = change is not None and change.day <= today.day < change.day + _GROWN_WARY_DAYS
    share: Floats = _DOWNGRADES * today.people.price_sense[rows] * (3.0 if wary else 1.0)
    return share


def _charge_anew(today: Today, rows: Ints, hour: int) -> None:
    """From ``hour`` today these people pay the list price of their plan; plan and price change hours
    apart where both change, so that the later row holds.
    """
    people = today.people
    if not len(rows):
        return
    people.monthly[rows] = today.price(rows, _list_price(today, people.plan[rows]))
    changed = {
        "changed_at": today.at_hour(rows, hour),
        "ended_at": np.full(len(rows), -1, np.int64),
        "plan": plan_names(people.plan[rows]),
        "monthly_amount": people.monthly[rows],
        "reason": strings([""] * len(rows)),
    }
    columns = subscription_columns(today, rows, people.subscription[rows]) | changed
    today.add("subscriptions", **columns)
