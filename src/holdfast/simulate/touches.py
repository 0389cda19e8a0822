"""What being approached does to a person: known, so that what a play reports can be checked.

A touch adds ``EFFECTS[response] * KINDS[kind] * strength`` to the person's ``approached``, which is
the logarithm of the factor on the hazards of beginning to waver and of leaving (below 0: stays
rather), and ``ENCOURAGES[response] * KINDS[kind] * strength`` to ``encouraged``, the logarithm of
the factor on the order rate. Both halve every ``Scenario.touch_half_life`` days. An answer to what
truly weighs on someone works ``MATCH`` times as strongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.simulate.arrays import Flags, Floats, Ints
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
_WRITTEN = ("email", "sms", "messenger", "in_app", "survey")


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
    customer who is not there; then none of them has worked.
    """
    given = list(touches)
    for touch in given:
        _check(touch)
    people = [t.customer if isinstance(t.customer, int) else person_of(t.customer) for t in given]
    rows = today.people.rows_of(np.array(people, np.int64))
    # Whoever is touched twice today feels the second after the first: one round each.
    rounds = _occurrences(rows)
    for turn in range(int(rounds.max(initial=-1)) + 1):
        chosen = np.flatnonzero(rounds == turn)
        _approach(today, rows[chosen], [given[index] for index in chosen.tolist()])


def fade_touches(today: Today) -> None:
    """A day goes by: what touches did, and how tired of messages people are, fades."""
    people, kept = today.people, 0.5 ** (1.0 / today.scenario.touch_half_life)
    people.approached *= kept
    people.encouraged *= kept
    people.pressure *= kept


def annoy(today: Today, rows: Ints, amount: float | Floats) -> None:
    """These people get one more message of ours; the impatient hold it against us."""
    people = today.people
    people.pressure[rows] += amount
    tired = rows[people.pressure[rows] > 2.0 * people.tolerance[rows]]
    today.grieve(tired, cause_index("too_many_messages"), 0.00012 / people.tolerance[tired])


def _occurrences(rows: Ints) -> Ints:
    """How many times each row stood before its place."""
    times: Counter[int] = Counter()
    before = []
    for row in rows.tolist():
        before.append(times[row])
        times[row] += 1
    return np.array(before, np.int64)


def _approach(today: Today, rows: Ints, touches: Sequence[Touch]) -> None:
    people = today.people
    kinds = np.array([list(KINDS).index(touch.kind) for touch in touches])
    weights = np.array([KINDS[t.kind] + (OFFERS[t.offer][0] if t.offer else 0.0) for t in touches])
    weights *= np.array([touch.strength for touch in touches])
    weights *= np.where(_answered(today, rows, touches), MATCH, 1.0)
    response = people.response[rows]
    people.approached[rows] = np.clip(people.approached[rows] + EFFECTS[response] * weights, *LIMITS)
    people.encouraged[rows] = np.clip(people.encouraged[rows] + ENCOURAGES[response] * weights, -1.0, 1.0)
    written = np.array([touch.kind in _WRITTEN for touch in touches])
    annoy(today, rows, np.where(written, 0.3, 0.1))
    _make_offers(today, rows, touches)
    today.ledger.note("touches", person=people.person[rows], day=today.day, response=response, kind=kinds)


def _answered(today: Today, rows: Ints, touches: Sequence[Touch]) -> Flags:
    """Which touches answer what truly weighs on someone who wavers or has left."""
    people = today.people
    weighed = np.isin(people.stage[rows], (Stage.WAVERING, Stage.LEFT))
    groups = [CAUSES[max(cause, 0)].group for cause in people.cause[rows].tolist()]
    found = [
        group in (OFFERS[touch.offer][1] if touch.offer else ())
        or (touch.kind == "apology" and group in _SERVICE)
        for group, touch in zip(groups, touches, strict=True)
    ]
    answered: Flags = weighed & np.array(found, bool)
    return answered


def _make_offers(today: Today, rows: Ints, touches: Sequence[Touch]) -> None:
    people = today.people
    share = np.array([min(max(t.value, 0.0), 0.9) if t.offer == "discount" else 0.0 for t in touches])
    people.discount[rows] = np.maximum(people.discount[rows], share)
    days = np.array([int(touch.value) if touch.offer == "pause" else 0 for touch in touches])
    paused = (people.plan[rows] >= 0) & (days > 0)
    people.next_bill[rows[paused]] += days[paused]
    people.next_parcel[rows[paused]] += days[paused]


def _check(touch: Touch) -> None:
    if touch.kind not in KINDS:
        raise ValueError(f"no touch is called {touch.kind!r}; there are: {', '.join(KINDS)}")
    if touch.offer is not None and touch.offer not in OFFERS:
        raise ValueError(f"no offer is called {touch.offer!r}; there are: {', '.join(OFFERS)}")
    if touch.strength < 0:
        raise ValueError(f"a touch has a strength from 0 up, not {touch.strength}")
