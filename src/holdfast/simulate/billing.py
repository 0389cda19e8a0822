"""Bills: cards that are charged and sometimes declined, offices that pay by transfer."""

from __future__ import annotations

import numpy as np

from holdfast.simulate.arrays import Array, Flags, Ints
from holdfast.simulate.catalogue import OFFICE
from holdfast.simulate.causes import cause_index
from holdfast.simulate.draws import Purpose
from holdfast.simulate.mood import leave
from holdfast.simulate.people import Stage
from holdfast.simulate.subscribing import RENEWS_AFTER, SURPRISED, convert_trials, end_subscriptions, on_trial
from holdfast.simulate.support import Topic
from holdfast.simulate.today import DAY_US, Today, strings

DECLINED = 0.0006
RETRY_AFTER = (3, 5, 7)
"""Days after which a declined card is tried again, each counted from the try before."""

_BILL_EVERY = 30
_INVOICE_DAYS = 14
_ASKS = 0.15


def bill(today: Today) -> None:
    """Trials that end and bills that are due, retries of declined cards, transfers that arrive."""
    people = today.people
    due = np.flatnonzero((people.next_bill == today.day) & (people.plan >= 0))
    convert_trials(today, due[on_trial(today, due)])
    due = np.flatnonzero((people.next_bill == today.day) & (people.plan >= 0))
    _send_bills(today, due)
    _retry(today)
    _receive_transfers(today)
    _surprise(today)


def _send_bills(today: Today, rows: Ints) -> None:
    people = today.people
    if not len(rows):
        return
    people.invoices[rows] += 1
    people.next_bill[rows] = today.day + _BILL_EVERY
    amount = np.round(people.monthly[rows] * (1.0 - people.discount[rows])).astype(np.int64)
    people.discount[rows] = 0.0
    ids = today.numbered("I", rows, people.invoices[rows])
    transfer = people.plan[rows] == OFFICE
    _invoice_offices(today, rows[transfer], ids[transfer], amount[transfer])
    _charge_cards(today, rows[~transfer], ids[~transfer], amount[~transfer], first_try=True)


def _charge_cards(today: Today, rows: Ints, ids: Array, amount: Ints, *, first_try: bool) -> None:
    people = today.people
    fails = _is_declined(today, rows, first_try=first_try)
    people.declined[rows] = np.where(fails, people.declined[rows] + 1, 0)
    purpose = Purpose.BILL if first_try else Purpose.RETRY
    expired = today.uniform(rows, purpose, 1) < 0.5
    reason = np.where(expired, "card_expired", "insufficient_funds")
    _show(
        today,
        rows,
        ids,
        amount,
        issued_at=today.at_hour(rows, 8) if first_try else None,
        paid_at=today.at_hour(rows, 8 if first_try else 10),
        status=np.where(fails, "failed", "paid"),
        reason=np.where(fails, reason, ""),
    )
    _after_failing(today, rows[fails], ids[fails], amount[fails])


def _is_declined(today: Today, rows: Ints, *, first_try: bool) -> Flags:
    scenario = today.scenario
    chance = np.full(len(rows), 1.0 - scenario.retry_succeeds)
    if first_try:
        chance = scenario.payment_failed * today.people.card_trouble[rows]
    if today.outage is not None:
        chance = np.maximum(chance, today.outage.payments_failed)
    return today.uniform(rows, Purpose.BILL if first_try else Purpose.RETRY) < chance


def _after_failing(today: Today, rows: Ints, ids: Array, amount: Ints) -> None:
    people = today.people
    if not len(rows):
        return
    today.grieve(rows, cause_index("payment_problem"), DECLINED)
    asks = rows[today.uniform(rows, Purpose.RETRY, 2) < _ASKS]
    today.asks.append((asks, Topic.PAYMENT))
    _renewal(today, "Renewal Failed", asks, today.at_hour(asks, 19), code="card_refused")
    again = people.declined[rows] <= len(RETRY_AFTER)
    wait = np.array([*RETRY_AFTER, 0])[np.minimum(people.declined[rows] - 1, len(RETRY_AFTER))]
    kept = {"row": rows[again], "id": ids[again], "amount": amount[again]}
    today.diary.put("retries", today.day + wait[again], kept)
    unpaid = rows[~again]
    cause = np.full(len(unpaid), cause_index("payment_problem"), np.int64)
    end_subscriptions(today, unpaid, cause)
    leave(today, unpaid, cause)


