"""What being approached does to a person: known, so that what a play reports can be checked.

A touch adds ``EFFECTS[response] * KINDS[kind] * strength`` to the person's ``approached``, which is
the logarithm of the factor on the hazards of beginning to waver and of leaving (below 0: stays
rather), and ``ENCOURAGES[response] * KINDS[kind] * strength`` to ``encouraged``, the logarithm of
the factor on the order rate. Both halve every ``Scenario.touch_half_life`` days. An answer to what
truly weighs on someone works ``MATCH`` times as strongly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from holdfast.simulate.arrays import Floats, Ints
from holdfast.simulate.causes import CAUSES, cause_index
from holdfast.simulate.people import Stage, person_of
from holdfast.simulate.today import Today

EFFECTS: Floats = np.array([-0.9, 0.0, 0.0, 0.6])
"""By response: persuadables stay, sure things and lost causes do as they would, sleeping dogs go."""

ENCOURAGES: Floats = np.array([0.22, 0.05, 0.0, -0.15])
LIMITS = (-1.8, 1.2)
MATCH = 1.4

KINDS: dict[str, float] = {
    "email": 0.5,
    "sms": 0.5,
    "messenger": 0.6,
    "in_app": 0.4,
    "note": 0.8,
    "apology": 0.9,
    "call": 1.0,
    "survey": 0.2,
}
"""How strongly each way of approaching someone works."""

OFFERS: dict[str, tuple[float, tuple[str, ...]]] = {
    "discount": (0.35, ("money", "competition")),
    "pause": (0.45, ("natural",)),
    "credit": (0.35, ("delivery", "service", "product")),
    "gift": (0.25, ("relationship",)),
    "advice": (0.25, ("adoption_value", "product")),
}
"""What an offer adds to the kind, and the groups of causes that it answers."""

_SERVICE = ("service", "delivery", "product")


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing done for one customer today.

    ``kind`` is one of :data:`KINDS`, ``customer`` an id of the files ("C000123") or the person's
    number, ``strength`` 1 for one that is done well and 0 for one that nobody notices. ``offer`` is
    one of :data:`OFFERS`; ``value`` is a discount's share of the next order or bill (0.1 is 10 %)
    or the days of a pause.
    """

    kind: str
    customer: str | int
    strength: float = 1.0
    offer: str | None = None
    value: float = 0.0


def apply_touches(today: Today, touches: Iterable[Touch]) -> None:
    """Let the touches work, each on its customer and on nobody else.

    Raises ``ValueError`` for an unknown kind, offer or strength below 0, ``LookupError`` for a
    customer who is not there.
    """
    for touch in touches:
        _check(touch)
        person = touch.customer if isinstance(touch.customer, int) else person_of(touch.customer)
        row = today.people.rows_of(np.array([person]))
        _approach(today, row, touch)
        _make_offer(today, row, touch)
        kind = list(KINDS).index(touch.kind)
        today.ledger.note(
            "touches", person=person, day=today.day, response=today.people.response[row], kind=kind
        )


def fade_touches(today: Today) -> None:
    """A day goes by: what touches did, and how tired of messages people are, fades."""
    people, kept = today.people, 0.5 ** (1.0 / today.scenario.touch_half_life)
    people.approached *= kept
    people.encouraged *= kept
    people.pressure *= kept


def annoy(today: Today, rows: Ints, amount: float) -> None:
    """These people get one more message of ours; the impatient hold it against us."""
    people = today.people
    people.contacted[rows] = today.day
    people.pressure[rows] += amount
    tired = rows[people.pressure[rows] > 2.0 * people.tolerance[rows]]
    today.grieve(tired, cause_index("too_many_messages"), 0.00012 / people.tolerance[tired])


def _approach(today: Today, row: Ints, touch: Touch) -> None:
    people = today.people
    weight = KINDS[touch.kind] * touch.strength
    if touch.offer is not None:
        weight += OFFERS[touch.offer][0] * touch.strength
    if _answers(today, int(row[0]), touch):
        weight *= MATCH
    response = people.response[row]
    people.approached[row] = np.clip(people.approached[row] + EFFECTS[response] * weight, *LIMITS)
    people.encouraged[row] = np.clip(people.encouraged[row] + ENCOURAGES[response] * weight, -1.0, 1.0)
    annoy(today, row, 0.3 if touch.kind in ("email", "sms", "messenger", "in_app", "survey") else 0.1)


def _answers(today: Today, row: int, touch: Touch) -> bool:
    people = today.people
    if people.stage[row] not in (Stage.WAVERING, Stage.LEFT):
        return False
    group = CAUSES[int(people.cause[row])].group
    answered = OFFERS[touch.offer][1] if touch.offer is not None else ()
    return group in answered or (touch.kind == "apology" and group in _SERVICE)


def _make_offer(today: Today, row: Ints, touch: Touch) -> None:
    people = today.people
    if touch.offer == "discount":
        people.discount[row] = np.maximum(people.discount[row], min(max(touch.value, 0.0), 0.9))
    if touch.offer == "pause":
        runs = row[people.plan[row] >= 0]
        people.next_bill[runs] += int(touch.value)
        people.next_parcel[runs] += int(touch.value)


def _check(touch: Touch) -> None:
    if touch.kind not in KINDS:
        raise ValueError(f"no touch is called {touch.kind!r}; there are: {', '.join(KINDS)}")
    if touch.offer is not None and touch.offer not in OFFERS:
        raise ValueError(f"no offer is called {touch.offer!r}; there are: {', '.join(OFFERS)}")
    if touch.strength < 0:
        raise ValueError(f"a touch has a strength from 0 up, not {touch.strength}")
