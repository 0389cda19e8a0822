"""The web shop: who orders today, what is in the basket, what comes back."""

from __future__ import annotations

from functools import cache

import numpy as np

from holdfast.simulate import draws
from holdfast.simulate.arrays import Array, Flags, Floats, Ints
from holdfast.simulate.catalogue import PRODUCTS, tastes
from holdfast.simulate.causes import cause_index
from holdfast.simulate.diary import Columns
from holdfast.simulate.draws import Purpose
from holdfast.simulate.mood import become_customers
from holdfast.simulate.parcels import send_parcels
from holdfast.simulate.people import NEVER, Kind, Stage
from holdfast.simulate.support import Topic
from holdfast.simulate.today import HOUR_US, Today, strings

_FIRST_ORDER = 1 / 5
_FIRST_ORDER_LATER = 1 / 90
_LINES = (1.0, 0.42, 0.14)
_RETURNED = 0.014
_GUEST = 0.4
CHECKOUT_FAILED = 0.0005
_CALLED_OFF = 0.012
_DURABLE_CALLED_OFF = 0.10
"""An order with a machine or grinder is thought over more often than a bag of coffee."""

_WAVERING_CALLED_OFF = 2.0
CALLED_OFF_FOR = ("changed_mind", "ordered_twice", "too_late", "out_of_stock")
"""Why orders are called off; nobody bears a grudge for it."""

_REASONS = (0.40, 0.62, 0.82)


def order(today: Today) -> None:
    """Whoever feels like it orders; on the day of the outage most of them cannot."""
    people = today.people
    shops = (people.rhythm > 0) & (people.stage != Stage.LEFT) & (people.stage != Stage.DONE)
    rows: Ints = np.flatnonzero(shops & (people.kind != Kind.WHOLESALE))
    rows = rows[today.uniform(rows, Purpose.ORDER) < 1.0 - np.exp(-_order_hazard(today, rows))]
    if today.is_outage:
        rows = _fail_at_checkout(today, rows)
    place_orders(today, rows)
    _order_wholesale(today)
    _take_back(today)


def place_orders(today: Today, rows: Ints, part: int = 0) -> None:
    """These people order now."""
    people = today.people
    if not len(rows):
        return
    people.orders[rows] += 1
    people.last_order[rows] = today.day
    orders = today.numbered("O", rows, people.orders[rows])
    at = today.moments(rows, Purpose.ORDER_MOMENT, part)
    guest = people.twin[rows] & (today.uniform(rows, Purpose.TWIN_USED, part) < _GUEST)
    first_time = rows[guest & (people.guest_since[rows] == NEVER)]
    people.guest_since[first_time] = today.day
    called_off = _call_off(today, rows, orders, at, guest, part)
    for line, chance in enumerate(_LINES):
        drawn = today.uniform(rows, Purpose.BASKET, part + 8 * line)
        has = np.flatnonzero((drawn < chance) if line else drawn < 2.0)
        off_at = called_off[has]
        _add_lines(today, rows[has], orders[has], at[has], guest[has], off_at, line * 8 + part)
    people.discount[rows] = 0.0
    sent = called_off == NEVER
    send_parcels(today, rows[sent], orders[sent], part)
    become_customers(today, rows)


def _call_off(today: Today, rows: Ints, orders: Array, at: Ints, guest: Flags, part: int) -> Ints:
    """When each order is called off, before its parcel leaves; :data:`NEVER` for nearly all.

    Nobody calls off a first order: who does was no customer.
    """
    people = today.people
    first = draws.choose_by_row(today.uniform(rows, Purpose.PRODUCT, part), tastes()[people.profile[rows]])
    chance = np.where(_is_durable()[first], _DURABLE_CALLED_OFF, _CALLED_OFF)
    chance *= np.where(people.stage[rows] == Stage.WAVERING, _WAVERING_CALLED_OFF, 1.0)
    off = (people.orders[rows] > 1) & (today.uniform(rows, Purpose.CALL_OFF, part) < chance)
    later = 60 + (today.uniform(rows, Purpose.CALL_OFF, part + 16) * 5_400).astype(np.int64)
    found: Ints = np.full(len(rows), NEVER, np.int64)
    found[off] = np.minimum(at + later * 1_000_000, (today.number + 1) * 24 * HOUR_US - 1_000_000)[off]
    why = np.searchsorted(_REASONS, today.uniform(rows[off], Purpose.CALL_OFF, part + 32))
    if off.any():
        today.add(
            "events",
            customer=today.ids(rows[off], guest[off]),
            at=found[off],
            name=strings(["Order Cancelled"] * int(off.sum())),
            object_kind=strings(["order"] * int(off.sum())),
            object_id=orders[off],
            code=strings([CALLED_OFF_FOR[reason] for reason in why.tolist()]),
        )
    return found