def _retry(today: Today) -> None:
    due = today.diary.take("retries", today.day)
    if due is not None:
        runs = (today.people.plan[due["row"]] >= 0) & (today.people.declined[due["row"]] > 0)
        _charge_cards(today, due["row"][runs], due["id"][runs], due["amount"][runs], first_try=False)


def _invoice_offices(today: Today, rows: Ints, ids: Array, amount: Ints) -> None:
    """Offices pay by transfer: in time when content, later and later when they waver (C8)."""
    if not len(rows):
        return
    wavers = today.people.stage[rows] == Stage.WAVERING
    days = 9.0 + 4.0 * today.normal(rows, Purpose.BILL, 2) + 12.0 * wavers
    arrives = today.day + np.clip(days, 1, 60).astype(np.int64)
    today.diary.put("transfers", arrives, {"row": rows, "id": ids, "amount": amount})
    issued_at = today.at_hour(rows, 8)
    _show(today, rows, ids, amount, issued_at=issued_at, due_days=_INVOICE_DAYS, status="open")


def _receive_transfers(today: Today) -> None:
    due = today.diary.take("transfers", today.day)
    if due is not None:
        rows = due["row"]
        _show(today, rows, due["id"], due["amount"], paid_at=today.at_hour(rows, 12), status="paid")


def _show(
    today: Today,
    rows: Ints,
    ids: Array,
    amount: Ints,
    *,
    issued_at: Ints | None = None,
    paid_at: Ints | None = None,
    due_days: int = 0,
    status: Array | str,
    reason: Array | str = "",
) -> None:
    never = np.full(len(rows), -1, np.int64)
    today.add(
        "payments",
        customer=today.ids(rows),
        invoice_id=ids,
        issued_at=never if issued_at is None else issued_at,
        due_at=never if issued_at is None else issued_at + due_days * DAY_US,
        paid_at=never if paid_at is None else paid_at,
        amount=amount,
        currency=today.currencies(rows),
        status=strings(np.broadcast_to(np.asarray(status), rows.shape).tolist()),
        reason=strings(np.broadcast_to(np.asarray(reason), rows.shape).tolist()),
        method=strings(np.where(today.people.first_plan[rows] == OFFICE, "transfer", "card").tolist()),
    )


def _surprise(today: Today) -> None:
    """A year is over, the subscription goes on, and some are taken by surprise."""
    people = today.people
    aged = (people.plan >= 0) & (today.day > people.subscribed_on)
    rows = np.flatnonzero(aged & ((today.day - people.subscribed_on) % RENEWS_AFTER == 0))
    paid = people.declined[rows] == 0
    renews_at = today.at_hour(rows[paid], 0) + RENEWS_AFTER * DAY_US
    _renewal(today, "Subscription Renewed", rows[paid], today.at_hour(rows[paid], 6), promised_at=renews_at)
    _renewal(today, "Renewal Failed", rows[~paid], today.at_hour(rows[~paid], 6), code="card_refused")
    surprised = rows[today.uniform(rows, Purpose.RENEWAL) < 0.3]
    today.grieve(surprised, cause_index("surprise_renewal"), SURPRISED)


def _renewal(today: Today, name: str, rows: Ints, at: Ints, **columns: Array | str) -> None:
    """Say of the running subscriptions of these people what became of renewing them."""
    if len(rows):
        number = today.ledger.subscriptions_at("number", today.people.subscription[rows])
        ids = today.numbered("S", rows, number)
        today.event(name, rows, at, object_kind="subscription", object_id=ids, **columns)