def _order_hazard(today: Today, rows: Ints) -> Floats:
    people = today.people
    rate = 2.0 / people.rhythm[rows]
    since = today.day - np.maximum(people.last_order[rows], people.customer_since[rows])
    # Two stages of using up coffee (Erlang): nobody orders twice on one day by chance alone, and
    # the mean interval is the person's rhythm.
    usual = rate * (rate * since) / (1.0 + rate * since)
    waiting = today.day - people.arrived[rows]
    first = np.where(waiting < 25, _FIRST_ORDER, _FIRST_ORDER_LATER)
    hazard = np.where(people.stage[rows] == Stage.NOT_YET, first, usual)
    # A prospect who subscribes on trial does not shop before the trial has become a subscription.
    hazard[(people.stage[rows] == Stage.NOT_YET) & (people.kind[rows] == Kind.SUBSCRIBER)] = 0.0
    hazard *= np.where(people.stage[rows] == Stage.WAVERING, 0.45, 1.0)
    hazard *= np.exp(people.encouraged[rows]) * (1.0 + 0.8 * (people.discount[rows] > 0))
    hazard *= today.buying[people.country[rows]]
    return hazard


def _fail_at_checkout(today: Today, rows: Ints) -> Ints:
    failed = today.uniform(rows, Purpose.CHECKOUT) < 0.8
    lost = rows[failed]
    at = today.moments(lost, Purpose.ORDER_MOMENT)
    today.event("Checkout Failed", lost, at, object_kind="checkout", code="site_down")
    today.grieve(lost, cause_index("bugs_outages"), CHECKOUT_FAILED)
    today.asks.append((lost[today.uniform(lost, Purpose.CHECKOUT, 1) < 0.3], Topic.APP))
    return rows[~failed]


def _order_wholesale(today: Today) -> None:
    people = today.people
    rows = np.flatnonzero((people.kind == Kind.WHOLESALE) & (people.stage != Stage.LEFT))
    if len(rows) and not today.is_outage:
        drawn = float(today.uniform(rows, Purpose.ORDER)[0])
        for part in range(1 + int(drawn * 7)):
            place_orders(today, rows, part)


@cache
def _is_durable() -> Flags:
    return np.array([product.category in ("grinders", "machines") for product in PRODUCTS])


def _add_lines(
    today: Today, rows: Ints, orders: Array, at: Ints, guest: Flags, called_off: Ints, part: int
) -> None:
    people = today.people
    wholesale = people.kind[rows] == Kind.WHOLESALE
    chosen = draws.choose_by_row(today.uniform(rows, Purpose.PRODUCT, part), tastes()[people.profile[rows]])
    durable = _is_durable()[chosen]
    drawn = today.uniform(rows, Purpose.PRODUCT, part + 32)
    quantity = np.where(durable, 1, 1 + (drawn < 0.3) + (drawn < 0.08))
    quantity = np.where(wholesale, 2 + (drawn * 5).astype(np.int64), quantity)
    cents = np.array([product.price for product in PRODUCTS])[chosen] * np.where(wholesale, 0.8, 1.0)
    price = today.price(rows, cents * (1.0 - people.discount[rows]))
    columns = {
        "order_id": orders,
        "product": strings([PRODUCTS[index].id for index in chosen.tolist()]),
        "quantity": quantity,
        "unit_price": price,
        "amount": price * quantity,
        "currency": today.currencies(rows),
    }
    today.add("orders", customer=today.ids(rows, guest), at=at, **columns)
    off = np.flatnonzero(called_off != NEVER)
    if len(off):
        _give_back(
            today, rows[off], guest[off], called_off[off], {name: columns[name][off] for name in columns}
        )
    kept_all = (called_off == NEVER) & ~wholesale
    back = np.flatnonzero(kept_all & (today.uniform(rows, Purpose.RETURN_GOODS, part) < _RETURNED))
    days = 6 + (today.uniform(rows[back], Purpose.RETURN_GOODS, part + 32) * 9).astype(np.int64)
    kept = {name: column[back] for name, column in columns.items()}
    today.diary.put("returns", today.day + days, {"row": rows[back], "guest": guest[back], **kept})


def _take_back(today: Today) -> None:
    due = today.diary.take("returns", today.day)
    if due is None:
        return
    at = np.full(len(due["row"]), today.number * 24 * HOUR_US + 11 * HOUR_US, np.int64)
    at += (today.uniform(due["row"], Purpose.RETURN_GOODS) * 7200).astype(np.int64) * 1_000_000
    _give_back(today, due["row"], due["guest"], at, due)


def _give_back(today: Today, rows: Ints, guest: Flags, at: Ints, lines: Columns) -> None:
    """Lines of orders whose money is paid back."""
    today.add(
        "orders",
        customer=today.ids(rows, guest),
        at=at,
        order_id=lines["order_id"],
        product=lines["product"],
        quantity=-lines["quantity"],
        unit_price=lines["unit_price"],
        amount=-lines["amount"],
        currency=lines["currency"],
    )
